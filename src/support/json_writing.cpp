#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <stdexcept>
#include <vector>

#include "support/json.hpp"

namespace payments::json {
namespace {

constexpr std::size_t fixed_digits_max = 24;  // longer doubles are written with an exponent

// Escapes what JSON demands and no more: '/' and letters beyond ASCII stay as they are. Signatures
// are over the bytes that are sent, so any form would do; this one is the shortest.
void append_string(std::string& out, std::string_view s) {
    constexpr std::string_view digits = "0123456789abcdef";
    out += '"';
    for (char c : s) {
        switch (c) {
            case '"':
                out += "\\\"";
                break;
            case '\\':
                out += "\\\\";
                break;
            case '\b':
                out += "\\b";
                break;
            case '\f':
                out += "\\f";
                break;
            case '\n':
                out += "\\n";
                break;
            case '\r':
                out += "\\r";
                break;
            case '\t':
                out += "\\t";
                break;
            default:
                if (static_cast<unsigned char>(c) >= 0x20) {
                    out += c;
                } else {
                    out += c < 0x10 ? "\\u000" : "\\u001";
                    out += digits[c & 15];
                }
        }
    }
    out += '"';
}

template <class Integer>
void append_integer(std::string& out, Integer number) {
    std::array<char, 24> text;
    out.append(text.data(), std::to_chars(text.data(), text.data() + text.size(), number).ptr);
}

void append_double(std::string& out, double number) {
    if (!std::isfinite(number)) throw std::invalid_argument("JSON has no infinity and no NaN");
    std::array<char, fixed_digits_max> fixed;
    const auto end = fixed.data() + fixed.size();
    const auto done = std::to_chars(fixed.data(), end, number, std::chars_format::fixed);
    if (done.ec == std::errc{}) {
        out.append(fixed.data(), done.ptr);
        return;
    }
    std::array<char, 32> text;
    const auto last = text.data() + text.size();
    out.append(
        text.data(), std::to_chars(text.data(), last, number, std::chars_format::scientific).ptr
    );
}

enum class Order { as_is, by_name };

void append(std::string& out, const value& v, Order order);

void append_member(std::string& out, const boost::json::key_value_pair& member, Order order) {
    append_string(out, member.key());
    out += ':';
    append(out, member.value(), order);
}

// Recursion ends: parse() lets in 32 levels, and what we make ourselves is shallow.
void append_object(std::string& out, const object& o, Order order) {
    std::vector<const boost::json::key_value_pair*> members;
    members.reserve(o.size());
    for (const auto& member : o) members.push_back(&member);
    if (order == Order::by_name)
        std::ranges::sort(members, {}, [](const auto* m) { return m->key(); });
    out += '{';
    for (const auto* member : members) {
        if (member != members.front()) out += ',';
        append_member(out, *member, order);
    }
    out += '}';
}

void append_array(std::string& out, const array& list, Order order) {
    out += '[';
    for (const auto& item : list) {
        if (&item != &list.front()) out += ',';
        append(out, item, order);
    }
    out += ']';
}

void append(std::string& out, const value& v, Order order) {
    using enum boost::json::kind;
    switch (v.kind()) {
        case null:
            out += "null";
            break;
        case bool_:
            out += v.get_bool() ? "true" : "false";
            break;
        case int64:
            append_integer(out, v.get_int64());
            break;
        case uint64:
            append_integer(out, v.get_uint64());
            break;
        case double_:
            append_double(out, v.get_double());
            break;
        case string:
            append_string(out, v.get_string());
            break;
        case array:
            append_array(out, v.get_array(), order);
            break;
        case object:
            append_object(out, v.get_object(), order);
            break;
    }
}

}  // namespace

std::string write(const value& v) {
    std::string out;
    append(out, v, Order::as_is);
    return out;
}

std::string canonical(const value& v) {
    std::string out;
    append(out, v, Order::by_name);
    return out;
}

}  // namespace payments::json
