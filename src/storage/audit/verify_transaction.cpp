#include "storage/audit/verify_transaction.hpp"

#include <algorithm>
#include <set>

#include "payment/review.hpp"

namespace payments::ledger {
namespace {

using Sentences = std::vector<std::string>;

std::string text(std::int64_t number) { return std::to_string(number); }

// Replayed for a transaction while its facts were learned one after the other.
struct Story {
    Facts facts;
    std::vector<TransactionState> standings;  // before the first fact, and after each
    std::optional<Time> paid_at;
    Time updated_at;
    std::string hash;
};

void check_link(
    const FactLink& link, std::size_t seq, const LedgerEntry& event, Story& story, std::int64_t id,
    Sentences& found
) {
    const auto number = "fact " + text(link.seq);
    if (link.seq != static_cast<std::int64_t>(seq)) found.push_back(number + " is out of sequence");
    if (link.identity != event.fact.identity())
        found.push_back(number + " has another identity than its columns");
    if (link.hash != fact_hash(story.hash, id, seq, event))
        found.push_back(number + " breaks the hash chain");
    story.hash = link.hash;  // one broken link is one finding
}

// A refund may only reserve what is left; what the provider has done besides is its own word.
void check_reservation(const LedgerEntry& event, const Story& story, Sentences& found) {
    const auto& fact = event.fact;
    if (fact.kind != FactKind::refund_requested || !fact.amount) return;
    const auto left = refundable_minor(story.facts);
    if (fact.amount->minor() > left)
        found.push_back(
            "refund " + fact.refund + " reserved " + text(fact.amount->minor()) + ", only " +
            text(left) + " was left"
        );
}

Story read_again(const TransactionRecord& written, Sentences& found) {
    const auto& transaction = written.kept.transaction;
    Story story{{}, {{Status::created, 0}}, {}, transaction.created_at, opening_hash(transaction)};
    std::set<std::string> identities;
    for (std::size_t i = 0; i < transaction.entries.size(); ++i) {
        const auto& event = transaction.entries[i];
        check_link(written.links.at(i), i + 1, event, story, transaction.id, found);
        check_reservation(event, story, found);
        if (!identities.insert(written.links[i].identity).second)
            found.push_back("fact " + text(written.links[i].seq) + " was known before");

        const bool captured_before = !story.facts.captures_minor.empty();
        story.facts = learn(std::move(story.facts), event.fact, transaction.terms());
        if (!captured_before && !story.facts.captures_minor.empty()) story.paid_at = event.at;
        story.updated_at = std::max(story.updated_at, event.at);
        story.standings.push_back({status(story.facts), refunded_minor(story.facts)});
    }
    if (written.kept.facts_hash != story.hash)
        found.emplace_back("its facts do not end where the chain does");
    return story;
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

// What the row says must be what its facts say.
void check_row(const TransactionRecord& written, const Story& story, Sentences& found) {
    const auto& stored = written.kept.transaction;
    const auto [standing, refunded] = story.standings.back();
    if (stored.status != standing)
        found.push_back(
            "status is " + std::string{name(stored.status)} + ", its facts say " +
            std::string{name(standing)}
        );
    if (stored.refunded_minor != refunded)
        found.push_back(
            "refunded is " + text(stored.refunded_minor) + ", its facts say " + text(refunded)
        );
    if (stored.paid_at != story.paid_at) found.emplace_back("paid_at is not that of its capture");
    if (stored.updated_at != story.updated_at)
        found.emplace_back("updated_at is not that of its last fact");
    if (written.live && !is_live(standing)) found.emplace_back("it is over, yet live");
    if (written.holds_fee != holds_fee(standing))
        found.emplace_back("it holds its fee, or not, against its facts");
    if (!written.watched && may_concern(story.facts))
        found.emplace_back("a person may have to look at it, yet it is not watched");
    check_provider_id(stored.provider_id, story.facts, found);
}

// ---------------------------------------------------------------------------- outgoing events

// The event that hearing the facts from `first` up to `end` together was to be told as, if any.
std::optional<StoredEvent> told_of(
    const TransactionRecord& written, const Story& story, std::size_t first, std::size_t end
) {
    const auto before = story.standings[first], after = story.standings[end];
    const auto type = event_type(before, after);
    if (type.empty()) return {};
    return StoredEvent{
        std::string{type}, before, after, written.kept.transaction.entries[first].at};
}

// Facts heard together have one time, and were told of together. Facts of one time may also have
// been heard apart within a millisecond; so whatever cut of them explains what was told is right.
bool explains(const TransactionRecord& written, const Story& story) {
    const auto& events = written.kept.transaction.entries;
    std::set<std::pair<std::size_t, std::size_t>> reached{{0, 0}};  // facts heard, events told
    for (auto at = reached.begin(); at != reached.end(); ++at) {
        const auto [heard, told] = *at;
        for (auto end = heard + 1; end <= events.size() && events[end - 1].at == events[heard].at;
             ++end) {
            const auto expected = told_of(written, story, heard, end);
            if (!expected)
                reached.emplace(end, told);
            else if (told < written.told.size() && written.told[told] == *expected)
                reached.emplace(end, told + 1);
        }
    }
    return reached.contains({events.size(), written.told.size()});
}

std::string list(const std::vector<StoredEvent>& told) {
    std::string names;
    for (const auto& one : told)
        names += (names.empty() ? "" : ", ") + one.type + " (" +
                 std::string{name(one.before.status)} + " to " +
                 std::string{name(one.after.status)} + ")";
    return names.empty() ? "none" : names;
}

void check_told(const TransactionRecord& written, const Story& story, Sentences& found) {
    if (explains(written, story)) return;
    const auto& events = written.kept.transaction.entries;
    std::vector<StoredEvent> expected;
    for (std::size_t first = 0, end = 0; first < events.size(); first = end) {
        while (end < events.size() && events[end].at == events[first].at) ++end;
        if (auto one = told_of(written, story, first, end)) expected.push_back(std::move(*one));
    }
    const auto has = list(written.told), wants = list(expected);
    found.push_back(
        "its outgoing events are " + has + "; its facts say " +
        (has == wants ? "other times or amounts" : wants)
    );
}

}  // namespace

std::vector<std::string> differences(const TransactionRecord& written) {
    Sentences found;
    const auto story = read_again(written, found);
    check_row(written, story, found);
    check_told(written, story, found);
    return found;
}

std::string message_difference(
    std::string_view previous, const SignedMessage& message, Time received_at, std::string_view hash
) {
    if (hash == message_hash(previous, message, received_at)) return {};
    return "message " + message.identity + " breaks the hash chain";
}

}  // namespace payments::ledger
