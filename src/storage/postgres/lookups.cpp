#include "storage/postgres/lookups.hpp"

#include "storage/rules/actions.hpp"

namespace payments::postgres {

void add_lookups(Lookups& lookups, const NewAttempt& attempt) {
    lookups.tickets.push_back(attempt.ticket_id);
    lookups.fee_types.push_back(attempt.code.fee_type);
}

void add_lookups(Lookups& lookups, const Heard& heard) {
    if (heard.message) {
        lookups.messages.push_back(heard.message->identity);
        ++lookups.new_messages;
    }
    if (heard.unmatched_number) lookups.unmatched.push_back(*heard.unmatched_number);
    if (!heard.unmatched_reason.empty()) return;
    if (heard.action) add_lookups(lookups, *heard.action);
    const auto& subject = heard.subject;
    if (subject.transaction_id) lookups.transactions.push_back(*subject.transaction_id);
    if (!subject.provider_id.empty()) lookups.provider_ids.push_back(subject.provider_id);
    // Each id may be another attempt's, which is a difference to be seen (docs/design.md, 3.6).
    for (const auto& fact : heard.facts)
        if (!fact.provider_id.empty()) lookups.provider_ids.push_back(fact.provider_id);
}

void add_lookups(Lookups& lookups, const NewRefund& refund) {
    lookups.transactions.push_back(refund.transaction_id);
    if (!refund.details.person) return;
    lookups.action_chains.push_back(refund.transaction_id);
    ++lookups.new_actions;
}

void add_lookups(Lookups& lookups, const NewAction& action) {
    if (action.transaction_id) lookups.transactions.push_back(*action.transaction_id);
    lookups.action_chains.push_back(ledger::chain_of(action));
    ++lookups.new_actions;
    if (action.key.empty()) return;
    lookups.action_keys.chains.push_back(ledger::chain_of(action));
    lookups.action_keys.kinds.emplace_back(name(action.kind));
    lookups.action_keys.keys.push_back(action.key);
}

void add_lookups(Lookups& lookups, const ledger::Move& move) {
    lookups.moved_tickets.push_back(move.ticket_id);
}

}  // namespace payments::postgres
