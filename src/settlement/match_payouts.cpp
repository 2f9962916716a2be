#include "settlement/match_payouts.hpp"

#include <algorithm>
#include <unordered_map>

#include "settlement/sums.hpp"

namespace payments::settlement {
namespace {

// A payout with what its lines say.
struct Paid {
    PayoutReport report;
    std::optional<std::int64_t> amount_minor{};  // as told
    bool is_automatic = true;
    bool is_returned = false;
    std::size_t lines_in_file = 0;
    std::int64_t file_total_minor = 0;
};

// One merchant account in one currency.
struct Balance {
    std::vector<Paid> payouts{};
    std::unordered_map<std::string, std::size_t> by_id{};
    std::int64_t unpaid_minor = 0;  // lines that no payout is known of
    // Lines that gave back the money of a payout, and are in no other payout.
    std::unordered_map<std::string, std::int64_t> loose_returns{};
    std::unordered_map<std::string, bool> has_return_line{};

    Paid& payout(const std::string& id) {
        const auto [place, is_new] = by_id.emplace(id, payouts.size());
        if (is_new) {
            payouts.emplace_back();
            payouts.back().report.payout_id = id;
        }
        return payouts[place->second];
    }
};

using Balances = std::map<AccountKey, Balance>;

void take_line(const SettlementLine& line, Balance& balance, AccountReport& account) {
    if (line.kind == LineKind::payout_reversal) {
        add(account.returned_minor, line.net_minor);
        balance.has_return_line[line.source_id] = true;
    } else if (line.kind == LineKind::reserve) {
        add(account.reserve_minor, -line.net_minor);
    } else {
        add(account.net_minor, line.net_minor);
    }
    if (line.payout_id.empty()) {
        if (line.kind == LineKind::payout_reversal)
            add(balance.loose_returns[line.source_id], line.net_minor);
        else
            add(balance.unpaid_minor, line.net_minor);
        return;
    }
    auto& report = balance.payout(line.payout_id).report;
    ++report.lines;
    add(report.gross_minor, line.gross_minor);
    add(report.fee_minor, line.fee_minor);
    add(report.net_minor, line.net_minor);
    // Where nobody tells when it arrives, it is waited for since its newest line.
    if (line.day && (!report.arrival || *report.arrival < *line.day)) report.arrival = line.day;
}

void take_payout(const HeardPayout& heard, Balance& balance) {
    auto& paid = balance.payout(heard.fact.payout_id);
    paid.amount_minor = heard.fact.amount_minor;
    paid.is_automatic = heard.fact.is_automatic.value_or(true);
    paid.is_returned = heard.fact.status >= PayoutStatus::cancelled;
    paid.lines_in_file = heard.lines_in_file;
    paid.file_total_minor = heard.file_total_minor;
    paid.report.trace_id = heard.fact.trace_id;
    paid.report.descriptor = heard.fact.descriptor;
    if (heard.fact.arrival) {
        paid.report.arrival = heard.fact.arrival;
        paid.report.is_arrival_told = true;
    }
}

// What is below the smallest amount that can be paid out, and so stays.
std::int64_t fraction_of(std::int64_t minor, std::int64_t step) {
    const auto rest = minor % step;
    return rest < 0 ? rest + step : rest;
}

// Goes through the payouts of one account and currency in order of arrival, with what is left on
// the balance after each.
class PayoutMatcher {
public:
    PayoutMatcher(const AccountKey& key, Currency currency, Balance& balance, Report& report)
        : key_(key),
          currency_(currency),
          balance_(balance),
          report_(report),
          account_(report.account(key.processor, key.account, currency)) {}

    void match() {
        std::ranges::sort(balance_.payouts, [](const Paid& a, const Paid& b) {
            // What came back can be paid out again the same day.
            return std::tuple{a.report.arrival, !a.is_returned, a.report.payout_id} <
                   std::tuple{b.report.arrival, !b.is_returned, b.report.payout_id};
        });
        for (auto& paid : balance_.payouts) {
            if (balance_.has_return_line.contains(paid.report.payout_id)) paid.is_returned = true;
            paid.report.carry_in_minor = carry_;
            if (key_.processor == Processor::simplepay)
                match_file(paid);
            else
                match_payout(paid);
        }
        for (const auto& [id, minor] : balance_.loose_returns) add(balance_.unpaid_minor, minor);
        account_.carry_minor = carry_;
        account_.unpaid_minor = balance_.unpaid_minor;
    }

private:
    // A report of SimplePay pays what it holds; less than 0 is taken from the next.
    void match_file(Paid& paid) {
        auto& payout = paid.report;
        // Nothing is left of a report whose lines all stand in others: it is a copy or an overview.
        if (payout.lines == 0 && paid.lines_in_file > 0) return;
        const auto total = paid.amount_minor.value_or(paid.file_total_minor);
        const auto due = plus(carry_, total);
        payout.amount_minor = std::max<std::int64_t>(due, 0);
        const auto rest = plus(plus(carry_, payout.net_minor), -payout.amount_minor);
        carry_ = std::min<std::int64_t>(due, 0);
        book(paid, rest, plus(rest, -carry_));
    }

    void match_payout(Paid& paid) {
        auto& payout = paid.report;
        const auto step = currency_.step();
        const auto sum = plus(carry_, payout.net_minor);
        // Only its lines tell of it: what can be paid of them.
        payout.amount_minor =
            paid.amount_minor.value_or(sum > 0 ? sum - fraction_of(sum, step) : 0);
        auto rest = plus(sum, -payout.amount_minor);
        const auto fits = [&](std::int64_t minor) {
            return minor >= 0 && minor < step && payout.amount_minor % step == 0;
        };
        // Without an amount nothing contradicts what the lines come to.
        if (!paid.amount_minor) {
            carry_ = rest;
            return book(paid, rest, 0);
        }
        if (!fits(rest) && may_take_unpaid(paid, rest, fits)) {
            payout.has_loose_lines = true;
            add(rest, balance_.unpaid_minor);
            balance_.unpaid_minor = 0;
        }
        const bool is_right = fits(rest) || (!paid.is_automatic && rest >= 0);
        // What cannot be paid of the lines goes on, so that one wrong payout is found once.
        carry_ = is_right ? rest : fraction_of(sum, step);
        book(paid, rest, plus(rest, -carry_));
    }

    // Lines that nobody attributes to a payout are in this one when all of them make it add up, to
    // the minor unit; and in one that was not automatic, of which nobody can tell.
    template <class Fits>
    bool may_take_unpaid(const Paid& paid, std::int64_t rest, Fits fits) const {
        const auto with = plus(rest, balance_.unpaid_minor);
        return fits(with) || (!paid.is_automatic && with >= 0);
    }

    // `rest` is carry + net - amount; `difference` the part of it that nothing explains.
    void book(Paid& paid, std::int64_t rest, std::int64_t difference) {
        auto& payout = paid.report;
        add(account_.paid_minor, payout.amount_minor);
        add(account_.payout_differences_minor, difference);
        payout.difference_minor = difference;
        payout.adds_up = difference == 0;
        if (!payout.adds_up) note(payout, rest);
        if (paid.is_returned) take_back(payout);
        payout.carry_out_minor = carry_;
        account_.payouts.push_back(payout);
    }

    void take_back(PayoutReport& payout) {
        payout.state = PayoutState::returned;
        const auto loose = balance_.loose_returns.find(payout.payout_id);
        if (loose != balance_.loose_returns.end()) {
            add(carry_, loose->second);
            balance_.loose_returns.erase(loose);
        } else if (!balance_.has_return_line.contains(payout.payout_id)) {
            // That it came back is all that is known.
            add(account_.returned_minor, payout.amount_minor);
            add(carry_, payout.amount_minor);
        }
    }

    void note(const PayoutReport& payout, std::int64_t rest) {
        Finding finding{
            FindingKind::payout_does_not_add_up, payout.payout_id, absolute(rest), currency_,
            std::string{name(key_.processor)},   key_.account};
        finding.detail = "its " + std::to_string(payout.lines) + " lines come to " +
                         readable(payout.net_minor, currency_) + ", with " +
                         readable(payout.carry_in_minor, currency_) + " from before, but " +
                         readable(payout.amount_minor, currency_) + " were paid out";
        finding.payout_id = payout.payout_id;
        finding.key = key_of(finding, currency_.code());
        report_.findings.push_back(std::move(finding));
    }

    const AccountKey& key_;
    const Currency currency_;
    Balance& balance_;
    Report& report_;
    AccountReport& account_;
    std::int64_t carry_ = 0;
};

}  // namespace

struct PayoutsMatcher::Parts {
    Report& report;
    Balances balances{};

    Balance& balance_of(Processor processor, const std::string& account, Currency currency) {
        return balances[{processor, account, std::string{currency.code()}}];
    }
};

PayoutsMatcher::PayoutsMatcher(Report& report) : parts_(new Parts{report}) {}

PayoutsMatcher::~PayoutsMatcher() = default;

void PayoutsMatcher::add(const SettlementLine& line) {
    take_line(
        line, parts_->balance_of(line.processor, line.account, line.currency),
        parts_->report.account(line.processor, line.account, line.currency)
    );
}

void PayoutsMatcher::finish(std::span<const HeardPayout> payouts) {
    for (const auto& payout : payouts) {
        const auto& fact = payout.fact;
        take_payout(payout, parts_->balance_of(fact.processor, fact.account, fact.currency));
    }
    for (auto& [key, balance] : parts_->balances) {
        const auto currency = Currency::of(key.currency);
        PayoutMatcher{key, *currency, balance, parts_->report}.match();
    }
}

}  // namespace payments::settlement
