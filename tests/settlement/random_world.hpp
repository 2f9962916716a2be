#pragma once

#include <algorithm>
#include <random>

#include "settlement/world.hpp"

namespace payments::settlement::world {

// A world of payments of both providers, their files and the bank, in which a few things are wrong:
// lines are left out, amounts differ, payouts never arrive. Files do not contradict each other.
struct RandomWorld {
    std::vector<OurTransaction> ours;
    std::vector<ParsedFile> files;
};

class WorldBuilder {
public:
    explicit WorldBuilder(std::uint32_t seed) : random_(seed) {}

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
        for (int i = 0; i <= below(4); ++i) add_stripe_payment(number, i, id, lines);
        add_lines_of_providers(id, lines);
        std::int64_t net = 0;
        for (const auto& line : lines) net += line.net_minor;
        const auto paid = (net + carry_) / 100 * 100;
        carry_ = (net + carry_) % 100;
        auto fact = stripe_payout(id, paid, july(8) + std::chrono::days{number});
        if (rarely()) {
            fact.status = PayoutStatus::failed;
            if (below(2) == 0) failed_ = fact;
        }
        // The same lines as a table, without parts, and as a list of the provider's, without
        // payout.
        auto as_list = lines;
        for (auto& line : as_list) {
            line.fee_parts = {{"processing", line.fee_minor}};
            line.reference.clear();
            // A list has the days of another zone.
            if (below(2) == 0) line.day = july(2);
            if (rarely()) line.payout_id.clear();
        }
        add(settlement_file(lines));
        add(settlement_file(as_list));
        add(settlement_file({}, {fact}));
        if (rarely()) return;
        auto entry = stripe_credit(rarely() ? paid - 100 : paid, "s" + id, id, *fact.arrival);
        if (below(2) == 0) entry.text = "STRIPE";
        if (rarely()) entry.minor -= 700, entry.charges_minor = 700;
        bank_.push_back(entry);
    }

    void add_stripe_payment(
        int number, int index, const std::string& payout, std::vector<SettlementLine>& lines
    ) {
        const auto of = std::to_string(number) + "_" + std::to_string(index);
        const auto amount = some_amount();
        auto ours = stripe_payment(1'000 + 10 * number + index, amount, of);
        ours.fee_type = below(2) == 0 ? "DEPOSIT" : "FULL-FEE";
        lines.push_back(stripe_charge(of, amount, 15'050, payout));
        if (rarely()) lines.back().gross_minor -= 1, lines.back().net_minor -= 1;
        if (rarely()) add_again(lines.back());
        if (below(3) == 0) {
            with_refund(ours, rarely() ? "" : "re_" + of, amount / 2);
            lines.push_back(stripe_line(
                LineKind::refund, "txn_r" + of, rarely() ? "ch_" + of : "re_" + of, of, -amount / 2,
                0, payout
            ));
        } else if (below(4) == 0) {
            add_dispute(ours, of, payout, lines);
        } else if (below(4) == 0) {
            make_dollars(ours, lines.back());
        }
        if (rarely()) lines.pop_back();
        if (!rarely()) world_.ours.push_back(ours);
    }

    void add_dispute(
        OurTransaction& ours, const std::string& of, const std::string& payout,
        std::vector<SettlementLine>& lines
    ) {
        ours.disputes.push_back({"du_" + of, ours.minor, noon(july(4))});
        auto& dispute = ours.disputes.back();
        lines.push_back(stripe_line(
            LineKind::dispute, "txn_d" + of, "du_" + of, of, -ours.minor, 600'000, payout
        ));
        const auto end = below(3);
        if (end == 0) dispute.lost_at = noon(july(20));
        if (end != 1) return;
        dispute.won_at = noon(july(6));
        lines.push_back(stripe_line(
            LineKind::dispute_reversal, "txn_w" + of, "du_" + of, of, ours.minor,
            below(2) == 0 ? 0 : -600'000, payout
        ));
    }

    // A payment in another currency than the settlement's.
    void make_dollars(OurTransaction& ours, SettlementLine& line) {
        ours.currency = currency("USD");
        ours.minor = 25'000;
        line.gross_minor = 8'780'000;
        line.net_minor = line.gross_minor - line.fee_minor;
        if (!rarely()) line.facing = Amount{rarely() ? 24'999 : 25'000, ours.currency};
        if (!rarely()) line.rate = Rate::parse("351.2");
    }

    void add_lines_of_providers(const std::string& payout, std::vector<SettlementLine>& lines) {
        const auto line_of = [&](LineKind kind, std::int64_t minor, const std::string& source) {
            const auto id = "txn_" + std::string{name(kind)} + payout;
            lines.push_back(stripe_line(kind, id, source, "", minor, 0, payout));
        };
        if (below(3) == 0) line_of(LineKind::fee, -15'000, "");
        if (below(4) == 0) line_of(LineKind::tax, -2'700, "");
        if (below(4) == 0) line_of(LineKind::reserve, below(2) == 0 ? -50'000 : 30'000, "");
        if (rarely()) line_of(LineKind::unknown, -12'300, "");
        if (!failed_) return;
        line_of(LineKind::payout_reversal, *failed_->amount_minor, failed_->payout_id);
        failed_.reset();
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
    std::optional<PayoutFact> failed_{};  // that the next payout gives back
    std::vector<BankLine> bank_;
    RandomWorld world_;
};

inline const Time end_of_july = noon(july(30));

}  // namespace payments::settlement::world
