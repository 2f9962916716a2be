#pragma once

#include <string>
#include <string_view>

#include "http/server/message.hpp"

// Where a browser is sent that is on its way in (docs/console.md). Pure.
namespace payments::http {

// The code in the address it came from, and where somebody wanted to go, are nobody else's.
inline Response sent_to(std::string where) {
    Response response{303, "", ""};
    response.headers.emplace_back("Location", std::move(where));
    response.headers.emplace_back("Referrer-Policy", "no-referrer");
    return response;
}

// A page that signs nobody in by itself: else who signs out would be in again at once. `why` is
// one of the words that it knows.
inline Response turned_back(std::string_view why) {
    return sent_to("/console/signed-out?failed=" + std::string{why});
}

}  // namespace payments::http
