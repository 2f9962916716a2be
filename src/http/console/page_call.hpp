#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "http/server/message.hpp"
#include "payment/error.hpp"

// What a call must be like to be one of the console's own pages (docs/console.md): a browser sends
// a cookie by itself, whoever made it call. Pure functions; any thread.
namespace payments::http {

// The id in the session's cookie. Nothing without the cookie; "", which is no session's, when it
// came with two different ids.
std::optional<std::string> session_cookie(const Request& request);

// Values of Set-Cookie. The name's prefix has browsers refuse it from other hosts and over plain
// HTTP, loopback excepted; it is sent to this host alone, and with no call that another site began.
std::string cookie_with(std::string_view id);
std::string cookie_taken_back();

// The cookie that binds what an identity provider answers to this browser, sealed; "" without one.
// Lax: the answer comes from another site.
std::string cookie_of_attempt(const Request& request);
std::string attempt_cookie(std::string_view sealed);
std::string attempt_cookie_taken_back();

// The cookie of who has been handed over and has not said yes; "" without one. For five minutes.
std::string cookie_of_handoff(const Request& request);
std::string handoff_cookie(std::string_view id);
std::string handoff_cookie_taken_back();

// Errc::foreign_page unless a page of ours made the call: Sec-Fetch-Site says same-origin (a
// browser sets it, and no script can), or, from browsers that know no such header, Origin is ours;
// and X-Console is there, which no form can send. `own_origin` is the public one, "" when it is not
// known: then the address that was called is.
Result<void> check_own_page(const Request& request, std::string_view own_origin);

// Errc::foreign_page for what a browser fetches as a part of a page, as an image or a frame: nobody
// sees such a visit, and any page can have its visitors make as many as it likes.
Result<void> check_visit(const Request& request);

// Whether another site had the browser make a visit, by a link or by itself (Sec-Fetch-Site).
bool is_from_another_site(const Request& request);

// Made by the page's clock, not by a person: it does not keep a session alive.
bool is_poll(const Request& request);

}  // namespace payments::http
