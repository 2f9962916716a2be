#include "settlement/packed.hpp"

#include <gtest/gtest.h>

#include <limits>

#include "settlement/our_side.hpp"
#include "settlement/world.hpp"
#include "storage/rules/settlement_rows.hpp"

namespace payments::settlement {
namespace {

using namespace world;

SettlementLine read_again(const SettlementLine& line) {
    std::string bytes;
    pack(line, bytes);
    return unpack_line(bytes);
}

TEST(Packed, a_line_keeps_everything_that_it_can_hold) {
    auto line = stripe_line(LineKind::refund, "txn_1", "re_1", "1", -25'000, 315'800, "po_1");
    line.kind_as_written = std::string(300, 'k');
    line.fee_parts = {{"processing", 140'200}, {"conversion", -1}};
    line.facing = Amount{std::numeric_limits<std::int64_t>::min(), currency("USD")};
    line.rate = Rate{std::numeric_limits<std::int64_t>::max(), 18};
    line.reference = std::string{"\0\x80 TR1", 7};
    line.at = "2026-07-01 10:00:00";
    line.day = Day{std::chrono::days{-1}};
    line.row = 4'000'000'000;
    EXPECT_EQ(ledger::cells_of(read_again(line)), ledger::cells_of(line));

    line.facing.reset();
    line.rate.reset();
    line.day.reset();
    line.fee_parts.clear();
    EXPECT_EQ(ledger::cells_of(read_again(line)), ledger::cells_of(line));
}

TEST(Packed, versions_of_a_line_have_one_identity_and_other_lines_have_others) {
    const auto identity = [](const SettlementLine& line) {
        std::string bytes;
        pack(line, bytes);
        return std::string{identity_of(bytes)};
    };
    const auto line = stripe_charge("a", 1000, 10, "po_1");
    EXPECT_EQ(
        identity(line),
        identity(stripe_line(LineKind::fee, line.line_id, "", "", -7, 3, "", currency("EUR")))
    );
    auto other = line;
    other.line_id += "x";
    EXPECT_NE(identity(line), identity(other));
    other = line;
    other.account = "test";
    EXPECT_NE(identity(line), identity(other));
    other = line;
    other.processor = Processor::simplepay;
    EXPECT_NE(identity(line), identity(other));
    // Where one member ends is part of it.
    other.account = line.account + line.line_id.substr(0, 1);
    other.line_id = line.line_id.substr(1);
    EXPECT_NE(identity(line), identity(other));
}

TEST(Packed, a_transaction_keeps_everything_that_it_can_hold) {
    auto ours = stripe_payment(7, 5'000, "7", currency("USD"));
    ours.is_settled_before = ours.is_duplicate_known = true;
    ours.status = Status::refunded;
    ours.ticket_id = 42;
    ours.fee_type = "FULL-FEE";
    with_refund(ours, "re_1", 700);
    with_refund(ours, "", 800);
    ours.refunds[0].failed_at = noon(july(4));
    ours.disputes.push_back({"du_1", 900, noon(july(5)), noon(july(6)), noon(july(7))});
    std::string bytes;
    pack(ours, bytes);
    const auto read = unpack_transaction(bytes);
    EXPECT_EQ(written(read), written(ours));
    EXPECT_EQ(read.is_settled_before, ours.is_settled_before);
    EXPECT_EQ(read.is_duplicate_known, ours.is_duplicate_known);
    EXPECT_EQ(read.status, ours.status);
    EXPECT_EQ(read.ticket_id, ours.ticket_id);
    EXPECT_EQ(read.fee_type, ours.fee_type);
    EXPECT_EQ(read.refunds[0].failed_at, ours.refunds[0].failed_at);
    EXPECT_EQ(read.disputes[0].lost_at, ours.disputes[0].lost_at);

    ours.paid_at.reset();
    ours.refunds.clear();
    bytes.clear();
    pack(ours, bytes);
    EXPECT_EQ(written(unpack_transaction(bytes)), written(ours));
}

}  // namespace
}  // namespace payments::settlement
