#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "payment/code.hpp"
#include "payment/facts.hpp"

namespace payments {

// From whom a fact was learned.
enum class Source : std::uint8_t { service, visitor, ipn, webhook, query, staff };
std::string_view name(Source source);
// Errc::internal for any other word, as status_of().
Result<Source> source_of(std::string_view name);

// A fact with when and from whom it was learned: one entry of a transaction's ledger.
struct LedgerEntry {
    Time at;
    Source source = Source::service;
    Fact fact;
};

// One attempt to pay one fee of one ticket. Everything up to `expires_at` is fixed when it is
// opened; the rest follows from its facts.
// A value: what the store gives is a copy of that moment, and nobody else changes it.
struct Transaction {
    std::int64_t id;
    std::int64_t ticket_id;
    Code code;
    Money amount;
    std::string account;  // SimplePay: the merchant that takes the money; Stripe: "live" or "test"
    std::string email;    // the payer's
    std::string metas;    // billing data as the caller gave it, a JSON object
    Time created_at;
    Time expires_at;  // last moment at which the visitor may start paying

    Status status = Status::created;
    std::string provider_id{};  // "" until the provider accepted
    std::int64_t refunded_minor = 0;
    Time updated_at{};
    std::optional<Time> paid_at{};
    std::vector<LedgerEntry> entries{};  // in the order they were learned
    // Where its ticket was when it was last heard of (Store::scope_id); nothing when that is not
    // known. Follows from no fact: tickets move.
    std::optional<std::int64_t> scope_id{};

    Terms terms() const { return {amount, account}; }
    // "TR" and the id: SimplePay's orderRef, and what a person reads out on the phone.
    std::string reference() const { return "TR" + std::to_string(id); }
};

// Everything that is known of it, derived anew from its entries.
Facts facts_of(const Transaction& transaction);
// As its facts say; needs its entries.
bool holds_fee(const Transaction& transaction);

// Errc::unknown_transaction, in the words that all give who ask for this number.
Error unknown_transaction(std::int64_t id);

// The id in "TR123"; nothing when the text is not a reference of ours.
std::optional<std::int64_t> id_of_reference(std::string_view reference);
// The id as a person writes it: "TR123" or "123".
std::optional<std::int64_t> id_as_written(const std::string& text);

}  // namespace payments
