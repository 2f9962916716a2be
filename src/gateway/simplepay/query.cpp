#include "gateway/simplepay/query.hpp"

#include <algorithm>

#include "gateway/simplepay/fields.hpp"
#include "payment/quoted_text.hpp"
#include "support/times.hpp"

namespace payments::simplepay {
namespace {

Fact fact_of_entry(FactKind kind, const json::object& entry, const Account& account) {
    Fact fact;
    fact.kind = kind;
    fact.provider_id = id_at(entry, "transactionId");
    fact.account = account.merchant;
    return fact;
}

Fact of_status(FactKind kind, const json::object& entry, const Account& account) {
    auto fact = fact_of_entry(kind, entry, account);
    fact.subject = json::string_or(entry, "status", "");
    return fact;
}

// The currency is told only with details; an account has just one, so its absence says nothing.
std::optional<Currency> currency_of(const json::object& entry, Currency agreed) {
    const auto code = json::string_or(entry, "currency", std::string{agreed.code()});
    const auto currency = Currency::of(code);
    return currency ? std::optional{*currency} : std::nullopt;
}

// `captured` or `authorized` with what the entry says was paid. What is no amount of the currency
// is a difference a person must see.
std::optional<Fact> amount_fact(
    FactKind kind, const json::object& entry, const Transaction& attempt, const Account& account
) {
    const auto total = decimal_at(entry, "total");
    if (!total) return std::nullopt;
    const auto currency = currency_of(entry, attempt.amount.currency());
    const auto money = currency ? money_at(entry, "total", *currency) : std::nullopt;
    auto fact = fact_of_entry(money ? kind : FactKind::mismatched, entry, account);
    if (money)
        fact.amount = *money;
    else
        fact.subject = "the total that SimplePay names is not an amount";
    return fact;
}

// A refund that is on its way, or in a state we do not know, counts as made: if it counted as
// failed, its money could be given back twice.
bool came_back(State state) {
    return state == State::failed || state == State::cancelled || state == State::expired;
}
bool is_on_its_way(State state) {
    return !came_back(state) && state != State::finished && state != State::refund;
}

// Each refund is a transaction of its own; its id keeps two equal ones apart.
void add_refunds(
    std::vector<Fact>& facts, const json::object& entry, const Transaction& attempt,
    const Account& account
) {
    const auto* refunds = json::find(entry, "refunds");
    const auto currency = currency_of(entry, attempt.amount.currency());
    if (!refunds || !refunds->is_array() || !currency) return;
    for (const auto& item : refunds->as_array()) {
        const auto* refund = item.if_object();
        const auto status = refund ? json::string_or(*refund, "status", "FINISHED") : "";
        const auto state = state_of(status);
        auto fact = fact_of_entry(FactKind::refunded, entry, account);
        if (is_on_its_way(state)) {
            fact.kind = FactKind::refund_pending;
            fact.detail = "SimplePay: " + quoted(status, 40);
        }
        fact.subject = refund ? id_at(*refund, "transactionId") : "";
        fact.amount = refund ? money_at(*refund, "refundTotal", *currency) : std::nullopt;
        // Money that left and cannot be counted: a person must look.
        if (fact.subject.empty() || !fact.amount) {
            fact.kind = FactKind::mismatched;
            fact.subject = "a refund that SimplePay lists has no id or no amount";
        }
        const bool is_readable = is_refund(fact.kind);
        auto failed = fact_of_entry(FactKind::refund_failed, entry, account);
        failed.subject = fact.subject;
        facts.push_back(std::move(fact));
        if (!is_readable || !came_back(state)) continue;
        failed.detail = "SimplePay: " + status;
        facts.push_back(std::move(failed));
    }
}

bool was_claimed(const Transaction& attempt) {
    return std::ranges::any_of(attempt.entries, [](const LedgerEntry& entry) {
        return entry.fact.kind == FactKind::claimed;
    });
}

// A signed notice said FINISHED; a query that says otherwise is a reason to look.
void contradict(
    QueryResult& result, const Transaction& attempt, const Account& account, std::string what
) {
    if (!was_claimed(attempt)) return;
    Fact fact;
    fact.kind = FactKind::contradicted;
    fact.subject = std::move(what);
    fact.account = account.merchant;
    fact.detail = "a notice said FINISHED, the query does not";
    result.facts.push_back(std::move(fact));
}

// Older papers show a refund as an entry of its own with a negative total.
void add_refund_entry(
    QueryResult& result, const json::object& entry, const Transaction& attempt,
    const Account& account
) {
    const auto total = decimal_at(entry, "total");
    const auto currency = currency_of(entry, attempt.amount.currency());
    if (!total || !currency) return;
    if (!total->negative) {
        if (auto fact = amount_fact(FactKind::captured, entry, attempt, account))
            result.facts.push_back(std::move(*fact));
        return add_refunds(result.facts, entry, attempt, account);
    }
    Fact fact;
    fact.kind = FactKind::refunded;
    fact.subject = id_at(entry, "transactionId");
    fact.amount = money_at(entry, "total", *currency);
    fact.account = account.merchant;
    if (!fact.subject.empty() && fact.amount) result.facts.push_back(std::move(fact));
}

void add_ending(
    QueryResult& result, FactKind kind, const json::object& entry, const Transaction& attempt,
    const Account& account
) {
    result.facts.push_back(of_status(kind, entry, account));
    contradict(result, attempt, account, json::string_or(entry, "status", ""));
}

// What one entry of `transactions` says of its attempt. Several entries may come in any order, so
// none undoes what another said.
void read_entry(
    QueryResult& result, const json::object& entry, const Transaction& attempt,
    const Account& account
) {
    const auto status = json::string_or(entry, "status", "");
    const auto state = state_of(status);
    if (state != State::open) result.is_cancellable = false;
    switch (state) {
        case State::open:
        case State::begun:
        case State::checked:
            result.facts.push_back(fact_of_entry(FactKind::accepted, entry, account));
            // The fraud check comes behind the authorisation, so it contradicts no claim.
            if (state != State::checked) contradict(result, attempt, account, status);
            return;
        case State::authorized:
        case State::finished: {
            const bool finished = state == State::finished;
            auto fact = amount_fact(
                finished ? FactKind::captured : FactKind::authorized, entry, attempt, account
            );
            // Paid, but not how much: nothing to act on, so the attempt is asked about again.
            if (!fact) result.answered = false;
            if (fact) result.facts.push_back(std::move(*fact));
            return add_refunds(result.facts, entry, attempt, account);
        }
        case State::failed:
            return add_ending(result, FactKind::failed, entry, attempt, account);
        case State::cancelled:
            return add_ending(result, FactKind::cancelled, entry, attempt, account);
        case State::expired:
            return add_ending(result, FactKind::expired, entry, attempt, account);
        case State::refund:
            return add_refund_entry(result, entry, attempt, account);
        // Nothing is said of it but that SimplePay knows the payment: it is asked about again.
        case State::unknown:
            return;
    }
}

PaymentEvidence evidence_of(const json::object& entry, const Transaction& attempt) {
    PaymentEvidence evidence{id_at(entry, "transactionId")};
    evidence.made_at = parse_time(json::string_or(entry, "paymentDate", ""));
    const auto currency = currency_of(entry, attempt.amount.currency());
    if (currency) evidence.total = money_at(entry, "total", *currency);
    return evidence;
}

// Older papers list refunds among the payments, each with an id and a date of its own.
bool is_refund_entry(const json::object& entry) {
    const auto total = decimal_at(entry, "total");
    return state_of(json::string_or(entry, "status", "")) == State::refund && total &&
           total->negative;
}

// Another payment has the attempt's orderRef: what it is, and whether it has taken money.
Fact foreign_payment(const json::object& entry, const Transaction& attempt) {
    const auto status = json::string_or(entry, "status", "");
    Fact fact;
    fact.kind = FactKind::foreign_payment;
    fact.subject = id_at(entry, "transactionId");
    const auto state = state_of(status);
    if (state == State::finished || state == State::authorized)
        fact.amount = evidence_of(entry, attempt).total.value_or(attempt.amount);
    fact.detail = "SimplePay: " + status + ", of " + json::string_or(entry, "paymentDate", "?");
    return fact;
}

// The entries of `list` that have the attempt's orderRef, those of other payments apart.
struct Entries {
    std::vector<const json::object*> ours, foreign;
};
Entries entries_of(const json::array& list, const Transaction& attempt, const Account& account) {
    Entries entries;
    std::vector<const json::object*> refunds;
    for (const auto& item : list) {
        const auto* entry = item.if_object();
        if (!entry || json::string_or(*entry, "orderRef", "") != attempt.reference()) continue;
        if (json::string_or(*entry, "merchant", account.merchant) != account.merchant) continue;
        if (is_refund_entry(*entry))
            refunds.push_back(entry);
        else if (may_be_made_for(attempt, evidence_of(*entry, attempt)))
            entries.ours.push_back(entry);
        else
            entries.foreign.push_back(entry);
    }
    // Whose refunds they are is not told.
    if (entries.foreign.empty())
        entries.ours.insert(entries.ours.end(), refunds.begin(), refunds.end());
    return entries;
}

// Nothing of ours is there. Once we have had an id of our own it is just that; until then another's
// payment under our number means that the number is spent.
void read_absence(
    QueryResult& result, const Entries& entries, const Transaction& attempt, const Account& account
) {
    result.is_cancellable = false;
    result.is_unknown = entries.foreign.empty() || !attempt.provider_id.empty();
    if (result.is_unknown) return contradict(result, attempt, account, "absent");
    for (const auto* entry : entries.foreign)
        result.facts.push_back(foreign_payment(*entry, attempt));
}

// The list of payments when the answer is SimplePay's word about this merchant.
std::optional<json::array> transactions_in(const Account& account, const ProviderResponse& answer) {
    if (!is_signed(answer.body, answer.signature, account.secret)) return std::nullopt;
    auto body = object_of(answer.body);
    if (!body || json::string_or(*body, "merchant", "") != account.merchant) return std::nullopt;
    if (!error_codes(*body).empty()) return std::nullopt;
    const auto* list = json::find(*body, "transactions");
    // SimplePay leaves out what it does not know, in an ordinary signed answer
    // (docs/providers/simplepay.md, 8.2).
    if (!list) return json::array{};
    if (!list->is_array()) return std::nullopt;
    return list->as_array();
}

}  // namespace

std::vector<QueryResult> read_query(
    std::span<const Transaction> attempts, const Account& account, const ProviderResponse& answer
) {
    std::vector<QueryResult> all;
    const auto list = transactions_in(account, answer);
    const auto entries = list.value_or(json::array{});
    for (const auto& attempt : attempts) {
        QueryResult result;
        result.transaction_id = attempt.id;
        result.answered = result.is_cancellable = list.has_value();
        const auto found = entries_of(entries, attempt, account);
        for (const auto* entry : found.ours) read_entry(result, *entry, attempt, account);
        if (list && found.ours.empty()) read_absence(result, found, attempt, account);
        all.push_back(std::move(result));
    }
    return all;
}

}  // namespace payments::simplepay
