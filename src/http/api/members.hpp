#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "payment/error.hpp"
#include "support/json.hpp"

namespace payments::http {

// Reads the members of a JSON object and remembers everything that is wrong with them, so that a
// caller hears of all mistakes at once. A getter that finds a mistake gives an empty value.
class Members {
public:
    Members(const json::object& object, std::vector<Wrong>& wrong, std::string pointer = "")
        : object_(object), wrong_(wrong), pointer_(std::move(pointer)) {}

    std::int64_t id(std::string_view name);  // an integer of at least 1
    std::int64_t integer(std::string_view name);
    std::string text(std::string_view name, std::size_t length_max);  // not empty
    std::string optional_text(std::string_view name, std::size_t length_max);
    const json::object* object(std::string_view name);
    const json::object* optional_object(std::string_view name);
    const json::array* array(std::string_view name);
    const json::array* optional_array(std::string_view name);

    void add(std::string_view name, std::string detail);
    std::string pointer_to(std::string_view name) const;
    // The member, or nullptr when it is missing or null.
    const json::value* find(std::string_view name) const { return json::find(object_, name); }

private:
    const json::value* needed(std::string_view name);

    const json::object& object_;
    std::vector<Wrong>& wrong_;
    std::string pointer_;
};

// Errc::invalid_request naming the members, or nothing when none was wrong.
std::optional<Error> error_of(std::vector<Wrong> wrong);

}  // namespace payments::http
