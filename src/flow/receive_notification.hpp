#pragma once

#include <string>

#include "flow/flow_context.hpp"

namespace payments {

struct Received {
    Acknowledgement acknowledgement;
    Processor processor;
    bool matched = false;  // it is about an attempt of ours
    bool news = false;     // it told something new

    Received(Acknowledgement a, Processor p) : acknowledgement(std::move(a)), processor(p) {}
};

// A verified message becomes facts, once, and is acknowledged when it is durable. One that matches
// no attempt is kept and acknowledged too. Errc::invalid_signature, malformed_json,
// invalid_request: nothing was kept.
Task<Result<Received>> receive_notification(
    FlowContext& context, Processor from, std::string signature, std::string body
);

// Adds the capture that a claim among `facts`, just heard, amounts to by itself where the rules let
// the signed notification count alone at once (payment/confirm).
void add_captures_of_claims(const Rules& rules, std::vector<Fact>& facts);

}  // namespace payments
