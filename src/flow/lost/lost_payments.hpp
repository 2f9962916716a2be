#pragma once

#include <functional>
#include <string>
#include <vector>

#include "flow/flow_context.hpp"

namespace payments {

// A payment that its provider has taken for a transaction of ours that is not on record: it was
// opened after the backup that the database was restored from.
struct LostPayment {
    std::int64_t transaction_id = 0;
    Processor processor = Processor::simplepay;
    std::string account;
    std::string provider_id;
    Money amount;                     // what was taken
    std::string detail;               // in the provider's words, for a person
    std::optional<Time> opened_at{};  // where the provider tells

    std::string reference() const { return "TR" + std::to_string(transaction_id); }
};

struct LostPayments {
    std::vector<LostPayment> list;  // by number
    std::size_t asked = 0;          // numbers that are not on record
    bool complete = true;           // false: a provider was silent about some
};

// The numbers from one to the other, both included, that no transaction on record has.
struct MissingNumbers {
    std::int64_t first, last;
};
// Those between and behind the transactions that were opened since then. The last ones have no end
// that is known: `last` is the largest number there can be. Throws as Store.
Task<std::vector<MissingNumbers>> missing_numbers(FlowContext& context, Time opened_since);

// The transaction with the largest number on record below this one. Throws as Store.
Task<std::optional<Transaction>> last_on_record_before(FlowContext& context, std::int64_t id);

// Asks SimplePay, which knows payments by our numbers, about each of `numbers`, on every account:
// of those up to `known_to`, which is known to have been given, about all, of those behind it until
// it has known none of 500 in a row. Throws as the ports do. On the loop of `context`.
Task<LostPayments> find_lost_at_simplepay(
    FlowContext& context, std::vector<MissingNumbers> numbers, std::int64_t known_to,
    std::function<void(const LostPayments&)> progress
);

// What an event of a provider's list says was taken for a transaction of ours that is not on
// record, of those in `numbers`; nothing for any other event.
std::optional<LostPayment> lost_payment_in(
    const Heard& event, const std::vector<MissingNumbers>& numbers
);

}  // namespace payments
