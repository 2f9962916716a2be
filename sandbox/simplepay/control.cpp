#include "sandbox/simplepay/simplepay.hpp"
#include "sandbox/simplepay/start.hpp"
#include "support/clock.hpp"
#include "support/json.hpp"

// The control calls of the SimplePay stand-in.
namespace payments::sandbox {

using namespace simplepay;

namespace {

constexpr KnownFaults faults_of_simplepay[] = {
    {"start query refund finish cancel", true,
     "bad-signature no-signature url-safe-signature changed-after-signing other-order "
     "other-transaction wrong-amount wrong-currency wrong-merchant extra-members old-order "
     "escaped-slashes pretty refuse"},
    {"query", true, "not-found"},
    {"act", true, ""},
    {"return", false, "bad-signature bare-plus never late ipn-first"},
    {"ipn", false,
     "never late duplicate parallel-duplicate out-of-order bad-signature no-signature "
     "unknown-merchant unknown-order unknown-status bare-offset extra-members s-spelling"},
};

void set_flag(const json::object& body, std::string_view member, bool& flag) {
    const auto* value = json::find(body, member);
    if (value && value->is_bool()) flag = value->get_bool();
}

void set_ms(const json::object& body, std::string_view member, std::chrono::milliseconds& time) {
    time = std::chrono::milliseconds{integer_or(body, member, time.count())};
}

json::object shown(const Payment& payment) {
    json::array refunds;
    for (const auto& refund : payment.refunds) {
        refunds.push_back(json::object{
            {"id", refund.id}, {"total", decimal_with_point(refund.total)}});
    }
    return {
        {"transaction_id", payment.id},
        {"merchant", payment.merchant},
        {"order_ref", payment.order.order_ref},
        {"currency", payment.order.currency},
        {"total", decimal_with_point(payment.order.total)},
        {"charged", decimal_with_point(payment.charged)},
        {"status", name(payment.state)},
        {"back_event", payment.back_event},
        {"token", payment.token},
        {"created", rfc3339(payment.created)},
        {"deadline", rfc3339(payment.deadline)},
        {"refund_status", payment.refund_status()},
        {"refunds", refunds}};
}

}  // namespace

std::span<const KnownFaults> SimplePay::known_faults() const { return faults_of_simplepay; }

Task<std::optional<Reply>> SimplePay::control(Request request, json::object body) {
    const auto& path = request.path;
    if (path == "/control/payments") co_return list_payments();
    if (path == "/control/reports") co_return list_reports();
    if (path == "/control/deliveries") {
        co_return json_reply(200, {{"deliveries", deliveries_.list()}});
    }
    if (request.method != "POST") co_return std::nullopt;
    if (path == "/control/settings") co_return change_settings(body);
    if (path == "/control/resend") co_return resend(body);
    if (path == "/control/forge") co_return forge(body);
    if (path != "/control/act" && path != "/control/refund") co_return std::nullopt;
    auto* payment = named_in(body);
    if (!payment) co_return refusal(404, "no such payment");
    if (path == "/control/refund") co_return refund_by_hand(*payment, body);
    co_return co_await act(*payment, std::move(body));
}

Payment* SimplePay::named_in(const json::object& body) {
    const auto id = integer_or(body, "transaction_id", 0);
    const auto order_ref = json::string_or(body, "order_ref", "");
    for (auto& [key, payment] : payments_)
        if (key == id || payment.order.order_ref == order_ref) return &payment;
    return nullptr;
}

// A refund made on the merchant admin page, not through the API; "total" is a decimal text.
Reply SimplePay::refund_by_hand(Payment& payment, const json::object& body) {
    if (payment.state != State::finished) return refusal(409, "nothing was paid");
    const auto left = payment.charged - payment.refunded();
    const auto given = read_sum(body, "total", payment.order.currency);
    if (json::find(body, "total") && !given) return refusal(400, "total is no amount");
    const auto total = given.value_or(left);
    if (total <= 0 || total > left) return refusal(409, "more than is left");
    payment.refunds.push_back({next_id_++, total, world_.clock.now()});
    plan_report();
    notify(payment);
    return json_reply(200, shown(payment));
}

Reply SimplePay::list_payments() const {
    json::array payments;
    for (const auto& [id, payment] : payments_) payments.push_back(shown(payment));
    return json_reply(200, {{"payments", payments}});
}

Reply SimplePay::change_settings(const json::object& body) {
    set_ms(body, "fraud_check_ms", settings_.fraud_check);
    set_ms(body, "refund_notice_ms", settings_.refund_notice);
    set_ms(body, "ipn_deadline_ms", settings_.ipn_deadline);
    set_flag(body, "strict_answers", settings_.strict_answers);
    set_flag(body, "positive_refund_total", settings_.positive_refund_total);
    set_flag(body, "total_in_plain_query", settings_.total_in_plain_query);
    set_flag(body, "sign_errors", settings_.sign_errors);
    set_flag(body, "positive_refunds_in_reports", settings_.shows_refunds_positive);
    const auto* merchants = json::find(body, "merchants");
    if (merchants && !merchants->is_object()) return refusal(400, "merchants is an object");
    if (!merchants) return json_reply(200, json::object{});
    for (const auto& [id, value] : merchants->get_object()) {
        if (!value.is_object()) return refusal(400, "a merchant is an object");
        const auto& change = value.get_object();
        auto& merchant = merchants_[std::string{id}];
        merchant.id = id;
        merchant.key = json::string_or(change, "key", merchant.key);
        merchant.currency = json::string_or(change, "currency", merchant.currency);
        merchant.ipn_url = json::string_or(
            change, "ipn_url", merchant.ipn_url.empty() ? ipn_url_ : merchant.ipn_url
        );
        set_flag(change, "two_step", merchant.two_step);
        set_flag(change, "forces_two_steps", merchant.forces_two_steps);
        set_flag(change, "failed_ipn", merchant.failed_ipn);
    }
    return json_reply(200, json::object{});
}

// By number of the delivery, or the newest about an order; "all" repeats every one of the order.
Reply SimplePay::resend(const json::object& body) {
    const auto order_ref = json::string_or(body, "order_ref", "");
    std::vector<std::uint64_t> numbers;
    if (const auto number = integer_or(body, "number", 0); number > 0) {
        numbers.push_back(static_cast<std::uint64_t>(number));
    }
    for (const auto& delivery : deliveries_.list()) {
        if (delivery.at("about").as_string() != order_ref || order_ref.empty()) continue;
        bool all = false;
        set_flag(body, "all", all);
        if (!all) numbers.clear();
        numbers.push_back(delivery.at("number").to_number<std::uint64_t>());
    }
    bool known = !numbers.empty();
    for (const auto number : numbers) known = deliveries_.resend(number) && known;
    return known ? json_reply(200, {{"resent", numbers.size()}})
                 : refusal(404, "nothing to resend");
}

// An IPN about no payment, signed with the merchant's key unless `key` names another.
Reply SimplePay::forge(const json::object& body) {
    Ipn ipn;
    ipn.merchant = json::string_or(body, "merchant", "PUBLICTESTHUF");
    const auto* merchant = find_merchant(ipn.merchant);
    ipn.key = json::string_or(body, "key", merchant ? merchant->key : "");
    ipn.ipn_url = merchant ? merchant->ipn_url : ipn_url_;
    ipn.order_ref = json::string_or(body, "order_ref", "");
    ipn.transaction_id = integer_or(body, "transaction_id", 0);
    ipn.status = json::string_or(body, "status", "FINISHED");
    ipn.refund_status = json::string_or(body, "refund_status", "");
    ipn.method = "CARD";
    ipn.created = ipn.finished = world_.clock.now();
    Fault fault;
    fault.name = json::string_or(body, "fault", "forged");
    send_ipn(std::move(ipn), fault, std::chrono::milliseconds{0});
    return json_reply(200, json::object{});
}

}  // namespace payments::sandbox
