#include "payment/handling.hpp"

#include <gtest/gtest.h>

namespace payments {

using namespace std::chrono_literals;

namespace {

constexpr Time then{std::chrono::days{20'500}};
const ReviewName dispute{ReviewKind::dispute, 7};

NewHandling wish(Handling as, const std::string& who, std::string stands_on = "3") {
    NewHandling handling{dispute, as, {who, who + " K."}, then};
    handling.transaction_id = 7;
    handling.stands_on = std::move(stands_on);
    if (as == Handling::snoozed) handling.until = then + 1h;
    if (as == Handling::closed) handling.note = "done";
    return handling;
}

// As it is read back from the action that was recorded.
std::optional<Handled> done(const NewHandling& handling) {
    const auto made = action_of(handling);
    Action action;
    action.at = made.at;
    action.by = made.by;
    action.kind = name(made.kind);
    action.about = made.about;
    action.details = made.details;
    return handled_of(action);
}

}  // namespace

TEST(Handling, an_action_says_all_of_it) {
    const auto handled = done(wish(Handling::snoozed, "anna"));
    ASSERT_TRUE(handled);
    EXPECT_EQ(handled->as, Handling::snoozed);
    EXPECT_EQ(handled->by.name, "anna K.");
    EXPECT_EQ(handled->until, then + 1h);
    EXPECT_EQ(handled->stands_on, "3");
    EXPECT_EQ(action_of(wish(Handling::mine, "anna")).about, "dispute 7");
    EXPECT_EQ(done(wish(Handling::closed, "anna"))->note, "done");
}

TEST(Handling, what_was_erased_hides_nothing) {
    Action erased;
    erased.kind = "review";
    EXPECT_FALSE(handled_of(erased));
    EXPECT_EQ(shown_as(handled_of(erased), "3", then), Shown::open);
}

TEST(Handling, what_was_closed_or_put_off_comes_back_with_anything_new) {
    const auto closed = done(wish(Handling::closed, "anna"));
    EXPECT_EQ(shown_as(closed, "3", then + 24h), Shown::closed);
    EXPECT_EQ(shown_as(closed, "4", then), Shown::open);
    const auto snoozed = done(wish(Handling::snoozed, "anna"));
    EXPECT_EQ(shown_as(snoozed, "3", then + 1h - 1ms), Shown::snoozed);
    EXPECT_EQ(shown_as(snoozed, "3", then + 1h), Shown::open);
    EXPECT_EQ(shown_as(snoozed, "4", then), Shown::open);
    EXPECT_EQ(shown_as(done(wish(Handling::mine, "anna")), "3", then), Shown::open);
    EXPECT_EQ(shown_as({}, "3", then), Shown::open);
}

TEST(Handling, an_entry_is_with_whoever_took_it_or_put_it_off) {
    EXPECT_EQ(owner_of(done(wish(Handling::mine, "anna")))->sub, "anna");
    EXPECT_EQ(owner_of(done(wish(Handling::snoozed, "anna")))->sub, "anna");
    EXPECT_FALSE(owner_of(done(wish(Handling::closed, "anna"))));
    EXPECT_FALSE(owner_of(done(wish(Handling::released, "anna"))));
    EXPECT_FALSE(owner_of({}));
}

TEST(Handling, what_a_colleague_has_must_be_released_first) {
    for (const auto theirs : {Handling::mine, Handling::snoozed, Handling::closed}) {
        const auto last = done(wish(theirs, "anna"));
        for (const auto as : {Handling::mine, Handling::snoozed, Handling::closed}) {
            const auto allowed = may_handle(last, wish(as, "bela"));
            ASSERT_FALSE(allowed) << name(theirs) << ", " << name(as);
            EXPECT_EQ(allowed.error().code, Errc::review_held);
            EXPECT_EQ(allowed.error().detail.find("anna K. has "), 0u);
            EXPECT_TRUE(may_handle(last, wish(as, "anna")));
        }
        EXPECT_TRUE(may_handle(last, wish(Handling::released, "bela")));
    }
    const auto released = done(wish(Handling::released, "anna"));
    EXPECT_TRUE(may_handle(released, wish(Handling::mine, "bela")));
    // Closed, and back with a new fact: nobody has it.
    EXPECT_TRUE(
        may_handle(done(wish(Handling::closed, "anna")), wish(Handling::closed, "bela", "4"))
    );
}

TEST(Handling, the_same_word_again_is_a_repetition) {
    for (const auto as : {Handling::mine, Handling::snoozed, Handling::closed, Handling::released})
        EXPECT_TRUE(is_repeated(done(wish(as, "anna")), wish(as, "anna"))) << name(as);
    EXPECT_TRUE(is_repeated({}, wish(Handling::released, "anna")));
    EXPECT_FALSE(is_repeated({}, wish(Handling::mine, "anna")));
    const auto closed = done(wish(Handling::closed, "anna"));
    EXPECT_FALSE(is_repeated(closed, wish(Handling::closed, "anna", "4")));
    EXPECT_FALSE(is_repeated(closed, wish(Handling::closed, "bela")));
    auto otherwise = wish(Handling::closed, "anna");
    otherwise.note = "otherwise";
    EXPECT_FALSE(is_repeated(closed, otherwise));
}

TEST(Handling, only_what_nothing_more_is_heard_of_is_closed_by_hand) {
    std::string closable;
    for (std::size_t kind = 0; kind < review_kinds; ++kind)
        if (is_closable(static_cast<ReviewKind>(kind)))
            closable += std::string{name(static_cast<ReviewKind>(kind))} + " ";
    EXPECT_EQ(
        closable,
        "mismatch contradiction refund_failed dispute inquiry fraud_warning foreign_payment"
        " unmatched_message dead_letter "
    );
}

TEST(Handling, kinds_and_handlings_are_known_by_their_names) {
    for (std::size_t kind = 0; kind < review_kinds; ++kind)
        EXPECT_EQ(review_kind(name(static_cast<ReviewKind>(kind))), static_cast<ReviewKind>(kind));
    EXPECT_FALSE(review_kind("nothing"));
    EXPECT_EQ(handling_of("snoozed"), Handling::snoozed);
    EXPECT_FALSE(handling_of(""));
}

}  // namespace payments
