#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "payment/transaction.hpp"

// How a person looks for payments (docs/finding.md, 2). Pure; safe on any thread.
namespace payments {

// What the words in a search box may mean; members that they cannot mean are empty. All that they
// mean is looked for.
struct SearchText {
    std::optional<std::int64_t> transaction_id;  // "TR123", "TR123-R1", "123"
    std::optional<std::int64_t> ticket_id;       // "123"
    std::string provider_id;                     // "pi_...", SimplePay's digits
    std::string refund_or_dispute;               // "re_...", "dp_...", SimplePay's digits
    std::string email;                           // whole, as fold_email() makes it
    std::optional<Money> amount;                 // "220 EUR", "104 000 HUF", "EUR 220,50"

    // Names of what it was read as: "transaction", "ticket", "provider_id", "refund_or_dispute",
    // "email", "amount". Empty when it can mean nothing.
    std::vector<std::string_view> read_as() const;
    // What names payments one by one, where an amount leaves many.
    bool names_payments() const;
};
SearchText read_search_text(std::string_view text);

// E-mail addresses are equal without regard to the case of their ASCII letters, which is what both
// databases can fold alike.
std::string fold_email(std::string_view address);

// Which payments are looked for, newest first; all of the conditions must hold.
struct FindQuery {
    // Where the caller may look: everywhere, which is also where the scope is not known, or else
    // among these scopes (Store::scopes).
    bool is_everywhere = false;
    std::vector<std::int64_t> scope_ids{};

    std::optional<SearchText> text{};
    std::optional<std::int64_t> ticket_id{};
    // Any when empty; what is named twice counts once. Every row is held against all fee types, so
    // there should be dozens at most.
    std::vector<Status> statuses{};
    std::vector<Processor> processors{};
    std::vector<std::string> fee_types{};
    std::optional<Currency> currency{};
    // In its minor units; both count.
    std::optional<std::int64_t> amount_from_minor{}, amount_to_minor{};
    // `from` counts, `to` does not.
    std::optional<Time> created_from{}, created_to{}, paid_from{}, paid_to{};

    std::optional<std::int64_t> after{};  // only ids below: `next` of the page before
    std::size_t limit = 50;               // at least 1
    // How many payments are looked at for one page, at least 1: of those that the caller may see,
    // so that where a page ends tells of no other.
    int looked_at_max = 20'000;
};

struct FoundPage {
    std::vector<Transaction> list;  // without their entries
    // The page after this one begins behind it; nothing when this is the last. There may be less in
    // a page than its limit, even nothing, and more behind it: only so many are looked at for one.
    std::optional<std::int64_t> next;
};

}  // namespace payments
