#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <map>

#include "settlement/journal/close_output.hpp"
#include "settlement/journal/journals.hpp"
#include "settlement/random_world.hpp"

// Whatever happened, a month begins with what the one before it has left, and ends with what
// settlement check says that providers hold.
namespace payments::settlement::journal {
namespace {

using world::RandomWorld;

// The same world some days earlier, so that its days are of two months.
class Earlier {
public:
    explicit Earlier(unsigned days) : by_(static_cast<int>(days)) {}

    RandomWorld move(RandomWorld some) const {
        for (auto& ours : some.ours) move(ours);
        for (auto& file : some.files) move(file);
        return some;
    }

private:
    void shift(std::optional<Day>& day) const {
        if (day) *day -= by_;
    }
    void shift(std::optional<Time>& moment) const {
        if (moment) *moment -= by_;
    }
    void move(OurTransaction& ours) const {
        shift(ours.paid_at);
        for (auto& refund : ours.refunds) {
            refund.at -= by_;
            shift(refund.failed_at);
        }
        for (auto& dispute : ours.disputes) {
            dispute.at -= by_;
            shift(dispute.won_at);
            shift(dispute.lost_at);
        }
    }
    void move(ParsedFile& file) const {
        for (auto& line : file.lines) shift(line.day);
        for (auto& payout : file.payouts) shift(payout.arrival);
        for (auto& statement : file.statements)
            for (auto& line : statement.lines) line.booked -= by_;
    }

    const std::chrono::days by_;
};

MonthClose closed_in(std::chrono::month month, const RandomWorld& some) {
    Evidence evidence;
    for (const auto& file : some.files) evidence.add(file).value();
    CloseMaker maker{std::chrono::year{2026} / month, budapest(), world::end_of_july, Delays{}};
    maker.books().add({world::end_of_july}, std::move(evidence));
    for (const auto& transaction : some.ours) maker.books().hear(0, transaction);
    return maker.finish({});
}

// Every balance by its name, at the beginning and at the end; what is 0 is left out.
using Named = std::map<std::string, std::int64_t>;
struct Ends {
    Named opening, closing;
};
Ends ends_of(const MonthClose& close) {
    Ends ends;
    const auto put = [&](std::string about, Currency currency, std::int64_t a, std::int64_t b) {
        about.append(" ").append(currency.code());
        if (a != 0) ends.opening[about] = a;
        if (b != 0) ends.closing[about] = b;
    };
    for (const auto& a : close.accounts)
        put(a.ledger_account, a.currency, a.opening_minor, a.closing_minor);
    for (const auto& t : close.transit)
        put("transit", t.currency, t.opening_minor, t.closing_minor);
    for (const auto& c : close.claims) put("claims", c.currency, c.opening_minor, c.closing_minor);
    for (const auto& r : close.reserves)
        put("reserve " + r.account, r.currency, r.opening_minor, r.closing_minor);
    for (const auto& u : close.unexplained)
        put("suspense", u.currency, u.suspense_opening_minor, u.suspense_closing_minor);
    return ends;
}

RC_GTEST_PROP(MonthCloses, begin_with_what_the_month_before_has_left, (std::uint32_t seed)) {
    const auto some = Earlier{seed % 30}.move(world::WorldBuilder{seed}.build());
    const auto june = closed_in(std::chrono::June, some);
    const auto july = closed_in(std::chrono::July, some);
    RC_ASSERT(ends_of(june).opening.empty());
    RC_ASSERT(ends_of(june).closing == ends_of(july).opening);
    RC_ASSERT(ends_of(july).closing == ends_of(closed_in(std::chrono::August, some)).opening);
    for (const auto& close : {june, july}) {
        for (const auto& account : close.accounts) RC_ASSERT(account.left_over() == 0);
        for (const auto& transit : close.transit) RC_ASSERT(transit.left_over() == 0);
        for (const auto& claims : close.claims) RC_ASSERT(claims.left_over() == 0);
    }
}

RC_GTEST_PROP(MonthCloses, come_to_what_the_report_says, (std::uint32_t seed)) {
    const auto some = Earlier{seed % 30}.move(world::WorldBuilder{seed}.build());
    const auto report = world::matched(some.ours, some.files, world::end_of_july);
    const auto june = closed_in(std::chrono::June, some);
    const auto july = closed_in(std::chrono::July, some);
    Named held, fees, reported_held, reported_fees;
    for (const auto& account : july.accounts)
        held[account.account + std::string{account.currency.code()}] += account.closing_minor;
    for (const auto& close : {june, july})
        for (const auto& account : close.accounts)
            for (const auto& [kind, minor] : account.fees_minor) fees[kind] += minor;
    for (const auto& [key, account] : report.accounts) {
        reported_held[key.account + key.currency] += account.carry_minor + account.unpaid_minor +
                                                     account.waiting.minor + account.overdue.minor;
        for (const auto& [kind, minor] : account.fees_minor) reported_fees[kind] += minor;
    }
    for (auto* sums : {&held, &fees, &reported_held, &reported_fees})
        std::erase_if(*sums, [](const auto& sum) { return sum.second == 0; });
    RC_ASSERT(held == reported_held);
    RC_ASSERT(fees == reported_fees);

    // No finding is lost, and what June tells July tells too.
    RC_ASSERT(july.findings.size() == report.findings.size());
    RC_ASSERT(june.findings.size() <= july.findings.size());
    std::int64_t open = 0;
    for (const auto& unexplained : july.unexplained) open += unexplained.open.minor;
    std::int64_t reported = 0;
    for (const auto& [code, minor] : report.unexplained_minor) reported += minor;
    RC_ASSERT(open == reported);
}

RC_GTEST_PROP(MonthCloses, are_the_same_bytes_in_any_order_of_imports, (std::uint32_t seed)) {
    auto some = Earlier{seed % 30}.move(world::WorldBuilder{seed}.build());
    const auto first = closed_in(std::chrono::June, some);
    std::mt19937 random{seed + 1};
    std::shuffle(some.files.begin(), some.files.end(), random);
    std::shuffle(some.ours.begin(), some.ours.end(), random);
    const auto again = closed_in(std::chrono::June, some);
    RC_ASSERT(csv_of(again) == csv_of(first));
    const auto written = [](const MonthClose& close) {
        return json::write(json_of(close, close_record(world::end_of_july, {})));
    };
    RC_ASSERT(written(again) == written(first));
}

}  // namespace
}  // namespace payments::settlement::journal
