#include "settlement/report_output.hpp"
#include "settlement/sums.hpp"
#include "support/times.hpp"
#include "support/utf8.hpp"

namespace payments::settlement {
namespace {

std::string_view words_of(Processor processor) {
    return processor == Processor::simplepay ? "SimplePay" : "Stripe";
}

std::string_view words_of(PayoutState state) {
    switch (state) {
        case PayoutState::paid_out:
            return "on the bank";
        case PayoutState::missing:
            return "NOT ON THE BANK";
        case PayoutState::returned:
            return "came back";
        default:
            return "on the way";
    }
}

std::string counted(const Tally& tally, std::size_t count_of_one, std::string_view noun) {
    return std::to_string(tally.count) + " " + std::string{noun} +
           (tally.count == count_of_one ? "" : "s");
}

// Writes lines about one account and its currency.
class AccountText {
public:
    AccountText(const AccountKey& key, const AccountReport& account, std::string& text)
        : currency_(*Currency::of(key.currency)), account_(account), text_(text) {
        text_ += "\n" + std::string{words_of(key.processor)} + " " + utf8::printable(key.account) +
                 " " + key.currency + "\n";
    }

    void write() {
        tally("captured", account_.captured, "payment");
        tally("given back", account_.refunded, "refund");
        tally("came back", account_.refunds_failed, "refund");
        tally("disputed", account_.disputed, "dispute");
        tally("won", account_.disputes_won, "dispute");
        tally("waiting to be settled", account_.waiting, "movement");
        tally("overdue", account_.overdue, "movement");
        for (const auto& [kind, minor] : account_.fees_minor) row("fee: " + kind, amount(minor));
        for (const auto& payout : account_.payouts) write_payout(payout);
        write_balance();
        write_control();
    }

private:
    std::string amount(std::int64_t minor) const { return signed_decimal(minor, currency_); }

    void row(std::string_view label, const std::string& value) {
        text_.append("  ").append(label);
        text_.append(label.size() < 24 ? 24 - label.size() : 1, ' ').append(value) += '\n';
    }
    void tally(std::string_view label, const Tally& tally, std::string_view noun) {
        if (tally.count > 0) row(label, amount(tally.minor) + " in " + counted(tally, 1, noun));
    }

    void write_payout(const PayoutReport& payout) {
        auto value = amount(payout.amount_minor) + " " + std::string{words_of(payout.state)};
        if (payout.arrival) value += ", due " + rfc3339(Time{*payout.arrival}).substr(0, 10);
        row("payout " + utf8::printable(payout.payout_id), value);
        row("", counted({payout.lines, 0}, 1, "line") + ": gross " + amount(payout.gross_minor) +
                    " - fees " + amount(payout.fee_minor) + " = net " + amount(payout.net_minor));
        if (payout.carry_in_minor != 0 || payout.carry_out_minor != 0)
            row("", "carried in " + amount(payout.carry_in_minor) + ", carried on " +
                        amount(payout.carry_out_minor));
        if (payout.bank_minor && *payout.bank_minor != payout.amount_minor)
            row("", "the bank booked " + amount(*payout.bank_minor) + " and charged " +
                        amount(payout.bank_charges_minor));
        if (!payout.adds_up) row("", "DOES NOT ADD UP");
    }

    void write_balance() {
        const bool any = account_.lines > 0 || !account_.payouts.empty();
        if (!any) return;
        row("at the provider", amount(account_.carry_minor) + " left of payouts, " +
                                   amount(account_.unpaid_minor) + " not paid out yet, " +
                                   amount(account_.reserve_minor) + " in reserve");
    }

    void write_control() {
        row("control: payments",
            amount(account_.facts_minor()) + " = " + amount(account_.customer_lines.minor) +
                " settled + " + amount(account_.waiting.minor) + " waiting + " +
                amount(account_.overdue.minor) + " overdue - " + amount(account_.unknown.minor) +
                " unknown + " + amount(account_.differences_minor) +
                " differences; left over: " + amount(account_.facts_left_over()));
        row("control: balance",
            amount(account_.net_minor) + " net - " + amount(account_.paid_minor) + " paid out + " +
                amount(account_.returned_minor) + " returned = " +
                amount(
                    plus(plus(account_.carry_minor, account_.unpaid_minor), account_.reserve_minor)
                ) +
                " at the provider + " + amount(account_.payout_differences_minor) +
                " differences; left over: " + amount(account_.balance_left_over()));
    }

    const Currency currency_;
    const AccountReport& account_;
    std::string& text_;
};

void write_files(std::span<const TakenFile> files, std::string& text) {
    for (const auto& [name, format, account, counts] : files)
        text += "  " + utf8::printable(name) + " (" + format + ", " + utf8::printable(account) +
                "): " + std::to_string(counts.added) + " new, " + std::to_string(counts.known) +
                " known, " + std::to_string(counts.conflicting) + " conflicting, " +
                std::to_string(counts.skipped) + " skipped\n";
}

void write_findings(const Report& report, std::string& text) {
    text += "\nFindings: " +
            (report.findings.empty() ? "none" : std::to_string(report.findings.size())) + "\n";
    for (const auto& finding : report.findings) {
        text += "  " + finding.key + " " + std::string{name(finding.kind)} + " " +
                utf8::printable(finding.subject) + ": " + readable(finding.minor, finding.currency);
        if (!finding.account.empty())
            text += " (" + finding.processor + (finding.processor.empty() ? "" : " ") +
                    utf8::printable(finding.account) + ")";
        text += finding.is_accepted ? ", accepted\n" : "\n";
        text += "    " + utf8::printable(finding.detail) + "\n";
    }
    text += "Unexplained:";
    for (const auto& [currency, minor] : report.unexplained_minor)
        text += " " + readable(minor, *Currency::of(currency));
    text += report.unexplained_minor.empty() ? " nothing\n" : "\n";
}

}  // namespace

std::string text_of(const Report& report, std::span<const TakenFile> files, Time as_of) {
    std::string text = "Settlements as of " + rfc3339(as_of) + "\n";
    write_files(files, text);
    for (const auto& [key, account] : report.accounts) AccountText{key, account, text}.write();
    if (!report.banks.empty()) text += "\n";
    for (const auto& [account, bank] : report.banks)
        text += "Bank " + utf8::printable(account) + ": " + std::to_string(bank.entries) +
                " entries, " + std::to_string(bank.matched) + " of them payouts, " +
                std::to_string(bank.cancelled) + " reversed, " + std::to_string(bank.not_ours) +
                " not of the providers, " + std::to_string(bank.unknown) + " unknown\n";
    write_findings(report, text);
    return text;
}

}  // namespace payments::settlement
