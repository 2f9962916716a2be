#include "sandbox/json_text.hpp"

#include <algorithm>

#include "support/json.hpp"

namespace payments::sandbox {

std::string quoted(std::string_view text) { return json::write(json::value(text)); }

Members& Members::text(std::string_view name, std::string_view value) {
    return raw(name, quoted(value));
}

Members& Members::number(std::string_view name, std::int64_t value) {
    return raw(name, std::to_string(value));
}

Members& Members::raw(std::string_view name, std::string value) {
    members_.emplace_back(name, std::move(value));
    return *this;
}

Members& Members::append(const Members& others) {
    members_.insert(members_.end(), others.members_.begin(), others.members_.end());
    return *this;
}

Members Members::ordered(const std::vector<std::string_view>& first) const {
    const auto rank = [&](const auto& member) {
        return std::find(first.begin(), first.end(), member.first) - first.begin();
    };
    Members sorted = *this;
    std::stable_sort(
        sorted.members_.begin(), sorted.members_.end(),
        [&](const auto& a, const auto& b) { return rank(a) < rank(b); }
    );
    return sorted;
}

std::string Members::compact() const {
    std::string text = "{";
    for (const auto& [name, value] : members_) {
        if (text.size() > 1) text += ',';
        text += quoted(name) + ':' + value;
    }
    return text + '}';
}

std::string array_of(const std::vector<std::string>& values) {
    std::string text = "[";
    for (const auto& value : values) {
        if (text.size() > 1) text += ',';
        text += value;
    }
    return text + ']';
}

namespace {

void print(const json::value& value, const std::string& indent, std::string& out) {
    const auto inner = indent + "  ";
    const char* separator = "\n";
    if (value.is_object() && !value.get_object().empty()) {
        out += '{';
        for (const auto& [name, member] : value.get_object()) {
            out += separator + inner + quoted(name) + ": ";
            print(member, inner, out);
            separator = ",\n";
        }
        out += "\n" + indent + '}';
    } else if (value.is_array() && !value.get_array().empty()) {
        out += '[';
        for (const auto& element : value.get_array()) {
            out += separator + inner;
            print(element, inner, out);
            separator = ",\n";
        }
        out += "\n" + indent + ']';
    } else {
        out += json::write(value);
    }
}

}  // namespace

std::string pretty(const json::value& value) {
    std::string out;
    print(value, "", out);
    return out;
}

std::string decimal_with_point(std::int64_t minor) {
    auto text = std::to_string(std::abs(minor) / 100) + '.';
    const auto cents = std::abs(minor) % 100;
    text += static_cast<char>('0' + cents / 10);
    if (cents % 10 != 0) text += static_cast<char>('0' + cents % 10);
    return minor < 0 ? '-' + text : text;
}

bool read_hundredths(std::string_view text, std::int64_t& minor) {
    const auto point = std::min(text.find('.'), text.size());
    const auto whole = text.substr(0, point);
    const auto decimals = text.substr(std::min(point + 1, text.size()));
    const auto digits = [](std::string_view s) {
        return std::all_of(s.begin(), s.end(), [](char c) { return c >= '0' && c <= '9'; });
    };
    const bool fits = !whole.empty() && whole.size() <= 12 && decimals.size() <= 2;
    if (!fits || !digits(whole) || !digits(decimals)) return false;
    if (point < text.size() && decimals.empty()) return false;
    minor = std::stoll(std::string{whole}) * 100;
    if (!decimals.empty()) minor += (decimals[0] - '0') * 10;
    if (decimals.size() == 2) minor += decimals[1] - '0';
    return true;
}

}  // namespace payments::sandbox
