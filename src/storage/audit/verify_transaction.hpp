#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "storage/rules/ledger.hpp"

// What re-reading the books of one transaction finds. Pure, for either store.
namespace payments::ledger {

// What a row of facts says beside the fact itself.
struct FactLink {
    std::int64_t seq;
    std::string identity;
    std::string hash;
};

// An outgoing event as it was written with the change it tells of.
struct StoredEvent {
    std::string type;
    TransactionState before, after;
    Time at;

    friend bool operator==(const StoredEvent&, const StoredEvent&) = default;
};

// One transaction as it stands in the books.
struct TransactionRecord {
    AttemptRow kept;  // with its events
    bool live = false;
    bool holds_fee = false;
    bool watched = false;             // looked at when the list of reviews is made
    std::vector<FactLink> links{};    // one for each event
    std::vector<StoredEvent> told{};  // in the order they were written
};

// Everything that its facts do not say, as sentences; empty when it is sound. The chain of messages
// is not part of it.
std::vector<std::string> differences(const TransactionRecord& written);

// One link of a chain of messages; "" when it is sound.
std::string message_difference(
    std::string_view previous, const SignedMessage& message, Time received_at, std::string_view hash
);

}  // namespace payments::ledger
