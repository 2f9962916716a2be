#include "support/interruptions.hpp"

namespace payments::testing_support {

Task<std::vector<Transaction>> SteppingStore::transactions_of(std::int64_t ticket_id) {
    co_await steps_.pass();
    auto answer = co_await LosableStore::transactions_of(ticket_id);
    co_await steps_.pass();
    co_return answer;
}

Task<std::optional<Transaction>> SteppingStore::transaction(std::int64_t id) {
    co_await steps_.pass();
    auto answer = co_await LosableStore::transaction(id);
    co_await steps_.pass();
    co_return answer;
}

Task<Opened> SteppingStore::open(NewAttempt attempt) {
    co_await steps_.pass();
    auto answer = co_await LosableStore::open(std::move(attempt));
    co_await steps_.pass();
    co_return answer;
}

Task<Recorded> SteppingStore::record(Heard heard) {
    co_await steps_.pass();
    auto answer = co_await LosableStore::record(std::move(heard));
    co_await steps_.pass();
    co_return answer;
}

Task<Result<ReservedRefund>> SteppingStore::reserve_refund(NewRefund refund) {
    co_await steps_.pass();
    auto answer = co_await LosableStore::reserve_refund(std::move(refund));
    co_await steps_.pass();
    co_return answer;
}

Task<std::vector<Transaction>> SteppingStore::claim_due(Time now, int limit) {
    co_await steps_.pass();
    auto answer = co_await LosableStore::claim_due(now, limit);
    co_await steps_.pass();
    co_return answer;
}

Task<Started> SteppingGateway::start(Transaction attempt, Payer payer) {
    co_await steps_.pass();
    auto answer = co_await gateway_.start(std::move(attempt), std::move(payer));
    co_await steps_.pass();
    co_return answer;
}

Task<std::vector<Said>> SteppingGateway::ask(std::vector<Transaction> attempts) {
    co_await steps_.pass();
    auto answer = co_await gateway_.ask(std::move(attempts));
    co_await steps_.pass();
    co_return answer;
}

Task<Said> SteppingGateway::cancel(Transaction attempt) {
    co_await steps_.pass();
    auto answer = co_await gateway_.cancel(std::move(attempt));
    co_await steps_.pass();
    co_return answer;
}

Task<Refunded> SteppingGateway::refund(Transaction attempt, RefundOrder order) {
    co_await steps_.pass();
    auto answer = co_await gateway_.refund(std::move(attempt), std::move(order));
    co_await steps_.pass();
    co_return answer;
}

}  // namespace payments::testing_support
