#include "settlement/journal/sorted_bookings.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <random>
#include <string>

// Bookings that memory should not hold come back in the order of files.
namespace payments::settlement::journal {
namespace {

constexpr Day first_day{std::chrono::sys_days{std::chrono::year{2026} / 7 / 1}};

// What a booking says that is copied, and what is not.
struct Told {
    Day day;
    BookingKind kind;
    std::string reference, subject, provider_id, account;
    std::int64_t minor;

    friend auto operator<=>(const Told&, const Told&) = default;
};

Told told(const Booking& booking) {
    return {
        booking.day,
        booking.kind,
        std::string{booking.reference},
        std::string{booking.subject},
        std::string{booking.provider_id},
        std::string{booking.account},
        booking.amount.minor};
}

std::vector<Told> all_of(const SortedBookings& bookings) {
    std::vector<Told> list;
    bookings.each([&list](const Booking& booking) { list.push_back(told(booking)); });
    return list;
}

TEST(SortedBookings, come_in_order_with_all_their_texts_however_many_are_kept) {
    for (const std::size_t kept : {1u, 3u, 64u, 1'000u, 100'000u}) {
        std::mt19937 random{7};
        SortedBookings bookings{kept};
        std::vector<Told> expected;
        for (int i = 0; i < 2'000; ++i) {
            Booking booking{
                .kind = random() % 2 ? BookingKind::capture : BookingKind::refund,
                .day = first_day + std::chrono::days{random() % 30},
                .processor = Processor::stripe,
                .amount = {1 + static_cast<std::int64_t>(random() % 1'000), *Currency::of("HUF")}};
            booking.account = random() % 2 ? "live" : "test";
            // Gone when it was added; some are longer than what is read at once.
            const auto reference = "TR" + std::to_string(random() % 100);
            const auto subject = std::string(random() % 500 == 0 ? 40'000 : 5, 's') + reference;
            const auto provider_id = "pi_" + std::to_string(random());
            booking.reference = reference;
            booking.subject = subject;
            booking.provider_id = provider_id;
            expected.push_back(told(booking));
            bookings.add(booking);
        }
        EXPECT_EQ(bookings.size(), expected.size());
        const auto first = all_of(bookings);
        EXPECT_TRUE(std::ranges::is_sorted(first, {}, [](const Told& one) {
            return std::pair{one.day, one.kind};
        })) << kept;
        EXPECT_EQ(all_of(bookings), first) << "a second reader begins anew";
        auto sorted = first;
        std::ranges::sort(sorted);
        std::ranges::sort(expected);
        EXPECT_EQ(sorted, expected) << kept;
    }
}

TEST(SortedBookings, are_in_the_same_order_however_many_are_kept) {
    std::vector<std::vector<Told>> orders;
    for (const std::size_t kept : {2u, 50u, 5'000u}) {
        SortedBookings bookings{kept};
        for (int i = 0; i < 500; ++i) {
            Booking booking{
                .kind = BookingKind::unexplained,
                .day = first_day,
                .processor = Processor::simplepay,
                .amount = {1 + i % 3, *Currency::of("EUR")}};
            const auto subject = std::to_string(i * 37 % 500);
            booking.subject = subject;
            bookings.add(booking);
        }
        orders.push_back(all_of(bookings));
    }
    EXPECT_EQ(orders[0], orders[1]);
    EXPECT_EQ(orders[1], orders[2]);
}

TEST(SortedBookings, may_be_moved_and_may_be_none) {
    EXPECT_TRUE(all_of(SortedBookings{}).empty());
    SortedBookings bookings{1};
    for (const int day : {2, 1, 3}) {
        Booking booking{
            .kind = BookingKind::payout,
            .day = first_day + std::chrono::days{day},
            .processor = Processor::stripe,
            .amount = {day, *Currency::of("EUR")}};
        bookings.add(booking);
    }
    const auto moved = std::move(bookings);
    const auto list = all_of(moved);
    ASSERT_EQ(list.size(), 3u);
    EXPECT_EQ(list[0].minor, 1);
    EXPECT_EQ(list[2].minor, 3);
}

}  // namespace
}  // namespace payments::settlement::journal
