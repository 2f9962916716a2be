#pragma once

#include <string>

#include "flow/task.hpp"
#include "payment/error.hpp"

// A platform that signs staff in by itself and hands them over (docs/console.md); adapter:
// gateway/handoff.
namespace payments {

// Calls belong to one event loop and end within the platform's timeout.
struct Handoff {
    virtual ~Handoff() = default;

    static constexpr std::size_t token_bytes_max = 32 * 1024;
    // Longer ones are none that the platform has made.
    static constexpr std::size_t code_bytes_max = 512;

    // The user token of whoever the platform sent with this code, which is good once.
    // Errc::unauthorized when the platform says that it is not, or no more, good;
    // provider_unavailable when the platform cannot be asked, refuses us, or answers what is no
    // answer. Details hold no secret.
    virtual Task<Result<std::string>> exchange(std::string code) = 0;
};

}  // namespace payments
