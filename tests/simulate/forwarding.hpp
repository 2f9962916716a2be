#pragma once

#include "flow/ports.hpp"

namespace payments::simulate {

// Ports that pass everything on; what wraps one says only what it does differently.
class ForwardingStore : public Store {
public:
    explicit ForwardingStore(Store& store) : store_(store) {}

    Task<std::vector<std::int64_t>> ticket_ids(std::int64_t after, int limit) override {
        return store_.ticket_ids(after, limit);
    }
    Task<std::optional<NewestAttempt>> newest_attempt() override { return store_.newest_attempt(); }
    Task<std::int64_t> reserve_numbers(std::int64_t last) override {
        return store_.reserve_numbers(last);
    }
    Task<std::vector<Transaction>> transactions_of(std::int64_t id) override {
        return store_.transactions_of(id);
    }
    Task<std::optional<Transaction>> transaction(std::int64_t id) override {
        return store_.transaction(id);
    }
    Task<std::vector<Transaction>> page(PageRequest request) override {
        return store_.page(std::move(request));
    }
    Task<FoundPage> find(FindQuery query) override { return store_.find(std::move(query)); }
    Task<std::vector<KeptMessage>> messages_of(std::int64_t transaction_id) override {
        return store_.messages_of(transaction_id);
    }
    Task<std::optional<KeptMessage>> message(std::int64_t number) override {
        return store_.message(number);
    }
    Task<std::vector<OutgoingEvent>> events_of(std::int64_t transaction_id) override {
        return store_.events_of(transaction_id);
    }
    Task<std::int64_t> scope_id(TicketScope scope) override {
        return store_.scope_id(std::move(scope));
    }
    Task<std::vector<NumberedScope>> scopes() override { return store_.scopes(); }
    Task<std::int64_t> move_ticket(std::int64_t ticket_id, std::int64_t scope_id) override {
        return store_.move_ticket(ticket_id, scope_id);
    }
    Task<std::vector<AttemptOfTicket>> attempts_without_scope(std::int64_t after, int limit)
        override {
        return store_.attempts_without_scope(after, limit);
    }
    Task<MovedPage> moved_page(MovedRequest request) override {
        return store_.moved_page(std::move(request));
    }
    Task<Sums> sums(SumsQuery query) override { return store_.sums(std::move(query)); }
    Task<std::int64_t> fold_totals(Time now, int limit) override {
        return store_.fold_totals(now, limit);
    }
    Task<std::int64_t> count_transactions(int limit) override {
        return store_.count_transactions(limit);
    }
    Task<Opened> open(NewAttempt attempt) override { return store_.open(std::move(attempt)); }
    Task<Recorded> record(Heard heard) override { return store_.record(std::move(heard)); }
    Task<Result<ReservedRefund>> reserve_refund(NewRefund refund) override {
        return store_.reserve_refund(std::move(refund));
    }
    Task<Result<Action>> record_action(NewAction action) override {
        return store_.record_action(std::move(action));
    }
    Task<std::vector<Action>> actions_of(
        std::int64_t transaction_id, std::optional<ActionKind> kind
    ) override {
        return store_.actions_of(transaction_id, kind);
    }
    Task<std::vector<Transaction>> claim_due(DueClaim claim) override {
        return store_.claim_due(std::move(claim));
    }
    Task<std::optional<Time>> next_due() override { return store_.next_due(); }
    Task<std::vector<OutgoingEvent>> claim_events(Time now, int limit) override {
        return store_.claim_events(now, limit);
    }
    Task<void> record_delivery(OutgoingEvent event, DeliveryOutcome settlement) override {
        return store_.record_delivery(std::move(event), std::move(settlement));
    }
    Task<std::vector<OutgoingEvent>> events(EventFilter which, std::int64_t after, int limit)
        override {
        return store_.events(std::move(which), after, limit);
    }
    Task<std::int64_t> replay_events(EventFilter which, Time now) override {
        return store_.replay_events(std::move(which), now);
    }
    Task<std::int64_t> skip_events(EventFilter which, Time now) override {
        return store_.skip_events(std::move(which), now);
    }
    Task<Backlog> backlog() override { return store_.backlog(); }
    Task<std::vector<UnmatchedMessage>> claim_unmatched(Time now, int limit) override {
        return store_.claim_unmatched(now, limit);
    }
    Task<ReviewCounts> review_counts(Time now) override { return store_.review_counts(now); }
    Task<Reviews> reviews(ReviewQuery query) override { return store_.reviews(std::move(query)); }
    Task<KeyClaim> claim_key(std::string scope, std::string key, std::string print, Time now)
        override {
        return store_.claim_key(std::move(scope), std::move(key), std::move(print), now);
    }
    Task<void> store_response(std::string scope, std::string key, StoredResponse answer) override {
        return store_.store_response(std::move(scope), std::move(key), std::move(answer));
    }
    Task<void> release_key(std::string scope, std::string key) override {
        return store_.release_key(std::move(scope), std::move(key));
    }
    Task<void> forget_keys(Time before) override { return store_.forget_keys(before); }
    Task<void> check_ready() override { return store_.check_ready(); }

protected:
    Store& store_;
};

class ForwardingGateway : public Gateway {
public:
    explicit ForwardingGateway(Gateway& gateway) : gateway_(gateway) {}

    std::string account(Currency currency) const override { return gateway_.account(currency); }
    std::string objection_to(Money amount) const override { return gateway_.objection_to(amount); }
    bool has_account(const std::string& account) const override {
        return gateway_.has_account(account);
    }
    std::optional<Heard> read_unverifiable(
        std::string_view signature, std::string_view body, Time now
    ) const override {
        return gateway_.read_unverifiable(signature, body, now);
    }
    Task<StartResult> start(Transaction attempt, Payer payer) override {
        return gateway_.start(std::move(attempt), std::move(payer));
    }
    Task<std::vector<QueryResult>> query(std::vector<Transaction> attempts) override {
        return gateway_.query(std::move(attempts));
    }
    Task<QueryResult> cancel(Transaction attempt) override {
        return gateway_.cancel(std::move(attempt));
    }
    Task<RefundResult> refund(Transaction attempt, Refund refund) override {
        return gateway_.refund(std::move(attempt), std::move(refund));
    }
    bool has_idempotent_refunds() const override { return gateway_.has_idempotent_refunds(); }
    Result<Notification> read(std::string_view signature, std::string_view body, Time now)
        const override {
        return gateway_.read(signature, body, now);
    }
    Result<Notification> read_kept_without_verifying(const UnmatchedMessage& kept, Time now)
        const override {
        return gateway_.read_kept_without_verifying(kept, now);
    }

protected:
    Gateway& gateway_;
};

}  // namespace payments::simulate
