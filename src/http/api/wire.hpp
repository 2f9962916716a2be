#pragma once

#include "flow/messages.hpp"
#include "support/json.hpp"

// The JSON of the API to the types of the flows and back (openapi.yaml; docs/design.md, 2.1 to
// 2.4). Readers return Errc::invalid_request, which names every wrong member at once. Pure
// functions.
namespace payments::http {

// listPaymentOptions: the ticket as its caller describes it.
Result<Ticket> read_ticket(const json::object& body);
// listTicketTransactions.
Result<std::int64_t> read_ticket_id(const json::object& body);
// startPayment.
Result<StartRequest> read_start(const json::object& body);
// searchTransactions.
Result<std::int64_t> read_search_term(const json::object& body);

// refundPayment, without `by` and `key`: those come from the token and a header.
Result<RefundRequest> read_refund(const json::object& body);

// closePayment, without `by`.
Result<CloseRequest> read_close(const json::object& body);

// simplePayBackref: `r` and `s` as they stood in the return address, percent-decoded.
struct ReturnAddress {
    std::string r, s;
};
Result<ReturnAddress> read_return_address(const json::object& body);

// Billing data as they were given, or with personal data masked (office/masking).
enum class Metas : std::uint8_t { whole, masked };

// All members are always there, null where there is nothing (docs/design.md, 2.4). No writer throws
// but std::bad_alloc: a row that is damaged must not hide the others.
json::value write(const LedgerEntry& event);
json::value write(const Transaction& transaction, Metas how);
json::value write(const Offer& offer);
json::value write(const StartReply& reply);
json::value write(const ReturnReply& returned);
json::value write(const RefundReply& given);

}  // namespace payments::http
