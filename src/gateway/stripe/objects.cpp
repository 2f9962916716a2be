#include "gateway/stripe/objects.hpp"

#include "gateway/stripe/units.hpp"

namespace payments::stripe {
namespace {

Fact fact_of(FactKind kind, std::string intent, const std::string& account) {
    Fact fact;
    fact.kind = kind;
    fact.provider_id = std::move(intent);
    fact.account = account;
    return fact;
}

// A fact with an amount; one that is no amount of its currency is a difference to look at.
Fact amount_fact(
    FactKind kind, const json::object& o, std::string_view amount, std::string intent,
    const std::string& account
) {
    const auto units = integer_at(o, amount);
    const auto money =
        units ? from_units(*units, json::string_or(o, "currency", "")) : std::nullopt;
    auto fact = fact_of(money ? kind : FactKind::mismatched, std::move(intent), account);
    fact.amount = money;
    if (!money) fact.subject = "what Stripe names is not an amount";
    return fact;
}

std::string charge_of(const json::object& o) { return json::string_or(o, "id", ""); }

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
    if (const auto* error = member(intent, "last_payment_error")) {
        auto fact = fact_of(FactKind::attempt_failed, id, account);
        fact.subject = json::string_or(*error, "code", json::string_or(*error, "type", ""));
        fact.detail = json::string_or(*error, "decline_code", "");
        facts.push_back(std::move(fact));
    }
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
    else if (status == "succeeded" && !flag_at(charge, "refunded"))
        facts.push_back(amount_fact(FactKind::authorized, charge, "amount", intent, account));
    if (status == "failed") {
        auto fact = fact_of(FactKind::attempt_failed, intent, account);
        fact.subject = json::string_or(charge, "failure_code", "");
        fact.detail = charge_of(charge);
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
    const bool on_its_way =
        status == "succeeded" || status == "pending" || status == "requires_action";
    const bool came_back = status == "failed" || status == "canceled";
    if (id.empty() || !(on_its_way || came_back)) return {};

    auto made = amount_fact(FactKind::refunded, refund, "amount", intent, account);
    if (made.kind == FactKind::mismatched) return {std::move(made)};
    made.subject = id;
    made.refund = name_of_refund(refund, attempt_key);
    if (!came_back) return {std::move(made)};
    auto failed = fact_of(FactKind::refund_failed, intent, account);
    failed.subject = id;
    failed.detail = json::string_or(refund, "failure_reason", status);
    failed.refund = made.refund;
    return {std::move(made), std::move(failed)};
}

// An inquiry (warning_*) is a question of the bank: no money has moved, the message alone is kept.
std::vector<Fact> facts_of_dispute(const json::object& dispute, const std::string& account) {
    constexpr struct {
        std::string_view status;
        FactKind kind;
    } meanings[] = {
        {"needs_response", FactKind::disputed},
        {"under_review", FactKind::disputed},
        {"won", FactKind::dispute_won},
        {"lost", FactKind::dispute_lost},
    };
    const auto status = json::string_or(dispute, "status", "");
    for (const auto& meaning : meanings) {
        if (meaning.status != status) continue;
        auto fact =
            amount_fact(meaning.kind, dispute, "amount", id_at(dispute, "payment_intent"), account);
        if (fact.kind != FactKind::mismatched) fact.subject = json::string_or(dispute, "id", "");
        fact.detail = json::string_or(dispute, "reason", "");
        return {std::move(fact)};
    }
    return {};
}

}  // namespace payments::stripe
