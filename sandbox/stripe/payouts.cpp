#include <algorithm>

#include "sandbox/stripe/objects.hpp"
#include "sandbox/stripe/stripe.hpp"
#include "support/json.hpp"
#include "support/text.hpp"

// Automatic payouts: on working days, of all that may be paid out by then.
namespace payments::sandbox {

using namespace stripe;
using namespace std::chrono;
using namespace std::chrono_literals;

namespace {

constexpr auto made_at = 5h;  // UTC
constexpr auto lists_are_ready_after = 6h;
constexpr auto arrives_at = 8h;           // UTC, of its day
constexpr auto bank_refuses_after = 48h;  // of its arrival, when it has been called paid

bool is_working_day(sys_days day) {
    const weekday on{day};
    return on != Saturday && on != Sunday;
}

sys_days next_working_day(sys_days day) {
    do day += days{1};
    while (!is_working_day(day));
    return day;
}

// The first moment at which payouts are made, not before `earliest`.
Time moment_from(Time earliest) {
    auto day = floor<days>(earliest);
    while (!is_working_day(day) || Time{day} + made_at < earliest) day += days{1};
    return Time{day} + made_at;
}

json::object trace(std::string_view status, const json::value& value = {}) {
    return {{"status", status}, {"value", value}};
}

}  // namespace

// False when a conversion is none.
bool stripe::change_payout_settings(const json::object& body, PayoutSettings& settings) {
    const auto set_flag = [&](std::string_view member, bool& flag) {
        const auto* value = json::find(body, member);
        if (value && value->is_bool()) flag = value->get_bool();
    };
    settings.delay_days =
        static_cast<int>(integer_or(body, "payout_delay_days", settings.delay_days));
    set_flag("lists_own_line", settings.lists_own_line);
    set_flag("payout_events", settings.sends_events);
    const auto* conversions = json::find(body, "conversions");
    if (!conversions) return true;
    if (!conversions->is_object()) return false;
    settings.conversions.clear();
    for (const auto& [paid, value] : conversions->get_object()) {
        const auto* rule = value.if_object();
        const auto* rate = rule ? json::find(*rule, "rate") : nullptr;
        const auto currency = rule ? json::string_or(*rule, "currency", "") : std::string{};
        if (!rate || !rate->is_number() || currency.empty()) return false;
        settings.conversions[std::string{paid}] = {currency, rate->to_number<double>()};
    }
    return true;
}

// Money that may be paid out from `available` on is on the balance.
void Stripe::plan_payout(Time available) {
    const auto moment = moment_from(std::max(available, world_.clock.now()));
    if (!balance_.planned.insert(moment).second) return;
    world_.clock.at(moment, [this, moment] {
        // Not when all was forgotten meanwhile.
        if (balance_.planned.erase(moment) > 0) pay_out();
    });
}

// Everything that may be paid out now, one payout for each currency. What is too little, or less
// than 0, waits for the next.
void Stripe::pay_out() {
    const auto now_in_s = now_s();
    std::map<std::string, std::vector<std::string>> payable;
    for (const auto& id : balance_.waiting) {
        auto& line = balance_.lines.at(id);
        if (line.at("available_on").get_int64() > now_in_s) continue;
        line["status"] = "available";
        payable[std::string{line.at("currency").as_string()}].push_back(id);
    }
    for (auto& [currency, ids] : payable) {
        auto& carried = balance_.carried[currency];
        auto sum = carried;
        for (const auto& id : ids) sum += balance_.lines.at(id).at("net").get_int64();
        const auto amount = sum - sum % payout_step(currency);
        if (amount <= 0) continue;
        carried = sum - amount;
        wait_no_more(ids);
        make_payout(currency, amount, std::move(ids), true);
    }
}

void Stripe::wait_no_more(const std::vector<std::string>& lines) {
    const std::set<std::string> paid{lines.begin(), lines.end()};
    std::erase_if(balance_.waiting, [&](const auto& id) { return paid.contains(id); });
}

std::string Stripe::make_payout(
    const std::string& currency, std::int64_t amount, std::vector<std::string> lines,
    bool is_automatic
) {
    const auto id = new_id("po_");
    const auto arrival = next_working_day(floor<days>(world_.clock.now()));
    Posting own{"payout", "payout"};
    own.source = id;
    own.currency = currency;
    own.amount = -amount;
    own.description = "STRIPE PAYOUT";
    const auto line = add_line(own);  // which no payout pays out
    auto object = new_payout();
    object["id"] = id;
    object["amount"] = amount;
    object["arrival_date"] = seconds_of(arrival);
    object["automatic"] = is_automatic;
    object["balance_transaction"] = line;
    object["created"] = now_s();
    object["currency"] = currency;
    object["status"] = "in_transit";
    object["reconciliation_status"] = is_automatic ? "in_progress" : "not_applicable";
    object["trace_id"] = trace("pending");
    if (payout_settings_.lists_own_line) lines.push_back(line);
    auto& payout = balance_.payouts[id];
    payout.object = std::move(object);
    payout.lines = std::move(lines);
    payout.bounces = balance_.to_bounce.erase(currency) > 0;
    balance_.payout_order.push_back(id);
    tell_of_payout("payout.created", payout.object);
    if (is_automatic) world_.clock.after(lists_are_ready_after, [this, id] { complete_lists(id); });
    world_.clock.at(Time{arrival} + arrives_at, [this, id] { arrive(id); });
    return id;
}

void Stripe::complete_lists(const std::string& id) {
    const auto found = balance_.payouts.find(id);
    if (found == balance_.payouts.end()) return;
    auto& object = found->second.object;
    object["reconciliation_status"] = "completed";
    tell_of_payout("payout.reconciliation_completed", object);
}

// The day has come. Stripe calls it paid, whatever the bank will say.
void Stripe::arrive(const std::string& id) {
    const auto found = balance_.payouts.find(id);
    if (found == balance_.payouts.end()) return;
    auto& payout = found->second;
    auto& object = payout.object;
    if (!is(object.at("status"), "in_transit")) return;
    object["status"] = "paid";
    object["trace_id"] = trace("supported", json::value("TRACE" + id.substr(3, 12)));
    tell_of_payout("payout.paid", object);
    payout.is_booked = !payout.bounces;
    if (payout.is_booked) tell_bank(object, false);
    if (payout.bounces)
        world_.clock.after(bank_refuses_after, [this, id] { fail_payout(id, "account_closed"); });
}

void Stripe::tell_bank(const json::object& payout, bool is_reversal) const {
    if (!pay_to_) return;
    const auto trace_id = json::string_or(payout.at("trace_id").get_object(), "value", "");
    const auto minor = payout.at("amount").get_int64();
    Transfer transfer{text::upper(payout.at("currency").as_string()), is_reversal ? -minor : minor};
    transfer.payer = "STRIPE TECHNOLOGY EUROPE LTD";
    transfer.payer_account = "DE09000000000000000001";
    transfer.text = "STRIPE " + trace_id;
    transfer.reference = trace_id;
    transfer.is_reversal = is_reversal;
    pay_to_(transfer);
}

// The bank did not take it: the money is on the balance again, and in the payout after this.
bool Stripe::fail_payout(const std::string& id, const std::string& code) {
    const auto found = balance_.payouts.find(id);
    if (found == balance_.payouts.end()) return false;
    auto& object = found->second.object;
    if (is(object.at("status"), "failed")) return false;
    object["status"] = "failed";
    object["failure_code"] = code;
    object["failure_message"] = "The bank account has been closed.";
    Posting posting{"payout_failure", "payout_reversal"};
    posting.source = id;
    posting.currency = object.at("currency").as_string();
    posting.amount = object.at("amount").get_int64();
    posting.description = "STRIPE PAYOUT FAILURE";
    object["failure_balance_transaction"] = post(posting);
    if (std::exchange(found->second.is_booked, false)) tell_bank(object, true);
    tell_of_payout("payout.failed", object);
    return true;
}

void Stripe::tell_of_payout(std::string_view type, const json::object& payout) {
    tell(type, payout, {}, payout_settings_.sends_events);
}

// {"payout"}: fails now. {"next": "huf"}: the bank will refuse the next one of this currency, which
// Stripe has called paid by then.
Reply Stripe::refuse_payout(const json::object& body) {
    if (const auto next = json::string_or(body, "next", ""); !next.empty()) {
        balance_.to_bounce.insert(next);
        return json_reply(200, json::object{});
    }
    const auto id = json::string_or(body, "payout", "");
    const bool has_failed = fail_payout(id, json::string_or(body, "code", "account_closed"));
    if (!has_failed) return refusal(404, "no such payout that could fail");
    return json_reply(200, balance_.payouts.at(id).object);
}

// A payout that the merchant orders by hand, of all there is: nobody can ask what is in it.
Reply Stripe::pay_out_by_hand(const json::object& body) {
    const auto currency = json::string_or(body, "currency", "huf");
    auto& carried = balance_.carried[currency];
    auto sum = carried;
    std::vector<std::string> lines;
    for (const auto& id : balance_.waiting) {
        const auto& line = balance_.lines.at(id);
        if (!is(line.at("currency"), currency)) continue;
        sum += line.at("net").get_int64();
        lines.push_back(id);
    }
    const auto amount = sum - sum % payout_step(currency);
    if (amount <= 0) return refusal(409, "there is nothing to pay out");
    carried = sum - amount;
    wait_no_more(lines);
    const auto id = make_payout(currency, amount, std::move(lines), false);
    return json_reply(200, balance_.payouts.at(id).object);
}

// Every payout with its lines, oldest first, and what waits for the next.
Reply Stripe::list_money() const {
    json::array payouts;
    for (const auto& id : balance_.payout_order) {
        const auto& payout = balance_.payouts.at(id);
        const json::array lines(payout.lines.begin(), payout.lines.end());
        payouts.push_back(json::object{{"payout", payout.object}, {"lines", lines}});
    }
    json::array waiting;
    for (const auto& id : balance_.waiting) waiting.push_back(balance_.lines.at(id));
    json::object carried;
    for (const auto& [currency, rest] : balance_.carried) carried[currency] = rest;
    return json_reply(200, {{"payouts", payouts}, {"waiting", waiting}, {"carried", carried}});
}

// GET /v1/payouts
Stripe::Answer Stripe::list_payouts(const Call& call) {
    const auto& form = call.form;
    const auto wanted = [&](const json::object& payout) {
        const auto arrival = payout.at("arrival_date").get_int64();
        const auto status = form.get("status"), destination = form.get("destination");
        return (status.empty() || is(payout.at("status"), status)) &&
               (destination.empty() || is(payout.at("destination"), destination)) &&
               is_in_range(form, "arrival_date", arrival);
    };
    std::vector<const json::object*> newest_first;
    for (auto id = balance_.payout_order.rbegin(); id != balance_.payout_order.rend(); ++id)
        newest_first.push_back(&balance_.payouts.at(*id).object);
    return answer_of(page_of(newest_first, wanted, form, "/v1/payouts"));
}

}  // namespace payments::sandbox
