#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <map>
#include <set>

#include "settlement/journal/accounts.hpp"
#include "settlement/journal/general_ledger.hpp"
#include "settlement/journal/journals.hpp"
#include "settlement/random_world.hpp"

// Whatever providers and banks say, the bookings come to what settlement check reports, to the
// minor unit.
namespace payments::settlement::journal {
namespace {

using world::end_of_july;

// Sums by account of the ledger and currency.
using Sums = std::map<std::pair<std::string, std::string>, std::int64_t>;

void add_to(Sums& sums, std::string_view account, Amount amount) {
    sums[{std::string{account}, std::string{amount.currency.code()}}] += amount.minor;
}
void without_0(Sums& sums) {
    std::erase_if(sums, [](const auto& sum) { return sum.second == 0; });
}

bool is_of_revenue(std::string_view account) { return account.starts_with("revenues:"); }

// What is on accounts that the report knows, whichever fee was paid, after all bookings.
Sums booked_in(const Journal& journal) {
    Sums sums;
    journal.bookings.each([&sums](const Booking& booking) {
        const auto [debit, credit] = sides_of(booking);
        for (const auto& [account, amount] :
             {std::pair{booking.debit, debit}, std::pair{booking.credit, credit}})
            if (account != suspense_account)
                add_to(sums, is_of_revenue(account) ? "revenues" : account, amount);
    });
    without_0(sums);
    return sums;
}

// The same, worked out from the report.
Sums reported_in(const Report& report, const std::vector<OurTransaction>& ours) {
    Sums sums;
    for (const auto& [key, account] : report.accounts) {
        const auto currency = *Currency::of(key.currency);
        const auto put = [&](std::string_view name, std::int64_t minor) {
            add_to(sums, name, {minor, currency});
        };
        put("revenues",
            -account.captured.minor - account.refunded.minor - account.refunds_failed.minor);
        put(disputes_account, -account.disputed.minor - account.disputes_won.minor);
        for (const auto& [kind, minor] : account.fees_minor)
            put(fee_account(key.processor, kind), minor);
        put(clearing_account(key.processor, key.account, currency),
            account.carry_minor + account.unpaid_minor + account.waiting.minor +
                account.overdue.minor);
        put(reserve_account(key.processor, key.account, currency), account.reserve_minor);
        put(in_transit_account, -account.returned_minor);
        for (const auto& payout : account.payouts) {
            put(payout.bank_minor ? std::string_view{bank_account(currency)} : in_transit_account,
                payout.bank_minor.value_or(payout.amount_minor));
            if (payout.bank_minor) put(bank_charges_account, payout.bank_charges_minor);
        }
    }
    for (const auto& transaction : ours)
        for (const auto& dispute : transaction.disputes)
            if (dispute.lost_at && !dispute.won_at) {
                add_to(sums, disputes_account, {-dispute.minor, transaction.currency});
                add_to(sums, disputes_lost_account, {dispute.minor, transaction.currency});
            }
    without_0(sums);
    return sums;
}

RC_GTEST_PROP(Journals, come_to_what_the_report_says_to_the_minor_unit, (std::uint32_t seed)) {
    const auto some = world::WorldBuilder{seed}.build();
    const auto report = world::matched(some.ours, some.files, end_of_july);
    const auto journal = journal_of(some.ours, some.files, {}, end_of_july);
    RC_ASSERT(booked_in(journal) == reported_in(report, some.ours));

    std::set<std::string> ids;
    journal.bookings.each([&ids](const Booking& booking) {
        RC_ASSERT(ids.insert(row_id(booking)).second);
        RC_ASSERT(booking.debit != booking.credit);
        RC_ASSERT(booking.amount.minor != 0);
        RC_ASSERT(!booking.facing || booking.facing->currency != booking.amount.currency);
    });
    // Nothing is unexplained where nothing was found.
    for (const auto& balance : journal.balances)
        if (balance.account == suspense_account && balance.closing_minor != 0)
            RC_ASSERT(report.has_open_findings());
}

RC_GTEST_PROP(Journals, are_the_same_bytes_in_any_order_of_imports, (std::uint32_t seed)) {
    auto some = world::WorldBuilder{seed}.build();
    const auto first = journal_of(some.ours, some.files, {}, end_of_july);
    std::mt19937 random{seed + 1};
    const auto once = some.files;
    for (const auto& file : once)
        if (random() % 2 == 0) some.files.push_back(file);
    std::shuffle(some.files.begin(), some.files.end(), random);
    std::shuffle(some.ours.begin(), some.ours.end(), random);
    const auto again = journal_of(some.ours, some.files, {}, end_of_july);
    for (const auto format : all_formats)
        RC_ASSERT(written(again, format) == written(first, format));
}

RC_GTEST_PROP(Journals, of_two_periods_are_one_cut_in_two, (std::uint32_t seed)) {
    const auto some = world::WorldBuilder{seed}.build();
    const auto cut = world::july(1 + seed % 31);
    const auto before = journal_of(some.ours, some.files, {{}, cut}, end_of_july);
    const auto behind = journal_of(some.ours, some.files, {cut, {}}, end_of_july);
    auto words = short_bookings(before);
    const auto more = short_bookings(behind);
    words.insert(words.end(), more.begin(), more.end());
    RC_ASSERT(words == short_bookings(journal_of(some.ours, some.files, {}, end_of_july)));
    std::map<std::string, std::int64_t> closing, opening;
    const auto name_of = [](const Balance& balance) {
        return std::string{balance.account} + std::string{balance.currency.code()};
    };
    for (const auto& balance : before.balances)
        if (balance.closing_minor != 0) closing[name_of(balance)] = balance.closing_minor;
    for (const auto& balance : behind.balances)
        if (balance.opening_minor != 0) opening[name_of(balance)] = balance.opening_minor;
    RC_ASSERT(opening == closing);
}

// What the entries of the text journals hold, at cost.
RC_GTEST_PROP(Journals, balance_entry_by_entry_in_their_text, (std::uint32_t seed)) {
    const auto some = world::WorldBuilder{seed}.build();
    const auto journal = journal_of(some.ours, some.files, {}, end_of_july);
    std::istringstream lines{written(journal, FileFormat::ledger)};
    Sums entry;
    for (std::string line; std::getline(lines, line);) {
        if (line.empty()) {
            without_0(entry);
            RC_ASSERT(entry.empty());
        }
        const auto end = line.find("  ", 4);
        if (!line.starts_with("    ") || line.starts_with("    ;") || end == line.npos) continue;
        const auto assertion = line.find(" = ");
        const auto cost = line.find(" @@ ");
        const bool is_out = line[line.find_first_not_of(' ', end)] == '-';
        std::istringstream amount{
            cost != line.npos ? line.substr(cost + 4) : line.substr(end, assertion - end)};
        std::string digits, code;
        amount >> digits >> code;
        std::erase(digits, '.');
        const auto minor = std::stoll(digits);
        entry[{"", code}] += cost != line.npos && is_out ? -minor : minor;
    }
}

}  // namespace
}  // namespace payments::settlement::journal
