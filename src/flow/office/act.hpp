#pragma once

#include "flow/flow_context.hpp"

// What staff do about a payment, which they must be allowed to see (flow/ticket_scope): each is on
// record for good, with who did it (docs/finding.md, 5). Throws as a Store does, and nothing is on
// record then. On the loop of `context`.
namespace payments {

// Errc::unknown_transaction; key_reused when another note was written under its key.
Task<Result<Action>> add_note(FlowContext& context, NoteRequest request);

// That the payer's personal data are shown, and why: to be called before they are.
// Errc::unknown_transaction.
Task<Result<Action>> record_reveal(FlowContext& context, RevealRequest request);

// That payments are looked for by an e-mail address: to be called before they are. It is kept
// masked, and under `key` once.
Task<void> record_email_search(FlowContext& context, Actor by, std::string email, std::string key);

// That somebody has signed in to the console, or out of it. `address` is the client's, "" where it
// was another who did it.
Task<void> record_sign(FlowContext& context, ActionKind kind, Actor by, std::string address);

}  // namespace payments
