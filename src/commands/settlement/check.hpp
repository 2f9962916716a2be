#pragma once

#include <iosfwd>
#include <optional>
#include <string>

#include "payment/transaction.hpp"

namespace payments {

struct SettlementCheckOptions {
    std::string books, manifest;  // files
    std::optional<Time> as_of{};  // that of the books without one
    bool as_json = false;
};

// `ozora-payments settlement check`: what the files of a manifest say against our books, without
// any database (docs/settlements.md, 6). The report goes to `out`. Returns exit_code::done when
// there is no open finding, failed when there is one, wrong_usage when a file could not be read:
// nothing is on `out` then, and on `err` is every file that is wrong. Throws std::overflow_error
// when sums leave int64.
int run_settlement_check(
    const SettlementCheckOptions& options, std::ostream& out, std::ostream& err
);

}  // namespace payments
