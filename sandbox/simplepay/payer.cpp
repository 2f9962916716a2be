#include "sandbox/budapest.hpp"
#include "sandbox/pages.hpp"
#include "sandbox/simplepay/simplepay.hpp"
#include "support/clock.hpp"
#include "support/crypto.hpp"
#include "support/json.hpp"

// What happens on SimplePay's payment page.
namespace payments::sandbox {

using namespace simplepay;
using namespace std::chrono_literals;

namespace {

constexpr std::int64_t code_declined = 2013;          // not enough money
constexpr std::int64_t code_challenge_failed = 3000;  // a 3-D Secure failure

constexpr std::string_view plain_page = R"(<!doctype html><html lang="en"><meta charset="utf-8">
<title>SimplePay stand-in</title><h1>SimplePay stand-in</h1><p id="what"></p>
<script>
const say = s => document.getElementById('what').textContent =
  `${s.merchant} ${s.order_ref}: ${s.total} ${s.currency}, ${s.status}`;
fetch(location.pathname + '/state').then(r => r.json()).then(say);
const actions =
  ['pay', 'decline', 'challenge', 'challenge-pass', 'challenge-fail', 'cancel', 'close'];
for (const action of actions) {
  const button = document.createElement('button');
  button.textContent = action;
  button.onclick = async () => {
    const answer = await fetch(location.pathname + '/act',
      {method: 'POST', headers: {'Content-Type': 'application/json'},
       body: JSON.stringify({action})});
    const done = await answer.json();
    if (done.redirect_url) location.href = done.redirect_url; else location.reload();
  };
  document.body.append(button);
}
</script></html>)";

std::string return_address(const Payment& payment) {
    static const std::map<std::string_view, const char*> members{
        {"SUCCESS", "success"}, {"FAIL", "fail"}, {"CANCEL", "cancel"}, {"TIMEOUT", "timeout"}};
    const auto& urls = payment.order.urls;
    const auto found = urls.find(members.at(payment.back_event));
    return found == urls.end() ? payment.order.url : found->second;
}

}  // namespace

Task<Reply> SimplePay::serve_page(Request request) {
    auto token = request.path.substr(5);
    const auto slash = token.find('/');
    const auto part = slash == token.npos ? "" : token.substr(slash);
    token.resize(std::min(slash, token.size()));
    for (auto& [id, payment] : payments_) {
        if (payment.token != token) continue;
        if (part.empty()) co_return page_reply(request, "/simplepay.html", plain_page);
        if (part == "/state") co_return json_reply(200, page_state(payment));
        const auto body = json::parse(request.body);
        if (part != "/act" || request.method != "POST") break;
        if (!body || !body->is_object()) co_return refusal(400, "a JSON object is needed");
        co_return co_await act(payment, body->get_object());
    }
    co_return Reply{404, "text/html", "<h1>No such payment</h1>"};
}

json::object SimplePay::page_state(const Payment& payment) const {
    return {
        {"merchant", payment.merchant},
        {"order_ref", payment.order.order_ref},
        {"total", decimal_with_point(payment.order.total)},
        {"currency", payment.order.currency},
        {"deadline", rfc3339(payment.deadline)},
        {"status", name(payment.state)},
        {"challenge", payment.challenged},
        {"transaction_id", payment.id},
        {"language", payment.order.language},
    };
}

Task<Reply> SimplePay::act(Payment& payment, json::object body) {
    const auto action = json::string_or(body, "action", "");
    apply(payment, action, integer_or(body, "code", 0));
    auto state = page_state(payment);
    const auto id = payment.id;
    const bool leaves = !payment.back_event.empty() && action != "close";
    const auto fault = leaves ? faults_.take("return") : std::nullopt;
    verdict_ = "the payer: " + action;
    if (fault && fault->name == "ipn-first") {
        finish(id);
        co_await pause(fault->delay.count() == 0 ? 300ms : fault->delay);
    }
    if (fault && fault->name == "late") co_await pause(fault->delay);
    const auto found = payments_.find(id);
    const bool returns = leaves && found != payments_.end() && !(fault && fault->name == "never");
    state["redirect_url"] = nullptr;
    if (returns) state["redirect_url"] = redirect_url(found->second, fault);
    if (found != payments_.end()) state["status"] = name(found->second.state);
    verdict_ = "the payer: " + action;
    co_return json_reply(200, state);
}

// Buttons that do not fit the state do nothing: the page shows what has become of the payment.
void SimplePay::apply(Payment& payment, std::string_view action, std::int64_t code) {
    const bool untouched = payment.state == State::init;
    const bool challenged = payment.state == State::inpayment && payment.challenged;
    if (untouched && action == "pay") authorize(payment);
    if (untouched && action == "challenge") {
        payment.state = State::inpayment;
        payment.challenged = true;
    }
    if (challenged && action == "challenge-pass") authorize(payment);
    if (challenged && action == "challenge-fail") {
        end(payment, State::notauthorized, "FAIL", code == 0 ? code_challenge_failed : code);
    }
    if ((untouched || challenged) && action == "decline") {
        end(payment, State::notauthorized, "FAIL", code == 0 ? code_declined : code);
    }
    if (untouched && action == "timeout") end(payment, State::timeout, "TIMEOUT", 0);
    if (untouched && (action == "cancel" || action == "close")) {
        end(payment, State::cancelled, "CANCEL", 0);
    }
    if (action == "settle" && payment.state == State::inpayment) payment.state = State::infraud;
    if (action == "settle") finish(payment.id);
}

void SimplePay::authorize(Payment& payment) {
    payment.challenged = false;
    payment.back_event = "SUCCESS";
    if (payment.order.method == "WIRE") {  // the money comes later, by the action "settle"
        payment.state = State::inpayment;
        return;
    }
    if (payment.two_step) {
        payment.state = State::authorized;
        payment.finished = world_.clock.now();
        notify(payment);
        world_.clock.after(std::chrono::days{21}, [this, id = payment.id] {
            const auto found = payments_.find(id);
            if (found == payments_.end() || found->second.state != State::authorized) return;
            end(found->second, State::reversed, found->second.back_event, 0);
        });
        return;
    }
    payment.state = State::infraud;
    world_.clock.after(settings_.fraud_check, [this, id = payment.id] { finish(id); });
}

// The fraud check is over: charged.
void SimplePay::finish(std::int64_t id) {
    const auto found = payments_.find(id);
    if (found == payments_.end() || found->second.state != State::infraud) return;
    auto& payment = found->second;
    payment.state = State::finished;
    payment.charged = payment.order.total;
    payment.finished = world_.clock.now();
    plan_report();
    notify(payment);
}

void SimplePay::end(Payment& payment, State state, std::string_view back_event, std::int64_t code) {
    payment.state = state;
    payment.challenged = false;
    payment.back_event = back_event;
    payment.response_code = code;
    payment.finished = world_.clock.now();
    notify(payment);
}

// Where the payer's browser goes: r and s fully percent-encoded.
std::string SimplePay::redirect_url(const Payment& payment, const std::optional<Fault>& fault)
    const {
    const auto fault_name = fault ? std::string_view{fault->name} : std::string_view{};
    Members members;
    members.number("r", payment.response_code)
        .number("t", payment.id)
        .text("e", payment.back_event)
        .text("m", payment.merchant)
        .text("o", payment.order.order_ref);
    const auto message = members.compact();
    auto value = signature(merchants_.at(payment.merchant).key, message);
    if (fault_name == "bad-signature") value[0] = value[0] == 'A' ? 'B' : 'A';
    auto encoded = percent_encode(value);
    if (fault_name == "bare-plus") {
        for (auto at = encoded.find("%2B"); at != encoded.npos; at = encoded.find("%2B")) {
            encoded.replace(at, 3, "+");
        }
    }
    const auto address = return_address(payment);
    const auto separator = address.find('?') == address.npos ? "?" : "&";
    return address + separator + "r=" + percent_encode(crypto::base64(message)) + "&s=" + encoded;
}

}  // namespace payments::sandbox
