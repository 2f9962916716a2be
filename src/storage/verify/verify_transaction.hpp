#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "storage/rules/ledger.hpp"

// What verifying one transaction finds (docs/design.md, 3.14). Pure, for either store, any thread.
namespace payments::ledger {

// What a row of facts says beside the fact itself: its place in the chain.
struct FactLink {
    std::int64_t seq;
    std::string identity;
    std::string hash;
};

// An outgoing event as it was written in the commit of the change it reports.
struct StoredEvent {
    std::string type;
    TransactionState before, after;
    Time at;

    friend bool operator==(const StoredEvent&, const StoredEvent&) = default;
};

// One transaction as the database has it.
struct TransactionRecord {
    AttemptRow row;  // with its entries
    bool live = false;
    bool holds_fee = false;
    bool watched = false;               // looked at when the list of reviews is made
    std::string concerns{};             // what its row notes of that list
    std::vector<FactLink> links{};      // one for each entry
    std::vector<StoredEvent> events{};  // in the order they were written
};

// Everything in `record` that does not follow from its facts, as sentences; empty when it is sound.
// `links` must have one for each entry. The chain of messages is not part of it.
std::vector<std::string> verify_transaction(const TransactionRecord& record);

// One link of a chain of messages, `body` being the hash of its body; "" when it is sound.
std::string verify_message_link(
    std::string_view previous, const SignedMessage& message, std::string_view body,
    Time received_at, std::string_view hash
);

}  // namespace payments::ledger
