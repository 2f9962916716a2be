#include "payment/contributions.hpp"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <algorithm>
#include <map>
#include <random>

#include "fixtures/facts.hpp"

// Of its own: other tests of the folder have names like these.
namespace payments::contributions_test {
namespace {

using namespace testing_support;

Transaction begun() {
    return {
        .id = 1,
        .ticket_id = 42,
        .code = code("FULL-FEE-EUR-SIMPLE"),
        .amount = eur(22000),
        .account = "M",
        .email = "",
        .metas = "{}",
        .created_at = noon + 10s,
        .expires_at = noon + 30min};
}

LedgerEntry at(std::chrono::minutes later, Fact fact) {
    return {noon + later + 1s, Source::query, std::move(fact)};
}

Transaction with(std::vector<LedgerEntry> entries) {
    auto transaction = begun();
    transaction.entries = std::move(entries);
    return transaction;
}

Fact of_dispute(FactKind kind, std::chrono::minutes occurred, std::int64_t minor = 22000) {
    auto made = fact(kind, "dp_1");
    made.amount = eur(minor);
    made.occurred_at = noon + occurred;
    return made;
}

// "paid 22000@5" for each but the beginning; the minute is counted from noon.
std::vector<std::string> told(const Transaction& transaction) {
    std::vector<std::string> list;
    for (const auto& [when, measure, reason, amount] : contributions(transaction)) {
        if (measure == Measure::started) continue;
        const auto minute = std::chrono::duration_cast<std::chrono::minutes>(when - noon).count();
        list.push_back(
            std::string{name(measure)} + (reason.empty() ? "" : " " + reason) + " " +
            std::to_string(amount.minor()) +
            (amount.currency().code() == "EUR" ? "" : std::string{amount.currency().code()}) + "@" +
            std::to_string(minute)
        );
    }
    return list;
}

using List = std::vector<std::string>;

TEST(Contributions, an_attempt_counts_from_its_beginning_in_its_minute) {
    const auto all = contributions(begun());
    ASSERT_EQ(all.size(), 1U);
    EXPECT_EQ(all[0], (Contribution{noon, Measure::started, "", eur(22000)}));
    EXPECT_EQ(told(with({at(1min, accepted("p")), at(2min, fact(FactKind::claimed))})), List{});
}

TEST(Contributions, what_was_taken_counts_when_it_was_first_heard_of) {
    EXPECT_EQ(told(with({at(5min, captured()), at(9min, captured())})), List{"paid 22000@5"});
}

TEST(Contributions, what_was_taken_counts_although_it_differs_or_is_one_too_many) {
    auto huf = captured();
    huf.amount = Money::of(8'000'000, Currency::of("HUF").value()).value();
    EXPECT_EQ(told(with({at(5min, captured(21000))})), List{"paid 21000@5"});
    EXPECT_EQ(told(with({at(5min, huf)})), List{"paid 8000000HUF@5"});
    EXPECT_EQ(told(with({at(5min, huf), at(6min, captured())})), List{"paid 22000@5"});
    EXPECT_EQ(
        told(with({at(5min, captured()), at(5min, fact(FactKind::duplicate, "TR7"))})),
        List{"paid 22000@5"}
    );
}

TEST(Contributions, a_refund_counts_once_and_its_return_for_itself) {
    auto pending = refunded("re_1", 5000);
    pending.kind = FactKind::refund_pending;
    EXPECT_EQ(
        told(with(
            {at(5min, captured()), at(7min, pending), at(8min, refunded("re_1", 5000, "TR1-R1")),
             at(9min, fact(FactKind::refund_failed, "re_1"))}
        )),
        (List{"paid 22000@5", "refunded 5000@7", "refund_returned 5000@9"})
    );
    // Heard of in the wrong order, and of one that nobody has heard was made.
    EXPECT_EQ(
        told(with(
            {at(5min, captured()), at(6min, fact(FactKind::refund_failed, "re_1")),
             at(8min, refunded("re_1", 5000)), at(9min, fact(FactKind::refund_failed, "re_2"))}
        )),
        (List{"paid 22000@5", "refunded 5000@8", "refund_returned 5000@8"})
    );
}

TEST(Contributions, a_dispute_takes_money_and_one_that_is_won_gives_it_back) {
    const auto paid = at(1min, captured());
    const auto open = at(5min, of_dispute(FactKind::disputed, 4min, 20000));
    const auto won = at(8min, of_dispute(FactKind::dispute_won, 7min));
    EXPECT_EQ(told(with({paid, open})), (List{"paid 22000@1", "disputed 20000@5"}));
    EXPECT_EQ(
        told(with({paid, open, won})),
        (List{"paid 22000@1", "disputed 22000@5", "dispute_won 22000@8"})
    );
    EXPECT_EQ(
        told(with({paid, open, at(9min, of_dispute(FactKind::dispute_lost, 8min))})),
        (List{"paid 22000@1", "disputed 22000@5"})
    );
    // Won, and never heard of before; only asked about.
    EXPECT_EQ(told(with({paid, won})), List{"paid 22000@1"});
    EXPECT_EQ(
        told(with({paid, at(5min, of_dispute(FactKind::inquiry, 4min))})), List{"paid 22000@1"}
    );
}

TEST(Contributions, one_that_was_prevented_counts_when_the_balance_says_so) {
    const auto paid = at(1min, captured());
    const auto prevented = at(5min, of_dispute(FactKind::dispute_prevented, 4min));
    const auto withdrawn = at(6min, of_dispute(FactKind::dispute_withdrawn, 4min));
    const auto reinstated = at(9min, of_dispute(FactKind::dispute_reinstated, 8min));
    EXPECT_EQ(told(with({paid, prevented})), List{"paid 22000@1"});
    EXPECT_EQ(told(with({paid, prevented, withdrawn})), (List{"paid 22000@1", "disputed 22000@6"}));
    EXPECT_EQ(
        told(with({paid, prevented, withdrawn, reinstated})),
        (List{"paid 22000@1", "disputed 22000@6", "dispute_won 22000@9"})
    );
}

TEST(Contributions, an_attempt_without_money_fails_for_the_reason_that_says_most) {
    const auto ended = [](std::vector<Fact> facts) {
        std::vector<LedgerEntry> entries;
        for (auto& one : facts) entries.push_back(at(3min, std::move(one)));
        const auto list = told(with(std::move(entries)));
        return list.empty() ? std::string{} : list.at(0);
    };
    auto declined = fact(FactKind::attempt_failed, "ch_1");
    declined.detail = "card_declined, insufficient_funds";
    EXPECT_EQ(
        ended({fact(FactKind::expired, "not paid by its deadline")}), "failed expired 22000@3"
    );
    EXPECT_EQ(ended({fact(FactKind::cancelled)}), "failed cancelled 22000@3");
    EXPECT_EQ(ended({fact(FactKind::failed)}), "failed declined 22000@3");
    EXPECT_EQ(ended({fact(FactKind::failed, "5321")}), "failed 5321 22000@3");
    EXPECT_EQ(ended({fact(FactKind::failed, "Not, a code!")}), "failed declined 22000@3");
    EXPECT_EQ(ended({declined, fact(FactKind::expired)}), "failed insufficient_funds 22000@3");
    EXPECT_EQ(ended({declined, fact(FactKind::closed)}), "failed closed 22000@3");
    EXPECT_EQ(ended({fact(FactKind::foreign_payment)}), "failed number_spent 22000@3");
    EXPECT_EQ(ended({declined}), "");
}

TEST(Contributions, who_pays_late_has_not_failed) {
    EXPECT_EQ(
        told(with({at(3min, fact(FactKind::expired)), at(9min, captured())})), List{"paid 22000@9"}
    );
}

TEST(Contributions, a_fee_stands_with_its_first_attempt) {
    const auto measures = [](bool first, bool any) {
        List list;
        for (const auto& one : contributions_of_fee(begun(), first, any)) {
            EXPECT_EQ(one.at, noon);
            EXPECT_EQ(one.amount, eur(22000));
            list.emplace_back(name(one.measure));
        }
        return list;
    };
    EXPECT_EQ(measures(false, false), List{"fee_begun"});
    EXPECT_EQ(measures(false, true), (List{"fee_begun", "fee_paid"}));
    EXPECT_EQ(measures(true, true), (List{"fee_begun", "fee_paid", "first_try"}));
}

TEST(Contributions, every_measure_has_a_name_of_its_own) {
    for (std::size_t i = 0; i < measure_count; ++i) {
        const auto measure = static_cast<Measure>(i);
        EXPECT_EQ(measure_of(name(measure)).value(), measure);
    }
    EXPECT_FALSE(measure_of("Paid"));
}

// ------------------------------------------------------------------------------- for all stories

constexpr FactKind kinds[] = {
    FactKind::accepted,
    FactKind::claimed,
    FactKind::contradicted,
    FactKind::captured,
    FactKind::cancelled,
    FactKind::expired,
    FactKind::failed,
    FactKind::attempt_failed,
    FactKind::refund_requested,
    FactKind::refund_pending,
    FactKind::refunded,
    FactKind::refund_failed,
    FactKind::disputed,
    FactKind::dispute_won,
    FactKind::dispute_lost,
    FactKind::dispute_prevented,
    FactKind::dispute_unclear,
    FactKind::inquiry,
    FactKind::dispute_withdrawn,
    FactKind::inquiry_closed,
    FactKind::dispute_reinstated,
    FactKind::duplicate,
    FactKind::duplicate_ended,
    FactKind::closed,
    FactKind::foreign_payment,
    FactKind::mismatched,
    FactKind::unanswered};

LedgerEntry any_entry() {
    const auto kind = kinds[*rc::gen::inRange<std::size_t>(0, std::size(kinds))];
    auto made = fact(kind, "s" + std::to_string(*rc::gen::inRange(1, 3)));
    if (*rc::gen::arbitrary<bool>()) made.amount = eur(*rc::gen::inRange(1, 30000));
    if (dispute_state_of(kind) || kind == FactKind::dispute_withdrawn ||
        kind == FactKind::dispute_reinstated)
        made.occurred_at = noon + std::chrono::minutes{*rc::gen::inRange(0, 60)};
    return at(std::chrono::minutes{*rc::gen::inRange(0, 60)}, std::move(made));
}

Transaction any_story() {
    auto entries = *rc::gen::container<std::vector<int>>(rc::gen::inRange(0, 2));
    auto transaction = begun();
    for (std::size_t i = 0; i < entries.size(); ++i) transaction.entries.push_back(any_entry());
    return transaction;
}

struct Sum {
    std::int64_t n = 0, minor = 0;
};
std::map<Measure, Sum> sums(const Transaction& transaction) {
    std::map<Measure, Sum> all;
    for (const auto& one : contributions(transaction)) {
        ++all[one.measure].n;
        all[one.measure].minor += one.amount.minor();
    }
    return all;
}

RC_GTEST_PROP(ContributionsProperties, the_order_in_which_facts_are_learned_changes_nothing, ()) {
    const auto transaction = any_story();
    auto other = transaction;
    std::ranges::shuffle(other.entries, std::mt19937{*rc::gen::arbitrary<unsigned>()});
    const auto sorted = [](const Transaction& of) {
        List list = told(of);
        std::ranges::sort(list);
        return list;
    };
    RC_ASSERT(sorted(other) == sorted(transaction));
    RC_ASSERT(movements(other).size() == movements(transaction).size());
}

RC_GTEST_PROP(ContributionsProperties, facts_that_are_not_of_money_move_none, ()) {
    const auto transaction = any_story();
    auto other = transaction;
    std::erase_if(other.entries, [](const LedgerEntry& entry) {
        return !is_of_money(entry.fact.kind);
    });
    RC_ASSERT(movements(other) == movements(transaction));
}

// Held against the facts that decide about the status, which are derived in another way.
RC_GTEST_PROP(ContributionsProperties, sums_say_what_the_facts_say, ()) {
    const auto transaction = any_story();
    const auto facts = facts_of(transaction);
    auto all = sums(transaction);
    RC_ASSERT(all[Measure::started].n == 1);
    RC_ASSERT(all[Measure::paid].n == (facts.captures_minor.empty() ? 0 : 1));
    if (!facts.captures_minor.empty())
        RC_ASSERT(all[Measure::paid].minor == *facts.captures_minor.rbegin());
    RC_ASSERT(was_paid(transaction) == !facts.captures_minor.empty());
    const auto given = all[Measure::refunded].minor - all[Measure::refund_returned].minor;
    RC_ASSERT(given == refunded_minor(facts));
    RC_ASSERT(all[Measure::refunded].n == std::ssize(facts.refunds_minor));
    RC_ASSERT(all[Measure::refunded].n >= all[Measure::refund_returned].n);
    RC_ASSERT(is_disputed(facts) == (all[Measure::disputed].n > all[Measure::dispute_won].n));
    RC_ASSERT(all[Measure::disputed].n >= all[Measure::dispute_won].n);
    RC_ASSERT(all[Measure::failed].n == (has_ended_unpaid(status(facts)) ? 1 : 0));
}

// What has moved stays where it was booked, but for what grows and for late words about a dispute.
RC_GTEST_PROP(ContributionsProperties, later_facts_leave_captures_and_refunds_in_their_minute, ()) {
    auto transaction = any_story();
    for (auto& entry : transaction.entries) entry.at = noon;
    const auto before = movements(transaction);
    auto late = any_entry();
    late.at = noon + 2h;
    transaction.entries.push_back(late);
    const auto after = movements(transaction);
    for (const auto& old : before) {
        if (old.kind == MovementKind::disputed || old.kind == MovementKind::dispute_won) continue;
        RC_ASSERT(std::ranges::any_of(after, [&](const Movement& one) {
            return one.at == old.at && one.kind == old.kind && one.subject == old.subject &&
                   one.amount.minor() >= old.amount.minor();
        }));
    }
}

}  // namespace
}  // namespace payments::contributions_test
