// What of a payment stands in a file for accountants.
#include "payment/exports.hpp"

#include <gtest/gtest.h>

#include "fixtures/facts.hpp"

// Of its own: other tests of the folder have names like these.
namespace payments::exports_test {
namespace {

using namespace testing_support;
using What = ExportRequest::What;

// Ticket 42 owed 220 EUR; everything is heard an hour after the other.
Transaction paid_by(std::vector<Fact> facts) {
    Transaction transaction{
        .id = 7,
        .ticket_id = 42,
        .code = code("FULL-FEE-EUR-STRIPE-INTENTS"),
        .amount = eur(22000),
        .account = "live",
        .email = "",
        .metas = "{}",
        .created_at = noon,
        .expires_at = noon + 30min};
    auto at = noon;
    for (auto& fact : facts)
        transaction.entries.push_back({at += 1h, Source::webhook, std::move(fact)});
    return transaction;
}
Fact said(FactKind kind, std::string subject = "", std::int64_t minor = 0) {
    auto made = fact(kind, std::move(subject));
    if (minor != 0) made.amount = eur(minor);
    return made;
}

ExportRequest wanted(What what = What::movements) {
    ExportRequest request;
    request.what = what;
    request.from = noon;
    request.to = noon + 24h;
    return request;
}

// "TR7 taken; TR7-re_1 given_back".
std::string lines_of(const ExportRequest& request, const Transaction& transaction) {
    std::string text;
    for (const auto& [id, movement] : movements_for(request, transaction))
        text += (text.empty() ? "" : "; ") + id + " " + std::string{name(movement.kind)};
    return text;
}

TEST(Exports, a_time_holds_what_moved_in_it_without_its_end) {
    const auto transaction = paid_by({captured(), said(FactKind::refunded, "re_1", 5000)});
    auto request = wanted();
    EXPECT_EQ(lines_of(request, transaction), "TR7 taken; TR7-re_1 given_back");
    request.from = noon + 1h;
    request.to = noon + 2h;
    EXPECT_EQ(lines_of(request, transaction), "TR7 taken");
    request.from = noon + 2h;
    request.to = noon + 3h;
    EXPECT_EQ(lines_of(request, transaction), "TR7-re_1 given_back");
    request.by_creation = true;
    EXPECT_EQ(lines_of(request, transaction), "");
    request.from = noon;
    request.to = noon + 1h;
    EXPECT_EQ(lines_of(request, transaction), "TR7 taken; TR7-re_1 given_back");
}

TEST(Exports, no_two_lines_have_one_id_and_a_line_has_the_same_in_every_file) {
    std::vector<Fact> dispute;
    for (const auto kind :
         {FactKind::disputed, FactKind::dispute_won, FactKind::disputed, FactKind::dispute_won}) {
        dispute.push_back(said(kind, "dp_1"));
        dispute.back().occurred_at = noon + 1min * static_cast<int>(dispute.size());
        dispute.back().detail = std::to_string(dispute.size());
    }
    dispute.insert(dispute.begin(), captured());
    const auto transaction = paid_by(std::move(dispute));
    auto request = wanted();
    EXPECT_EQ(
        lines_of(request, transaction),
        "TR7 taken; TR7-dp_1 disputed; TR7-dp_1-won dispute_won; TR7-dp_1-2 disputed;"
        " TR7-dp_1-won-2 dispute_won"
    );
    request.from = noon + 4h;
    EXPECT_EQ(lines_of(request, transaction), "TR7-dp_1-2 disputed; TR7-dp_1-won-2 dispute_won");
}

TEST(Exports, a_refund_bears_our_name_where_it_has_one) {
    auto refund = said(FactKind::refunded, "re_1", 5000);
    refund.refund = "TR7-R1";
    const auto transaction = paid_by({captured(), refund, said(FactKind::refund_failed, "re_1")});
    EXPECT_EQ(
        lines_of(wanted(What::refunds), transaction), "TR7-R1 given_back; TR7-R1-back came_back"
    );
}

TEST(Exports, each_condition_leaves_out_what_does_not_fit) {
    const auto transaction = paid_by({captured()});
    const auto is_in = [&](auto change) {
        auto request = wanted();
        change(request);
        const bool is = !lines_of(request, transaction).empty();
        request.what = What::payments;
        EXPECT_EQ(payment_for(request, transaction).has_value(), is);
        return is;
    };
    const auto in_euro = [](ExportRequest& request, std::int64_t from, std::int64_t to) {
        request.currency = Currency::of("EUR").value();
        request.amount_from_minor = from;
        request.amount_to_minor = to;
    };
    EXPECT_TRUE(is_in([](ExportRequest& to) { to.processors = {Processor::stripe}; }));
    EXPECT_FALSE(is_in([](ExportRequest& to) { to.processors = {Processor::simplepay}; }));
    EXPECT_TRUE(is_in([](ExportRequest& to) { to.fee_types = {"CAMPING-FEE", "FULL-FEE"}; }));
    EXPECT_FALSE(is_in([](ExportRequest& to) { to.fee_types = {"CAMPING-FEE"}; }));
    EXPECT_TRUE(is_in([](ExportRequest& to) { to.statuses = {Status::created}; }));
    EXPECT_FALSE(is_in([](ExportRequest& to) { to.statuses = {Status::refunded}; }));
    EXPECT_TRUE(is_in([](ExportRequest& to) { to.ticket_id = 42; }));
    EXPECT_FALSE(is_in([](ExportRequest& to) { to.ticket_id = 43; }));
    EXPECT_FALSE(is_in([](ExportRequest& to) { to.currency = Currency::of("HUF").value(); }));
    EXPECT_TRUE(is_in([&](ExportRequest& to) { in_euro(to, 22000, 22000); }));
    EXPECT_FALSE(is_in([&](ExportRequest& to) { in_euro(to, 22001, 30000); }));
    EXPECT_FALSE(is_in([&](ExportRequest& to) { in_euro(to, 0, 21999); }));
}

TEST(Exports, a_payment_says_what_became_of_it_until_now) {
    const auto transaction = paid_by({
        captured(21000),
        said(FactKind::refunded, "re_1", 5000),
        said(FactKind::refunded, "re_2", 1000),
        said(FactKind::refund_failed, "re_1"),
        said(FactKind::disputed, "dp_1", 7000),
    });
    auto request = wanted(What::payments);
    request.to = noon + 2h;  // all but the capture is later
    const auto payment = payment_for(request, transaction);
    ASSERT_TRUE(payment);
    EXPECT_EQ(payment->paid_at, noon + 1h);
    EXPECT_EQ(payment->amount, eur(21000));
    EXPECT_EQ(payment->refunded_minor, 1000);
    EXPECT_EQ(payment->disputed_minor, 7000);
    EXPECT_FALSE(payment_for(request, paid_by({said(FactKind::failed)})));
}

}  // namespace
}  // namespace payments::exports_test
