#pragma once

#include <functional>

#include "commands/settlement/check.hpp"
#include "commands/settlement/fetch.hpp"
#include "commands/settlement/ledger.hpp"
#include "commands/settlement/month_close.hpp"

namespace CLI {
class App;
}

// The part of the command line that is about settlements.
namespace payments {

struct SettlementOptions {
    Texts flags;  // settings
    SettlementCheckOptions check;
    SettlementImportOptions import;
    SettlementFetchOptions fetch;
    SettlementMatchOptions match, report;
    MonthCloseOptions close;
    SettlementDecisionOptions accept, reopen;
    bool files_as_json = false;
};

// The command that was chosen puts what is to be done into `action`. Callbacks hold references to
// it and to `options` until it has run.
void add_settlement_commands(
    CLI::App& app, SettlementOptions& options, std::function<int()>& action
);

}  // namespace payments
