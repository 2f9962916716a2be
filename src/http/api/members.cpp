#include "http/api/members.hpp"

#include "support/utf8.hpp"

namespace payments::http {
namespace {

// RFC 6901: "~" and "/" in a name are written "~0" and "~1".
std::string escape(std::string_view name) {
    std::string text;
    for (const char c : name) {
        if (c == '~')
            text += "~0";
        else if (c == '/')
            text += "~1";
        else
            text += c;
    }
    return text;
}

}  // namespace

std::string Members::pointer_to(std::string_view name) const {
    return pointer_ + "/" + escape(name);
}

void Members::add(std::string_view name, std::string detail) {
    wrong_.push_back({pointer_to(name), std::move(detail)});
}

void Members::add_to_item(std::string_view name, std::size_t index, std::string detail) {
    wrong_.push_back({pointer_to(name) + "/" + std::to_string(index), std::move(detail)});
}

const json::value* Members::needed(std::string_view name) {
    const auto* value = find(name);
    if (value == nullptr) add(name, "is missing");
    return value;
}

std::int64_t Members::integer(std::string_view name) {
    const auto* value = needed(name);
    if (value == nullptr) return 0;
    if (value->is_int64()) return value->get_int64();
    add(name,
        value->is_number() ? "must be a whole number of at most 64 bits" : "must be an integer");
    return 0;
}

std::int64_t Members::id(std::string_view name) {
    const auto mistakes = wrong_.size();
    const auto value = integer(name);
    // One mistake for each member, the first that was found.
    if (wrong_.size() == mistakes && value < 1) add(name, "must be at least 1");
    return value;
}

std::string Members::optional_text(std::string_view name, std::size_t length_max) {
    const auto* value = find(name);
    if (value == nullptr) return {};
    if (!value->is_string()) {
        add(name, "must be a string");
        return {};
    }
    const auto& text = value->get_string();
    if (text.size() > length_max && utf8::length(text) > length_max) {
        add(name, "must be at most " + std::to_string(length_max) + " characters long");
        return {};
    }
    return std::string{text};
}

std::string Members::text(std::string_view name, std::size_t length_max) {
    if (needed(name) == nullptr) return {};
    const auto mistakes = wrong_.size();
    auto value = optional_text(name, length_max);
    if (value.empty() && wrong_.size() == mistakes) add(name, "must not be empty");
    return value;
}

const json::object* Members::optional_object(std::string_view name) {
    const auto* value = find(name);
    if (value == nullptr) return nullptr;
    if (!value->is_object()) add(name, "must be an object");
    return value->if_object();
}

const json::object* Members::object(std::string_view name) {
    return needed(name) == nullptr ? nullptr : optional_object(name);
}

const json::array* Members::optional_array(std::string_view name) {
    const auto* value = find(name);
    if (value == nullptr) return nullptr;
    if (!value->is_array()) add(name, "must be an array");
    return value->if_array();
}

const json::array* Members::array(std::string_view name) {
    return needed(name) == nullptr ? nullptr : optional_array(name);
}

std::optional<Error> error_of(std::vector<Wrong> wrong) {
    if (wrong.empty()) return {};
    Error error{Errc::invalid_request};
    for (const auto& member : wrong)
        error.detail += (error.detail.empty() ? "" : "; ") +
                        (member.pointer.empty() ? "the body" : member.pointer) + " " +
                        member.detail;
    error.wrong = std::move(wrong);
    return error;
}

}  // namespace payments::http
