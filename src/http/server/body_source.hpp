#pragma once

#include <exception>
#include <string>

#include "flow/task.hpp"

namespace payments::http {

// Thrown by what noticed that nobody waits for it any more; nothing has failed.
struct ClientGone : std::exception {
    const char* what() const noexcept override { return "whoever asked for it has gone"; }
};

// A body that is made while it is sent, so that only a piece of it is in memory at a time. The next
// piece is asked for when the client has taken the last one.
struct BodySource {
    virtual ~BodySource() = default;
    // "" after the last piece. What it throws ends the connection in the middle of the answer: the
    // client must not take what it has for the whole.
    // On the loop of the connection, one call at a time. A client that goes away is noticed when
    // the next piece is sent, unless the source asks Request::has_gone; it is destroyed with its
    // answer.
    virtual Task<std::string> next_piece() = 0;
};

}  // namespace payments::http
