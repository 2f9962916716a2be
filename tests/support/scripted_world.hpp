#pragma once

#include <boost/asio/steady_timer.hpp>
#include <functional>
#include <list>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "flow/ports.hpp"

// The world around the service, doing as a test says: a provider, the tickets service, SimplePay's
// returns, a clock, and a database that can be lost. All of them live on one loop.
namespace payments::testing_support {

// Holds whoever comes by while it is closed.
class Gate {
public:
    void close() { closed_ = true; }
    void open();
    Task<void> pass();
    std::size_t waiting() const { return waiting_.size(); }

private:
    bool closed_ = false;
    std::list<std::shared_ptr<boost::asio::steady_timer>> waiting_;
};

// Stands where it is put. Whoever sleeps moves it on; after `sleeps_max` sleeps it throws
// SleptEnough, which ends what would go on for ever.
struct SleptEnough : std::exception {};

struct ScriptedClock : Clock {
    Time time;
    int sleeps_max = 0;
    std::vector<Time> slept_until;

    explicit ScriptedClock(Time t) : time(t) {}
    Time now() const override { return time; }
    Task<void> sleep_until(Time when) override;
};

// A provider. Unless told otherwise it accepts every payment, knows each as open when asked,
// closes what it is told to close and gives back what it is told to give back. A message is signed
// when its signature is "good".
class ScriptedGateway : public Gateway {
public:
    explicit ScriptedGateway(Processor processor);

    // What it will say.
    std::function<Started(const Transaction&)> on_start;
    std::function<Said(const Transaction&)> on_ask;
    std::function<Said(const Transaction&)> on_cancel;
    std::function<Refunded(const Transaction&, const RefundOrder&)> on_refund;
    std::map<std::string, Heard> messages;  // by body
    Gate start_gate, ask_gate, cancel_gate, refund_gate;

    // What it has heard.
    struct Start {
        Transaction attempt;
        Payer payer;
    };
    std::vector<Start> started;
    std::vector<std::vector<std::int64_t>> asked;  // the attempts of each call
    std::vector<std::int64_t> cancelled;
    std::vector<RefundOrder> refunds;

    // The id it gives to an attempt, and the visitor's secret (Stripe).
    std::string id_of(const Transaction& attempt) const;
    std::string secret_of(const Transaction& attempt) const;

    std::string account(Currency currency) const override;
    Task<Started> start(Transaction attempt, Payer payer) override;
    Task<std::vector<Said>> ask(std::vector<Transaction> attempts) override;
    Task<Said> cancel(Transaction attempt) override;
    Task<Refunded> refund(Transaction attempt, RefundOrder order) override;
    bool knows_refund_names() const override { return processor_ == Processor::stripe; }
    Result<Notification> read(std::string_view signature, std::string_view body, Time now)
        const override;
    Result<Notification> read_kept_without_verifying(const KeptMessage& kept, Time now)
        const override;

private:
    const Processor processor_;
};

struct ScriptedTickets : Tickets {
    std::map<std::int64_t, Ticket> tickets;
    std::optional<Error> failure;
    std::vector<std::optional<Privileges>> asked_for;

    Task<Result<Ticket>> get(
        std::int64_t ticket_id, std::optional<Privileges> on_behalf_of, std::string traceparent
    ) override;
};

// Returns by their `r`; signed when `s` is "good".
struct ScriptedReturns : ReturnReader {
    std::map<std::string, Return, std::less<>> returns;

    Result<Return> read_return(std::string_view r, std::string_view s) const override;
};

// Whoever is told of payments. Takes every event unless told otherwise.
struct ScriptedSubscriber : Subscriber {
    std::function<Delivery(const OutgoingEvent&)> on_event = [](const auto&) {
        return Delivery::done();
    };
    std::vector<OutgoingEvent> heard;  // every try, in order
    Gate gate;

    Task<Delivery> deliver(OutgoingEvent event) override;
};

// A store that can be lost: then nothing is passed on and every call throws StoreDown.
class LosableStore : public Store {
public:
    explicit LosableStore(Store& store) : store_(store) {}

    // So many calls still work.
    void lose_after(std::size_t working_calls) { working_calls_ = working_calls; }
    // Calls of this name fail, all others work.
    void lose(std::string call) { lost_call_ = std::move(call); }
    void restore();
    // The names of the calls so far.
    std::vector<std::string> calls;

    Task<std::vector<std::int64_t>> ticket_ids(std::int64_t after, int limit) override;
    Task<std::optional<NewestAttempt>> newest_attempt() override;
    Task<std::vector<Transaction>> transactions_of(std::int64_t ticket_id) override;
    Task<std::optional<Transaction>> transaction(std::int64_t id) override;
    Task<std::vector<Transaction>> page(PageRequest request) override;
    Task<Opened> open(NewAttempt attempt) override;
    Task<Recorded> record(Heard heard) override;
    Task<std::vector<KeptMessage>> claim_unmatched(Time now, int limit) override;
    Task<Reviews> reviews(ReviewQuery query) override;
    Task<Result<ReservedRefund>> reserve_refund(NewRefund refund) override;
    Task<std::vector<Transaction>> claim_due(Time now, int limit) override;
    Task<std::optional<Time>> next_due() override;
    Task<std::vector<OutgoingEvent>> claim_events(Time now, int limit) override;
    Task<void> settle_event(OutgoingEvent event, Settlement settlement) override;
    Task<std::vector<OutgoingEvent>> events(EventFilter which, std::int64_t after, int limit)
        override;
    Task<std::int64_t> replay_events(EventFilter which, Time now) override;
    Task<std::int64_t> skip_events(EventFilter which, Time now) override;
    Task<Backlog> backlog() override;
    Task<KeyClaim> claim_key(std::string scope, std::string key, std::string fingerprint, Time now)
        override;
    Task<void> keep_answer(std::string scope, std::string key, KeptAnswer answer) override;
    Task<void> release_key(std::string scope, std::string key) override;
    Task<void> forget_keys(Time before) override;
    Task<void> check_ready() override;

private:
    Store& reach(std::string call);

    Store& store_;
    std::optional<std::size_t> working_calls_;
    std::string lost_call_;
};

}  // namespace payments::testing_support
