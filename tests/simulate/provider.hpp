#pragma once

#include <deque>
#include <functional>

#include "simulate/books.hpp"
#include "simulate/wire.hpp"

namespace payments::simulate {

// One payment provider: its books, what visitors do on its pages, and the notices it sends until
// they are acknowledged. What it answers to the service is the business of SimSimplePay and
// SimStripe, which are the service's Gateway ports as well.
class Provider : public Gateway {
public:
    // Carries a notice to the service; `answered` hears whether it was acknowledged.
    using Deliver = std::function<
        void(Processor, const Notice&, std::function<void(bool acknowledged)> answered)>;

    Provider(Stage& stage, Processor processor) : stage_(stage), processor_(processor) {}
    Deliver deliver;
    std::function<void(const Payment&)> on_opened;  // hears of every payment it is asked to make
    std::function<void(const Transaction&)> on_not_closed;  // hears that an order was refused

    const std::deque<Payment>& books() const { return books_; }
    const std::deque<Notice>& notices() const { return notices_; }
    // In the order in which they happened.
    const std::vector<ProviderMovement>& movements() const { return movements_; }
    Payment* find(std::string_view provider_id);
    // The payment that the visitor is sent to, by its redirect address or client secret.
    Payment* behind(const std::string& redirect_url, const std::string& client_secret);

    // The visitor's side. False when the page says no.
    bool begin(Payment& payment);
    void finish(Payment& payment, bool with_money);
    void give_up(Payment& payment);  // presses Cancel (SimplePay)
    // What the merchant does on the provider's pages, and what banks do.
    void refund_at_desk(Payment& payment);
    void fail_refund(Payment& payment, std::size_t index);
    void dispute(Payment& payment);
    void warn_of_fraud(Payment& payment);
    // Someone with the leaked secret forges a notification that it was paid, or that it is over.
    virtual void forge_capture(Payment&) {}
    virtual void forge_ending(Payment&) {}

    std::string objection_to(Money) const override { return {}; }
    bool has_account(const std::string&) const override { return true; }
    std::optional<Heard> read_unverifiable(std::string_view, std::string_view, Time)
        const override {
        return {};
    }
    // Gateway: the signature of a true notice is "good".
    Result<Notification> read(std::string_view signature, std::string_view body, Time now)
        const override;
    Result<Notification> read_kept_without_verifying(const UnmatchedMessage& kept, Time now)
        const override;

protected:
    // What an adapter returns for a call without a usable answer.
    static StartResult unusable(Outcome kind);
    static RefundResult unusable_refund(const Refund& refund, Outcome kind, FactKind fact_kind);
    void issue_refund(Payment& payment, const Refund& refund);

    // Sends the notifications of what has just happened to `payment`.
    enum class News : std::uint8_t {
        captured,
        closed,
        declined,
        refunded,
        refund_failed,
        disputed,  // or its dispute stands otherwise than before
        warned
    };
    virtual void announce(Payment& payment, News news) = 0;
    void move(
        settlement::LineKind kind, const Payment& payment, std::string source_id, Money amount
    );
    virtual std::string new_id() = 0;

    // Makes the payment that a call asks for which was sent at `asked_at`.
    Payment& enter(const Transaction& attempt, Time asked_at);
    Payment* of_attempt(std::int64_t transaction_id, const std::string& account);
    std::optional<Money> amount_taken(const Payment& payment);
    void move_dispute(Payment& payment, FactKind state);
    void quarrel_on(Payment& payment, int turns);
    bool expire_if_late(Payment& payment);
    bool refuses_to_close(const Transaction& attempt, const Payment& payment);
    // A signed message with these bytes; `at` is set when it is read.
    Heard notice(MatchCriteria subject, std::vector<Fact> facts, const std::string& body) const;
    void send(Heard heard, const Payment& payment, bool must_arrive);
    Fact fact(FactKind kind, const Payment& payment) const;

    Stage& stage_;
    const Processor processor_;
    int last_number_ = 0;

private:
    void try_to_deliver(std::size_t number);
    void plan_delivery(std::size_t number, std::chrono::milliseconds delay);

    std::deque<Payment> books_;
    std::deque<Notice> notices_;
    std::vector<ProviderMovement> movements_;
    std::map<std::string, Heard, std::less<>> meanings_;  // by body
};

}  // namespace payments::simulate
