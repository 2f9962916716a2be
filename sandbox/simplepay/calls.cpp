#include <algorithm>
#include <set>

#include "sandbox/budapest.hpp"
#include "sandbox/simplepay/simplepay.hpp"
#include "support/clock.hpp"
#include "support/json.hpp"

// SimplePay's endpoints: what each does to a payment, and what it answers.
namespace payments::sandbox {

using namespace simplepay;
using namespace std::chrono_literals;

namespace {

constexpr std::size_t query_ids_max = 50;

// Ids of a query: strings, numbers are taken too.
std::optional<std::vector<std::string>> read_ids(
    const json::object& request, std::string_view member
) {
    std::vector<std::string> ids;
    const auto* list = json::find(request, member);
    if (!list) return ids;
    if (!list->is_array()) return std::nullopt;
    for (const auto& id : list->get_array()) {
        if (id.is_int64())
            ids.push_back(std::to_string(id.get_int64()));
        else if (id.is_string())
            ids.emplace_back(id.get_string());
        else
            return std::nullopt;
    }
    return ids;
}

bool flag(const json::object& request, std::string_view member) {
    const auto* value = json::find(request, member);
    return value && value->is_bool() && value->get_bool();
}

// The stored invoice as `query` shows it: the recipient under another name.
std::string shown_address(const json::object& address) {
    Members members;
    for (const auto& [name, value] : address) {
        members.raw(name == "name" ? "lname" : std::string_view{name}, json::write(value));
    }
    return members.compact();
}

void add_details(Members& members, const Payment& payment, bool two_step_account) {
    const auto& order = payment.order;
    members.text("currency", order.currency).text("currencyEnum", order.currency);
    if (!order.customer.empty()) members.text("customer", order.customer);
    members.text("customerEmail", order.email).text("language", order.language);
    if (two_step_account) members.raw("twoStep", payment.two_step ? "true" : "false");
    members.raw("shippingCost", "0.0").raw("discount", "0.0");
    for (const auto part : {"invoice", "delivery"}) {
        const auto* address = json::find(order.request, part);
        if (address && address->is_object()) {
            members.raw(part, shown_address(address->get_object()));
        }
    }
}

// How much of a request is echoed shows how far SimplePay had come: methods and sums are judged
// after reference and currency were read (docs/providers/simplepay.md, 3.5).
bool comes_with_reference(std::int64_t code) { return code == 5014 || code == 5346; }

bool is_finished(State state) {
    return state != State::init && state != State::inpayment && state != State::infraud &&
           state != State::authorized;
}

std::int64_t remaining(const Payment& payment) {
    if (payment.state != State::finished) return payment.order.total;
    return payment.refunds.empty() ? 0 : payment.charged - payment.refunded();
}

}  // namespace

Payment* SimplePay::find_by_reference(std::string_view merchant, std::string_view order_ref) {
    const auto found = ids_.find({std::string{merchant}, std::string{order_ref}});
    return found == ids_.end() ? nullptr : &payments_.at(found->second);
}

// The payment a refund, finish or cancel is about, by transactionId first.
Payment* SimplePay::find_payment(
    std::string_view merchant, const json::object& request, Codes& codes
) {
    const auto* id = json::find(request, "transactionId");
    // The vendor's SDK sends the one of the two that was not set as "".
    if (id && id->is_string() && id->get_string().empty()) id = nullptr;
    const auto order_ref = json::string_or(request, "orderRef", "");
    if (!id && order_ref.empty()) {
        codes.push_back(5111);
        return nullptr;
    }
    if (!id) {
        auto* payment = find_by_reference(merchant, order_ref);
        if (!payment) codes.push_back(5011);
        return payment;
    }
    const auto text = json::decimal_text(*id);
    if (!text || text->size() > 15 || text->find_first_not_of("0123456789") != text->npos) {
        codes.push_back(5019);
        return nullptr;
    }
    const auto found = payments_.find(std::stoll(*text));
    if (found == payments_.end())
        codes.push_back(5011);
    else if (found->second.merchant != merchant)
        codes.push_back(5012);
    else
        return &found->second;
    return nullptr;
}

SimplePay::Outcome SimplePay::call_start(const Call& call) {
    Outcome outcome;
    const auto now = world_.clock.now();
    auto read = read_order(call.request, now);
    outcome.members.text("merchant", call.merchant->id);
    outcome.codes = read.codes;
    auto& order = read.order;
    if (!outcome.codes.empty()) {
        const bool echoes =
            std::all_of(outcome.codes.begin(), outcome.codes.end(), comes_with_reference);
        if (echoes) {
            outcome.members.text("orderRef", order.order_ref).text("currency", order.currency);
        }
        return outcome;
    }
    if (order.currency != call.merchant->currency) outcome.codes.push_back(5307);
    if (order.two_step.value_or(false) && !call.merchant->two_step) outcome.codes.push_back(5308);
    if (find_by_reference(call.merchant->id, order.order_ref)) outcome.codes.push_back(5013);
    if (!outcome.codes.empty()) {
        outcome.members.text("orderRef", order.order_ref).text("currency", order.currency);
        return outcome;
    }
    Payment payment;
    payment.id = next_id_++;
    payment.merchant = call.merchant->id;
    payment.token = world_.random.letters_and_digits(53);
    payment.two_step = call.merchant->two_step &&
                       (call.merchant->forces_two_steps || order.two_step.value_or(true));
    payment.created = now;
    payment.deadline = order.deadline.value_or(now + 5min);
    payment.order = std::move(order);
    world_.clock.at(payment.deadline, [this, id = payment.id] {
        const auto found = payments_.find(id);
        if (found != payments_.end()) apply(found->second, "timeout", 0);
    });
    payments_[payment.id] = payment;
    ids_[{payment.merchant, payment.order.order_ref}] = payment.id;

    const auto shown = seen_through(payment, call.fault);
    outcome.members = Members{};
    outcome.members.number("transactionId", shown.id)
        .text("orderRef", shown.order.order_ref)
        .text("merchant", shown.merchant)
        .text("timeout", budapest_time(shown.deadline))
        .raw("total", decimal_with_point(shown.order.total))
        .text("paymentUrl", url() + "/trx/" + shown.token)
        .text("currency", shown.order.currency)
        .text("salt", world_.random.letters_and_digits(32));
    return outcome;
}

Members SimplePay::describe(const Payment& payment, bool detailed, bool with_refunds) {
    Members members;
    members.text("salt", world_.random.letters_and_digits(32))
        .text("merchant", payment.merchant)
        .text("orderRef", payment.order.order_ref);
    if (detailed || settings_.total_in_plain_query) {
        members.raw("total", decimal_with_point(payment.order.total));
    }
    members.number("transactionId", payment.id).text("status", name(payment.state));
    if (payment.state == State::finished) members.text("resultCode", "OK");
    if (detailed) {
        const auto* merchant = find_merchant(payment.merchant);
        add_details(members, payment, merchant && merchant->two_step);
    }
    if (with_refunds && !payment.refunds.empty()) {
        std::vector<std::string> refunds;
        for (const auto& refund : payment.refunds) {
            const auto total = settings_.positive_refund_total ? refund.total : -refund.total;
            Members one;
            one.number("transactionId", refund.id)
                .raw("refundTotal", decimal_with_point(total))
                .text("refundDate", budapest_time(refund.at))
                .text("status", "FINISHED");
            refunds.push_back(one.compact());
        }
        members.text("refundStatus", payment.refund_status()).raw("refunds", array_of(refunds));
    }
    members.raw("remainingTotal", decimal_with_point(remaining(payment)));
    members.text("paymentDate", budapest_time(payment.created));
    if (is_finished(payment.state) && payment.finished) {
        members.text("finishDate", budapest_time(*payment.finished));
    }
    if (payment.state != State::init) members.text("method", payment.order.method);
    return members;
}

SimplePay::Outcome SimplePay::call_query(const Call& call) {
    Outcome outcome;
    outcome.members.text("merchant", call.merchant->id);
    const auto ids = read_ids(call.request, "transactionIds");
    const auto references = read_ids(call.request, "orderRefs");
    const auto from = parse_time(json::string_or(call.request, "from", ""));
    const auto until = parse_time(json::string_or(call.request, "until", ""));
    if (!ids || !references)
        outcome.codes.push_back(5321);
    else if (ids->size() > query_ids_max)
        outcome.codes.push_back(5327);
    else if (references->size() > query_ids_max)
        outcome.codes.push_back(5328);
    else if (from.has_value() != until.has_value())
        outcome.codes.push_back(5329);
    else if (from && *from > *until)
        outcome.codes.push_back(5330);
    else if (ids->empty() && references->empty() && !from)
        outcome.codes.push_back(5339);
    if (!outcome.codes.empty()) return outcome;

    std::set<std::int64_t> wanted;
    for (const auto& reference : *references) {
        if (const auto* payment = find_by_reference(call.merchant->id, reference))
            wanted.insert(payment->id);
    }
    for (const auto& text : *ids) {
        const bool is_id = !text.empty() && text.size() < 16 && text[0] != '0' &&
                           text.find_first_not_of("0123456789") == text.npos;
        if (is_id && payments_.contains(std::stoll(text))) wanted.insert(std::stoll(text));
    }
    if (from) {
        for (const auto& [id, payment] : payments_)
            if (*from <= payment.created && payment.created <= *until) wanted.insert(id);
    }
    std::vector<std::string> found;
    for (const auto id : wanted) {
        const auto& payment = payments_.at(id);
        if (payment.merchant != call.merchant->id) continue;
        if (call.fault && call.fault->name == "not-found") continue;
        auto members = describe(
            seen_through(payment, call.fault), flag(call.request, "detailed"),
            flag(call.request, "refunds")
        );
        found.push_back(members.compact());
    }
    outcome.members = Members{};
    outcome.members.text("salt", world_.random.letters_and_digits(32))
        .text("merchant", call.merchant->id)
        .raw("transactions", array_of(found))
        .number("totalCount", static_cast<std::int64_t>(found.size()));
    return outcome;
}

SimplePay::Outcome SimplePay::call_refund(const Call& call) {
    Outcome outcome;
    outcome.members.text("merchant", call.merchant->id);
    auto& codes = outcome.codes;
    auto* payment = find_payment(call.merchant->id, call.request, codes);
    const auto currency = json::string_or(call.request, "currency", "");
    if (currency.empty())
        codes.push_back(5223);
    else if (currency != call.merchant->currency)
        codes.push_back(5307);
    const auto total = read_sum(call.request, "refundTotal", call.merchant->currency);
    if (!total || *total <= 0) codes.push_back(5110);
    if (!codes.empty()) return outcome;
    if (payment->state != State::finished)
        codes.push_back(5022);
    else if (*total > payment->charged - payment->refunded())
        codes.push_back(5110);
    if (!codes.empty()) return outcome;

    payment->refunds.push_back({next_id_++, *total, world_.clock.now()});
    plan_report();
    notify(*payment);
    const auto shown = seen_through(*payment, call.fault);
    outcome.members = Members{};
    outcome.members.text("salt", world_.random.letters_and_digits(32))
        .text("merchant", shown.merchant)
        .text("orderRef", shown.order.order_ref)
        .text("currency", shown.order.currency)
        .number("transactionId", shown.id)
        .number("refundTransactionId", shown.refunds.back().id)
        .raw("refundTotal", decimal_with_point(shown.refunds.back().total))
        .raw("remainingTotal", decimal_with_point(payment->charged - payment->refunded()));
    return outcome;
}

SimplePay::Outcome SimplePay::call_finish(const Call& call) {
    Outcome outcome;
    outcome.members.text("merchant", call.merchant->id);
    auto& codes = outcome.codes;
    auto* payment = find_payment(call.merchant->id, call.request, codes);
    if (json::string_or(call.request, "currency", "").empty()) codes.push_back(5223);
    const auto original = read_sum(call.request, "originalTotal", call.merchant->currency);
    const auto approved = read_sum(call.request, "approveTotal", call.merchant->currency);
    if (!original) codes.push_back(5020);
    if (!approved) codes.push_back(5323);
    if (!codes.empty()) return outcome;
    const bool closed = payment->two_step &&
                        (payment->state == State::finished || payment->state == State::reversed);
    if (closed)
        codes.push_back(5021);
    else if (!payment->two_step || payment->state != State::authorized)
        codes.push_back(5022);
    else if (*original != payment->order.total)
        codes.push_back(5020);
    else if (*approved > *original)
        codes.push_back(5323);
    if (!codes.empty()) return outcome;

    payment->charged = *approved;
    payment->state = *approved == 0 ? State::reversed : State::finished;
    payment->finished = world_.clock.now();
    plan_report();
    notify(*payment);
    const auto shown = seen_through(*payment, call.fault);
    outcome.members = Members{};
    outcome.members.text("salt", world_.random.letters_and_digits(32))
        .text("merchant", shown.merchant)
        .text("orderRef", shown.order.order_ref)
        .text("currency", shown.order.currency)
        .number("transactionId", shown.id)
        .raw("approveTotal", decimal_with_point(*approved));
    return outcome;
}

SimplePay::Outcome SimplePay::call_cancel(const Call& call) {
    Outcome outcome;
    outcome.members.text("merchant", call.merchant->id);
    auto* payment = find_payment(call.merchant->id, call.request, outcome.codes);
    if (json::string_or(call.request, "currency", "").empty()) outcome.codes.push_back(5223);
    if (payment && payment->state != State::init) outcome.codes.push_back(5022);
    if (!outcome.codes.empty()) return outcome;
    end(*payment, State::cancelled, "CANCEL", 0);
    const auto shown = seen_through(*payment, call.fault);
    outcome.members = Members{};
    outcome.members.text("merchant", shown.merchant)
        .number("transactionId", shown.id)
        .text("orderRef", shown.order.order_ref)
        .text("status", "CANCELLED")
        .text("salt", world_.random.letters_and_digits(32));
    return outcome;
}

}  // namespace payments::sandbox
