#include "http/console/page_call.hpp"

#include <algorithm>

#include "support/text.hpp"

namespace payments::http {
namespace {

constexpr std::string_view cookie_name = "__Host-ozora";
constexpr std::string_view attempt_cookie_name = "__Host-ozora-sign-in";
constexpr std::string_view handoff_cookie_name = "__Host-ozora-handoff";
constexpr std::string_view attributes = "; Path=/; Secure; HttpOnly; SameSite=Strict";
constexpr std::string_view attempt_attributes = "; Path=/; Secure; HttpOnly; SameSite=Lax";

Error foreign(std::string why) { return {Errc::foreign_page, std::move(why)}; }

// Calls `take` with each value of a cookie in one Cookie header (RFC 6265, 4.2.1).
template <class Take>
void for_each_value(std::string_view header, std::string_view cookie, Take take) {
    while (!header.empty()) {
        const auto pair = text::trim(header.substr(0, header.find(';')), text::ows);
        header.remove_prefix(std::min(header.find(';'), header.size() - 1) + 1);
        const auto equals = pair.find('=');
        if (equals != pair.npos && pair.substr(0, equals) == cookie) take(pair.substr(equals + 1));
    }
}

// "" when it came with two different values.
std::optional<std::string> cookie_in(const Request& request, std::string_view cookie) {
    std::optional<std::string> found;
    for (const auto& [name, value] : request.headers) {
        if (name != "cookie") continue;
        for_each_value(value, cookie, [&](std::string_view each) {
            if (!found)
                found = each;
            else if (*found != each)
                found = "";
        });
    }
    return found;
}

// Without a public URL the scheme is not known: TLS may end at a proxy in front.
bool is_own(std::string_view origin, std::string_view own_origin, const Request& request) {
    if (!own_origin.empty()) return origin == own_origin;
    const auto host = header_or_empty(request, "host");
    return !host.empty() && (origin == "https://" + host || origin == "http://" + host);
}

}  // namespace

std::optional<std::string> session_cookie(const Request& request) {
    return cookie_in(request, cookie_name);
}

std::string cookie_of_attempt(const Request& request) {
    return cookie_in(request, attempt_cookie_name).value_or("");
}

std::string attempt_cookie(std::string_view sealed) {
    return std::string{attempt_cookie_name} + "=" + std::string{sealed} +
           std::string{attempt_attributes} + "; Max-Age=600";
}

std::string attempt_cookie_taken_back() {
    return std::string{attempt_cookie_name} + "=" + std::string{attempt_attributes} + "; Max-Age=0";
}

std::string cookie_of_handoff(const Request& request) {
    return cookie_in(request, handoff_cookie_name).value_or("");
}

std::string handoff_cookie(std::string_view id) {
    return std::string{handoff_cookie_name} + "=" + std::string{id} + std::string{attributes} +
           "; Max-Age=300";
}

std::string handoff_cookie_taken_back() {
    return std::string{handoff_cookie_name} + "=" + std::string{attributes} + "; Max-Age=0";
}

std::string cookie_with(std::string_view id) {
    return std::string{cookie_name} + "=" + std::string{id} + std::string{attributes};
}

std::string cookie_taken_back() { return cookie_with("") + "; Max-Age=0"; }

Result<void> check_own_page(const Request& request, std::string_view own_origin) {
    if (const auto* site = request.header("sec-fetch-site")) {
        if (*site != "same-origin")
            return foreign("the call is from another site, or from no page (Sec-Fetch-Site)");
    } else {
        const auto* origin = request.header("origin");
        if (origin == nullptr || !is_own(*origin, own_origin, request))
            return foreign("neither Sec-Fetch-Site nor Origin shows a call of the console");
    }
    const auto mark = header_or_empty(request, "x-console");
    if (mark != "1" && mark != "poll") return foreign("the header X-Console is missing");
    return {};
}

Result<void> check_visit(const Request& request) {
    const auto* shown_as = request.header("sec-fetch-dest");
    if (shown_as == nullptr || *shown_as == "document") return {};
    return foreign("the address is to be visited, not to be a part of a page (Sec-Fetch-Dest)");
}

bool is_from_another_site(const Request& request) {
    const auto site = header_or_empty(request, "sec-fetch-site");
    return site == "cross-site" || site == "same-site";
}

bool is_poll(const Request& request) { return header_or_empty(request, "x-console") == "poll"; }

}  // namespace payments::http
