#include "fixtures/store_contract.hpp"

// What every store promises of refunds: money is reserved once, and never more than there is.
namespace payments::testing_support {
namespace {

class StoreContractRefund : public StoreContract {
protected:
    Transaction paid() {
        auto transaction = open(7);
        record(transaction.id, {captured()});
        return read(transaction.id);
    }
    // Two captured attempts for one fee, the one too many first; `cancelled_` is a third.
    std::pair<std::int64_t, std::int64_t> paid_twice() {
        const auto late = open(7).id;
        record(late, {fact(FactKind::expired)});
        cancelled_ = open(7).id;
        record(cancelled_, {fact(FactKind::cancelled)});
        const auto good = paid().id;
        record(late, {captured()});
        EXPECT_EQ(read(late).status, Status::review);
        return {late, good};
    }
    std::int64_t cancelled_ = 0;
    Result<ReservedRefund> reserve(std::int64_t id, std::optional<std::int64_t> minor = {}) {
        RefundDetails details{{}, "asked for", "alice"};
        if (minor) details.amount = eur(*minor);
        return run(store->reserve_refund({id, details, Source::staff, noon + 2min, noon + 3min}));
    }
};

INSTANTIATE_TEST_SUITE_P(
    , StoreContractRefund, testing::ValuesIn(store_kinds()),
    [](const auto& kind) { return kind.param.name; }
);

TEST_P(StoreContractRefund, a_refund_is_reserved_durably_and_changes_no_status) {
    const auto id = paid().id;
    const auto reserved = reserve(id, 5000);
    ASSERT_TRUE(reserved);
    EXPECT_EQ(reserved->refund.reference, "TR" + std::to_string(id) + "-R1");
    EXPECT_EQ(reserved->refund.amount, eur(5000));

    store.reset();
    store = GetParam().open(place);
    const auto kept = read(id);
    EXPECT_EQ(kept.status, Status::paid);
    EXPECT_EQ(kept.entries.back().fact.kind, FactKind::refund_requested);
    EXPECT_EQ(kept.entries.back().fact.refund, reserved->refund.reference);
    EXPECT_EQ(kept.entries.back().fact.detail, "by alice: asked for");
    EXPECT_EQ(kept.entries.back().source, Source::staff);
    EXPECT_EQ(outbox().size(), 1u);
}

TEST_P(StoreContractRefund, refunds_on_their_way_never_sum_to_more_than_was_captured) {
    const auto id = paid().id;
    EXPECT_TRUE(reserve(id, 20000));
    EXPECT_EQ(reserve(id, 2001).error().code, Errc::refund_too_large);
    EXPECT_TRUE(reserve(id));
    EXPECT_EQ(reserve(id).error().code, Errc::not_refundable);
}

TEST_P(StoreContractRefund, what_does_not_exist_cannot_be_refunded) {
    EXPECT_EQ(reserve(99).error().code, Errc::unknown_transaction);
    EXPECT_EQ(reserve(open(7).id).error().code, Errc::not_refundable);
}

TEST_P(StoreContractRefund, a_reserved_refund_is_looked_after_should_its_caller_die) {
    const auto id = paid().id;
    ASSERT_TRUE(reserve(id));
    EXPECT_TRUE(run(store->claim_due({noon + 3min - 1ms, 10})).empty());
    const auto due = run(store->claim_due({noon + 3min, 10}));
    ASSERT_EQ(due.size(), 1u);
    EXPECT_EQ(due[0].id, id);
    EXPECT_EQ(run(store->next_due()), noon + 3min + 5s);
}

TEST_P(StoreContractRefund, the_answer_settles_it_and_others_are_told) {
    const auto id = paid().id;
    const auto name = reserve(id)->refund.reference;
    auto made = refunded("re_1", 22000);
    made.refund = name;
    const auto recorded = record(id, {made});
    EXPECT_EQ(recorded.transaction->status, Status::refunded);
    EXPECT_FALSE(run(store->next_due()));
    EXPECT_EQ(outbox().back().type, "payment.refunded");
}

TEST_P(StoreContractRefund, one_that_comes_back_after_the_fee_was_paid_anew_is_a_duplicate) {
    const auto first = paid();
    record(first.id, {refunded("re_1", 22000)});
    const auto second = paid();
    ASSERT_NE(second.id, first.id);

    const auto recorded = record(first.id, {fact(FactKind::refund_failed, "re_1")});
    EXPECT_EQ(recorded.transaction->status, Status::review);
    EXPECT_EQ(recorded.transaction->entries.back().fact.kind, FactKind::duplicate);
    EXPECT_EQ(recorded.transaction->entries.back().fact.subject, second.reference());
    EXPECT_EQ(read(second.id).status, Status::paid);
}

TEST_P(StoreContractRefund, of_the_payment_makes_the_duplicate_the_payment) {
    const auto [late, good] = paid_twice();
    const auto recorded = record(good, {refunded("re_1", 22000)});
    ASSERT_EQ(recorded.others.size(), 1u);
    EXPECT_EQ(recorded.others[0].transaction.id, late);
    EXPECT_EQ(recorded.others[0].before, Status::review);
    EXPECT_EQ(read(late).status, Status::paid);
    EXPECT_EQ(read(late).entries.back().fact.kind, FactKind::duplicate_ended);
    EXPECT_EQ(read(good).status, Status::refunded);
    EXPECT_EQ(outbox().back(), (OutboxRow{"payment.paid", "review", "paid"}));
    EXPECT_EQ(run(store->reviews({noon + 24h, 10, {}})).total(), 0);
    EXPECT_FALSE(run(store->open(attempt(7))).is_new);

    // The money comes back: exactly one is the duplicate again, and so on.
    for (const std::string id : {"re_1", "re_2", "re_3"}) {
        record(good, {fact(FactKind::refund_failed, id)});
        EXPECT_EQ(read(late).status, Status::paid);
        EXPECT_EQ(read(good).status, Status::review);
        record(late, {refunded("of_" + id, 22000)});
        EXPECT_EQ(read(late).status, Status::refunded);
        EXPECT_EQ(read(good).status, Status::paid);
        record(late, {fact(FactKind::refund_failed, "of_" + id)});
        EXPECT_EQ(read(late).status, Status::review);
        EXPECT_EQ(read(good).status, Status::paid);
        record(good, {refunded("re_" + std::to_string(id.back() - '0' + 1), 22000)});
        EXPECT_EQ(read(late).status, Status::paid);
    }
    EXPECT_TRUE(GetParam().verify(place).differences.empty());
}

TEST_P(StoreContractRefund, a_lost_dispute_makes_the_duplicate_the_payment) {
    const auto [late, good] = paid_twice();
    record(good, {fact(FactKind::disputed, "dp_1")});
    EXPECT_EQ(read(late).status, Status::review);
    record(good, {fact(FactKind::dispute_lost, "dp_1")});
    EXPECT_EQ(read(late).status, Status::paid);
    EXPECT_EQ(read(good).status, Status::disputed);
}

TEST_P(StoreContractRefund, of_three_payments_the_first_that_is_left_is_the_payment) {
    const auto [late, good] = paid_twice();
    const auto other = cancelled_;
    record(other, {captured()});
    EXPECT_EQ(read(other).status, Status::review);
    record(late, {refunded("re_1", 22000)});
    EXPECT_EQ(read(other).status, Status::review);
    record(good, {refunded("re_2", 22000)});
    EXPECT_EQ(read(other).status, Status::paid);
    record(late, {fact(FactKind::refund_failed, "re_1")});
    EXPECT_EQ(read(late).status, Status::review);
    EXPECT_EQ(read(other).status, Status::paid);
}

TEST_P(StoreContractRefund, of_a_duplicate_is_not_reserved_while_the_payment_is_being_given_back) {
    const auto [late, good] = paid_twice();
    RefundDetails details{{}, "", ""};
    details.only_if_duplicate = true;
    const auto reserve_duplicate = [&](std::int64_t id) {
        return run(store->reserve_refund({id, details, Source::service, noon + 2min, noon + 3min}));
    };
    EXPECT_EQ(reserve_duplicate(good).error().code, Errc::not_refundable);
    ASSERT_TRUE(reserve(good));
    EXPECT_EQ(reserve_duplicate(late).error().code, Errc::not_refundable);
    auto refused = fact(FactKind::refund_refused);
    refused.refund = read(good).reference() + "-R1";
    record(good, {refused});
    record(good, {fact(FactKind::disputed, "dp_1")});
    EXPECT_EQ(reserve_duplicate(late).error().code, Errc::not_refundable);
    record(good, {fact(FactKind::dispute_won, "dp_1")});
    EXPECT_TRUE(reserve_duplicate(late));
}

TEST_P(StoreContractRefund, one_that_comes_back_alone_is_paid_again) {
    const auto first = paid();
    record(first.id, {refunded("re_1", 22000)});
    const auto recorded = record(first.id, {fact(FactKind::refund_failed, "re_1")});
    EXPECT_EQ(recorded.transaction->status, Status::paid);
}

}  // namespace
}  // namespace payments::testing_support
