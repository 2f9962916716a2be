#include "simulate/settlement/treasury.hpp"

#include <algorithm>

#include "settlement/banking_days.hpp"
#include "settlement/compare.hpp"
#include "settlement/fees.hpp"
#include "settlement/match_transaction.hpp"
#include "simulate/settlement/files.hpp"
#include "support/times.hpp"

namespace payments::simulate {
namespace {

using namespace settlement;

// "2026-02-16 08:00:00", whatever the zone.
std::string written_time(Time time) {
    auto text = rfc3339(time).substr(0, 19);
    text[10] = ' ';
    return text;
}

Day day_of(Time time) { return std::chrono::floor<std::chrono::days>(time); }

std::string digits_of(Day day) {
    auto text = rfc3339(Time{day}).substr(0, 10);
    std::erase(text, '-');
    return text;
}

// What a currency is worth in that of the settlement.
Rate rate_into(Currency settled) {
    return Rate::parse(settled.code() == "HUF" ? "351.2" : "0.9217").value();
}

// Another merchant's, whose report our payment stands in.
std::string other_account(const SettlementLine& line) {
    return line.processor == Processor::stripe ? "live" : "OTHER-" + line.account;
}

std::string numbered(const char* prefix, int number) {
    const auto digits = std::to_string(number);
    return prefix + std::string(4 - std::min<std::size_t>(digits.size(), 4), '0') + digits;
}

}  // namespace

Treasury::Treasury(
    Stage& stage, std::vector<const Provider*> providers, std::uint64_t seed, Mistake mistake
)
    : stage_(stage),
      providers_(std::move(providers)),
      seen_(providers_.size()),
      random_(seed ^ 0x5E771E3E27ULL),
      mistake_(mistake),
      form_(static_cast<Form>(random_.below(4))),
      bank_(random_, mistake) {}

// One of the first chances is taken, and no other.
bool Treasury::errs(Mistake mistake) {
    if (mistake_ != mistake || has_erred_ || random_.percent(25)) return false;
    has_erred_ = true;
    return true;
}

Treasury::Account& Treasury::account(
    Processor processor, const std::string& name, Currency currency
) {
    const AccountKey key{processor, name, std::string{currency.code()}};
    return accounts_.try_emplace(key, Account{processor, name, currency}).first->second;
}

// ---------------------------------------------------------------------------------------- lines

void Treasury::collect() {
    for (std::size_t i = 0; i < providers_.size(); ++i) {
        const auto& movements = providers_[i]->movements();
        for (; seen_[i] < movements.size(); ++seen_[i]) tell(movements[seen_[i]]);
    }
}

void Treasury::tell(const ProviderMovement& movement) {
    const bool is_charge = movement.kind == LineKind::charge;
    if (is_charge && errs(Mistake::left_out)) {
        left_out_.push_back(movement);
        return;
    }
    ToldLine told{line_of(movement), movement};
    auto& line = told.line;
    const auto err = [&](Mistake mistake) {
        if (is_charge && !line.rate && errs(mistake)) told.mistake = mistake;
        return told.mistake == mistake;
    };
    if (err(Mistake::net_is_short)) --line.net_minor;
    if (err(Mistake::gross_is_short)) --line.gross_minor, --line.net_minor;
    if (err(Mistake::other_account)) line.account = other_account(line);
    add(told);
    if (!is_charge || !errs(Mistake::settled_twice)) return;
    told.mistake = Mistake::settled_twice;
    if (line.processor == Processor::stripe)
        line.line_id = numbered("txn_", ++last_transaction_);
    else
        line.source_id += "77";
    add(std::move(told));
}

SettlementLine Treasury::line_of(const ProviderMovement& movement) {
    const auto& payment = *movement.payment;
    const bool is_stripe = payment.processor == Processor::stripe;
    const auto currency = is_stripe ? payment.agreed.currency() : movement.amount.currency();
    SettlementLine line{
        .processor = payment.processor,
        .account = payment.account,
        .kind = movement.kind,
        .currency = currency};
    line.gross_minor = movement.signed_minor();
    if (movement.amount.currency() != currency) {
        line.rate = rate_into(currency);
        line.gross_minor = converted(line.gross_minor, *line.rate);
    }
    line.facing = Amount{movement.signed_minor(), movement.amount.currency()};
    line.at = written_time(movement.at);
    line.day = day_of(movement.at);
    line.reference = payment.reference();
    name_line(movement, line);
    charge_fee(movement, line);
    line.net_minor = line.gross_minor - line.fee_minor;
    return line;
}

void Treasury::name_line(const ProviderMovement& movement, SettlementLine& line) {
    line.source_id = movement.source_id;
    if (line.processor == Processor::simplepay) {
        line.kind_as_written = line.kind == LineKind::charge ? "COMPLETED" : "REFUND";
        return;
    }
    line.line_id = numbered("txn_", ++last_transaction_);
    line.kind_as_written = settlement::name(line.kind);
    line.payment_id = movement.payment->provider_id;
    line.charge_id = "ch_" + line.payment_id;
    if (line.kind == LineKind::charge) line.source_id = line.charge_id;
}

// Of a dispute that was won the fee may come back.
void Treasury::charge_fee(const ProviderMovement& movement, SettlementLine& line) {
    const auto step = line.currency.step();
    const auto fee = [&](const char* kind, std::int64_t minor) {
        line.fee_parts.push_back({kind, minor});
        line.fee_minor += minor;
    };
    if (line.processor == Processor::simplepay) {
        const auto all = movement.kind == LineKind::charge ? line.gross_minor * 15 / 1000 : 0;
        fee("interchange", all / 5 / step * step);
        fee("scheme", all / 10 / step * step);
        fee("merchant", all / step * step - line.fee_minor);
        return;
    }
    const std::int64_t dispute = step > 1 ? 600'000 : 1'500;
    if (movement.kind == LineKind::charge) {
        fee("processing", line.gross_minor * 15 / 1000 + random_.below(100));
        if (line.rate) fee("conversion", line.gross_minor / 50);
    } else if (movement.kind == LineKind::dispute) {
        fee("dispute", dispute);
    } else if (movement.kind == LineKind::dispute_reversal && random_.percent(50)) {
        fee("dispute", -dispute);
    }
}

void Treasury::add(ToldLine told) {
    auto& of = account(told.line.processor, told.line.account, told.line.currency);
    of.unpaid.push_back(lines_.size());
    lines_.push_back(std::move(told));
}

// What a provider does on its own behalf.
void Treasury::add_own(
    Account& of, LineKind kind, const std::string& as_written, const std::string& source,
    std::int64_t minor
) {
    SettlementLine line{
        .processor = of.processor, .account = of.name, .kind = kind, .currency = of.currency};
    line.kind_as_written = as_written;
    line.source_id = source;
    if (of.processor == Processor::stripe) line.line_id = numbered("txn_", ++last_transaction_);
    line.gross_minor = line.net_minor = minor;
    line.at = written_time(stage_.schedule.now());
    line.day = day_of(stage_.schedule.now());
    add({std::move(line)});
}

void Treasury::add_business(Account& of) {
    const bool is_stripe = of.processor == Processor::stripe;
    if (errs(Mistake::unknown_kind))
        add_own(of, LineKind::unknown, "MYSTERY", is_stripe ? "" : "9900001", -12'300);
    if (!is_stripe) return;
    if (random_.percent(25)) {
        add_own(of, LineKind::fee, random_.percent(50) ? "fee" : "network_cost", "", -150);
        add_own(of, LineKind::tax, "tax", "", -27);
    }
    if (of.reserve_minor > 0 && random_.percent(60)) {
        add_own(of, LineKind::reserve, "risk_reserved_funds", "", of.reserve_minor);
        of.reserve_minor = 0;
    } else if (of.reserve_minor == 0 && random_.percent(15)) {
        of.reserve_minor = 1'234;
        add_own(of, LineKind::reserve, "risk_reserved_funds", "", -of.reserve_minor);
    }
}

// --------------------------------------------------------------------------------------- payouts

std::int64_t Treasury::net_of(const Account& of) const {
    std::int64_t net = 0;
    for (const auto number : of.unpaid) net += lines_[number].line.net_minor;
    return net;
}

void Treasury::pay_out() {
    collect();
    // While lines are added the map stays as it is: they are of accounts that are in it.
    for (auto& [key, of] : accounts_) {
        take_back(of, false);
        if (of.unpaid.empty()) continue;
        add_business(of);
        if (of.processor == Processor::simplepay)
            close_report(of);
        else
            close_payout(of);
    }
    write_list_of_payouts();
}

// A payout that was paid has failed: its money is on the balance again.
void Treasury::take_back(Account& of, bool is_last) {
    for (const auto number : std::exchange(of.to_fail, {})) {
        auto& payout = payouts_[number];
        payout.has_failed = true;
        stage_.tell("the payout ", payout.id, " has failed");
        // While it is paid out to nobody, that it came back may be all that anybody says.
        payout.is_reversed = !is_last || random_.percent(60);
        if (payout.is_reversed)
            add_own(of, LineKind::payout_reversal, "payout_reversal", payout.id, payout.minor);
    }
}

ToldPayout& Treasury::pay(Account& of, std::string id, std::int64_t minor, Day arrival) {
    of.last_day = arrival;
    ToldPayout payout{of.processor, of.name, std::move(id), of.currency, minor, arrival};
    payout.lines = std::exchange(of.unpaid, {});
    for (const auto number : payout.lines) lines_[number].line.payout_id = payout.id;
    payouts_.push_back(std::move(payout));
    return payouts_.back();
}

// Now and then nothing is paid out for weeks.
std::chrono::days Treasury::days_off() {
    return std::chrono::days{random_.percent(15) ? random_.between(7, 28) : 0};
}

// A report pays what it holds; less than nothing is taken from the next.
void Treasury::close_report(Account& of) {
    const auto today = day_of(stage_.schedule.now());
    const auto day = std::max(today, of.last_day + std::chrono::days{1}) + days_off();
    const auto due = of.carry_minor + net_of(of);
    of.carry_minor = std::min<std::int64_t>(due, 0);
    const auto& payout = pay(of, "report_" + digits_of(day), std::max<std::int64_t>(due, 0), day);
    files_.push_back(simplepay_report(payout.id + ".csv", of.name, lines_of(payout.lines)));
    stage_.tell("SimplePay reports ", payout.lines.size(), " lines of ", of.name);
}

// Stripe pays whole forints; the rest waits for the next payout, as does less than nothing.
void Treasury::close_payout(Account& of) {
    const auto step = of.currency.step();
    const auto sum = of.carry_minor + net_of(of);
    if (sum < step) return;
    of.carry_minor = sum % step;
    const auto today = day_of(stage_.schedule.now());
    const auto arrival = banking_days_from(std::max(today, of.last_day), 2) + days_off();
    auto& payout = pay(of, numbered("po_", ++last_payout_), sum - of.carry_minor, arrival);
    stage_.tell("Stripe pays out ", payout.minor, " ", of.currency.code(), " as ", payout.id);
    if (errs(Mistake::payout_is_short)) {
        --payout.minor;
        expected_.push_back(
            {FindingKind::payout_does_not_add_up, payout.id, of.carry_minor + 1, of.currency}
        );
    } else if (random_.percent(12)) {
        of.to_fail.push_back(payouts_.size() - 1);
    }
    write_payout(payout);
}

std::vector<const ToldLine*> Treasury::lines_of(const std::vector<std::size_t>& numbers) const {
    std::vector<const ToldLine*> lines;
    for (const auto number : numbers) lines.push_back(&lines_[number]);
    return lines;
}

void Treasury::write_payout(const ToldPayout& payout) {
    const auto lines = lines_of(payout.lines);
    const bool is_listed = form_ == Form::list || form_ == Form::both;
    if (is_listed) files_.push_back(stripe_list(payout.account, payout.id, lines));
    if (form_ != Form::list)
        files_.push_back(stripe_report(payout, lines, form_ == Form::old_report));
}

void Treasury::write_list_of_payouts() {
    std::map<std::string, std::vector<const ToldPayout*>> by_account;
    for (const auto& payout : payouts_)
        if (payout.processor == Processor::stripe) by_account[payout.account].push_back(&payout);
    for (const auto& [name, payouts] : by_account) files_.push_back(stripe_payouts(name, payouts));
}

// What is on Stripe's balance and in no payout.
void Treasury::write_rest() {
    std::map<std::string, std::vector<const ToldLine*>> by_account;
    for (auto& [key, of] : accounts_) {
        take_back(of, true);
        for (const auto* told : lines_of(of.unpaid)) by_account[of.name].push_back(told);
    }
    for (const auto& [name, lines] : by_account) files_.push_back(stripe_list(name, "", lines));
}

// The reports of an account once more in one, which pays nothing: its name comes behind theirs.
void Treasury::write_overviews() {
    std::map<std::string, std::vector<std::size_t>> by_account;
    for (const auto& payout : payouts_)
        if (payout.processor == Processor::simplepay)
            std::ranges::copy(payout.lines, std::back_inserter(by_account[payout.account]));
    for (const auto& [name, numbers] : by_account)
        if (random_.percent(30))
            files_.push_back(simplepay_report("summary.csv", name, lines_of(numbers)));
}

void Treasury::close() {
    pay_out();
    write_rest();
    write_list_of_payouts();
    write_overviews();
    for (auto& statement : bank_.statements(payouts_, expected_))
        files_.push_back(std::move(statement));
}

std::map<AccountKey, Treasury::Sums> Treasury::sums() const {
    std::map<AccountKey, Sums> sums;
    for (const auto& [key, of] : accounts_) sums[key].left_minor = of.carry_minor;
    const auto of = [&](Processor processor, const std::string& name, Currency currency) -> Sums& {
        return sums[{processor, name, std::string{currency.code()}}];
    };
    for (const auto& told : lines_) {
        auto line = told.line;
        // A report has no parts of fees.
        const bool has_parts = form_ == Form::list || form_ == Form::both || line.payout_id.empty();
        if (line.processor == Processor::stripe && !has_parts) line.fee_parts.clear();
        auto& sum = of(line.processor, line.account, line.currency);
        count_fees(line, sum.fees_minor);
        if (line.kind == LineKind::payout_reversal)
            sum.returned_minor += line.net_minor;
        else if (line.kind == LineKind::reserve)
            sum.reserve_minor -= line.net_minor;
        else
            sum.net_minor += line.net_minor;
        if (line.payout_id.empty()) sum.left_minor += line.net_minor;
    }
    for (const auto& payout : payouts_) {
        auto& sum = of(payout.processor, payout.account, payout.currency);
        sum.paid_minor += payout.minor;
        ++sum.payouts;
        if (!payout.has_failed) continue;
        ++sum.returned;
        if (payout.is_reversed) continue;
        sum.returned_minor += payout.minor;
        sum.left_minor += payout.minor;
    }
    return sums;
}

}  // namespace payments::simulate
