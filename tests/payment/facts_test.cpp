#include "payment/facts.hpp"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <algorithm>
#include <set>
#include <sstream>

using namespace payments;

namespace {

Money euro(std::int64_t minor) { return *Money::of(minor, *Currency::of("EUR")); }
const Terms terms{euro(22'000), "PUBLICTESTEUR"};

struct Story {
    const char* heard;  // facts, parted by commas: kind, then a number of minor units or a word
    std::string_view means;
};

// What was heard, tried in every order and with repeats, and what it means.
constexpr Story stories[] = {
    {"", "created"},
    {"accepted", "pending"},
    {"unanswered", "unknown"},
    {"unanswered, accepted", "pending"},
    {"unanswered, expired", "expired"},
    {"accepted, authorized 22000", "authorized"},
    {"accepted, claimed", "pending"},
    {"unanswered, claimed", "pending"},
    {"accepted, claimed, contradicted", "review"},
    {"accepted, claimed, cancelled", "review"},
    {"accepted, claimed, contradicted, captured 22000", "paid"},
    {"accepted, claimed, captured 22000", "paid"},
    {"accepted, captured", "paid"},
    {"accepted, captured, captured 22000", "paid"},
    {"accepted, attempt_failed card_declined", "pending"},
    {"accepted, attempt_failed card_declined, captured 22000", "paid"},
    {"accepted, returned SUCCESS", "pending"},
    {"accepted, returned FAIL, captured 22000", "paid"},
    {"accepted, failed", "failed"},
    {"accepted, cancelled", "cancelled"},
    {"accepted, expired, failed", "failed"},
    {"accepted, expired, cancelled", "expired"},
    {"accepted, failed, captured 22000", "paid"},
    {"accepted, cancelled, captured 22000", "paid"},
    {"accepted, expired, captured 22000", "paid"},
    {"captured 21000", "review"},
    {"captured 22000, captured 21000", "review"},
    {"authorized 21000", "review"},
    {"captured 22000, refunded r1 5000", "partially_refunded"},
    {"captured 22000, refunded r1 5000, refunded r2 17000", "refunded"},
    {"captured 22000, refunded r1 22000", "refunded"},
    {"captured 22000, refunded r1 22000, refund_failed r1", "paid"},
    {"accepted, refunded r1 22000", "pending"},
    {"captured 22000, disputed d1", "disputed"},
    {"captured 22000, disputed d1, dispute_won d1", "paid"},
    {"captured 22000, disputed d1, dispute_lost d1", "disputed"},
    {"captured 22000, disputed d1, dispute_won d1, disputed d2", "disputed"},
    // Each with the moment at which it came to be so.
    {"captured 22000, disputed d1 @1, dispute_lost d1 @2, dispute_won d1 @3", "paid"},
    {"captured 22000, disputed d1 @1, dispute_won d1 @2, dispute_lost d1 @3", "disputed"},
    {"captured 22000, dispute_won d1 @2, disputed d1 @3", "disputed"},
    {"captured 22000, disputed d1 @3, dispute_won d1 @3", "paid"},
    {"captured 22000, disputed d1 @2, dispute_won d1 @3, disputed d2 @1", "disputed"},
    {"captured 22000, inquiry d1 @1", "paid"},
    {"captured 22000, inquiry d1 @1, disputed d1 @2", "disputed"},
    {"captured 22000, inquiry d1 @1, disputed d1 @2, inquiry_closed d1 @3", "paid"},
    {"captured 22000, dispute_unclear d1 @1", "disputed"},
    {"captured 22000, dispute_unclear d1 @1, dispute_won d1 @2", "paid"},
    {"captured 22000, dispute_prevented d1 @1", "paid"},
    {"captured 22000, dispute_prevented d1 @1, dispute_withdrawn d1 22000 @2", "disputed"},
    {"captured 22000, dispute_prevented d1 @1, dispute_withdrawn d1 22000 @2,"
     " dispute_reinstated d1 22000 @3",
     "paid"},
    {"captured 22000, dispute_prevented d1, dispute_withdrawn d2 22000", "paid"},
    {"captured 22000, dispute_won d1 @2, dispute_withdrawn d1 23000 @1, dispute_fee d1 1500 @1",
     "paid"},
    {"captured 22000, fraud_warning w1", "paid"},
    {"captured 22000, refund_pending r1 22000", "refunded"},
    {"captured 22000, refund_pending r1 22000, refunded r1 22000", "refunded"},
    {"captured 22000, refund_pending r1 22000, refund_failed r1", "paid"},
    {"captured 22000, duplicate TR7", "review"},
    {"captured 22000, duplicate TR7, refunded r1 5000", "review"},
    {"captured 22000, duplicate TR7, refunded r1 22000", "refunded"},
    {"captured 22000, duplicate TR7, duplicate_ended TR7", "paid"},
    {"captured 22000, duplicate TR7, duplicate_ended TR7, duplicate TR7#2", "review"},
    {"captured 22000, duplicate TR7, disputed d1, dispute_lost d1", "disputed"},
    {"captured 22000, mismatched other", "review"},
    {"accepted, closed", "cancelled"},
    {"accepted, authorized 22000, closed", "cancelled"},
    {"accepted, claimed, contradicted, closed", "cancelled"},
    {"mismatched other, closed", "cancelled"},
    {"accepted, closed, captured 22000", "paid"},
    {"foreign_payment", "failed"},
    {"unanswered, foreign_payment 501 22000", "failed"},
    {"accepted, foreign_payment 501", "failed"},
    {"captured 22000, foreign_payment 501", "review"},
    {"cancelled, still_payable @1", "cancelled"},
    {"failed, still_payable @2, no_longer_payable @1", "failed"},
    {"expired, still_payable @1, captured 22000", "paid"},
};

Fact read(const std::string& text) {
    std::istringstream words(text);
    std::string kind, word;
    words >> kind;
    Fact fact;
    fact.kind = *fact_kind_of(kind);
    while (words >> word) {
        if (word.front() == '@')
            fact.occurred_at = Time{std::chrono::minutes{std::stoi(word.substr(1))}};
        else if (std::ranges::all_of(word, [](char c) { return c >= '0' && c <= '9'; }))
            fact.amount = euro(std::stoll(word));
        else
            fact.subject = word;
    }
    return fact;
}

std::vector<Fact> read_story(const char* heard) {
    std::vector<Fact> facts;
    std::istringstream parts(heard);
    for (std::string part; std::getline(parts, part, ',');) facts.push_back(read(part));
    return facts;
}

std::vector<std::vector<Fact>> permutations_with_repeats(const std::vector<Fact>& heard) {
    std::vector<std::size_t> order(heard.size());
    for (std::size_t i = 0; i < order.size(); ++i) order[i] = i;
    std::vector<std::vector<Fact>> all;
    do {
        std::vector<Fact> facts;
        for (const auto i : order) facts.push_back(heard[i]);
        all.push_back(facts);
        facts.insert(facts.end(), all.back().rbegin(), all.back().rend());
        all.push_back(facts);
    } while (std::ranges::next_permutation(order).found);
    return all;
}

class FactsInAnyOrder : public testing::TestWithParam<Story> {};

}  // namespace

TEST_P(FactsInAnyOrder, mean_the_same) {
    for (const auto& facts : permutations_with_repeats(read_story(GetParam().heard)))
        EXPECT_EQ(name(status(learn_all(facts, terms))), GetParam().means) << GetParam().heard;
}
INSTANTIATE_TEST_SUITE_P(Stories, FactsInAnyOrder, testing::ValuesIn(stories));

namespace {

rc::Gen<Fact> any_fact() {
    return rc::gen::exec([] {
        Fact fact;
        fact.kind =
            static_cast<FactKind>(*rc::gen::inRange(0, static_cast<int>(FactKind::mismatched) + 1));
        fact.subject = *rc::gen::element<std::string>("", "a", "b");
        if (fact.kind == FactKind::mismatched) fact.subject = "why";
        fact.refund = *rc::gen::element<std::string>("", "TR42-R1", "TR42-R2");
        if (*rc::gen::arbitrary<bool>())
            fact.amount = euro(*rc::gen::element(0, 5'000, 17'000, 22'000));
        if (*rc::gen::inRange(0, 20) == 0)
            fact.amount = *Money::of(2'200'000, *Currency::of("HUF"));
        if (*rc::gen::arbitrary<bool>())
            fact.occurred_at = Time{std::chrono::minutes{*rc::gen::inRange(0, 3)}};
        fact.provider_id =
            *rc::gen::weightedElement<std::string>({{9, ""}, {9, "501"}, {1, "502"}});
        fact.account =
            *rc::gen::weightedElement<std::string>({{9, ""}, {9, terms.account}, {1, "other"}});
        return fact;
    });
}

}  // namespace

RC_GTEST_PROP(FactsProperty, order_and_repetition_mean_nothing, ()) {
    const auto heard = *rc::gen::container<std::vector<Fact>>(any_fact());
    auto shuffled = heard;
    for (const auto again : *rc::gen::container<std::vector<std::size_t>>(rc::gen::inRange(0, 64)))
        if (!heard.empty()) shuffled.push_back(heard[again % heard.size()]);
    for (std::size_t i = shuffled.size(); i > 1; --i)
        std::swap(shuffled[i - 1], shuffled[*rc::gen::inRange<std::size_t>(0, i)]);

    const auto facts = learn_all(heard, terms), other = learn_all(shuffled, terms);
    RC_ASSERT(facts == other);
    RC_ASSERT(status(facts) == status(other));
    RC_ASSERT(review_reason(facts) == review_reason(other));
    RC_ASSERT(refunded_minor(facts) == refunded_minor(other));
    RC_ASSERT(reserved_minor(facts) == reserved_minor(other));
    RC_ASSERT(refundable_minor(facts) == refundable_minor(other));
}

// What is stored once under its identity means the same as what is heard again and again.
RC_GTEST_PROP(FactsProperty, facts_of_one_identity_are_one_fact, ()) {
    const auto heard = *rc::gen::container<std::vector<Fact>>(any_fact());
    std::set<std::string> identities;
    std::vector<Fact> kept;
    for (const auto& fact : heard)
        if (identities.insert(fact.identity()).second) kept.push_back(fact);
    RC_ASSERT(learn_all(heard, terms) == learn_all(kept, terms));
}

RC_GTEST_PROP(FactsProperty, a_person_is_asked_exactly_when_there_is_a_reason, ()) {
    const auto facts = learn_all(*rc::gen::container<std::vector<Fact>>(any_fact()), terms);
    RC_ASSERT((status(facts) == Status::review) == !review_reason(facts).empty());
}

RC_GTEST_PROP(FactsProperty, what_may_be_refunded_is_never_more_than_is_left, ()) {
    const auto facts = learn_all(*rc::gen::container<std::vector<Fact>>(any_fact()), terms);
    const auto left = refundable_minor(facts);
    RC_ASSERT(left >= 0);
    if (left == 0) return;
    const auto gone = refunded_minor(facts) + reserved_minor(facts);
    RC_ASSERT(!facts.other_currency && !facts.captures_minor.empty());
    for (const auto captured : facts.captures_minor) RC_ASSERT(left + gone <= captured);
}

RC_GTEST_PROP(FactsProperty, what_was_captured_rightly_never_ends_as_unpaid, ()) {
    auto heard = *rc::gen::container<std::vector<Fact>>(any_fact());
    Fact capture;
    capture.kind = FactKind::captured;
    capture.amount = terms.amount;
    heard.insert(
        heard.begin() +
            *rc::gen::inRange<std::ptrdiff_t>(0, static_cast<std::ptrdiff_t>(heard.size()) + 1),
        capture
    );

    const auto standing = status(learn_all(heard, terms));
    RC_ASSERT(!is_live(standing));
    RC_ASSERT(
        standing != Status::failed && standing != Status::cancelled && standing != Status::expired
    );
}

RC_GTEST_PROP(FactsProperty, nothing_is_paid_without_a_capture, ()) {
    const auto heard = *rc::gen::container<std::vector<Fact>>(any_fact());
    const bool captured =
        std::ranges::any_of(heard, [](const Fact& f) { return f.kind == FactKind::captured; });
    if (!captured) RC_ASSERT(status(learn_all(heard, terms)) != Status::paid);
}

TEST(Facts, a_free_ticket_is_paid_with_nothing) {
    const Terms free{euro(0), ""};
    Fact fact;
    fact.kind = FactKind::captured;
    fact.amount = euro(0);
    EXPECT_EQ(status(learn_all(std::array{fact}, free)), Status::paid);
}

TEST(Facts, a_fee_is_held_by_money_or_by_what_may_be_money) {
    constexpr std::pair<const char*, bool> cases[] = {
        {"accepted", false},
        {"accepted, authorized 22000", false},
        {"accepted, claimed", false},
        {"accepted, claimed, contradicted", true},
        {"accepted, mismatched other", true},
        {"accepted, mismatched other, cancelled", false},
        {"disputed d1", true},
        {"captured 22000", true},
        {"captured 22000, refunded r1 5000", true},
        {"captured 22000, refunded r1 22000", false},
        {"captured 22000, refunded r1 22000, refund_failed r1", true},
        {"captured 21000", true},
        {"captured 21000, refunded r1 21000", false},
        {"captured 22000, duplicate TR7", true},
        {"captured 22000, disputed d1", true},
        {"captured 22000, disputed d1, dispute_won d1", true},
        {"captured 22000, disputed d1, dispute_lost d1", false},
        {"captured 22000, disputed d1 22000, dispute_lost d1 22000", false},
        {"captured 22000, disputed d1 23000, dispute_lost d1 23000", false},
        {"captured 22000, disputed d1 5000, dispute_lost d1 5000", true},
        {"captured 22000, disputed d1 5000, dispute_lost d1", true},
        {"captured 22000, dispute_lost d1 5000, dispute_lost d2 17000", false},
        {"captured 22000, dispute_lost d1 5000, refunded r1 17000", false},
        {"captured 22000, dispute_prevented d1 5000 @1, dispute_withdrawn d1 5000 @2", true},
        {"dispute_lost d1", false},
    };
    for (const auto& [heard, holds] : cases)
        EXPECT_EQ(holds_fee(learn_all(read_story(heard), terms)), holds) << heard;
}

TEST(Facts, another_account_or_a_second_provider_id_is_for_a_person) {
    Fact fact;
    fact.kind = FactKind::captured;
    fact.amount = terms.amount;
    fact.account = "PUBLICTESTHUF";
    EXPECT_EQ(status(learn_all(std::array{fact}, terms)), Status::review);
    EXPECT_NE(
        review_reason(learn_all(std::array{fact}, terms)).find("PUBLICTESTHUF"), std::string::npos
    );

    fact.account = terms.account;
    fact.provider_id = "501";
    auto other = fact;
    other.provider_id = "502";
    EXPECT_EQ(status(learn_all(std::array{fact, other}, terms)), Status::review);
}

TEST(Facts, another_currency_is_for_a_person) {
    Fact fact;
    fact.kind = FactKind::captured;
    fact.amount = *Money::of(2'200'000, *Currency::of("HUF"));
    const auto facts = learn_all(std::array{fact}, terms);
    EXPECT_EQ(status(facts), Status::review);
    EXPECT_EQ(review_reason(facts), "amount differs: 22000 HUF captured instead of 220 EUR");
}

TEST(Facts, a_dispute_of_another_part_in_another_currency_is_no_difference) {
    Fact fact;
    fact.kind = FactKind::captured;
    fact.amount = terms.amount;
    auto dispute = fact;
    dispute.kind = FactKind::dispute_won;
    dispute.amount = *Money::of(8'812'345, *Currency::of("HUF"));
    auto taken = dispute;
    taken.kind = FactKind::dispute_withdrawn;
    const auto facts = learn_all(std::array{fact, dispute, taken}, terms);
    EXPECT_EQ(status(facts), Status::paid);
    EXPECT_EQ(review_reason(facts), "");
    EXPECT_EQ(refundable_minor(facts), 22'000);
}

TEST(Facts, the_same_word_at_another_moment_is_another_fact) {
    Fact fact;
    fact.kind = FactKind::dispute_won;
    fact.subject = "dp_1";
    const auto timeless = fact.identity();
    fact.occurred_at = Time{std::chrono::minutes{1}};
    const auto first = fact.identity();
    fact.occurred_at = Time{std::chrono::minutes{2}};
    EXPECT_NE(fact.identity(), first);
    EXPECT_NE(timeless, first);
}

TEST(Facts, names_read_back) {
    for (int i = 0; i <= static_cast<int>(Status::review); ++i)
        EXPECT_EQ(*status_of(name(static_cast<Status>(i))), static_cast<Status>(i));
    for (int i = 0; i <= static_cast<int>(FactKind::mismatched); ++i)
        EXPECT_EQ(*fact_kind_of(name(static_cast<FactKind>(i))), static_cast<FactKind>(i));
}
