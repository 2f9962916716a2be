#pragma once

#include <string>

#include "config/settings.hpp"

namespace payments {

struct CloseOptions {
    std::string transaction;  // 42 or TR42
    std::string reason;
    std::string by;
};

// `ozora-payments close`: ends a payment that its provider does not end, with a reason that is kept
// (flow/close_payment). Returns exit_code::done, failed, or wrong_usage when the transaction is no
// number or the reason is missing. Throws StoreDown.
int run_close(const Settings& settings, const CloseOptions& options);

}  // namespace payments
