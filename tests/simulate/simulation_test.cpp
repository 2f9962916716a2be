#include "simulate/simulation.hpp"

#include <gtest/gtest.h>

#include <map>

#include "simulate/broken/variants.hpp"

namespace payments::simulate {
namespace {

// Of millions: tests/simulate/run. What ./test has time for is one look at each kind of world.
constexpr std::uint64_t seeds = 400;
constexpr std::uint64_t seeds_of_a_plan = 120;
constexpr std::uint64_t seeds_of_a_mistake = 12;
constexpr std::uint64_t seeds_to_find = 1000;  // a broken variant by then

std::string text_of(const Verdict& verdict) {
    std::string text;
    for (const auto& line : verdict.story) text += line + "\n";
    return text;
}

std::string story_of(std::uint64_t seed, const Variant& variant = {}) {
    return text_of(simulate(seed, variant, {.is_told = true}));
}

TEST(Simulation, hundreds_of_worlds_come_to_rest_with_all_money_right) {
    Tally sum;
    for (std::uint64_t seed = 1; seed <= seeds; ++seed) {
        const auto verdict = simulate(seed);
        sum.add(verdict.tally);
        ASSERT_EQ(verdict.violation, "") << "simulate --seed " << seed << "\n" << story_of(seed);
    }
    // They were worlds in which something happened.
    EXPECT_GT(sum.captures, static_cast<std::int64_t>(seeds / 4));
    EXPECT_GT(sum.faults, static_cast<std::int64_t>(seeds));
    EXPECT_GT(sum.kills, static_cast<std::int64_t>(seeds / 10));
    EXPECT_GT(sum.power_losses, 0);
    EXPECT_GT(sum.refunds, 0);
    EXPECT_GT(sum.reviews, 0);
    EXPECT_GT(sum.restores, 0);
    EXPECT_GT(sum.settlements, static_cast<std::int64_t>(seeds / 5));
    EXPECT_GT(sum.mistakes, 0);
    EXPECT_GT(sum.closes, 0);
}

TEST(Simulation, the_same_seed_is_the_same_world_step_by_step) {
    for (const std::uint64_t seed : {1U, 17U, 688U}) {
        const auto story = story_of(seed);
        EXPECT_GT(story.size(), 500U);
        simulate(seed + 1);  // whatever happened before
        EXPECT_EQ(story_of(seed), story);
    }
}

TEST(Simulation, telling_the_story_changes_nothing) {
    for (std::uint64_t seed = 1; seed <= 20; ++seed)
        EXPECT_EQ(simulate(seed).tally.steps, simulate(seed, {}, {.is_told = true}).tally.steps);
}

// Refunds are made by hand and come back, while visitors pay anew: fees are paid twice.
Plan money_comes_back() {
    auto plan = Plan::calm();
    plan.faults_last = std::chrono::minutes{90};
    plan.visitors = 3;
    plan.starts_max = 6;
    plan.dashboard_refunds = 100;
    plan.failing_refunds = 100;
    return plan;
}

// Banks dispute every payment, their words come late and out of order, staff gives money back.
Plan banks_quarrel() {
    auto plan = Plan::calm();
    plan.faults_last = std::chrono::minutes{90};
    plan.visitors = 2;
    plan.disputes = 80;
    plan.dashboard_refunds = 20;
    plan.staff_refunds = 20;
    plan.delayed_notices = 50;
    plan.doubled_notices = 30;
    return plan;
}

TEST(Simulation, disputes_end_as_the_bank_says_and_are_seen) {
    for (std::uint64_t seed = 1; seed <= seeds_of_a_plan; ++seed)
        ASSERT_EQ(simulate(seed, {}, {.plan = banks_quarrel()}).violation, "") << seed;
}

// An older copy of the database is put back, while calls are lost and visitors go on.
Plan database_is_set_back() {
    auto plan = Plan::calm();
    plan.faults_last = std::chrono::minutes{90};
    plan.tickets = 3;
    plan.visitors = 6;
    plan.starts_max = 8;
    plan.lost_calls = 40;
    plan.delayed_notices = 50;
    plan.set_back();
    return plan;
}

TEST(Simulation, nobodys_money_is_anothers_after_the_database_was_set_back) {
    for (std::uint64_t seed = 1; seed <= seeds_of_a_plan; ++seed)
        ASSERT_EQ(simulate(seed, {}, {.plan = database_is_set_back()}).violation, "") << seed;
}

// Somebody who knows the secret signs that payments are over which are not, and no provider closes
// one when told to.
Plan what_is_over_stays_open() {
    auto plan = Plan::calm();
    plan.faults_last = std::chrono::minutes{90};
    plan.leaked_secret = 80;
    plan.closing_is_refused = true;
    return plan;
}

TEST(Simulation, what_is_over_here_and_open_there_is_seen) {
    for (std::uint64_t seed = 1; seed <= seeds_of_a_plan; ++seed)
        ASSERT_EQ(simulate(seed, {}, {.plan = what_is_over_stays_open()}).violation, "") << seed;
}

// The account at SimplePay is replaced, and a person ends what hangs.
Plan accounts_change() {
    auto plan = Plan::calm();
    plan.faults_last = std::chrono::minutes{90};
    plan.visitors = 2;
    plan.starts_max = 4;
    plan.dropped_notices = 60;
    plan.closing_is_refused = true;
    plan.account_is_replaced = true;
    plan.closings = 50;
    return plan;
}

// The secret of the account has leaked, which may be why it is replaced: what was signed with it
// waits unconfirmed while nobody can ask.
Plan a_leaked_account_is_replaced() {
    auto plan = accounts_change();
    plan.closings = 0;
    plan.tickets = 4;
    plan.visitors = 8;
    plan.lost_calls = 70;
    plan.leaked_secret = 80;
    plan.old_is_retired = false;
    return plan;
}

TEST(Simulation, nobody_gets_a_ticket_by_the_secret_of_an_account_that_was_replaced) {
    // From 1001 on: in two of these the forgery comes in the seconds before the account is
    // replaced.
    for (std::uint64_t seed = 1001; seed <= 1000 + seeds_of_a_plan; ++seed)
        ASSERT_EQ(simulate(seed, {}, {.plan = a_leaked_account_is_replaced()}).violation, "")
            << seed;
}

TEST(Simulation, an_account_that_was_replaced_keeps_no_money) {
    for (std::uint64_t seed = 1; seed <= seeds_of_a_plan; ++seed)
        ASSERT_EQ(simulate(seed, {}, {.plan = accounts_change()}).violation, "") << seed;
}

// The same, while staff and the service itself give money back.
Plan everybody_gives_back() {
    auto plan = money_comes_back();
    plan.staff_refunds = 60;
    plan.disputes = 60;
    plan.lost_calls = 20;
    plan.refund_duplicates = true;
    return plan;
}

TEST(Simulation, a_fee_that_somebody_has_paid_is_never_given_back_by_itself) {
    for (std::uint64_t seed = 1; seed <= seeds_of_a_plan; ++seed)
        ASSERT_EQ(simulate(seed, {}, {.plan = everybody_gives_back()}).violation, "") << seed;
}

// Staff gives money back through the service, whose calls get lost.
Plan refunds_are_lost() {
    auto plan = Plan::calm();
    plan.faults_last = std::chrono::minutes{90};
    plan.lost_calls = 30;
    plan.staff_refunds = 100;
    return plan;
}

// What is ordered arrives late or never, for longer than a refund is looked for.
Plan refunds_are_late() {
    auto plan = Plan::calm();
    plan.faults_last = std::chrono::minutes{180};
    plan.tickets = plan.visitors = 12;
    plan.runs = 1;
    plan.late_refunds = 100;
    return plan;
}

TEST(Simulation, a_refund_whose_order_is_repeated_is_reserved_until_it_is_heard_of) {
    for (std::uint64_t seed = 1; seed <= seeds_of_a_plan; ++seed)
        ASSERT_EQ(simulate(seed, {}, {.plan = refunds_are_late()}).violation, "") << seed;
}

TEST(Simulation, fees_that_are_paid_twice_end_with_a_person) {
    for (std::uint64_t seed = 1; seed <= seeds_of_a_plan; ++seed)
        ASSERT_EQ(simulate(seed, {}, {.plan = money_comes_back()}).violation, "") << seed;
}

// Calls reach the providers after our deadline, and somebody who knows the secret signs lies.
Plan answers_are_late_or_lies() {
    auto plan = Plan::calm();
    plan.faults_last = std::chrono::minutes{90};
    plan.visitors = 2;
    plan.slow_calls = 80;
    plan.leaked_secret = 50;
    return plan;
}

// A process takes minutes to call SimplePay, which is slow to answer and to list what it has begun.
Plan processes_are_held_up() {
    auto plan = Plan::calm();
    plan.faults_last = std::chrono::minutes{90};
    plan.visitors = 2;
    plan.starts_max = 4;
    plan.slow_calls = 50;
    plan.held_up = 60;
    plan.late_lists = 40;
    return plan;
}

TEST(Simulation, however_long_a_start_takes_nobody_is_sent_to_two_pages) {
    Tally sum;
    for (std::uint64_t seed = 1; seed <= 200; ++seed) {
        const auto verdict = simulate(seed, {}, {.plan = processes_are_held_up()});
        sum.add(verdict.tally);
        ASSERT_EQ(verdict.violation, "")
            << seed << "\n"
            << text_of(simulate(seed, {}, {.is_told = true, .plan = processes_are_held_up()}));
    }
    EXPECT_GT(sum.late_starts, 10);
}

// An event is cancelled: people start refund runs while clerks give back, and calls get lost.
Plan runs_are_made() {
    auto plan = Plan::calm();
    plan.faults_last = std::chrono::minutes{120};
    plan.tickets = plan.visitors = 4;
    plan.runs = 3;
    plan.lost_calls = 20;
    plan.slow_calls = 20;
    plan.staff_refunds = 20;
    plan.dashboard_refunds = 10;
    plan.kills = 5;
    return plan;
}

TEST(Simulation, refund_runs_end_with_every_payment_given_back_once_at_most) {
    Tally sum;
    for (std::uint64_t seed = 1; seed <= 150; ++seed) {
        const auto verdict = simulate(seed, {}, {.plan = runs_are_made()});
        sum.add(verdict.tally);
        ASSERT_EQ(verdict.violation, "") << seed;
    }
    EXPECT_GT(sum.runs, 80);
}

// Many pay, and much of it goes back.
Plan much_is_settled() {
    auto plan = Plan::calm();
    plan.faults_last = std::chrono::minutes{180};
    plan.tickets = plan.visitors = 8;
    plan.dashboard_refunds = 15;
    plan.staff_refunds = 10;
    plan.failing_refunds = 30;
    plan.disputes = 15;
    plan.disk_faults = 5;
    return plan;
}

// Every mistake of a provider or a bank is found, to the minor unit, and nothing else.
class OneMistake : public testing::TestWithParam<int> {};
INSTANTIATE_TEST_SUITE_P(, OneMistake, testing::Range(0, static_cast<int>(last_mistake) + 1));

TEST_P(OneMistake, in_settlements_is_found_and_nothing_else_is) {
    Tally sum;
    for (std::uint64_t seed = 1; seed <= seeds_of_a_mistake; ++seed) {
        const Options options{
            .plan = much_is_settled(), .mistake = static_cast<Mistake>(GetParam())};
        const auto verdict = simulate(seed, {}, options);
        sum.add(verdict.tally);
        ASSERT_EQ(verdict.violation, "")
            << seed << "\n"
            << text_of(simulate(
                   seed, {}, {.is_told = true, .plan = options.plan, .mistake = options.mistake}
               ));
    }
    EXPECT_EQ(sum.settlements, static_cast<std::int64_t>(seeds_of_a_mistake));
    EXPECT_GE(sum.mistakes, GetParam() == 0 ? 0 : sum.settlements / 6);
}

// Worlds that are to be killed at a step are told so, for they plan no kills of their own.
constexpr std::int64_t never = 1'000'000'000;

// One calm world for each seed, in which everybody pays; killed once after every single step.
class KilledAnywhere : public testing::TestWithParam<bool> {};
INSTANTIATE_TEST_SUITE_P(, KilledAnywhere, testing::Bool(), [](const auto& power) {
    return power.param ? "and_the_power_is_lost" : "while_the_machine_goes_on";
});

TEST_P(KilledAnywhere, the_service_comes_to_the_same_end) {
    auto plan = Plan::calm();
    plan.visitors = 2;
    plan.doubled_notices = 30;
    plan.dashboard_refunds = 50;
    plan.staff_refunds = 50;
    for (std::uint64_t seed = 1; seed <= 4; ++seed) {
        const auto steps = simulate(seed, {}, {.plan = plan, .kill_at_step = never}).tally.steps;
        ASSERT_GT(steps, 15);
        for (std::int64_t step = 1; step <= steps; ++step) {
            Options options{.plan = plan, .kill_at_step = step, .power_is_lost = GetParam()};
            const auto verdict = simulate(seed, {}, options);
            options.is_told = true;
            ASSERT_EQ(verdict.violation, "")
                << "seed " << seed << ", killed after step " << step << "\n"
                << text_of(simulate(seed, {}, options));
            EXPECT_EQ(verdict.tally.kills, 1);
        }
    }
}

TEST_P(KilledAnywhere, a_refund_run_comes_to_its_end) {
    auto plan = Plan::calm();
    plan.tickets = plan.visitors = 2;
    plan.runs = 1;
    for (std::uint64_t seed = 1; seed <= 3; ++seed) {
        const auto steps = simulate(seed, {}, {.plan = plan, .kill_at_step = never}).tally.steps;
        for (std::int64_t step = 1; step <= steps; ++step) {
            const Options options{.plan = plan, .kill_at_step = step, .power_is_lost = GetParam()};
            ASSERT_EQ(simulate(seed, {}, options).violation, "")
                << "seed " << seed << ", killed after step " << step;
        }
    }
}

// Whether the checks find anything: every variant that is broken on purpose must be caught.
class Teeth : public testing::TestWithParam<Variant> {};
INSTANTIATE_TEST_SUITE_P(, Teeth, testing::ValuesIn(broken_variants()), [](const auto& variant) {
    auto name = variant.param.name;
    for (char& c : name)
        if (c == ' ') c = '_';
    return name;
});

// The seed by which a variant was found that takes more than a few: that one is tried first, for to
// try in vain all that come before it took two thirds of the time of these tests. When it finds
// nothing any more, the search begins at 1.
std::uint64_t last_found_by(const std::string& variant) {
    static const std::map<std::string, std::uint64_t> seeds{
        {"refund without reservation", 9},
        {"open there and unseen", 22},
        {"hangs unseen", 6},
        {"claims for good", 35},
        {"absent is failed", 57},
        {"hands out what is over", 119},
        {"a number is proof", 8},
        {"asks by beginning", 425},
        {"amount not compared", 44},
        {"refunds repeated", 35},
        {"the worst word of a dispute", 7},
        {"whole forints only", 10},
        {"unknown words ignored", 24},
        {"a part is all", 12},
        {"withdrawals ignored", 48},
        {"warnings ignored", 11},
        {"trusts the return", 17},
        {"delivered when sent", 9},
        {"not synced", 22},
        {"twin finds no holder", 74},
        {"a run is never held", 9},
        {"a run takes silence for no", 7},
        {"R6 nothing is carried", 157},
        {"R8 no charges", 7}};
    const auto known = seeds.find(variant);
    return known == seeds.end() ? 1 : known->second;
}

// What is wrong with a world of this seed, whatever providers and banks get wrong in it.
std::string violation_of_books(std::uint64_t seed, const Variant& variant) {
    std::string found;
    for (int i = 0; found.empty() && i <= static_cast<int>(last_mistake); ++i) {
        const Options options{.plan = much_is_settled(), .mistake = static_cast<Mistake>(i)};
        found = simulate(seed, variant, options).violation;
    }
    return found;
}

// What is wrong with a world of this seed, under any plan.
std::string violation_of(std::uint64_t seed, const Variant& variant) {
    if (variant.settlements) return violation_of_books(seed, variant);
    auto found = simulate(seed, variant).violation;
    const auto plans = {
        money_comes_back(),        refunds_are_lost(),         everybody_gives_back(),
        banks_quarrel(),           answers_are_late_or_lies(), database_is_set_back(),
        what_is_over_stays_open(), accounts_change(),          runs_are_made(),
        refunds_are_late(),        processes_are_held_up()};
    for (const auto& plan : plans)
        if (found.empty()) found = simulate(seed, variant, {.plan = plan}).violation;
    return found;
}

TEST_P(Teeth, find_the_broken_variant) {
    const auto& variant = GetParam();
    auto seed = last_found_by(variant.name);
    auto found = violation_of(seed, variant);
    for (std::uint64_t next = 1; found.empty() && next <= seeds_to_find; ++next) {
        seed = next;
        found = violation_of(seed, variant);
    }
    ASSERT_NE(found, "") << variant.name << ": " << variant.what << ", and no seed notices";
    RecordProperty("seed", std::to_string(seed));
    std::printf(
        "%-28s seed %-4llu %s\n", variant.name.c_str(), static_cast<unsigned long long>(seed),
        found.c_str()
    );
}

TEST(Simulation, there_are_enough_teeth) { EXPECT_GE(broken_variants().size(), 15U); }

}  // namespace
}  // namespace payments::simulate
