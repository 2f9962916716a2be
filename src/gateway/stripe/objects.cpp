#include "gateway/stripe/objects.hpp"

#include <algorithm>
#include <iterator>
#include <limits>

#include "gateway/stripe/units.hpp"
#include "payment/quoted_text.hpp"
#include "support/times.hpp"

namespace payments::stripe {
namespace {

Fact fact_of(FactKind kind, std::string intent, const std::string& account) {
    Fact fact;
    fact.kind = kind;
    fact.provider_id = std::move(intent);
    fact.account = account;
    return fact;
}

std::optional<Money> money_at(const json::object& o, std::string_view name) {
    const auto units = integer_at(o, name);
    return units ? from_units(*units, json::string_or(o, "currency", "")) : std::nullopt;
}

std::optional<Time> time_at(const json::object& o, std::string_view name) {
    constexpr std::int64_t year_9999_s = 253'402'300'799;
    const auto seconds = integer_at(o, name);
    if (!seconds || *seconds < 0 || *seconds > year_9999_s) return std::nullopt;
    return Time{std::chrono::seconds{*seconds}};
}

std::string joined(std::initializer_list<std::string> parts) {
    std::string text;
    for (const auto& part : parts)
        if (!part.empty()) text += (text.empty() ? "" : ", ") + part;
    return text;
}

// A fact with an amount; one that is no amount of its currency is a difference to look at.
Fact amount_fact(
    FactKind kind, const json::object& o, std::string_view amount, std::string intent,
    const std::string& account
) {
    const auto money = money_at(o, amount);
    auto fact = fact_of(money ? kind : FactKind::mismatched, std::move(intent), account);
    fact.amount = money;
    if (!money) fact.subject = "what Stripe names is not an amount";
    return fact;
}

// What tells one try from the next, however often each is heard of: its charge, or, where the bank
// was never asked for money, the payment method that was tried.
Fact failed_try(const json::object& error, std::string intent, const std::string& account) {
    auto fact = fact_of(FactKind::attempt_failed, std::move(intent), account);
    const auto code = json::string_or(error, "code", json::string_or(error, "type", ""));
    fact.subject = id_at(error, "charge");
    if (fact.subject.empty()) fact.subject = id_at(error, "payment_method");
    const bool has_id = !fact.subject.empty();
    if (!has_id) fact.subject = code;
    fact.detail = joined({has_id ? code : "", json::string_or(error, "decline_code", "")});
    return fact;
}

// A movement of the dispute's money, of which only the event's name tells.
Fact movement(FactKind kind, const Fact& dispute) {
    auto fact = fact_of(kind, dispute.provider_id, dispute.account);
    fact.subject = dispute.subject;
    fact.occurred_at = dispute.occurred_at;
    return fact;
}

// What an entry of our balance moved because of a dispute, and what it cost. Each has its own
// moment, so that money which goes back and forth is never taken for one movement heard twice.
void add_movements(std::vector<Fact>& facts, const json::object& entry, const Fact& dispute) {
    const auto add = [&](FactKind kind, std::int64_t units) {
        if (units <= 0) return;
        auto fact = movement(kind, dispute);
        fact.amount = from_units(units, json::string_or(entry, "currency", ""));
        fact.occurred_at = time_at(entry, "created");
        fact.detail = json::string_or(entry, "id", "");
        facts.push_back(std::move(fact));
    };
    constexpr auto most = std::numeric_limits<std::int64_t>::max();
    const auto amount = std::max(-most, integer_at(entry, "amount").value_or(0));
    const auto fee = std::max(-most, integer_at(entry, "fee").value_or(0));
    add(FactKind::dispute_withdrawn, -amount);
    add(FactKind::dispute_reinstated, amount);
    add(FactKind::dispute_fee, fee);
    add(FactKind::dispute_fee_returned, -fee);
}

struct DisputeMeaning {
    std::string_view status;
    FactKind kind;
};
constexpr DisputeMeaning dispute_words[] = {
    {"needs_response", FactKind::disputed},
    {"under_review", FactKind::disputed},
    {"appeal_needs_response", FactKind::disputed},
    {"appeal_under_review", FactKind::disputed},
    {"won", FactKind::dispute_won},
    {"lost", FactKind::dispute_lost},
    {"prevented", FactKind::dispute_prevented},
    {"warning_needs_response", FactKind::inquiry},
    {"warning_under_review", FactKind::inquiry},
    {"warning_closed", FactKind::inquiry_closed},
};

// Why, and until when somebody must answer.
std::string dispute_detail(const json::object& dispute, const std::string& status) {
    const auto* evidence = member(dispute, "evidence_details");
    const bool awaits_us = status.ends_with("needs_response");
    const auto due = evidence && awaits_us ? time_at(*evidence, "due_by") : std::nullopt;
    return joined(
        {json::string_or(dispute, "reason", ""),
         due ? "to be answered by " + iso8601_seconds(*due) : ""}
    );
}

}  // namespace

std::optional<json::object> object_of(std::string_view body) {
    auto parsed = json::parse_leniently(body);
    if (!parsed || !parsed->tree.is_object()) return std::nullopt;
    return std::move(parsed->tree.as_object());
}

std::optional<std::int64_t> integer_at(const json::object& o, std::string_view name) {
    const auto* value = json::find(o, name);
    return value && value->is_int64() ? std::optional{value->as_int64()} : std::nullopt;
}

bool flag_at(const json::object& o, std::string_view name) {
    const auto* value = json::find(o, name);
    return value && value->is_bool() && value->as_bool();
}

const json::object* member(const json::object& o, std::string_view name) {
    const auto* value = json::find(o, name);
    return value ? value->if_object() : nullptr;
}

std::string id_at(const json::object& o, std::string_view name) {
    if (const auto* expanded = member(o, name)) return json::string_or(*expanded, "id", "");
    return json::string_or(o, name, "");
}

std::string metadata_at(const json::object& o, std::string_view name) {
    const auto* metadata = member(o, "metadata");
    return metadata ? json::string_or(*metadata, name, "") : std::string{};
}

const json::array* data_of(const json::object& list) {
    const auto* data = json::find(list, "data");
    return data ? data->if_array() : nullptr;
}

std::optional<Complaint> complaint_in(const ProviderResponse& answer) {
    const auto body = object_of(answer.body);
    const auto* error = body ? member(*body, "error") : nullptr;
    if (!error) return std::nullopt;
    Complaint complaint{json::string_or(*error, "type", ""), json::string_or(*error, "code", "")};
    return complaint.type.empty() ? std::nullopt : std::optional{std::move(complaint)};
}

bool is_success(const ProviderResponse& answer) {
    return answer.status >= 200 && answer.status < 300;
}

bool is_unclear(const ProviderResponse& answer) {
    const auto s = answer.status;
    return s == 408 || s == 409 || s == 424 || s == 429 || s >= 500;
}

bool is_of_this_call_only(int status) { return status == 401 || status == 403 || status == 404; }

bool is_payable(const json::object& intent) {
    const auto status = json::string_or(intent, "status", "");
    return status == "requires_payment_method" || status == "requires_confirmation" ||
           status == "requires_action";
}

std::vector<Fact> facts_of_intent(const json::object& intent, const std::string& account) {
    const auto status = json::string_or(intent, "status", "");
    const auto id = json::string_or(intent, "id", "");
    std::vector<Fact> facts;
    if (is_payable(intent) || status == "processing")
        facts.push_back(fact_of(FactKind::accepted, id, account));
    if (status == "succeeded")
        facts.push_back(amount_fact(FactKind::captured, intent, "amount_received", id, account));
    if (status == "requires_capture")
        facts.push_back(amount_fact(FactKind::authorized, intent, "amount_capturable", id, account)
        );
    if (status == "canceled") {
        auto fact = fact_of(FactKind::cancelled, id, account);
        fact.subject = json::string_or(intent, "cancellation_reason", "");
        facts.push_back(std::move(fact));
    }
    // Whatever its status: a try that failed leaves it payable (docs/providers/stripe.md, 6.4).
    if (const auto* error = member(intent, "last_payment_error"))
        facts.push_back(failed_try(*error, id, account));
    return facts;
}

std::vector<Fact> facts_of_charge(
    const json::object& charge, const std::string& account, std::string_view attempt_key
) {
    const auto status = json::string_or(charge, "status", "");
    const auto intent = id_at(charge, "payment_intent");
    std::vector<Fact> facts;
    if (status == "succeeded" && flag_at(charge, "captured"))
        facts.push_back(amount_fact(FactKind::captured, charge, "amount_captured", intent, account)
        );
    // A hold; one that was let go is shown as refunded, though no money was ever taken.
    else if (status == "succeeded" && !flag_at(charge, "refunded"))
        facts.push_back(amount_fact(FactKind::authorized, charge, "amount", intent, account));
    if (status == "failed") {
        auto fact = fact_of(FactKind::attempt_failed, intent, account);
        fact.subject = json::string_or(charge, "id", "");
        fact.detail = json::string_or(charge, "failure_code", "");
        facts.push_back(std::move(fact));
    }
    // Absent by default; whoever finds amount_refunded above zero asks for the list.
    if (const auto* list = member(charge, "refunds"))
        if (const auto* data = json::find(*list, "data"); data && data->is_array())
            for (const auto& item : data->as_array())
                if (const auto* refund = item.if_object())
                    for (auto& fact : facts_of_refund(*refund, account, attempt_key))
                        facts.push_back(std::move(fact));
    return facts;
}

std::string name_of_refund(const json::object& refund, std::string_view attempt_key) {
    if (attempt_key.empty() || metadata_at(refund, "attempt") != attempt_key) return {};
    const auto name = metadata_at(refund, "refund");
    const auto ours = "TR" + metadata_at(refund, "transaction_id") + "-R";
    return name.starts_with(ours) ? name : std::string{};
}

std::vector<Fact> facts_of_refund(
    const json::object& refund, const std::string& account, std::string_view attempt_key
) {
    const auto status = json::string_or(refund, "status", "");
    const auto intent = id_at(refund, "payment_intent");
    const auto id = json::string_or(refund, "id", "");
    const bool came_back = status == "failed" || status == "canceled";
    const bool is_over = came_back || status == "succeeded";
    // Without an id two equal ones cannot be told apart.
    if (id.empty()) return {};

    const auto kind = is_over ? FactKind::refunded : FactKind::refund_pending;
    auto made = amount_fact(kind, refund, "amount", intent, account);
    if (made.kind == FactKind::mismatched) return {std::move(made)};
    // Both facts of one that came back: it was made, and its money returned. Their order is no
    // matter.
    made.subject = id;
    made.refund = name_of_refund(refund, attempt_key);
    if (!is_over)
        made.detail = joined(
            {"Stripe: " + (status.empty() ? "no status" : quoted(status, 40)),
             json::string_or(refund, "pending_reason", "")}
        );
    if (!came_back) return {std::move(made)};
    auto failed = fact_of(FactKind::refund_failed, intent, account);
    failed.subject = id;
    failed.detail = json::string_or(refund, "failure_reason", status);
    failed.refund = made.refund;
    return {std::move(made), std::move(failed)};
}

bool has_known_status(const json::object& refund) {
    constexpr std::string_view known[] = {
        "pending", "requires_action", "succeeded", "failed", "canceled"};
    return std::ranges::count(known, json::string_or(refund, "status", "")) > 0;
}

std::vector<Fact> facts_of_dispute(
    const json::object& dispute, const std::string& account, const EventHead& event
) {
    const auto status = json::string_or(dispute, "status", "");
    const auto* word = std::ranges::find(dispute_words, status, &DisputeMeaning::status);
    const bool is_known = word != std::end(dispute_words);
    auto told = fact_of(
        is_known ? word->kind : FactKind::dispute_unclear, id_at(dispute, "payment_intent"), account
    );
    told.subject = json::string_or(dispute, "id", "");
    // What is no amount of its currency must not hide the dispute.
    told.amount = money_at(dispute, "amount");
    told.occurred_at = event.created;
    told.detail = joined(
        {is_known ? "" : "Stripe calls its status " + quoted(status, 40),
         dispute_detail(dispute, status)}
    );

    std::vector<Fact> facts{told};
    if (const auto* entries = json::find(dispute, "balance_transactions");
        entries && entries->is_array())
        for (const auto& item : entries->as_array())
            if (const auto* entry = item.if_object()) add_movements(facts, *entry, told);
    const bool tells_movements = facts.size() > 1;
    if (!tells_movements && event.type == "charge.dispute.funds_withdrawn")
        facts.push_back(movement(FactKind::dispute_withdrawn, told));
    if (!tells_movements && event.type == "charge.dispute.funds_reinstated")
        facts.push_back(movement(FactKind::dispute_reinstated, told));
    return facts;
}

std::vector<Fact> facts_of_fraud_warning(
    const json::object& warning, const std::string& account, const EventHead& event
) {
    auto fact = fact_of(FactKind::fraud_warning, id_at(warning, "payment_intent"), account);
    fact.subject = json::string_or(warning, "id", "");
    fact.detail = json::string_or(warning, "fraud_type", "");
    fact.occurred_at = time_at(warning, "created");
    if (!fact.occurred_at) fact.occurred_at = event.created;
    return {std::move(fact)};
}

EventHead head_of(const json::object& event) {
    return {json::string_or(event, "type", ""), time_at(event, "created")};
}

}  // namespace payments::stripe
