#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "flow/ports.hpp"
#include "payment/handling.hpp"
#include "storage/postgres/connection.hpp"
#include "storage/rules/counting.hpp"

namespace payments::postgres {

// What the changes of a batch must look up, gathered before any of them is decided.
struct Lookups {
    std::vector<std::int64_t> transactions;
    std::vector<std::string> provider_ids;    // of whichever processor
    std::vector<std::int64_t> tickets;        // for which an attempt is to be opened
    std::vector<std::string> fee_types;       // of each of them
    std::vector<std::int64_t> moved_tickets;  // whose attempts are to be locked alone
    std::vector<std::string> messages;        // identities
    std::vector<std::int64_t> unmatched;      // numbers
    int new_messages = 0;
    std::vector<std::int64_t> action_chains;  // to which actions are to be added
    int new_actions = 0;
    struct ActionKeys {
        std::vector<std::int64_t> chains;
        std::vector<std::string> kinds, keys;  // of each of them
    } action_keys{};
    std::vector<std::string> reviews;  // names of entries of the worklist
};

// Passes over the numbers of transactions up to $1 that were not given yet. One by one: setting the
// sequence could set back what another replica takes at the same moment.
inline constexpr std::string_view pass_attempt_numbers =
    "SELECT count(nextval('transactions_number')) FROM generate_series("
    "(SELECT last_value + CASE WHEN is_called THEN 1 ELSE 0 END FROM transactions_number),"
    " $1::bigint)";

// Adds what a change must look up: every id its rule may ask the books for, known or not.
void add_lookups(Lookups& lookups, const NewAttempt& attempt);
void add_lookups(Lookups& lookups, const Heard& heard);
void add_lookups(Lookups& lookups, const NewRefund& refund);
void add_lookups(Lookups& lookups, const NewAction& action);
void add_lookups(Lookups& lookups, const ledger::Move& move);
void add_lookups(Lookups& lookups, const NewHandling& handling);

// What to ask behind BEGIN: locks first, in one order (Batch).
std::vector<Statement> questions_of(const Lookups& lookups);

}  // namespace payments::postgres
