#include "http/api/trace.hpp"

#include <algorithm>

#include "http/server/random_id.hpp"

namespace payments::http {
namespace {

bool is_hex(std::string_view text) {
    return std::ranges::all_of(text, [](char c) {
        return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f');
    });
}

// 00-<32 hex>-<16 hex>-<2 hex>, neither id all zeros.
bool is_valid(std::string_view text) {
    const auto not_zero = [](std::string_view id) {
        return id.find_first_not_of('0') != std::string_view::npos;
    };
    return text.size() == 55 && text.starts_with("00-") && text[35] == '-' && text[52] == '-' &&
           is_hex(text.substr(3, 32)) && is_hex(text.substr(36, 16)) &&
           is_hex(text.substr(53, 2)) && not_zero(text.substr(3, 32)) &&
           not_zero(text.substr(36, 16));
}

}  // namespace

std::string child_traceparent(const std::string* traceparent) {
    std::string child;
    child.reserve(55);
    if (traceparent != nullptr && is_valid(*traceparent)) {
        child.append(*traceparent, 0, 36);
        append_random_id(child, 16);
        child.append(*traceparent, 52);
        return child;
    }
    child += "00-";
    append_random_id(child, 32);
    child += '-';
    append_random_id(child, 16);
    // Not sampled, unless we record it: whoever is called may decide.
    child += "-00";
    return child;
}

std::string_view trace_id(std::string_view traceparent) { return traceparent.substr(3, 32); }

std::string_view span_id(std::string_view traceparent) { return traceparent.substr(36, 16); }

std::string_view parent_id(std::string_view traceparent, const std::string* received) {
    if (received == nullptr || !is_valid(*received)) return "";
    if (trace_id(traceparent) != trace_id(*received)) return "";
    return span_id(*received);
}

std::string sampled(std::string traceparent) { return traceparent.replace(53, 2, "01"); }

}  // namespace payments::http
