#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <algorithm>
#include <random>

#include "settlement/world.hpp"

// Whatever the order of files, and however often each is imported, the findings are the same.
namespace payments::settlement {
namespace {

using namespace world;

// A world of payments of both providers, their files and the bank, in which a few things are wrong:
// lines are left out, amounts differ, payouts never arrive. Files do not contradict each other.
struct RandomWorld {
    std::vector<OurTransaction> ours;
    std::vector<ParsedFile> files;
};

class Builder {
public:
    explicit Builder(std::uint32_t seed) : random_(seed) {}

    RandomWorld build() {
        const auto payouts = 1 + below(4);
        for (int i = 0; i < payouts; ++i) add_stripe_payout(i);
        for (int i = 0; i < payouts; ++i) add_simple_payout(i);
        for (std::size_t i = 0; i < bank_.size(); i += 2)
            add(bank_file(
                {bank_.begin() + static_cast<std::ptrdiff_t>(i),
                 bank_.begin() + static_cast<std::ptrdiff_t>(std::min(i + 2, bank_.size()))}
            ));
        return std::move(world_);
    }

private:
    int below(int limit) { return static_cast<int>(random_() % static_cast<unsigned>(limit)); }
    bool rarely() { return below(8) == 0; }
    // Few amounts, so that many are equal.
    std::int64_t some_amount() { return 1'000'000 + 100'000 * below(3); }
    void add(ParsedFile file) { world_.files.push_back(std::move(file)); }

    void add_stripe_payout(int number) {
        const auto id = "po_" + std::to_string(number);
        std::vector<SettlementLine> lines;
        std::int64_t net = 0;
        for (int i = 0; i <= below(4); ++i) {
            const auto of = std::to_string(number) + "_" + std::to_string(i);
            const auto amount = some_amount();
            auto ours = stripe_payment(1'000 + 10 * number + i, amount, of);
            lines.push_back(stripe_charge(of, amount, 15'050, id));
            if (rarely()) lines.back().gross_minor -= 1, lines.back().net_minor -= 1;
            if (rarely()) add_again(lines.back());
            if (below(3) == 0) {
                with_refund(ours, rarely() ? "" : "re_" + of, amount / 2);
                lines.push_back(stripe_line(
                    LineKind::refund, "txn_r" + of, rarely() ? "ch_" + of : "re_" + of, of,
                    -amount / 2, 0, id
                ));
            }
            if (rarely()) lines.pop_back();
            if (!rarely()) world_.ours.push_back(ours);
        }
        for (const auto& line : lines) net += line.net_minor;
        const auto paid = (net + carry_) / 100 * 100;
        carry_ = (net + carry_) % 100;
        auto fact = stripe_payout(id, paid, july(8) + std::chrono::days{number});
        if (rarely()) fact.status = PayoutStatus::failed;
        // The same lines as a table, without parts, and as a list of the provider's, without
        // payout.
        auto as_list = lines;
        for (auto& line : as_list) {
            line.fee_parts = {{"processing", line.fee_minor}};
            line.reference.clear();
            if (rarely()) line.payout_id.clear();
        }
        add(settlement_file(lines));
        add(settlement_file(as_list));
        add(settlement_file({}, {fact}));
        if (rarely()) return;
        auto entry = stripe_credit(rarely() ? paid - 100 : paid, "s" + id, id, *fact.arrival);
        if (below(2) == 0) entry.text = "STRIPE";
        bank_.push_back(entry);
    }

    // The same charge in a file of its own, by a name that comes before or behind the first.
    void add_again(SettlementLine line) {
        line.line_id = (below(2) == 0 ? "txn_0" : "txn_x") + line.line_id;
        line.payout_id.clear();
        add(settlement_file({line}));
    }

    void add_simple_payout(int number) {
        const auto id = "report_2026070" + std::to_string(number + 1);
        std::vector<SettlementLine> lines;
        std::int64_t net = 0;
        for (int i = 0; i <= below(3); ++i) {
            const auto transaction = 2'000 + 10 * number + i;
            const auto amount = some_amount();
            world_.ours.push_back(
                simple_payment(transaction, amount, rarely() ? "" : std::to_string(transaction))
            );
            lines.push_back(simple_line(
                LineKind::charge, std::to_string(transaction), "TR" + std::to_string(transaction),
                amount, 0, id
            ));
            net += amount;
        }
        add(settlement_file(lines, {simple_payout(id, july(8))}));
        // Saved again under another name.
        if (below(3) == 0) {
            for (auto& line : lines) line.payout_id += " (1)";
            add(settlement_file(lines));
        }
        if (!rarely()) bank_.push_back(credit(net, rarely() ? "" : "b" + id));
    }

    std::mt19937 random_;
    std::int64_t carry_ = 0;
    std::vector<BankLine> bank_;
    RandomWorld world_;
};

const Time end_of_july = noon(july(30));

RC_GTEST_PROP(Order, of_files_and_payments_and_repetition_change_nothing, (std::uint32_t seed)) {
    auto world = Builder{seed}.build();
    const auto first = matched(world.ours, world.files, end_of_july);

    std::mt19937 random{seed + 1};
    const auto once = world.files;
    for (const auto& file : once)
        if (random() % 2 == 0) world.files.push_back(file);
    std::shuffle(world.files.begin(), world.files.end(), random);
    std::shuffle(world.ours.begin(), world.ours.end(), random);
    const auto again = matched(world.ours, world.files, end_of_july);

    RC_TAG(first.findings.empty() ? "nothing found" : "something found");
    RC_ASSERT(short_findings(again) == short_findings(first));
    RC_ASSERT(again.findings == first.findings);
    RC_ASSERT(again.accounts == first.accounts);
    RC_ASSERT(again.banks == first.banks);
    RC_ASSERT(again.unexplained_minor == first.unexplained_minor);
    // Each is left over by itself: a check of the checks in matched().
    for (const auto& [key, account] : again.accounts) {
        RC_ASSERT(account.facts_left_over() == 0);
        RC_ASSERT(account.balance_left_over() == 0);
    }
}

}  // namespace
}  // namespace payments::settlement
