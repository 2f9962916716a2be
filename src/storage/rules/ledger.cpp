#include "storage/rules/ledger.hpp"

#include <set>

#include "payment/checks.hpp"
#include "payment/review.hpp"
#include "storage/rules/claims.hpp"
#include "storage/rules/review_list.hpp"
#include "support/crypto.hpp"

namespace payments::ledger {

Flags flags_of(const Transaction& transaction, const Facts& facts, bool has_other_live) {
    const auto status = transaction.status;
    Flags flags{is_live(status) && !has_other_live, holds_fee(facts), may_concern(facts)};
    if (flags.watched) flags.concerns = noted_concerns(transaction);
    return flags;
}

Change change_of(AttemptRow known, const std::vector<LedgerEntry>& offered) {
    Change change{std::move(known), {}, 0, {}};
    auto& transaction = change.after.transaction;
    change.before = {transaction.status, transaction.refunded_minor};
    change.first_new = transaction.entries.size();

    auto facts = facts_of(transaction);
    const bool claimed_before = facts.claimed;
    change.held_money = holds_money(facts);
    std::set<std::string> identities;
    for (const auto& event : transaction.entries) identities.insert(event.fact.identity());

    for (const auto& event : offered) {
        if (!identities.insert(event.fact.identity()).second) continue;
        const bool captured_before = !facts.captures_minor.empty();
        facts = learn(std::move(facts), event.fact, transaction.terms());
        if (!captured_before && !facts.captures_minor.empty()) transaction.paid_at = event.at;
        change.after.facts_hash = fact_hash(
            change.after.facts_hash, transaction.id, transaction.entries.size() + 1, event
        );
        change.hashes.push_back(change.after.facts_hash);
        transaction.entries.push_back(event);
        transaction.updated_at = std::max(transaction.updated_at, event.at);
    }
    if (change.news()) {
        transaction.status = status(facts);
        transaction.refunded_minor = refunded_minor(facts);
        if (transaction.status != change.before.status || facts.claimed != claimed_before)
            change.after.checks = 0;
    }
    change.facts = std::move(facts);
    return change;
}

void plan_check(Change& change, const Heard& heard) {
    auto& row = change.after;
    if (heard.check_now) {
        row.check_at = row.wanted_at = heard.at;
        if (heard.claimed_for) reschedule_check(row, heard.at, *heard.claimed_for);
        return;
    }
    // Whoever claimed the check has moved it on by its own schedule; unclaimed it is in a minute.
    if (heard.is_open_there && has_ended_unpaid(row.transaction.status)) {
        row.wanted_at = heard.at;
        if (!row.check_at) row.check_at = heard.at + std::chrono::minutes{1};
        return;
    }
    // Claiming a check moves it on. One that is still due was wanted after every query under way
    // had been sent, so no answer that comes in now can be the answer to it.
    if (row.check_at && *row.check_at <= heard.at) return;

    // A zero-amount payment has no provider to ask: what we know ourselves is the answer.
    const bool is_free = row.transaction.amount.is_zero();
    const bool is_late = heard.asked_at && row.wanted_at && *heard.asked_at < *row.wanted_at;
    const bool is_answer = (heard.source == Source::query && !is_late) || is_free;
    if (!is_answer && !change.news()) return;
    const auto planned = next_check(row.transaction, change.facts, row.checks, heard.at);
    // An attempt that is over is checked because a message or a visitor asked for it. Only an
    // answer to a later query ends that, else a lost answer would leave the question open for good.
    const bool was_wanted = is_final(change.before.status) || is_late;
    const bool is_asked_for = was_wanted && row.check_at && !planned;
    if (is_asked_for && !is_answer) return;
    row.check_at = planned;
    if (planned && heard.not_before) row.check_at = std::max(*planned, *heard.not_before);
}

std::string opening_hash(const Transaction& transaction) {
    return Canonical{}
        .add("opened")
        .add(transaction.id)
        .add(transaction.ticket_id)
        .add(transaction.code.text())
        .add(transaction.amount)
        .add(transaction.account)
        .add(transaction.created_at)
        .add(transaction.expires_at)
        .hash();
}

std::string fact_hash(
    std::string_view previous, std::int64_t transaction_id, std::size_t seq,
    const LedgerEntry& event
) {
    Canonical text;
    text.add(previous)
        .add(transaction_id)
        .add(static_cast<std::int64_t>(seq))
        .add(event.at)
        .add(name(event.source))
        .add(name(event.fact.kind))
        .add(event.fact.subject)
        .add(event.fact.amount)
        .add(event.fact.provider_id)
        .add(event.fact.account)
        .add(event.fact.detail);
    // Only where there is one, so that facts stored before 0003_refund_names keep their hashes.
    if (!event.fact.refund.empty()) text.add(event.fact.refund);
    if (event.fact.occurred_at) text.add("occurred").add(*event.fact.occurred_at);
    return text.hash();
}

Canonical& Canonical::add(std::string_view part) {
    text_ += std::to_string(part.size()) + ":";
    text_ += part;
    return *this;
}

Canonical& Canonical::add(const std::optional<Money>& money) {
    if (!money) return add("").add("");
    return add(money->minor()).add(money->currency().code());
}

std::string Canonical::hash() const { return crypto::hex(crypto::sha256(text_)); }

std::string body_hash(std::string_view body) { return crypto::hex(crypto::sha256(body)); }

std::string message_hash(
    std::string_view previous, const SignedMessage& message, std::string_view body, Time received_at
) {
    return Canonical{}
        .add(previous)
        .add(name(message.processor))
        .add(message.identity)
        .add(received_at)
        .add(message.signature)
        .add(body)
        .hash();
}

std::string match_hash(
    std::string_view previous, std::int64_t transaction_id, std::string_view message, Time at
) {
    return Canonical{}.add(previous).add("matched").add(transaction_id).add(message).add(at).hash();
}

// Facts are stored once, and an attempt may become a duplicate of the same payment again.
Fact duplicate_of(std::int64_t holder, const Facts& facts) {
    Fact fact;
    fact.kind = FactKind::duplicate;
    fact.subject = "TR" + std::to_string(holder);
    const auto times = facts.duplicates.size() + 1;
    if (times > 1) fact.subject += " #" + std::to_string(times);
    return fact;
}

std::vector<Fact> ends_of_duplicate(const Facts& facts) {
    std::vector<Fact> ends;
    for (const auto& subject : facts.duplicates) {
        if (facts.ended_duplicates.contains(subject)) continue;
        Fact fact;
        fact.kind = FactKind::duplicate_ended;
        fact.subject = subject;
        ends.push_back(std::move(fact));
    }
    return ends;
}

Fact taken_provider_id(std::string_view provider_id, std::int64_t owner) {
    Fact fact;
    fact.kind = FactKind::mismatched;
    fact.subject =
        "the provider's id " + std::string{provider_id} + " belongs to TR" + std::to_string(owner);
    return fact;
}

}  // namespace payments::ledger
