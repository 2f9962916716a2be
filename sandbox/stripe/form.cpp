#include "sandbox/stripe/form.hpp"

#include <algorithm>

#include "sandbox/http.hpp"

namespace payments::sandbox::stripe {
namespace {

constexpr std::size_t metadata_keys_max = 50;
constexpr std::size_t metadata_key_length_max = 40;
constexpr std::size_t metadata_value_length_max = 500;
constexpr std::int64_t page_size_max = 100;

bool digits(std::string_view text) {
    return !text.empty() &&
           std::all_of(text.begin(), text.end(), [](char c) { return c >= '0' && c <= '9'; });
}

// Stripe's limits are characters: every byte of UTF-8 counts but those that continue a character.
std::size_t characters(std::string_view text) {
    return static_cast<std::size_t>(std::count_if(text.begin(), text.end(), [](char c) {
        return (static_cast<unsigned char>(c) & 0xC0U) != 0x80U;
    }));
}

// "expand[0]" belongs to "expand", "metadata[a]" to "metadata", "created[gte]" to "created".
bool belongs(std::string_view field, const Rule& rule) {
    if (field == rule.name) return true;
    const bool inside = field.starts_with(rule.name) && field.size() > rule.name.size() + 1 &&
                        field[rule.name.size()] == '[' && field.back() == ']';
    if (!inside) return false;
    const auto key = field.substr(rule.name.size() + 1, field.size() - rule.name.size() - 2);
    switch (rule.kind) {
        case Kind::list:
            return key.empty() || digits(key);
        case Kind::map:
            return key.find_first_of("[]") == key.npos;
        case Kind::time_range:
            return key == "gt" || key == "gte" || key == "lt" || key == "lte";
        default:
            return false;
    }
}

const Rule* rule_of(std::string_view field, std::span<const Rule> rules) {
    for (const auto& rule : rules) {
        if (belongs(field, rule)) return &rule;
    }
    // An empty list is sent as "expand[]".
    if (field.ends_with("[]")) return rule_of(field.substr(0, field.size() - 2), rules);
    return nullptr;
}

bool chosen(std::string_view value, std::string_view choices) {
    while (!choices.empty()) {
        const auto end = std::min(choices.find('|'), choices.size());
        if (choices.substr(0, end) == value) return true;
        choices.remove_prefix(std::min(end + 1, choices.size()));
    }
    return false;
}

std::optional<FormProblem> check_value(
    const std::string& field, const std::string& value, const Rule& rule
) {
    const auto problem = [&](std::string code, std::string message) {
        return FormProblem{std::move(code), std::move(message), field};
    };
    if (value.empty()) {
        if (rule.may_be_empty || rule.kind == Kind::map) return std::nullopt;
        return problem(
            "parameter_invalid_empty", "You passed an empty string for '" + field + "'."
        );
    }
    switch (rule.kind) {
        case Kind::integer:
        case Kind::page_size:
        case Kind::time_range: {
            const bool is_integer = digits(value) && value.size() < 16;
            if (!is_integer)
                return problem("parameter_invalid_integer", "Invalid integer: " + value);
            if (rule.kind != Kind::page_size) return std::nullopt;
            const auto number = std::stoll(value);
            if (number >= 1 && number <= page_size_max) return std::nullopt;
            return problem(
                "parameter_invalid_integer", number < 1
                                                 ? "This value must be greater than or equal to 1."
                                                 : "This value must be less than or equal to 100."
            );
        }
        case Kind::boolean:
            if (value == "true" || value == "false") return std::nullopt;
            return problem("", "Invalid boolean: " + value);
        case Kind::choice:
            if (chosen(value, rule.choices)) return std::nullopt;
            return problem(
                "", "Invalid " + field + ": must be one of " + std::string{rule.choices}
            );
        default:
            break;
    }
    const auto length_max = rule.kind == Kind::map ? metadata_value_length_max : rule.length_max;
    if (characters(value) <= length_max) return std::nullopt;
    return problem(
        "parameter_invalid_string_blank",
        "Invalid string: must be at most " + std::to_string(length_max) + " characters"
    );
}

std::optional<FormProblem> check_map(const Form& form, const Rule& rule) {
    const auto entries = form.map(rule.name);
    const std::string name{rule.name};
    if (entries.size() > metadata_keys_max) {
        return FormProblem{"", name + " can have up to 50 keys.", name};
    }
    for (const auto& [key, value] : entries) {
        if (characters(key) > metadata_key_length_max) {
            return FormProblem{"", name + " keys can be up to 40 characters long.", name};
        }
    }
    return std::nullopt;
}

}  // namespace

Form Form::read(std::string_view encoded) {
    Form form;
    while (!encoded.empty()) {
        const auto end = std::min(encoded.find('&'), encoded.size());
        const auto pair = encoded.substr(0, end);
        const auto equals = std::min(pair.find('='), pair.size());
        if (!pair.empty()) {
            form.fields.emplace_back(
                percent_decode(pair.substr(0, equals)),
                percent_decode(pair.substr(std::min(equals + 1, pair.size())))
            );
        }
        encoded.remove_prefix(std::min(end + 1, encoded.size()));
    }
    return form;
}

const std::string* Form::find(std::string_view name) const {
    for (const auto& [field, value] : fields) {
        if (field == name) return &value;
    }
    return nullptr;
}

std::string Form::get(std::string_view name) const {
    const auto* value = find(name);
    return value ? *value : std::string{};
}

std::int64_t Form::integer(std::string_view name, std::int64_t otherwise) const {
    const auto* value = find(name);
    return value && digits(*value) && value->size() < 16 ? std::stoll(*value) : otherwise;
}

std::vector<std::string> Form::list(std::string_view name) const {
    std::vector<std::string> values;
    const Rule rule{name, Kind::list};
    for (const auto& [field, value] : fields) {
        if (field != name && (belongs(field, rule) || field == std::string{name} + "[]")) {
            values.push_back(value);
        }
    }
    return values;
}

std::vector<std::pair<std::string, std::string>> Form::map(std::string_view name) const {
    std::vector<std::pair<std::string, std::string>> entries;
    const Rule rule{name, Kind::map};
    for (const auto& [field, value] : fields) {
        if (field == name || !belongs(field, rule)) continue;
        entries.emplace_back(field.substr(name.size() + 1, field.size() - name.size() - 2), value);
    }
    return entries;
}

std::string Form::fingerprint() const {
    auto sorted = fields;
    std::stable_sort(sorted.begin(), sorted.end());
    std::string text;
    for (const auto& [field, value] : sorted) {
        text += percent_encode(field) + '=' + percent_encode(value) + '&';
    }
    return text;
}

std::optional<FormProblem> check(const Form& form, std::span<const Rule> rules) {
    for (const auto& [field, value] : form.fields) {
        if (!rule_of(field, rules)) {
            return FormProblem{"parameter_unknown", "Received unknown parameter: " + field, field};
        }
    }
    for (const auto& rule : rules) {
        const std::string name{rule.name};
        if (rule.required && !form.find(name)) {
            return FormProblem{"parameter_missing", "Missing required param: " + name + ".", name};
        }
        if (rule.kind != Kind::map) continue;
        if (auto problem = check_map(form, rule)) return problem;
    }
    for (const auto& [field, value] : form.fields) {
        if (auto problem = check_value(field, value, *rule_of(field, rules))) return problem;
    }
    return std::nullopt;
}

}  // namespace payments::sandbox::stripe
