#include "support/json.hpp"

#include <algorithm>
#include <boost/json/basic_parser_impl.hpp>
#include <charconv>

#include "support/utf8.hpp"

namespace payments::json {
namespace {

using boost::json::error_code;
using boost::json::string_view;

constexpr std::size_t depth_max = 32;           // walking the tree recurses: the stack has an end
constexpr std::size_t lenient_depth_max = 256;  // read over, not kept
constexpr std::size_t pointer_bytes_max = 256;  // longer ones name an enclosing value instead
constexpr std::size_t usual_members = 8;        // room to begin with

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
        // It fits: Boost's parser refuses a larger one (exponent_overflow) before we see it.
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
// Whether 100 is written as 100, 100.0 or 1e2 is a habit of its writer's language; SimplePay writes
// 100.0 (docs/providers/simplepay.md, 3.1). All three are one integer here (docs/design.md, 2.7).
std::optional<std::int64_t> whole(Decimal d) {
    if (d.digits.empty()) return 0;
    // As many as INT64_MAX has.
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
constexpr std::string_view too_deep = "is nested deeper than 32 levels";

std::string without_forbidden_characters(std::string_view text) {
    std::string clean;
    for (const char c : text) {
        if (c == '\0')
            clean += utf8::replacement;
        else
            clean += c;
    }
    return clean;
}

// The UTF-16 code unit of the escape \uXXXX that starts at `at`, or -1.
int escaped_unit(std::string_view text, std::size_t at) {
    if (text.size() < at + 6 || text[at] != '\\' || text[at + 1] != 'u') return -1;
    int unit = 0;
    const auto* digits = text.data() + at + 2;
    const auto read = std::from_chars(digits, digits + 4, unit, 16);
    return read.ptr == digits + 4 && unit >= 0 ? unit : -1;
}

// Boost.JSON reports a lone surrogate as a syntax error without its place. Replaced by U+0000,
// which is forbidden as well, it is reported with its pointer like every other mistake. Nothing
// when there is none.
std::optional<std::string> without_lone_surrogates(std::string_view text) {
    std::optional<std::string> changed;
    for (auto at = text.find('\\'); at != text.npos; at = text.find('\\', at)) {
        const int unit = escaped_unit(text, at);
        // A whole escape is passed over: the second of two backslashes begins none.
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

// RFC 6901, and clean besides: the pointer of a mistake goes back to the caller.
std::string escaped_for_pointer(std::string_view token) {
    std::string escaped;
    for (char c : token) {
        if (c == '~')
            escaped += "~0";
        else if (c == '/')
            escaped += "~1";
        else if (c == '\0')
            escaped += utf8::replacement;  // the pointer itself must be clean
        else
            escaped += c;
    }
    return escaped;
}

// ----------------------------------------------------------------------------- reading

// Builds the tree from the events of Boost's parser, and notes what strict JSON forbids. A member
// that comes twice must not pass: whoever signed or checked the text may have read the other one.
struct Builder {
    // Boost's own limits are off: whoever reads from outside bounds the text (docs/design.md, 2.7).
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
    std::size_t skipped_levels = 0;  // open, deeper than is kept

    // Of the value being read: the names and places of all that is open around it.
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
    void append_value(value v) {
        if (skipped_levels > 0) return;
        if (open.empty()) {
            root = std::move(v);
        } else if (auto* list = open.back().container.if_array()) {
            list->push_back(std::move(v));
        } else {
            append_member(open.back().container.get_object(), std::move(v));
        }
    }
    void append_member(object& members, value v) {
        const auto [member, is_new] = members.emplace(open.back().key, std::move(v));
        if (is_new) return;  // else `v` was not taken
        note("appears more than once");
        if (member->value() != v) member->value() = nullptr;
    }
    // Whether a container that begins here is too deep to be kept; only a lenient reader gets
    // there.
    bool is_skipped() {
        if (skipped_levels == 0 && open.size() < depth_max) return false;
        if (++skipped_levels == 1) note(too_deep);
        return true;
    }
    void close() {
        if (skipped_levels > 0) {
            if (--skipped_levels == 0) append_value(nullptr);
            return;
        }
        auto finished = std::move(open.back().container);
        open.pop_back();
        append_value(std::move(finished));
    }
    // Nearly every text comes in one piece.
    string_view with_parts(string_view last) {
        if (text.empty()) return last;
        return text.append(last.data(), last.size());
    }
    bool check_characters(string_view whole) {
        const bool is_good = whole.find('\0') == whole.npos;
        if (!is_good) note(forbidden_character);
        return is_good;
    }

    bool on_document_begin(error_code&) { return true; }
    bool on_document_end(error_code&) { return true; }
    bool on_array_begin(error_code&) {
        if (!is_skipped()) open.push_back({array{}, {}});
        return true;
    }
    bool on_array_end(std::size_t, error_code&) {
        close();
        return true;
    }
    bool on_object_begin(error_code&) {
        if (is_skipped()) return true;
        object members;
        members.reserve(usual_members);
        open.push_back({std::move(members), {}});
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
        const auto whole = with_parts(s);
        if (skipped_levels == 0) {
            const bool is_good = check_characters(whole);
            append_value(is_good ? value(whole) : value(without_forbidden_characters(whole)));
        }
        text.clear();
        return true;
    }
    bool on_key_part(string_view s, std::size_t, error_code&) {
        text.append(s.data(), s.size());
        return true;
    }
    bool on_key(string_view s, std::size_t, error_code&) {
        const auto whole = with_parts(s);
        if (skipped_levels == 0) {
            auto& key = open.back().key;
            key.assign(whole.data(), whole.size());
            if (!check_characters(whole)) key = without_forbidden_characters(whole);
        }
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
        if (!number && skipped_levels == 0) note("is too large a number");
        // Some value must stand there; nobody sees it, for parse() returns the mistakes.
        append_value(number ? std::move(*number) : value(nullptr));
        text.clear();
        return true;
    }
    bool on_int64(std::int64_t number, string_view s, error_code&) {
        if (!text.empty()) return on_number(s);
        append_value(value(number));
        return true;
    }
    // Boost has rounded a double by now, so numbers are read again from their digits.
    bool on_uint64(std::uint64_t, string_view s, error_code&) { return on_number(s); }
    bool on_double(double, string_view s, error_code&) { return on_number(s); }
    bool on_bool(bool b, error_code&) {
        append_value(value(b));
        return true;
    }
    bool on_null(error_code&) {
        append_value(value(nullptr));
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

namespace {

// What was read, with all mistakes noted; an error for what is no JSON, or ended the reading.
Result<Readable> read(std::string_view text, bool leniently) {
    const auto cleaned = without_lone_surrogates(text);
    if (cleaned) text = *cleaned;

    boost::json::parse_options options;
    options.max_depth = leniently ? lenient_depth_max : depth_max;
    boost::json::basic_parser<Builder> parser{options};
    error_code failed;
    // false: this is the whole text, so one that breaks off is a mistake.
    const auto used = parser.write_some(false, text.data(), text.size(), failed);

    auto& builder = parser.handler();
    if (failed == boost::json::error::too_deep) {
        builder.note(too_deep);
        return invalid(std::move(builder.wrong));
    }
    if (failed == boost::json::error::exponent_overflow) {
        builder.note("has too large an exponent");
        return invalid(std::move(builder.wrong));
    }
    if (failed) return Error(Errc::malformed_json, "This is not JSON: " + failed.message());
    if (used < text.size())
        return Error(Errc::malformed_json, "This is not JSON: something follows the value");
    return Readable{std::move(builder.root), std::move(builder.wrong)};
}

}  // namespace

Result<value> parse(std::string_view text) {
    auto readable = read(text, false);
    if (!readable) return readable.error();
    if (!readable->wrong.empty()) return invalid(std::move(readable->wrong));
    return std::move(readable->tree);
}

Result<Readable> parse_leniently(std::string_view text) { return read(text, true); }

value amount(std::int64_t minor, Currency currency) {
    return read_number(decimal_of(minor, currency)).value();
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
