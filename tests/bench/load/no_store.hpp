#pragma once

#include "flow/ports.hpp"

namespace payments::bench {

// Says yes to everything it hears and keeps nothing; can do nothing else.
class NoStore : public Store {
public:
    explicit NoStore(Transaction any) : any_(std::move(any)) {}

    Task<Recorded> record(Heard) override { co_return Recorded{any_, any_.status, true}; }

    Task<std::vector<std::int64_t>> ticket_ids(std::int64_t, int) override { throw none(); }
    Task<std::optional<NewestAttempt>> newest_attempt() override { throw none(); }
    Task<std::int64_t> reserve_numbers(std::int64_t) override { throw none(); }
    Task<std::vector<Transaction>> transactions_of(std::int64_t) override { throw none(); }
    Task<std::optional<Transaction>> transaction(std::int64_t) override { throw none(); }
    Task<std::vector<Transaction>> page(PageRequest) override { throw none(); }
    Task<FoundPage> find(FindQuery) override { throw none(); }
    Task<std::vector<KeptMessage>> messages_of(std::int64_t) override { throw none(); }
    Task<std::optional<KeptMessage>> message(std::int64_t) override { throw none(); }
    Task<std::vector<OutgoingEvent>> events_of(std::int64_t) override { throw none(); }
    Task<std::int64_t> scope_id(TicketScope) override { throw none(); }
    Task<std::vector<NumberedScope>> scopes() override { throw none(); }
    Task<std::int64_t> move_ticket(std::int64_t, std::int64_t) override { throw none(); }
    Task<std::vector<AttemptOfTicket>> attempts_without_scope(std::int64_t, int) override {
        throw none();
    }
    Task<MovedPage> moved_page(MovedRequest) override { throw none(); }
    Task<Sums> sums(SumsQuery) override { throw none(); }
    Task<std::int64_t> fold_totals(Time, int) override { throw none(); }
    Task<std::int64_t> count_transactions(int) override { throw none(); }
    Task<Opened> open(NewAttempt) override { throw none(); }
    Task<std::vector<UnmatchedMessage>> claim_unmatched(Time, int) override { throw none(); }
    Task<Reviews> reviews(ReviewQuery) override { throw none(); }
    Task<ReviewCounts> review_counts(Time) override { throw none(); }
    Task<Result<ReservedRefund>> reserve_refund(NewRefund) override { throw none(); }
    Task<Result<Action>> record_action(NewAction) override { throw none(); }
    Task<std::vector<Action>> actions_of(std::int64_t, std::optional<ActionKind>) override {
        throw none();
    }
    Task<std::vector<Transaction>> claim_due(DueClaim) override { throw none(); }
    Task<std::optional<Time>> next_due() override { throw none(); }
    Task<std::vector<OutgoingEvent>> claim_events(Time, int) override { throw none(); }
    Task<void> record_delivery(OutgoingEvent, DeliveryOutcome) override { throw none(); }
    Task<std::vector<OutgoingEvent>> events(EventFilter, std::int64_t, int) override {
        throw none();
    }
    Task<std::int64_t> replay_events(EventFilter, Time) override { throw none(); }
    Task<std::int64_t> skip_events(EventFilter, Time) override { throw none(); }
    Task<Backlog> backlog() override { throw none(); }
    Task<KeyClaim> claim_key(std::string, std::string, std::string, Time) override { throw none(); }
    Task<void> store_response(std::string, std::string, StoredResponse) override { throw none(); }
    Task<void> release_key(std::string, std::string) override { throw none(); }
    Task<void> forget_keys(Time) override { throw none(); }
    Task<void> check_ready() override { throw none(); }

private:
    static StoreDown none() { return StoreDown{"there is no database here"}; }

    const Transaction any_;
};

}  // namespace payments::bench
