#pragma once

#include <cstdint>
#include <optional>

#include "payment/action.hpp"
#include "storage/rules/blocking_database.hpp"

namespace payments::ledger {

// Puts an action at the end of its chain (rules/actions), within the transaction that is open;
// `scope_id` is where its payment's ticket is. The chain is ours until the end of it. Its key is
// not looked at. Throws as BlockingDatabase does.
void append_action(
    BlockingDatabase& database, const NewAction& action, std::optional<std::int64_t> scope_id = {}
);

}  // namespace payments::ledger
