#pragma once

#include "flow/office/open_payment.hpp"
#include "payment/error.hpp"
#include "support/json.hpp"

// The JSON of the operations by which staff find and understand payments (openapi.yaml;
// docs/finding.md). Readers return Errc::invalid_request, which names every wrong member. Pure.
namespace payments::http {

// findTransactions, without the scope, which is the caller's.
Result<FindQuery> read_find(const json::object& body);

// getTransaction and askProvider.
Result<std::int64_t> read_transaction_id(const json::object& body);
// readMessage.
Result<std::int64_t> read_message_id(const json::object& body);

// What the caller may do with the payment, and why not.
struct Permission {
    std::string_view what;
    std::string why_not;  // "" when it may be done
};

// The answer of getTransaction; `now` decides what a person must look at.
json::object write_story(const PaymentStory& story, const std::vector<Permission>& may, Time now);
// Entries from `first` on, each with the status after it.
json::array write_entries(const Transaction& transaction, std::size_t first = 0);
json::object write_kept_message(const KeptMessage& message);

// A transaction as it stands in a list, with its scope (null when it is not known) and without
// personal data.
json::object write_summary(const Transaction& transaction, const ScopesById& scopes);

}  // namespace payments::http
