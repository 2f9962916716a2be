#pragma once

#include <functional>

#include "flow/shares.hpp"
#include "payment/error.hpp"

namespace payments::http {

// For what hears all payments at once, takes tens of MiB meanwhile and much of a core: one of them
// at a time on each loop, in the order of coming. On the loop's thread only; outlives its requests.
class BulkLine {
public:
    // Waits for its turn. Errc::request_timeout when the client has gone by then
    // (Request::has_gone), who is passed over so that those behind it do not wait for nobody.
    Task<Result<Shares::Share>> take(std::function<bool()> has_gone);

private:
    Shares shares_{1};
};

}  // namespace payments::http
