#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <algorithm>
#include <map>
#include <random>
#include <set>

#include "settlement/journal/books_maker.hpp"
#include "settlement/journal/general_ledger.hpp"
#include "settlement/journal/journals.hpp"
#include "settlement/our_side.hpp"
#include "settlement/random_world.hpp"

// The books of a month that is closed never change: what is learned later is put right behind it
// (docs/settlements.md, 9).
namespace payments::settlement::journal {
namespace {

using namespace world;

// What was known at a moment.
struct Part {
    Knowledge known;
    std::vector<ParsedFile> files;
};

Journal books_of(
    const std::vector<Part>& parts, const std::vector<OurTransaction>& ours, const Period& period
) {
    BooksMaker maker{period, budapest()};
    for (const auto& [known, files] : parts) {
        Evidence evidence;
        for (const auto& file : files) evidence.add(file).value();
        maker.add(known, std::move(evidence));
    }
    const auto moments = maker.moments();
    for (const auto& transaction : ours)
        for (std::size_t part = 0; part < parts.size(); ++part)
            maker.hear(part, known_at(transaction, moments[part]));
    return maker.finish();
}

const Day august = july(31) + std::chrono::days{1};
constexpr Month the_july{std::chrono::year{2026}, std::chrono::July};

// A payment whose payout is on the bank in July, and is told to have failed when July is closed.
struct FailedLate {
    std::vector<OurTransaction> ours{stripe_payment(1, 5'000'000, "a")};
    std::vector<ParsedFile> known{
        settlement_file(
            {stripe_charge("a", 5'000'000, 0, "po_1")}, {stripe_payout("po_1", 5'000'000)}
        ),
        bank_file({stripe_credit(5'000'000, "1", "po_1")})};
    ParsedFile failure = settlement_file(
        {}, {stripe_payout("po_1", 5'000'000, july(8), huf(), PayoutStatus::failed)}
    );
    Knowledge closed{noon(august + std::chrono::days{11}), 2, august};
    Knowledge now{noon(august + std::chrono::days{20})};

    Journal books(const Period& period) const {
        auto all = known;
        all.push_back(failure);
        return books_of({{closed, known}, {now, all}}, ours, period);
    }
};

TEST(ClosedMonths, are_corrected_on_the_first_day_behind_them_by_what_names_the_original) {
    const FailedLate world;
    EXPECT_EQ(
        short_bookings(world.books({august, {}})),
        (Words{
            "8-1 stripe-live-HUF-po_1-payout-reversed-2026-08-01 5000000 HUF: "
            "assets:clearing:stripe:live-huf / assets:bank:huf",
            "8-1 stripe-live-HUF-po_1-payout-corrected-2026-08-01 -5000000 HUF: "
            "assets:in-transit / assets:clearing:stripe:live-huf",
            "8-1 stripe-live-HUF-po_1-payout_return-corrected-2026-08-01 5000000 HUF: "
            "assets:clearing:stripe:live-huf / assets:in-transit"})
    );
    const auto table = written(world.books({august, {}}), FileFormat::csv_plain);
    EXPECT_NE(table.find(",\"Stripe payout, reversed of 2026-07-08\","), table.npos) << table;
    const auto ledger = written(world.books({august, {}}), FileFormat::hledger);
    EXPECT_NE(
        ledger.find("\n2026-08-01 * (po_1) Stripe payout, reversed of 2026-07-08  ; kind:payout\n"
                    "    assets:clearing:stripe:live-huf               50000.00 HUF\n"
                    "    assets:bank:huf                              -50000.00 HUF\n"),
        ledger.npos
    ) << ledger;
}

TEST(ClosedMonths, are_the_same_bytes_whatever_comes_later) {
    const FailedLate world;
    const MonthClosing closing{the_july, world.closed.as_of, 2, "anna", ""};
    const auto parts = knowledge_for(period_of(the_july), std::vector{closing}, world.now);
    ASSERT_EQ(parts.size(), 1u);
    EXPECT_EQ(parts[0].as_of, closing.at);
    EXPECT_EQ(parts[0].files, 2);
    EXPECT_EQ(parts[0].end, august);
    const auto then = journal_of(world.ours, world.known, period_of(the_july), closing.at);
    const auto later = books_of({{parts[0], world.known}}, world.ours, period_of(the_july));
    for (const auto format : all_formats)
        EXPECT_EQ(written(later, format), written(then, format));
}

TEST(ClosedMonths, are_made_of_what_was_known_when_each_was_closed) {
    const auto closing = [](unsigned month, std::int64_t files) {
        const Month which{std::chrono::year{2026}, std::chrono::month{month}};
        return MonthClosing{which, noon(july(1)), files, "", ""};
    };
    const std::vector closings{closing(5, 1), closing(6, 3), closing(7, 8)};
    const auto files_for = [&](const Period& period) {
        std::vector<std::int64_t> files;
        for (const auto& known : knowledge_for(period, closings, {noon(august)}))
            files.push_back(known.files.value_or(-1));
        return files;
    };
    using Files = std::vector<std::int64_t>;
    EXPECT_EQ(files_for({}), (Files{1, 3, 8, -1}));
    EXPECT_EQ(files_for({july(1), august}), (Files{3, 8}));
    EXPECT_EQ(files_for({july(10), july(20)}), (Files{3, 8}));
    EXPECT_EQ(files_for({august, {}}), (Files{8, -1}));
    EXPECT_EQ(files_for({{}, july(1)}), (Files{1, 3}));
    EXPECT_EQ(knowledge_for({}, {}, {noon(august)}).size(), 1u);
}

// Sums by account of the ledger and currency.
std::map<std::string, std::int64_t> sums_of(const Journal& journal) {
    std::map<std::string, std::int64_t> sums;
    journal.bookings.each([&](const Booking& booking) {
        const auto [debit, credit] = sides_of(booking);
        const auto put = [&](std::string_view account, Amount amount) {
            sums[std::string{account} + " " + std::string{amount.currency.code()}] += amount.minor;
        };
        put(booking.debit, debit);
        put(booking.credit, credit);
    });
    std::erase_if(sums, [](const auto& sum) { return sum.second == 0; });
    return sums;
}

RC_GTEST_PROP(ClosedMonths, and_corrections_come_to_what_is_known_now, (std::uint32_t seed)) {
    auto some = WorldBuilder{seed}.build();
    std::mt19937 random{seed + 1};
    std::shuffle(some.files.begin(), some.files.end(), random);
    const auto end = july(2 + seed % 10);
    const auto count = random() % (some.files.size() + 1);
    const bool knows_all = count == some.files.size();
    const Knowledge closed{
        knows_all ? end_of_july : noon(july(1 + random() % 28)), std::int64_t(count), end};
    const std::vector<ParsedFile> known{
        some.files.begin(), some.files.begin() + static_cast<std::ptrdiff_t>(count)};
    const std::vector<Part> parts{{closed, known}, {{end_of_july}, some.files}};

    const auto all = books_of(parts, some.ours, {});
    RC_ASSERT(sums_of(all) == sums_of(journal_of(some.ours, some.files, {}, end_of_july)));
    std::set<std::string> ids;
    all.bookings.each([&](const Booking& booking) {
        RC_ASSERT(ids.insert(row_id(booking)).second);
        RC_ASSERT(!booking.corrects || (booking.day >= end && *booking.corrects < end));
        RC_ASSERT(!booking.corrects || !knows_all);
    });

    // The files of before and behind are one file cut in two, and the first is that of then.
    const auto before = books_of({parts[0]}, some.ours, {{}, end});
    const auto behind = books_of(parts, some.ours, {end, {}});
    auto words = short_bookings(before);
    const auto more = short_bookings(behind);
    words.insert(words.end(), more.begin(), more.end());
    RC_ASSERT(words == short_bookings(all));
    std::map<std::string, std::int64_t> closing, opening;
    const auto put = [](auto& into, const Balance& balance, std::int64_t minor) {
        if (minor != 0)
            into[std::string{balance.account} + std::string{balance.currency.code()}] = minor;
    };
    for (const auto& balance : before.balances) put(closing, balance, balance.closing_minor);
    for (const auto& balance : behind.balances) put(opening, balance, balance.opening_minor);
    RC_ASSERT(opening == closing);
}

}  // namespace
}  // namespace payments::settlement::journal
