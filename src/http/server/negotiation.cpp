#include "http/server/negotiation.hpp"

#include <algorithm>
#include <optional>

#include "http/server/grammar.hpp"

namespace payments::http {
namespace {

// qvalue in thousandths; nothing when it is not one.
std::optional<int> thousandths(std::string_view text) {
    if (text.empty() || text.size() > 5 || (text.size() > 1 && text[1] != '.')) return {};
    if (text[0] != '0' && text[0] != '1') return {};
    int value = text[0] == '1' ? 1000 : 0;
    int unit = 100;
    for (const char digit : text.substr(std::min<std::size_t>(text.size(), 2))) {
        if (digit < '0' || digit > '9') return {};
        value += (digit - '0') * unit;
        unit /= 10;
    }
    if (value > 1000) return {};
    return value;
}

// ";q=0.5", or nothing, which is 1. A weight that is none counts as a refusal.
int weight(std::string_view parameters) {
    if (parameters.empty()) return 1000;
    parameters = text::trim(parameters.substr(1), text::ows);
    if (!equal_ignoring_case(parameters.substr(0, 2), "q=")) return 0;
    return thousandths(parameters.substr(2)).value_or(0);
}

std::string_view take_member(std::string_view& list) {
    const auto comma = std::min(list.find(','), list.size());
    const auto member = text::trim(list.substr(0, comma), text::ows);
    list.remove_prefix(std::min(comma + 1, list.size()));
    return member;
}

// W/"x" and "x" are the same to a cache that asks for news.
std::string_view without_weakness(std::string_view tag) {
    return tag.starts_with("W/") ? tag.substr(2) : tag;
}

}  // namespace

bool wants_gzip(const Request& request) {
    const auto accepted = header_list(request, "accept-encoding");
    // The last of equal codings counts; what is not named is as `*` says, or else not wanted, but
    // for the plain form (RFC 9110, 12.5.3).
    std::optional<int> gzip, identity, others;
    for (std::string_view list = accepted; !list.empty();) {
        const auto member = take_member(list);
        const auto semicolon = std::min(member.find(';'), member.size());
        const auto coding = text::trim(member.substr(0, semicolon), text::ows);
        const auto quality = weight(member.substr(semicolon));
        if (equal_ignoring_case(coding, "gzip") || equal_ignoring_case(coding, "x-gzip"))
            gzip = quality;
        else if (equal_ignoring_case(coding, "identity"))
            identity = quality;
        else if (coding == "*")
            others = quality;
    }
    const auto as_gzip = gzip.value_or(others.value_or(0));
    return as_gzip > 0 && as_gzip >= identity.value_or(others.value_or(0));
}

bool has_current(const Request& request, std::string_view tag) {
    const auto known = header_list(request, "if-none-match");
    std::string_view list = text::trim(known, text::ows);
    if (list == "*") return true;
    tag = without_weakness(tag);
    for (; !list.empty(); list = text::trim(list, text::ows)) {
        if (list.starts_with(',')) {
            list.remove_prefix(1);
            continue;
        }
        list = without_weakness(list);
        const auto end = list.starts_with('"') ? list.find('"', 1) : list.npos;  // may hold commas
        if (end == list.npos) return false;
        if (list.substr(0, end + 1) == tag) return true;
        list.remove_prefix(end + 1);
    }
    return false;
}

}  // namespace payments::http
