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

TEST_P(StoreContractRefund, one_that_comes_back_alone_is_paid_again) {
    const auto first = paid();
    record(first.id, {refunded("re_1", 22000)});
    const auto recorded = record(first.id, {fact(FactKind::refund_failed, "re_1")});
    EXPECT_EQ(recorded.transaction->status, Status::paid);
}

}  // namespace
}  // namespace payments::testing_support
