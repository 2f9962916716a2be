#include "support/json.hpp"

#include <algorithm>
#include <array>
#include <boost/json/basic_parser_impl.hpp>
#include <charconv>
#include <cmath>
#include <stdexcept>

namespace payments::json {
namespace {

using boost::json::error_code;
using boost::json::string_view;

constexpr std::size_t depth_max = 32;
constexpr std::size_t wrong_max = 16;           // more mistakes than that help nobody
constexpr std::size_t pointer_bytes_max = 256;  // longer ones name an enclosing value instead
constexpr std::size_t fixed_digits_max = 24;    // longer doubles are written with an exponent

// ---------------------------------------------------------------------------- numbers

// A JSON number as digits and the place of the decimal point: 1.50e2 is "15" with its point after
// the third digit.
struct Decimal {
    bool negative = false;
    std::string digits;  // no zero at either end; "" is zero
    long point = 0;      // digits left of the point, negative for leading zeros behind it
};

Decimal read_decimal(std::string_view text) {
    Decimal d;
    d.negative = text.starts_with('-');
    if (d.negative) text.remove_prefix(1);
    const auto mantissa = text.substr(0, text.find_first_of("eE"));
    long exponent = 0;
    if (auto rest = text.substr(mantissa.size()); !rest.empty()) {
        rest.remove_prefix(rest[1] == '+' ? 2 : 1);
        std::from_chars(rest.data(), rest.data() + rest.size(), exponent);
    }
    const auto dot = std::min(mantissa.find('.'), mantissa.size());
    d.digits = mantissa.substr(0, dot);
    if (dot < mantissa.size()) d.digits += mantissa.substr(dot + 1);
    d.point = static_cast<long>(dot) + exponent;
    const auto zeros = std::min(d.digits.find_first_not_of('0'), d.digits.size());
    d.digits.erase(0, zeros);
    d.point -= static_cast<long>(zeros);
    d.digits.resize(d.digits.find_last_not_of('0') + 1);
    return d;
}

// The number, when it has no fraction and fits 64 bits.
std::optional<std::int64_t> whole(Decimal d) {
    if (d.digits.empty()) return 0;
    constexpr long digits_max = 19;
    if (d.point > digits_max || d.point < static_cast<long>(d.digits.size())) return std::nullopt;
    d.digits.resize(static_cast<std::size_t>(d.point), '0');
    if (d.negative) d.digits.insert(0, 1, '-');
    std::int64_t number = 0;
    const auto end = d.digits.data() + d.digits.size();
    if (std::from_chars(d.digits.data(), end, number).ec != std::errc{}) return std::nullopt;
    return number;
}

// Nothing when it is too large for a double.
std::optional<value> read_number(std::string_view text) {
    const auto decimal = read_decimal(text);
    if (const auto number = whole(decimal)) return value(*number);
    double number = 0;
    const auto read = std::from_chars(text.data(), text.data() + text.size(), number);
    if (read.ec == std::errc{}) return value(number);
    if (decimal.point > 0) return std::nullopt;
    return value(0.0);  // closer to zero than any double
}

// ---------------------------------------------------------------------------- strings

constexpr std::string_view forbidden_character = "must not hold U+0000 or a lone surrogate";

// The UTF-16 code unit of the escape \uXXXX that starts at `at`, or -1.
int escaped_unit(std::string_view text, std::size_t at) {
    if (text.size() < at + 6 || text[at] != '\\' || text[at + 1] != 'u') return -1;
    int unit = 0;
    const auto* digits = text.data() + at + 2;
    const auto read = std::from_chars(digits, digits + 4, unit, 16);
    return read.ptr == digits + 4 && unit >= 0 ? unit : -1;
}

// Boost.JSON takes a lone surrogate for a syntax error and forgets where it stood. Written as
// U+0000, which is forbidden just the same, it is found in its place with all other mistakes.
// Nothing when there is none.
std::optional<std::string> without_lone_surrogates(std::string_view text) {
    std::optional<std::string> changed;
    for (auto at = text.find('\\'); at != text.npos; at = text.find('\\', at)) {
        const int unit = escaped_unit(text, at);
        if (unit < 0xD800 || unit > 0xDFFF) {
            at += 2;
            continue;
        }
        const int next = escaped_unit(text, at + 6);
        if (unit < 0xDC00 && next >= 0xDC00 && next <= 0xDFFF) {
            at += 12;
            continue;
        }
        if (!changed) changed = text;
        changed->replace(at, 6, "\\u0000");
        at += 6;
    }
    return changed;
}

std::string escaped_for_pointer(std::string_view token) {
    std::string escaped;
    for (char c : token) {
        if (c == '~')
            escaped += "~0";
        else if (c == '/')
            escaped += "~1";
        else if (c == '\0')
            escaped += "\xEF\xBF\xBD";  // U+FFFD: the pointer itself must be clean
        else
            escaped += c;
    }
    return escaped;
}

// ----------------------------------------------------------------------------- reading

// Builds the tree from the events of Boost's parser, and notes what strict JSON forbids.
struct Builder {
    static constexpr std::size_t max_array_size = -1;
    static constexpr std::size_t max_object_size = -1;
    static constexpr std::size_t max_string_size = -1;
    static constexpr std::size_t max_key_size = -1;

    struct Open {
        value container;
        std::string key;  // of the member being read
    };
    std::vector<Open> open;
    value root;
    std::string text;  // of the string or number being read
    std::vector<Wrong> wrong;

    std::string pointer() const {
        std::string path;
        for (const auto& level : open) {
            const auto* list = level.container.if_array();
            const auto token = list ? std::to_string(list->size()) : escaped_for_pointer(level.key);
            if (path.size() + token.size() >= pointer_bytes_max) break;
            path += '/' + token;
        }
        return path;
    }
    void note(std::string_view detail) {
        if (wrong.size() < wrong_max) wrong.push_back({pointer(), std::string{detail}});
    }
    void put(value v) {
        if (open.empty()) {
            root = std::move(v);
        } else if (auto* list = open.back().container.if_array()) {
            list->push_back(std::move(v));
        } else if (!open.back()
                        .container.get_object()
                        .emplace(open.back().key, std::move(v))
                        .second) {
            note("appears more than once");
        }
    }
    void close() {
        auto finished = std::move(open.back().container);
        open.pop_back();
        put(std::move(finished));
    }
    void check_characters() {
        if (text.find('\0') != text.npos) note(forbidden_character);
    }

    bool on_document_begin(error_code&) { return true; }
    bool on_document_end(error_code&) { return true; }
    bool on_array_begin(error_code&) {
        open.push_back({array{}, {}});
        return true;
    }
    bool on_array_end(std::size_t, error_code&) {
        close();
        return true;
    }
    bool on_object_begin(error_code&) {
        open.push_back({object{}, {}});
        return true;
    }
    bool on_object_end(std::size_t, error_code&) {
        close();
        return true;
    }
    bool on_string_part(string_view s, std::size_t, error_code&) {
        text.append(s.data(), s.size());
        return true;
    }
    bool on_string(string_view s, std::size_t, error_code&) {
        text.append(s.data(), s.size());
        check_characters();
        put(value(string_view(text)));
        text.clear();
        return true;
    }
    bool on_key_part(string_view s, std::size_t, error_code&) {
        text.append(s.data(), s.size());
        return true;
    }
    bool on_key(string_view s, std::size_t, error_code&) {
        text.append(s.data(), s.size());
        open.back().key = text;
        check_characters();
        text.clear();
        return true;
    }
    bool on_number_part(string_view s, error_code&) {
        text.append(s.data(), s.size());
        return true;
    }
    bool on_number(string_view s) {
        text.append(s.data(), s.size());
        auto number = read_number(text);
        if (!number) note("is too large a number");
        put(number ? std::move(*number) : value(0));
        text.clear();
        return true;
    }
    bool on_int64(std::int64_t, string_view s, error_code&) { return on_number(s); }
    bool on_uint64(std::uint64_t, string_view s, error_code&) { return on_number(s); }
    bool on_double(double, string_view s, error_code&) { return on_number(s); }
    bool on_bool(bool b, error_code&) {
        put(value(b));
        return true;
    }
    bool on_null(error_code&) {
        put(value(nullptr));
        return true;
    }
    bool on_comment_part(string_view, error_code&) { return true; }
    bool on_comment(string_view, error_code&) { return true; }
};

Error invalid(std::vector<Wrong> wrong) {
    Error error{Errc::invalid_request, "The JSON has members that are not allowed"};
    error.wrong = std::move(wrong);
    return error;
}

// ----------------------------------------------------------------------------- writing

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

bool is_decimal(std::string_view text) {
    if (text.starts_with('-')) text.remove_prefix(1);
    constexpr std::string_view digits = "0123456789";
    const auto dot = std::min(text.find('.'), text.size());
    const auto all_digits = [&](std::string_view part) {
        return !part.empty() && part.find_first_not_of(digits) == part.npos;
    };
    return all_digits(text.substr(0, dot)) &&
           (dot == text.size() || all_digits(text.substr(dot + 1)));
}

}  // namespace

Result<value> parse(std::string_view text) {
    const auto cleaned = without_lone_surrogates(text);
    if (cleaned) text = *cleaned;

    boost::json::parse_options options;
    options.max_depth = depth_max;
    boost::json::basic_parser<Builder> parser{options};
    error_code failed;
    const auto used = parser.write_some(false, text.data(), text.size(), failed);

    auto& read = parser.handler();
    if (failed == boost::json::error::too_deep) {
        read.note("is nested deeper than 32 levels");
        return invalid(std::move(read.wrong));
    }
    if (failed == boost::json::error::exponent_overflow) {
        read.note("has too large an exponent");
        return invalid(std::move(read.wrong));
    }
    if (failed) return Error(Errc::malformed_json, "This is not JSON: " + failed.message());
    if (used < text.size())
        return Error(Errc::malformed_json, "This is not JSON: something follows the value");
    if (!read.wrong.empty()) return invalid(std::move(read.wrong));
    return std::move(read.root);
}

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

value amount(Money money) { return read_number(money.decimal()).value(); }

std::optional<std::string> decimal_text(const value& v) {
    if (v.is_number()) return write(v);
    if (v.is_string() && is_decimal(v.get_string())) return std::string(v.get_string());
    return std::nullopt;
}

const value* find(const object& o, std::string_view name) {
    const auto* member = o.if_contains(name);
    return member && !member->is_null() ? member : nullptr;
}

std::string string_or(const object& o, std::string_view name, std::string otherwise) {
    const auto* member = find(o, name);
    return member && member->is_string() ? std::string(member->get_string()) : otherwise;
}

}  // namespace payments::json
