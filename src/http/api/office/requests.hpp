#pragma once

#include "flow/messages.hpp"
#include "payment/exports.hpp"
#include "payment/find.hpp"
#include "payment/sums.hpp"
#include "support/buckets.hpp"
#include "support/json.hpp"
#include "support/time_zone.hpp"

// What the operations take by which staff find and understand payments (openapi.yaml;
// docs/finding.md). All return Errc::invalid_request, which names every wrong member. Pure and free
// of coroutines, so that they can be fuzzed alone; safe on any thread.
namespace payments::http {

// findTransactions, without the scope, which is the caller's. Lists have every item once. Days are
// those of `zone`; without one they are wrong.
Result<FindQuery> read_find(const json::object& body, const std::optional<TimeZone>& zone);

// sumMoney.
struct SumsRequest {
    Time from, to;  // whole grains of the query
    BucketSize size = BucketSize::day;
    SumsQuery query;    // without the scope, which is the caller's, and the buckets
    std::string known;  // the tag of an earlier answer; "" for none
};
// Minutes need no zone; all else is wrong without one.
Result<SumsRequest> read_sums(
    const json::object& body, const std::optional<TimeZone>& zone, Time now
);

// exportCsv.
Result<ExportRequest> read_export(const json::object& body, const TimeZone& zone);

// getTransaction and askProvider.
Result<std::int64_t> read_transaction_id(const json::object& body);
// readMessage.
Result<std::int64_t> read_message_id(const json::object& body);
// addNote and reveal, without `by`. Blanks around the texts are cut.
Result<NoteRequest> read_note(const json::object& body);
Result<RevealRequest> read_reveal(const json::object& body);
// noteTicketScopes: 1 to 1000 tickets, each once.
Result<std::vector<TicketPlace>> read_ticket_scopes(const json::object& body);

}  // namespace payments::http
