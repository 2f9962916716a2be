#pragma once

#include "flow/office/records.hpp"
#include "support/json.hpp"

// The JSON that answers the operations of the worklist, the audit and the events (openapi.yaml;
// docs/worklist.md). Pure.
namespace payments::http {

json::value write_review(const Review& review);
json::value write_action(const Action& action);
// `body` is what is, or would be, sent.
json::value write_outgoing(const OutgoingEvent& event, std::string body);
json::value write_outgoing(const SettlementEvent& event, std::string body);
json::value write_listed_message(const ListedKeptMessage& listed);

}  // namespace payments::http
