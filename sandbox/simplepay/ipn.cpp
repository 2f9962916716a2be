#include <boost/algorithm/string/replace.hpp>

#include "sandbox/budapest.hpp"
#include "sandbox/simplepay/simplepay.hpp"
#include "support/clock.hpp"
#include "support/crypto.hpp"
#include "support/json.hpp"
#include "support/text.hpp"

// SimplePay's notifications: what they say, when they are sent, how the answer is judged.
namespace payments::sandbox {

using namespace simplepay;

namespace {

bool is_failure(State state) {
    return state == State::notauthorized || state == State::cancelled || state == State::timeout;
}

bool has_offset(std::string_view time) {
    const auto t = time.find('T');
    return t != time.npos && time.find_first_of("Z+-", t) != time.npos && parse_time(time);
}

// Every member sent is there with an equal value of the same type, and receiveDate is a time. In
// strict mode nothing else, and in the same order.
bool echoes(const json::object& sent, const json::object& answer, bool strict) {
    for (const auto& [name, value] : sent) {
        const auto* echoed = answer.if_contains(name);
        if (!echoed || echoed->kind() != value.kind() || *echoed != value) return false;
    }
    if (!has_offset(json::string_or(answer, "receiveDate", ""))) return false;
    if (!strict) return true;
    auto expected = sent.begin();
    for (const auto& [name, value] : answer) {
        if (expected == sent.end())
            return name == "receiveDate" && answer.size() == sent.size() + 1;
        if (expected++->key() != name) return false;
    }
    return false;
}

}  // namespace

Judgement simplepay::judge_ipn_answer(
    std::string_view sent, std::string_view key, const Fetched& answer, bool strict
) {
    using Kind = Fetched::Kind;
    if (answer.kind == Kind::timed_out) return {false, "TIMEOUT"};
    if (answer.kind == Kind::failed) return {false, "NO_CONNECTION"};
    if (answer.kind == Kind::too_big) return {false, "IPNTOOBIG"};
    if (answer.status != 200) return {false, "NOT200"};
    const auto* value = answer.header("signature");
    if (!value) return {false, "NO_SIGNATURE"};
    if (!crypto::equal_in_constant_time(text::trim(*value), signature(key, answer.body))) {
        return {false, "BAD_SIGNATURE"};
    }
    const auto message = json::parse(sent);
    const auto echo = json::parse(answer.body);
    const bool objects = message && echo && message->is_object() && echo->is_object();
    if (!objects || !echoes(message->get_object(), echo->get_object(), strict)) {
        return {false, "CONTENTNOTMATCH"};
    }
    return {true, "OK"};
}

// Tells the merchant how the payment stands, if it wants to hear of that.
void SimplePay::notify(const Payment& payment) {
    const auto* merchant = find_merchant(payment.merchant);
    if (!merchant || (is_failure(payment.state) && !merchant->failed_ipn)) return;
    Ipn ipn;
    ipn.merchant = payment.merchant;
    ipn.order_ref = payment.order.order_ref;
    ipn.method = payment.order.method;
    ipn.refund_status = payment.refund_status();
    ipn.status = name(payment.state);
    ipn.ipn_url = merchant->ipn_url;
    ipn.key = merchant->key;
    ipn.transaction_id = payment.id;
    ipn.created = payment.created;
    ipn.finished = payment.finished.value_or(world_.clock.now());
    const auto delay =
        payment.refunds.empty() ? std::chrono::milliseconds{0} : settings_.refund_notice;
    send_ipn(std::move(ipn), faults_.take("ipn"), delay);
}

void SimplePay::send_ipn(
    Ipn ipn, const std::optional<Fault>& fault, std::chrono::milliseconds delay
) {
    const std::string fault_name = fault ? fault->name : "";
    if (fault_name == "never") return;
    if (fault_name == "late") delay += fault->delay;
    auto notice = notice_of(ipn, fault_name);
    if (fault_name == "duplicate") {
        notice.then = [this, again = notice_of(ipn, fault_name)] { deliveries_.send(again); };
    }
    if (fault_name == "out-of-order") {
        auto late = ipn;
        late.status = "TIMEOUT";
        late.refund_status.clear();
        notice.then = [this, later = notice_of(late, fault_name)] { deliveries_.send(later); };
    }
    if (fault_name == "parallel-duplicate") deliveries_.send(notice, delay);
    deliveries_.send(std::move(notice), delay);
}

Notice SimplePay::notice_of(const Ipn& ipn, std::string_view fault) {
    auto body = ipn_body(ipn, fault);
    auto value = signature(ipn.key, body);
    if (fault == "bad-signature") value[0] = value[0] == 'A' ? 'B' : 'A';
    Outgoing message{"POST", ipn.ipn_url, std::move(body)};
    message.headers = {{"Content-Type", "application/json"}};
    if (fault != "no-signature") message.headers.emplace_back("Signature", value);
    message.deadline = settings_.ipn_deadline;
    Notice notice;
    notice.operation = "ipn";
    notice.about = ipn.order_ref;
    notice.fault = fault;
    notice.message = [message] { return message; };
    notice.judge = [key = ipn.key, strict = settings_.strict_answers](
                       const Outgoing& sent, const Fetched& answer
                   ) { return judge_ipn_answer(sent.body, key, answer, strict); };
    return notice;
}

std::string SimplePay::ipn_body(const Ipn& ipn, std::string_view fault) {
    const bool colon = fault != "bare-offset";
    auto status = ipn.status;
    if (fault == "s-spelling") boost::replace_all(status, "AUTHORIZED", "AUTHORISED");
    Members members;
    members.text("salt", world_.random.letters_and_digits(32))
        .text("orderRef", fault == "unknown-order" ? "NOSUCHORDER" : ipn.order_ref)
        .text("method", ipn.method)
        .text("merchant", fault == "unknown-merchant" ? "SOMEONEELSE" : ipn.merchant);
    if (!ipn.refund_status.empty()) members.text("refundStatus", ipn.refund_status);
    members.text("finishDate", budapest_time(ipn.finished, colon))
        .text("paymentDate", budapest_time(ipn.created, colon))
        .number("transactionId", ipn.transaction_id)
        .text("status", fault == "unknown-status" ? "ONHOLD" : status);
    if (fault == "extra-members") {
        members.raw("loyalty", R"({"points":12.50,"tier":{"name":"arany/\u0171"}})");
        members.raw("note", quoted("Köszönjük!")).raw("flags", "[1,2.0,null]");
    }
    return members.compact();
}

}  // namespace payments::sandbox
