#include "sandbox/stripe/balance.hpp"

#include <cmath>

#include "sandbox/stripe/objects.hpp"
#include "sandbox/stripe/stripe.hpp"
#include "support/json.hpp"

// The lines of Stripe's ledger.
namespace payments::sandbox {

using namespace stripe;
using namespace std::chrono_literals;

namespace {

constexpr std::int64_t conversion_fee_percent = 2;

struct Fee {
    std::int64_t amount;
    std::string_view description;
};

json::object fee_detail(const Fee& fee, const std::string& currency) {
    return {
        {"amount", fee.amount},
        {"application", nullptr},
        {"currency", currency},
        {"description", fee.description},
        {"type", "stripe_fee"}};
}

std::vector<Fee> fees_of(
    FeeKind kind, std::int64_t amount, std::string_view currency, bool is_converted
) {
    if (kind == FeeKind::dispute) return {{dispute_fee(currency), "Dispute fee"}};
    if (kind == FeeKind::none) return {};
    std::vector<Fee> fees{{processing_fee(amount, currency), "Stripe processing fees"}};
    if (is_converted)
        fees.push_back({amount * conversion_fee_percent / 100, "Stripe currency conversion fee"});
    return fees;
}

}  // namespace

std::int64_t stripe::seconds_of(Time time) {
    return std::chrono::floor<std::chrono::seconds>(time).time_since_epoch().count();
}

std::int64_t stripe::payout_step(std::string_view currency) {
    return currency == "huf" || currency == "twd" ? 100 : 1;
}

std::int64_t stripe::processing_fee(std::int64_t amount, std::string_view currency) {
    const std::int64_t fixed = currency == "huf" ? 8'500 : 25;
    return amount * 15 / 1000 + fixed;
}

std::int64_t stripe::dispute_fee(std::string_view currency) {
    return currency == "huf" ? 600'000 : 2'000;
}

void stripe::as_of_version(json::value& answer, std::string_view version) {
    if (auto* list = answer.if_array()) {
        for (auto& one : *list) as_of_version(one, version);
        return;
    }
    auto* object = answer.if_object();
    if (!object) return;
    const auto kind = json::string_or(*object, "object", "");
    if (kind == "payout" && version < "2024-11-20") object->erase("trace_id");
    if (kind == "balance_transaction" && version < "2025-08-27") object->erase("balance_type");
    for (auto& [name, member] : *object) as_of_version(member, version);
}

// Puts a line on the balance, which is paid out when its time has come; gives its id.
std::string Stripe::post(const Posting& posting) {
    auto id = add_line(posting);
    balance_.waiting.push_back(id);
    const std::chrono::seconds available{balance_.lines.at(id).at("available_on").get_int64()};
    plan_payout(Time{available});
    return id;
}

std::string Stripe::add_line(const Posting& posting) {
    auto id = new_id("txn_");
    const auto rule = payout_settings_.conversions.find(posting.currency);
    const bool is_converted = rule != payout_settings_.conversions.end();
    const auto currency = is_converted ? rule->second.currency : posting.currency;
    const auto amount = is_converted
                            ? std::llround(static_cast<double>(posting.amount) * rule->second.rate)
                            : posting.amount;
    auto line = new_balance_transaction();
    line["id"] = id;
    line["amount"] = amount;
    line["currency"] = currency;
    if (is_converted) line["exchange_rate"] = rule->second.rate;
    std::int64_t all_fees = 0;
    for (const auto& fee : fees_of(posting.fee, std::abs(amount), currency, is_converted)) {
        line["fee_details"].get_array().push_back(fee_detail(fee, currency));
        all_fees += fee.amount;
    }
    line["fee"] = all_fees;
    line["net"] = amount - all_fees;
    line["type"] = posting.type;
    line["reporting_category"] = posting.category;
    if (posting.source.empty())
        line["source"] = nullptr;
    else
        line["source"] = posting.source;
    if (!posting.description.empty()) line["description"] = posting.description;
    const auto now = world_.clock.now();
    const auto day = std::chrono::floor<std::chrono::days>(now);
    const Time available = posting.is_payable_at_once
                               ? now
                               : Time{day + std::chrono::days{payout_settings_.delay_days}};
    line["created"] = seconds_of(now);
    line["available_on"] = seconds_of(available);
    line["status"] = available <= now ? "available" : "pending";
    balance_.lines[id] = std::move(line);
    balance_.order.push_back(id);
    return id;
}

// The money of a charge that was captured.
void Stripe::settle(json::object& charge) {
    Posting posting{"charge", "charge"};
    posting.source = charge.at("id").as_string();
    posting.currency = charge.at("currency").as_string();
    if (const auto* text = charge.at("description").if_string()) posting.description = *text;
    posting.amount = charge.at("amount_captured").get_int64();
    posting.fee = FeeKind::processing;
    posting.is_payable_at_once = false;
    charge["balance_transaction"] = post(posting);
}

// The money of a refund leaves; the fee of its charge stays with Stripe.
void Stripe::settle_refund(json::object& refund) {
    Posting posting{"refund", "refund"};
    posting.source = refund.at("id").as_string();
    posting.currency = refund.at("currency").as_string();
    posting.description = "REFUND FOR CHARGE";
    posting.amount = -refund.at("amount").get_int64();
    refund["balance_transaction"] = post(posting);
}

// It comes back, if it had left.
void Stripe::settle_failed_refund(json::object& refund) {
    if (refund.at("balance_transaction").is_null()) return;
    Posting posting{"refund_failure", "refund_failure"};
    posting.source = refund.at("id").as_string();
    posting.currency = refund.at("currency").as_string();
    posting.description = "REFUND FAILURE";
    posting.amount = refund.at("amount").get_int64();
    refund["failure_balance_transaction"] = post(posting);
}

// Something that Stripe charges for by itself, by the month: the fee is the amount.
Reply Stripe::bill(const json::object& body) {
    const auto amount = integer_or(body, "amount", 0);
    if (amount <= 0) return refusal(400, "amount is a whole number above 0");
    Posting posting{"stripe_fee", "fee"};
    posting.currency = json::string_or(body, "currency", "huf");
    posting.description = json::string_or(body, "description", "Radar");
    posting.amount = -amount;
    return json_reply(200, balance_.lines.at(post(posting)));
}

// GET /v1/balance_transactions
Stripe::Answer Stripe::list_balance(const Call& call) {
    const auto& form = call.form;
    std::vector<const json::object*> newest_first;
    const auto take = [&](const std::vector<std::string>& ids) {
        for (auto id = ids.rbegin(); id != ids.rend(); ++id)
            newest_first.push_back(&balance_.lines.at(*id));
    };
    if (const auto payout = form.get("payout"); !payout.empty()) {
        const auto found = balance_.payouts.find(payout);
        if (found == balance_.payouts.end()) return {404, missing("payout", payout)};
        const auto& [object, lines, bounces, is_booked] = found->second;
        if (object.at("automatic") != true)
            return {
                400, error_body(
                         "invalid_request_error", "",
                         "Balance transaction history can only be filtered on automatic transfers, "
                         "not manual.",
                         "payout"
                     )};
        // Asked too early, the list looks final and is not.
        const bool is_final = is(object.at("reconciliation_status"), "completed");
        take(
            {lines.begin(),
             lines.begin() +
                 static_cast<std::ptrdiff_t>(is_final ? lines.size() : lines.size() / 2)}
        );
    } else {
        take(balance_.order);
    }
    const auto fits = [&](const json::object& line, const char* name) {
        const auto wanted = form.get(name);
        return wanted.empty() || is(line.at(name), wanted);
    };
    const auto wanted = [&](const json::object& line) {
        return fits(line, "currency") && fits(line, "source") && fits(line, "type");
    };
    return answer_of(page_of(newest_first, wanted, form, "/v1/balance_transactions"));
}

}  // namespace payments::sandbox
