#include "storage/verify/verify_transaction.hpp"

#include <algorithm>
#include <set>

#include "payment/review.hpp"
#include "storage/rules/review_list.hpp"

namespace payments::ledger {
namespace {

using Sentences = std::vector<std::string>;

std::string text(std::int64_t number) { return std::to_string(number); }

// What its facts make of a transaction when they are learned again, one after the other.
struct Replay {
    Facts facts;
    std::vector<TransactionState> states;  // before the first fact, and after each
    std::optional<Time> paid_at;
    Time updated_at;
    std::string hash;
};

void check_link(
    const FactLink& link, std::size_t seq, const LedgerEntry& event, Replay& replayed,
    std::int64_t id, Sentences& found
) {
    const auto number = "fact " + text(link.seq);
    if (link.seq != static_cast<std::int64_t>(seq)) found.push_back(number + " is out of sequence");
    if (link.identity != event.fact.identity())
        found.push_back(number + " has another identity than its columns");
    if (link.hash != fact_hash(replayed.hash, id, seq, event))
        found.push_back(number + " breaks the hash chain");
    replayed.hash = link.hash;  // go on from what is stored: one broken link is one finding
}

// A refund of ours may only reserve what is left. Refunds made at the provider count as they are.
void check_reservation(const LedgerEntry& event, const Replay& replayed, Sentences& found) {
    const auto& fact = event.fact;
    if (fact.kind != FactKind::refund_requested || !fact.amount) return;
    const auto left = refundable_minor(replayed.facts);
    if (fact.amount->minor() > left)
        found.push_back(
            "refund " + fact.refund + " reserved " + text(fact.amount->minor()) + ", only " +
            text(left) + " was left"
        );
}

Replay replay(const TransactionRecord& record, Sentences& found) {
    const auto& transaction = record.row.transaction;
    Replay replayed{
        {}, {{Status::created, 0}}, {}, transaction.created_at, opening_hash(transaction)};
    std::set<std::string> identities;
    for (std::size_t i = 0; i < transaction.entries.size(); ++i) {
        const auto& event = transaction.entries[i];
        check_link(record.links.at(i), i + 1, event, replayed, transaction.id, found);
        check_reservation(event, replayed, found);
        if (!identities.insert(record.links[i].identity).second)
            found.push_back("fact " + text(record.links[i].seq) + " was known before");

        // Paid since the first capture, whatever was heard of more of them.
        const bool captured_before = !replayed.facts.captures_minor.empty();
        replayed.facts = learn(std::move(replayed.facts), event.fact, transaction.terms());
        if (!captured_before && !replayed.facts.captures_minor.empty()) replayed.paid_at = event.at;
        replayed.updated_at = std::max(replayed.updated_at, event.at);
        replayed.states.push_back({status(replayed.facts), refunded_minor(replayed.facts)});
    }
    if (record.row.facts_hash != replayed.hash)
        found.emplace_back("its facts do not end where the chain does");
    return replayed;
}

void check_provider_id(const std::string& stored, const Facts& facts, Sentences& found) {
    if (!stored.empty() && !facts.provider_ids.contains(stored))
        found.push_back("its id at the provider is " + stored + ", which no fact names");
    // An id that belongs to another attempt is a mismatch, and is not taken over.
    if (stored.empty() && !facts.provider_ids.empty() && facts.mismatches.empty())
        found.push_back(
            "it has no id at the provider, its facts name " + *facts.provider_ids.begin()
        );
}

// The derived columns of the row must be what its facts make of them.
void check_row(const TransactionRecord& record, const Replay& replayed, Sentences& found) {
    const auto& stored = record.row.transaction;
    const auto [state, refunded] = replayed.states.back();
    if (stored.status != state)
        found.push_back(
            "status is " + std::string{name(stored.status)} + ", its facts say " +
            std::string{name(state)}
        );
    if (stored.refunded_minor != refunded)
        found.push_back(
            "refunded is " + text(stored.refunded_minor) + ", its facts say " + text(refunded)
        );
    if (stored.paid_at != replayed.paid_at)
        found.emplace_back("paid_at is not that of its capture");
    if (stored.updated_at != replayed.updated_at)
        found.emplace_back("updated_at is not that of its last fact");
    // The other way round it may be right: of two that could be paid one alone is called live.
    if (record.live && !is_live(state)) found.emplace_back("it is over, yet live");
    if (record.holds_fee != holds_fee(replayed.facts))
        found.emplace_back("it holds its fee, or not, against its facts");
    // One that is watched in vain costs a look; one that is not hides what a person must see.
    if (!record.watched && may_concern(replayed.facts))
        found.emplace_back("a person may have to look at it, yet it is not watched");
    if (record.watched && record.concerns != noted_concerns(stored))
        found.emplace_back("what a person must look at is noted as '" + record.concerns + "'");
    check_provider_id(stored.provider_id, replayed.facts, found);
}

// ---------------------------------------------------------------------------- outgoing events

// The event that learning the facts from `first` up to `end` in one change means, if any.
std::optional<StoredEvent> expected_event(
    const TransactionRecord& record, const Replay& replayed, std::size_t first, std::size_t end
) {
    const auto before = replayed.states[first], after = replayed.states[end];
    const auto type = event_type(before, after);
    if (type.empty()) return {};
    return StoredEvent{std::string{type}, before, after, record.row.transaction.entries[first].at};
}

// Facts learned in one change have one time and one event at most. Facts of one time may also have
// been learned in several changes within a millisecond, and nothing stored says which; so if any
// way to cut them into changes explains the stored events, these are right. Walks all cuts, each
// pair of (facts learned, events matched) once.
bool outbox_is_explained(const TransactionRecord& record, const Replay& replayed) {
    const auto& events = record.row.transaction.entries;
    std::set<std::pair<std::size_t, std::size_t>> reached{{0, 0}};
    for (auto at = reached.begin(); at != reached.end(); ++at) {
        const auto [heard, matched] = *at;
        for (auto end = heard + 1; end <= events.size() && events[end - 1].at == events[heard].at;
             ++end) {
            const auto expected = expected_event(record, replayed, heard, end);
            if (!expected)
                reached.emplace(end, matched);
            else if (matched < record.events.size() && record.events[matched] == *expected)
                reached.emplace(end, matched + 1);
        }
    }
    return reached.contains({events.size(), record.events.size()});
}

std::string list(const std::vector<StoredEvent>& events) {
    std::string names;
    for (const auto& one : events)
        names += (names.empty() ? "" : ", ") + one.type + " (" +
                 std::string{name(one.before.status)} + " to " +
                 std::string{name(one.after.status)} + ")";
    return names.empty() ? "none" : names;
}

void check_outbox(const TransactionRecord& record, const Replay& replayed, Sentences& found) {
    if (outbox_is_explained(record, replayed)) return;
    const auto& events = record.row.transaction.entries;
    // For the sentence alone, cut by times as it mostly was.
    std::vector<StoredEvent> expected;
    for (std::size_t first = 0, end = 0; first < events.size(); first = end) {
        while (end < events.size() && events[end].at == events[first].at) ++end;
        if (auto one = expected_event(record, replayed, first, end))
            expected.push_back(std::move(*one));
    }
    const auto has = list(record.events), wants = list(expected);
    found.push_back(
        "its outgoing events are " + has + "; its facts say " +
        (has == wants ? "other times or amounts" : wants)
    );
}

}  // namespace

std::vector<std::string> verify_transaction(const TransactionRecord& record) {
    Sentences found;
    const auto replayed = replay(record, found);
    check_row(record, replayed, found);
    check_outbox(record, replayed, found);
    return found;
}

std::string verify_message_link(
    std::string_view previous, const SignedMessage& message, std::string_view body,
    Time received_at, std::string_view hash
) {
    if (hash == message_hash(previous, message, body, received_at)) return {};
    return "message " + message.identity + " breaks the hash chain";
}

}  // namespace payments::ledger
