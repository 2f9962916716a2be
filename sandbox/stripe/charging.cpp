#include "sandbox/pages.hpp"
#include "sandbox/stripe/objects.hpp"
#include "sandbox/stripe/stripe.hpp"
#include "support/json.hpp"

// What cards and banks do to a PaymentIntent.
namespace payments::sandbox {

using namespace stripe;
using namespace std::chrono_literals;

namespace {

constexpr std::string_view plain_challenge = R"(<!doctype html><html lang="en">
<meta charset="utf-8"><title>3-D Secure stand-in</title><h1>Your bank asks: is it you?</h1>
<button id="complete">Complete</button> <button id="fail">Fail</button><p id="done"></p>
<script>
for (const way of ['complete', 'fail']) document.getElementById(way).onclick = async () => {
  const answer = await fetch(location.pathname + '/' + way, {method: 'POST'});
  const done = await answer.json();
  document.getElementById('done').textContent = done.status;
  if (done.redirect_url) location.href = done.redirect_url;
  window.parent.postMessage({type: '3ds-complete', status: done.status}, '*');
};
</script></html>)";

}  // namespace

// A confirmation with this card: paid, refused (402), or waiting for the bank.
Stripe::Answer Stripe::attempt(const Call& call, Intent& intent, const Card& card) {
    intent.card = card;
    intent.object["last_payment_error"] = nullptr;
    if (card.challenge) {
        challenge(call, intent, card);
        return show(call, intent.object);
    }
    if (charge(intent, card)) return show(call, intent.object);
    auto error = intent.object.at("last_payment_error").get_object();
    error["payment_intent"] = call.publishable ? reduced(intent.object) : intent.object;
    return {402, json::object{{"error", error}}};
}

void Stripe::challenge(const Call& call, Intent& intent, const Card& card) {
    auto& object = intent.object;
    const auto page = url() + "/3ds/" + std::string{object.at("id").as_string()};
    const auto return_url = call.form.get("return_url");
    const bool in_dialog =
        call.publishable || call.form.is_true("use_stripe_sdk") || return_url.empty();
    object["status"] = "requires_action";
    if (object.at("payment_method").is_null()) object["payment_method"] = add_payment_method(card);
    if (in_dialog) {
        object["next_action"] = json::object{
            {"type", "use_stripe_sdk"},
            {"use_stripe_sdk",
             {{"type", "three_d_secure_redirect"},
              {"stripe_js", page},
              {"source", new_id("src_")}}}};
    } else {
        object["next_action"] = json::object{
            {"type", "redirect_to_url"},
            {"redirect_to_url", {{"return_url", return_url}, {"url", page}}}};
    }
    intent.card = card;
    emit("payment_intent.requires_action", object);
}

// Charges the card; false when it is declined and the PaymentIntent waits for another.
bool Stripe::charge(Intent& intent, const Card& card) {
    auto& object = intent.object;
    auto made = new_charge(card);
    const auto id = new_id("ch_");
    const bool goes_through = card.error_code.empty();
    made["id"] = id;
    made["payment_intent"] = object.at("id");
    made["payment_method"] = object.at("payment_method").is_null()
                                 ? json::value(add_payment_method(card))
                                 : object.at("payment_method");
    made["created"] = now_s();
    for (const auto name :
         {"amount", "currency", "customer", "description", "metadata", "receipt_email", "shipping",
          "statement_descriptor_suffix"}) {
        made[name] = object.at(name);
    }
    object["latest_charge"] = id;
    object["next_action"] = nullptr;
    auto& kept = charges_[id] = std::move(made);
    if (goes_through) {
        object["payment_method"] = kept.at("payment_method");
        kept["paid"] = true;
        if (is(object.at("capture_method"), "manual")) {
            object["status"] = "requires_capture";
            object["amount_capturable"] = object.at("amount");
            emit("charge.succeeded", kept);
            emit("payment_intent.amount_capturable_updated", object);
        } else {
            succeed(intent, kept, object.at("amount").get_int64());
            emit("charge.succeeded", kept);
        }
        if (!card.dispute_status.empty()) {
            const json::object order{
                {"payment_intent", object.at("id")}, {"status", card.dispute_status}};
            world_.clock.after(1s, [this, order] { dispute(order); });
        }
        return true;
    }
    kept["status"] = "failed";
    kept["failure_code"] = card.error_code;
    kept["failure_message"] = card.message;
    kept["outcome"] = json::object{
        {"network_status", "declined_by_network"},
        {"reason", card.decline_code},
        {"risk_level", "normal"},
        {"seller_message", "The bank refused."},
        {"type", "issuer_declined"}};
    object["status"] = "requires_payment_method";
    object["payment_method"] = nullptr;
    object["last_payment_error"] = card_error(card, id);
    emit("charge.failed", kept);
    emit("payment_intent.payment_failed", object);
    return false;
}

// The money is taken. Fees are known a little later, as with automatic_async.
void Stripe::succeed(Intent& intent, json::object& charge, std::int64_t amount) {
    auto& object = intent.object;
    object["status"] = "succeeded";
    object["amount_received"] = amount;
    object["amount_capturable"] = 0;
    charge["captured"] = true;
    charge["amount_captured"] = amount;
    emit("payment_intent.succeeded", object);
    const std::string id{charge.at("id").as_string()};
    world_.clock.after(2s, [this, id] {
        auto* settled = find_object(charges_, id);
        if (!settled) return;
        settle(*settled);
        emit("charge.updated", *settled, {{"balance_transaction", nullptr}});
    });
}

std::string Stripe::add_payment_method(const Card& card) {
    auto id = new_id("pm_");
    auto& made = payment_methods_[id] = new_payment_method(card);
    made["id"] = id;
    made["created"] = now_s();
    return id;
}

void Stripe::end_challenge(Intent& intent, bool passed) {
    if (!is(intent.object.at("status"), "requires_action")) return;
    if (passed) {
        charge(intent, intent.card);
        return;
    }
    Card failed;
    failed.error_code = "payment_intent_authentication_failure";
    failed.message =
        "We are unable to authenticate your payment method. Please choose a different payment "
        "method and try again.";
    auto error = card_error(failed, "");
    error["type"] = "invalid_request_error";
    intent.object["status"] = "requires_payment_method";
    intent.object["payment_method"] = nullptr;
    intent.object["next_action"] = nullptr;
    intent.object["last_payment_error"] = error;
    emit("payment_intent.payment_failed", intent.object);
}

// The bank's page: GET /3ds/<id>, POST /3ds/<id>/complete and /fail.
Reply Stripe::serve_challenge(const Request& request) {
    auto id = request.path.substr(5);
    const auto slash = id.find('/');
    const auto part = slash == id.npos ? std::string{} : id.substr(slash);
    id.resize(std::min(slash, id.size()));
    const auto found = intents_.find(id);
    if (found == intents_.end()) return refusal(404, "no such payment");
    if (request.method == "OPTIONS") return Reply{204, "", ""};
    if (part.empty()) return page_reply(request, "/challenge.html", plain_challenge);
    auto& intent = found->second;
    if (request.method != "POST" || (part != "/complete" && part != "/fail")) {
        return refusal(404, "complete or fail");
    }
    json::value redirect_url;
    if (const auto* action = intent.object.at("next_action").if_object()) {
        if (const auto* redirect = action->if_contains("redirect_to_url")) {
            redirect_url = redirect->at("return_url");
        }
    }
    end_challenge(intent, part == "/complete");
    return json_reply(
        200, {{"id", id}, {"status", intent.object.at("status")}, {"redirect_url", redirect_url}}
    );
}

}  // namespace payments::sandbox
