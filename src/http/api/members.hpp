#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "payment/error.hpp"
#include "support/json.hpp"

namespace payments::http {

// Reads the members of a JSON object and collects everything that is wrong with them, so that a
// caller learns of all mistakes at once (docs/design.md, 2.3). A getter that finds a mistake notes
// it and returns 0, "" or nullptr; look at `wrong` before using any value. Members that nobody
// reads are ignored. The object and the list must outlive it.
// For one thread; throws std::bad_alloc alone.
class Members {
public:
    Members(const json::object& object, std::vector<Wrong>& wrong, std::string pointer = "")
        : object_(object), wrong_(wrong), pointer_(std::move(pointer)) {}

    std::int64_t id(std::string_view name);  // an integer of at least 1
    std::int64_t integer(std::string_view name);
    // `length_max` in characters (code points), as maxLength of JSON Schema.
    std::string text(std::string_view name, std::size_t length_max);           // not empty
    std::string optional_text(std::string_view name, std::size_t length_max);  // "" when missing
    const json::object* object(std::string_view name);
    const json::object* optional_object(std::string_view name);
    const json::array* array(std::string_view name);
    const json::array* optional_array(std::string_view name);

    // Notes a mistake the getters do not know of.
    void add(std::string_view name, std::string detail);
    void add_to_item(std::string_view name, std::size_t index, std::string detail);
    // RFC 6901.
    std::string pointer_to(std::string_view name) const;
    // The member, or nullptr when it is missing or null.
    const json::value* find(std::string_view name) const { return json::find(object_, name); }

private:
    const json::value* needed(std::string_view name);

    const json::object& object_;
    std::vector<Wrong>& wrong_;
    std::string pointer_;
};

// Errc::invalid_request naming every wrong member, or nothing when none was wrong.
std::optional<Error> error_of(std::vector<Wrong> wrong);

}  // namespace payments::http
