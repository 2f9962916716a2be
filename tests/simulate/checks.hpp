#pragma once

#include <set>

#include "flow/start_payment.hpp"
#include "payment/review.hpp"
#include "simulate/simplepay.hpp"
#include "simulate/stripe.hpp"
#include "simulate/subscriber.hpp"
#include "storage/sqlite/database.hpp"

namespace payments::simulate {

// What must hold after every step, and what at the end, when no fault is left and nothing is
// planned. The truth about money is in the providers' books; what the service knows is what it has
// committed.
class Checks {
public:
    Checks(Stage& stage, SimSimplePay& simplepay, SimStripe& stripe, SimSubscriber& subscriber);

    // An attempt as it was committed.
    void stands(const Transaction& attempt, const std::vector<Affected>& others = {});
    void entered(Status status);
    // The service is about to give the money of this attempt back by itself.
    void reserved_by_itself(const Transaction& attempt);
    // A provider creates a payment, perhaps long after the request was sent. An attempt may end
    // meanwhile; whoever asked closes then what came of it.
    void opened(const Payment& payment);
    // A provider refuses to close the payment of this attempt, as the service knows it.
    void not_closed(const Transaction& attempt);
    // What the service has promised: an answer to a start, an acknowledged notification.
    void answered_start(const StartRequest& request, const Result<StartReply>& reply);
    void acknowledged(Processor from, const std::string& identity);

    // A person has ended it, or has heard how it stands.
    void answered_close(const Transaction& attempt);
    // Whatever is long past its deadline and not over is on the list of reviews.
    void what_hangs_is_seen();

    // The database is as it was at `then` again: what was promised since is void.
    void set_back(Time then);

    void after_commit();
    // Reads the whole database again.
    void everything();
    // No fault is left, and nothing is planned any more.
    void at_rest();

    // When the next check and the next outgoing event are due.
    std::optional<Time> next_due() const { return next_due_; }
    std::optional<Time> next_event_due() const { return next_event_due_; }

private:
    void money_is_right(const Transaction& attempt, const Facts& facts);
    void nobody_pays_twice(const Transaction& attempt);
    void note(const Transaction& attempt);
    void payments_beside_duplicates();
    void has_a_payment_beside_it(const Transaction& duplicate);
    void fee_is_held_by_money(const Transaction& attempt);
    void outbox_tells_all(const Transaction& attempt);
    void is_settled(const Transaction& attempt);
    void others_were_told();
    void reviews_are_counted();
    void is_kept(Processor from, const std::string& identity);
    void refunds_are_settled(const Transaction& attempt, const Payment& payment);
    void disputes_are_heard(const Transaction& attempt, const Payment& payment);
    void somebody_is_told(const Transaction& attempt, ReviewKind of);
    void payment_is_settled(const Payment& payment);
    const Payment* captured_by(const Transaction& attempt) const;
    void violate(const Transaction& attempt, const std::string& what);

    Stage& stage_;
    std::vector<Provider*> providers_;
    sqlite::Database& reader_;
    std::map<std::int64_t, Transaction> known_;
    std::map<std::int64_t, Time> over_since_;
    bool is_on_record(const Payment& payment) const;
    bool is_lost(const Payment& payment) const;
    bool was_ended_by_hand(const Payment& payment) const;

    std::map<std::pair<Processor, std::string>, Time> acknowledged_;
    std::set<std::int64_t> untold_;              // could not be closed, and nobody was told yet
    std::optional<std::pair<Time, Time>> lost_;  // attempts opened then are on no record any more
    SimSubscriber& subscriber_;
    std::optional<Time> next_due_, next_event_due_;
};

}  // namespace payments::simulate
