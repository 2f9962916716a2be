#pragma once

#include <string>

#include "flow/flow_context.hpp"

namespace payments {

struct Received {
    Acknowledgement acknowledgement;
    Processor processor;
    bool matched = false;  // it is about an attempt of ours
    bool news = false;     // the message, or a fact in it, had not been recorded before

    Received(Acknowledgement a, Processor p) : acknowledgement(std::move(a)), processor(p) {}
};

// Verifies a provider's notification, records what it says, and returns how to acknowledge it when
// that is durable (docs/design.md, 3.4). One that matches no attempt is stored and acknowledged
// too, or the provider would send it for days. Errc::invalid_signature, malformed_json,
// invalid_request: nothing was stored. Throws as the ports do. On the loop of `context`.
Task<Result<Received>> receive_notification(
    FlowContext& context, Processor from, std::string signature, std::string body
);

// Adds the capture that a claim among `facts`, just heard, amounts to by itself where the rules let
// the signed notification count alone at once (payment/confirm).
void add_captures_of_claims(const Rules& rules, std::vector<Fact>& facts);

}  // namespace payments
