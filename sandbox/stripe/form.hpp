#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

// Stripe's requests: form-encoded, nested by brackets, and strict about every name.
namespace payments::sandbox::stripe {

struct Form {
    std::vector<std::pair<std::string, std::string>> fields;  // decoded, in the order sent

    static Form read(std::string_view encoded);
    const std::string* find(std::string_view name) const;
    std::string get(std::string_view name) const;  // "" when missing
    std::int64_t integer(std::string_view name, std::int64_t otherwise) const;
    bool is_true(std::string_view name) const { return get(name) == "true"; }
    // The values of `name[]` or `name[0]`, `name[1]`, ...
    std::vector<std::string> list(std::string_view name) const;
    // `name[key]` and its value, for every key.
    std::vector<std::pair<std::string, std::string>> map(std::string_view name) const;
    // The same text for every order of the same fields.
    std::string fingerprint() const;
};

enum class Kind : std::uint8_t { text, integer, page_size, boolean, choice, list, map, time_range };

struct Rule {
    std::string_view name;  // "automatic_payment_methods[enabled]"
    Kind kind = Kind::text;
    bool required = false;
    std::size_t length_max = 5000;
    std::string_view choices = {};  // "automatic|manual"
    bool may_be_empty = false;      // the empty string clears the field
};

// The first reason to refuse a form.
struct FormProblem {
    std::string code, message, param;
};
std::optional<FormProblem> check(const Form& form, std::span<const Rule> rules);

}  // namespace payments::sandbox::stripe
