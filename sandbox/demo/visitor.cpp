#include "sandbox/demo/visitor.hpp"

#include <stdexcept>

#include "sandbox/http.hpp"
#include "sandbox/stand_in.hpp"
#include "support/clock.hpp"
#include "support/form.hpp"
#include "support/json.hpp"

namespace payments::sandbox {
namespace {

using namespace std::chrono_literals;

constexpr auto paid_within = 30s;
constexpr auto asked_every = 100ms;

// A ticket, and the code to pay it with.
struct Choice {
    std::int64_t ticket_id = 0;
    std::string code;

    Choice() = default;  // not an aggregate: it is passed to coroutines
};

Task<json::object> ask(Outgoing request) {
    const auto what = request.method + " " + request.url;
    request.answer_limit_bytes = 1024 * 1024;
    const auto answer = co_await fetch(std::move(request));
    if (answer.status != 200)
        throw std::runtime_error(what + ": " + std::to_string(answer.status) + " " + answer.body);
    const auto body = json::parse(answer.body);
    if (!body || !body->is_object()) throw std::runtime_error(what + ": the answer is not JSON");
    co_return body->get_object();
}

Task<json::object> get(std::string url) {
    Outgoing request{"GET", std::move(url), ""};
    co_return co_await ask(std::move(request));
}

Task<json::object> post(std::string url, json::object body) {
    Outgoing request{"POST", std::move(url), json::write(body)};
    request.headers = {{"Content-Type", "application/json"}};
    co_return co_await ask(std::move(request));
}

json::array list_of(const json::object& in, std::string_view name) {
    const auto* found = json::find(in, name);
    return found && found->is_array() ? found->get_array() : json::array{};
}

// The code by which these options may be paid through a processor, "" for none.
std::string code_of(const json::object& ticket, const std::string& processor) {
    for (const auto& option : list_of(ticket, "payment_options")) {
        const auto& offered = option.as_object();
        const auto* amount = json::find(offered, "amount");
        const bool is_free = amount && *amount == json::value{0};
        if (!is_free && json::string_or(offered, "payment_mode", "") == processor)
            return json::string_or(offered, "code", "");
    }
    return "";
}

Task<Choice> choose_ticket(Places places, std::string processor, std::int64_t not_this) {
    auto list = places.shop + "/api/tickets";
    const auto all = co_await get(std::move(list));
    for (const auto& each : list_of(all, "tickets")) {
        Choice choice;
        choice.ticket_id = each.as_object().at("id").as_int64();
        if (choice.ticket_id == not_this) continue;
        auto address = places.shop + "/api/tickets/" + std::to_string(choice.ticket_id);
        const auto ticket = co_await get(std::move(address));
        choice.code = code_of(ticket, processor);
        if (!choice.code.empty()) co_return choice;
    }
    throw std::runtime_error("no ticket of the demo may be paid through " + processor);
}

Task<json::object> start(Places places, Choice choice) {
    json::object body{
        {"ticket_id", choice.ticket_id},
        {"code", choice.code},
        {"metas",
         {{"email", "visitor@example.com"},
          {"name", "Éva Kovács"},
          {"country", "HU"},
          {"city", "Győr"},
          {"zip", "9021"},
          {"address", "Fő utca 1."},
          {"language", "en"}}}};
    auto address = places.payments + "/payments/start";
    co_return co_await post(std::move(address), std::move(body));
}

// The visitor pays on SimplePay's page, and comes back to the shop.
Task<std::int64_t> pay_by_simplepay(Places places, Choice choice) {
    const auto started = co_await start(places, choice);
    json::object click{{"action", "pay"}};
    auto page = json::string_or(started, "redirect_url", "") + "/act";
    const auto left = co_await post(std::move(page), std::move(click));
    const auto back = json::string_or(left, "redirect_url", "");
    Request parameters;
    parameters.query = back.substr(back.find('?') + 1);
    json::object signed_return{{"r", parameters.parameter("r")}, {"s", parameters.parameter("s")}};
    auto address = places.payments + "/payments/simplepay/backref";
    const auto seen = co_await post(std::move(address), std::move(signed_return));
    const auto message = json::string_or(seen, "message", "");
    if (message != "SUCCESS")
        throw std::runtime_error("the visitor came back from SimplePay with " + message);
    co_return started.at("transaction_id").as_int64();
}

// The visitor types a card into the shop's page, which gives it to Stripe.
Task<std::int64_t> pay_by_stripe(Places places, Choice choice) {
    const auto started = co_await start(places, choice);
    auto address = places.shop + "/api/config";
    const auto config = co_await get(std::move(address));
    const auto client_secret = json::string_or(started, "client_secret", "");
    const auto intent = client_secret.substr(0, client_secret.find("_secret_"));
    Outgoing confirm{
        "POST", places.stripe + "/v1/payment_intents/" + intent + "/confirm",
        form::write({
            {"key", json::string_or(config, "stripe_publishable_key", "")},
            {"client_secret", client_secret},
            {"payment_method_data[type]", "card"},
            {"payment_method_data[card][number]", "4242424242424242"},
            {"payment_method_data[card][exp_month]", "12"},
            {"payment_method_data[card][exp_year]", "2099"},
            {"payment_method_data[card][cvc]", "123"},
        })};
    confirm.headers = {{"Content-Type", "application/x-www-form-urlencoded"}};
    const auto confirmed = co_await ask(std::move(confirm));
    const auto status = json::string_or(confirmed, "status", "");
    if (status != "succeeded") throw std::runtime_error("the card payment is " + status);
    co_return started.at("transaction_id").as_int64();
}

Task<json::object> paid_transaction(Places places, std::int64_t id) {
    const auto deadline = SystemClock{}.steady() + paid_within;
    for (;;) {
        auto address = places.shop + "/api/transactions/" + std::to_string(id);
        const auto answer = co_await get(std::move(address));
        const auto* found = json::find(answer, "transaction");
        if (found && json::string_or(found->as_object(), "status", "") == "paid")
            co_return found->as_object();
        if (SystemClock{}.steady() > deadline)
            throw std::runtime_error("transaction " + std::to_string(id) + " was not paid in time");
        co_await pause(asked_every);
    }
}

}  // namespace

Task<std::vector<json::object>> pay_through_each(Places places) {
    std::vector<json::object> paid;
    const std::string simplepay = "SIMPLE", stripe = "STRIPE-INTENTS";
    const auto first = co_await choose_ticket(places, simplepay, 0);
    const auto by_simplepay = co_await pay_by_simplepay(places, first);
    paid.push_back(co_await paid_transaction(places, by_simplepay));
    const auto second = co_await choose_ticket(places, stripe, first.ticket_id);
    const auto by_stripe = co_await pay_by_stripe(places, second);
    paid.push_back(co_await paid_transaction(places, by_stripe));
    co_return paid;
}

Task<bool> is_ready(std::string payments_url) {
    Outgoing request{"GET", payments_url + "/readyz", ""};
    const auto answer = co_await fetch(std::move(request));
    co_return answer.status == 200;
}

}  // namespace payments::sandbox
