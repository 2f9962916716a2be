#pragma once

#include <deque>
#include <functional>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "sandbox/bank/transfer.hpp"
#include "sandbox/delivery.hpp"
#include "sandbox/stand_in.hpp"
#include "sandbox/stripe/balance.hpp"
#include "sandbox/stripe/cards.hpp"
#include "sandbox/stripe/form.hpp"

namespace payments::sandbox {

struct StripeKeys {
    std::string secret = "sk_test_ozora_sandbox";
    std::string publishable = "pk_test_ozora_sandbox";
    std::string restricted = "rk_test_ozora_sandbox";  // reads payouts and the balance, no more
    std::vector<std::string> webhook_secrets{
        "whsec_ozora_sandbox"};  // each signs, as while rolling
    std::string webhook_url;
};

namespace stripe {

struct Page {
    boost::json::object body;  // the list, or the error
    bool refused = false;      // starting_after or ending_before names nothing (400)
};

}  // namespace stripe

// Stripe's /v1 for card payments: PaymentIntents, refunds, charges, events, idempotency keys and
// signed webhooks; balance transactions and automatic payouts; the calls Stripe.js makes; and the
// page of a card's bank under /3ds/<id>.
class Stripe : public StandIn {
public:
    Stripe(SandboxContext& world, boost::asio::ip::tcp::endpoint at, StripeKeys keys);

    // Where payouts go.
    void pay_to(PayTo bank) { pay_to_ = std::move(bank); }
    void set_webhook_url(std::string url) { keys_.webhook_url = std::move(url); }

protected:
    std::string operation_of(const Request& request) const override;
    std::span<const KnownFaults> known_faults() const override;
    Task<Reply> serve(Request request, std::string operation, std::optional<Fault> fault) override;
    Task<std::optional<Reply>> control(Request request, boost::json::object body) override;
    void reset() override;

private:
    using Form = stripe::Form;
    using Card = stripe::Card;

    // One call under way.
    struct Call {
        std::string operation, id, request_id, version, idempotency_key;
        Form form;
        bool publishable = false;
        std::optional<Fault> fault;
    };
    struct Answer {
        int status = 200;
        boost::json::value body;
        bool executed = true;  // false: refused before anything began; not kept for the key
    };
    struct StoredResponse {
        std::string fingerprint, request_id, body;
        int status = 0;
        bool running = true;
        Time since{};
    };
    struct Intent {
        boost::json::object object;
        Card card;  // of the attempt to come, or of the one that waits for its challenge
    };

    // stripe.cpp: authentication, idempotency, routing
    std::optional<Answer> authenticate(const Request& request, Call& call) const;
    Task<Reply> serve_post(Request request, Call call);
    Answer execute(const Call& call);
    Answer run(const Call& call);
    Reply reply_of(const Call& call, const Answer& answer) const;
    void spoil(const Call& call, Answer& answer) const;

    static Answer answer_of(stripe::Page page) {
        return {page.refused ? 400 : 200, std::move(page.body), !page.refused};
    }

    // stripe_intents.cpp
    Answer create_intent(const Call& call);
    Answer update_intent(const Call& call, Intent& intent);
    Answer confirm_intent(const Call& call, Intent& intent);
    Answer cancel_intent(const Call& call, Intent& intent);
    Answer capture_intent(const Call& call, Intent& intent);
    Answer retrieve_intent(const Call& call, Intent& intent);
    Answer list_intents(const Call& call);
    Answer search_intents(const Call& call);
    // Newest first.
    std::vector<const boost::json::object*> all_intents() const;
    Answer show(const Call& call, const boost::json::object& intent) const;

    // stripe_charging.cpp: what cards and banks do
    Answer attempt(const Call& call, Intent& intent, const Card& card);
    bool charge(Intent& intent, const Card& card);
    void succeed(Intent& intent, boost::json::object& charge, std::int64_t amount);
    std::string add_payment_method(const Card& card);
    void challenge(const Call& call, Intent& intent, const Card& card);
    void end_challenge(Intent& intent, bool passed);
    Reply serve_challenge(const Request& request);

    // stripe_refunds.cpp
    Answer create_refund(const Call& call);
    Answer update_refund(const Call& call);
    Answer list_refunds(const Call& call);
    boost::json::object& add_refund(
        boost::json::object& charge, std::int64_t amount, const Form& form
    );

    // balance.cpp
    std::string post(const stripe::Posting& posting);
    std::string add_line(const stripe::Posting& posting);
    void settle(boost::json::object& charge);
    void settle_refund(boost::json::object& refund);
    void settle_failed_refund(boost::json::object& refund);
    Answer list_balance(const Call& call);

    // payouts.cpp
    void plan_payout(Time available);
    void pay_out();
    std::string make_payout(
        const std::string& currency, std::int64_t amount, std::vector<std::string> lines,
        bool is_automatic
    );
    void wait_no_more(const std::vector<std::string>& lines);
    void complete_lists(const std::string& id);
    void arrive(const std::string& id);
    void tell_bank(const boost::json::object& payout, bool is_reversal) const;
    bool fail_payout(const std::string& id, const std::string& code);
    void tell_of_payout(std::string_view type, const boost::json::object& payout);
    Answer list_payouts(const Call& call);

    // dashboard.cpp
    static bool is_dashboard(const Request& request);
    Reply serve_dashboard(const Request& request) const;
    std::string report_line(const boost::json::object& payout, const std::string& id) const;

    // stripe_events.cpp
    void emit(std::string_view type, boost::json::object object, boost::json::object previous = {});
    // Only on the list of events where no endpoint was subscribed to the type.
    void tell(
        std::string_view type, boost::json::object object, boost::json::object previous,
        bool is_sent
    );
    void deliver(const boost::json::object& event, const std::optional<Fault>& fault);
    Notice notice_of(boost::json::object event, std::string_view fault);
    Answer list_events(const Call& call);
    Answer retry_event(const Call& call);

    // expand.cpp: objects in the place of their ids
    void expand(boost::json::object& object, std::span<const std::string> path) const;
    const boost::json::object* object_of(std::string_view kind, const std::string& id) const;
    boost::json::object refunds_of(const boost::json::object& charge) const;

    // stripe_control.cpp
    Reply change_settings(const boost::json::object& body);
    Reply pay(const boost::json::object& body);
    Reply dispute(const boost::json::object& body);
    void move_disputed_money(boost::json::object& dispute, bool is_taken);
    Reply warn_of_fraud(const boost::json::object& body);
    Reply refund_by_hand(const boost::json::object& body);
    Reply fail_refund(const boost::json::object& body);
    Reply forge(const boost::json::object& body);
    Reply resend(const boost::json::object& body);
    Reply bill(const boost::json::object& body);
    Reply refuse_payout(const boost::json::object& body);
    Reply pay_out_by_hand(const boost::json::object& body);
    Reply list_money() const;

    std::string new_id(std::string_view prefix) {
        return std::string{prefix} + world_.random.letters_and_digits(24);
    }
    std::int64_t now_s() const;
    boost::json::object* find_object(
        std::map<std::string, boost::json::object>& in, const std::string& id
    );

    StripeKeys keys_;
    std::map<std::string, Intent> intents_;
    std::map<std::string, boost::json::object> charges_, refunds_, disputes_;
    std::map<std::string, boost::json::object> payment_methods_;
    std::vector<std::string> intent_order_, refund_order_;  // oldest first
    std::deque<boost::json::object> events_;                // oldest first
    std::map<std::string, StoredResponse> kept_;
    std::string request_id_, idempotency_key_;      // of the call under way, for its events
    std::optional<boost::json::object> held_back_;  // an event that will come after the next one
    bool refunds_pending_ = false;
    PayTo pay_to_;
    stripe::Balance balance_;
    stripe::PayoutSettings payout_settings_;
    Deliveries deliveries_;
};

namespace stripe {

bool is(const boost::json::value& value, std::string_view text);
// Empty values remove their key; an empty "metadata" removes all.
void set_metadata(boost::json::object& object, const Form& form);
// {"error": {...}}; empty members are left out.
boost::json::object error_body(
    std::string_view type, std::string_view code, std::string_view message,
    std::string_view param = {}
);
boost::json::object missing(std::string_view kind, std::string_view id);
// t=…,v1=… for every secret over "<t>.<body>".
std::string webhook_signature(
    const std::vector<std::string>& secrets, std::int64_t t, std::string_view body
);
// A page of those of `newest_first` that are `wanted`, by limit, starting_after, ending_before and
// created[...]. A cursor may name an object that is not wanted.
Page page_of(
    const std::vector<const boost::json::object*>& newest_first,
    const std::function<bool(const boost::json::object&)>& wanted, const Form& form,
    std::string_view url
);

// Whether a time, in seconds, is what `name`, `name[gte]`, `name[gt]`, ... ask for.
bool is_in_range(const Form& form, const std::string& name, std::int64_t time_s);

// Why the answer to an operation cannot be expanded as `form` asks, or nothing.
std::optional<FormProblem> check_expand(const Form& form, std::string_view operation);
std::vector<std::string> expand_path(std::string_view text);

}  // namespace stripe
}  // namespace payments::sandbox
