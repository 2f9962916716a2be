#include "simulate/stage.hpp"

#include <cstdio>

namespace payments::simulate {

using namespace std::chrono_literals;

Plan Plan::of(Random& random) {
    const auto maybe = [&](int most) { return random.percent(45) ? random.between(1, most) : 0; };
    Plan plan;
    plan.tickets = random.between(1, 2);
    plan.visitors = plan.tickets + random.below(2);
    plan.starts_max = random.between(1, 4);
    plan.faults_last = std::chrono::minutes{random.between(10, 90)};
    plan.slow_calls = maybe(30);
    plan.lost_calls = maybe(30);
    plan.garbled_answers = maybe(20);
    plan.refused_starts = maybe(15);
    plan.unreachable = maybe(20);
    plan.repeated_calls = maybe(20);
    plan.dropped_notices = maybe(80);
    plan.doubled_notices = maybe(50);
    plan.delayed_notices = maybe(60);
    plan.forged_notices = maybe(30);
    plan.lying_returns = maybe(40);
    plan.wrong_captures = maybe(10);
    plan.dashboard_refunds = maybe(50);
    plan.staff_refunds = maybe(60);
    plan.refund_duplicates = random.percent(50);
    plan.failing_refunds = maybe(40);
    plan.disputes = maybe(20);
    plan.others_are_told = random.percent(40);
    plan.refused_events = maybe(40);
    plan.tickets_down = maybe(10);
    plan.kills = maybe(25);
    plan.power_losses = random.percent(50) ? 50 : 0;
    plan.disk_faults = maybe(10);
    plan.providers_sleep = random.percent(4);
    // After 15 minutes of silence the signed notice alone counts, right or wrong: that is a rule,
    // and these worlds would only find it again.
    if (!plan.providers_sleep) plan.leaked_secret = random.percent(20) ? 20 : 0;
    if (plan.providers_sleep) plan.wrong_captures = 0;
    if (random.percent(10)) plan.set_back();
    plan.closing_is_refused = random.percent(5);
    plan.account_is_replaced = random.percent(8) && !plan.is_set_back;
    plan.old_is_retired = random.percent(30);
    plan.closings = random.percent(15) ? random.between(20, 100) : 0;
    plan.runs = random.percent(12) && !plan.is_set_back ? random.between(1, 3) : 0;
    plan.confirm = random.percent(80) ? Rules::Confirm::prefer : Rules::Confirm::always;
    return plan;
}

// Nobody keeps books of what staff, banks and others did while the lost copy was in use.
void Plan::set_back() {
    is_set_back = true;
    late_tickets = 3;
    staff_refunds = dashboard_refunds = failing_refunds = disputes = 0;
    refund_duplicates = others_are_told = false;
}

Plan Plan::calm() {
    Plan plan;
    plan.faults_last = 10min;
    return plan;
}

void Tally::add(const Tally& other) {
    seeds += other.seeds;
    steps += other.steps;
    starts += other.starts;
    payments += other.payments;
    captures += other.captures;
    notices += other.notices;
    faults += other.faults;
    kills += other.kills;
    power_losses += other.power_losses;
    commits += other.commits;
    refunds += other.refunds;
    reviews += other.reviews;
    duplicates += other.duplicates;
    restores += other.restores;
    runs += other.runs;
    settlements += other.settlements;
    files += other.files;
    mistakes += other.mistakes;
    closes += other.closes;
    late_starts += other.late_starts;
}

std::string since_the_beginning(Time time) {
    const auto ms = (time - beginning).count();
    char text[40];
    std::snprintf(
        text, sizeof text, "+%02lld:%02lld:%02lld.%03lld", static_cast<long long>(ms / 3'600'000),
        static_cast<long long>(ms / 60'000 % 60), static_cast<long long>(ms / 1000 % 60),
        static_cast<long long>(ms % 1000)
    );
    return text;
}

void Stage::add_line(const std::string& text) {
    char number[16];
    std::snprintf(number, sizeof number, "%4lld  ", static_cast<long long>(tally.steps));
    story.push_back(number + since_the_beginning(schedule.now()) + "  " + text);
}

}  // namespace payments::simulate
