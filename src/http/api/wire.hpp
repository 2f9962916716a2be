#pragma once

#include "flow/messages.hpp"
#include "support/json.hpp"

// The wire format of the API to the story's types and back (openapi.yaml). Readers name every wrong
// member at once: Errc::invalid_request.
namespace payments::http {

// listPaymentOptions: the ticket as its caller describes it.
Result<Ticket> read_ticket(const json::object& body);
// listTicketTransactions.
Result<std::int64_t> read_ticket_id(const json::object& body);
// startPayment.
Result<StartRequest> read_start(const json::object& body);
// searchTransactions.
Result<std::int64_t> read_search_term(const json::object& body);

// refundPayment: all but who asks, and under which key.
Result<RefundRequest> read_refund(const json::object& body);

// simplePayBackref: `r` and `s` as they stood in the return address, percent-decoded.
struct ReturnAddress {
    std::string r, s;
};
Result<ReturnAddress> read_return_address(const json::object& body);

json::value write(const Transaction& transaction);
json::value write(const Offer& offer);
json::value write(const StartReply& reply);
json::value write(const ReturnReply& returned);
json::value write(const RefundReply& given);

}  // namespace payments::http
