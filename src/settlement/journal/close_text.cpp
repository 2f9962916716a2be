#include "settlement/journal/close_output.hpp"
#include "settlement/journal/output.hpp"
#include "support/times.hpp"
#include "support/utf8.hpp"

namespace payments::settlement::journal {
namespace {

// A page of 80 columns: what, how much, how many.
class ClosePage {
public:
    ClosePage(const MonthClose& close, const CloseRecord& record)
        : close_(close), record_(record) {}

    std::string write() {
        write_head();
        for (const auto& account : close_.accounts) write_account(account);
        for (const auto& reserve : close_.reserves) {
            begin(
                "Held in reserve by " + name_of(reserve.processor) + " " +
                    utf8::printable(reserve.account),
                reserve.currency
            );
            row("opening balance", reserve.opening_minor);
            last_row("closing balance", reserve.closing_minor);
        }
        for (const auto& transit : close_.transit) write_transit(transit);
        for (const auto& claims : close_.claims) write_claims(claims);
        write_unexplained();
        write_foot();
        return std::move(text_);
    }

private:
    static std::string name_of(Processor processor) {
        return processor == Processor::simplepay ? "SimplePay" : "Stripe";
    }

    void write_head() {
        text_ += "The month's close, " + month_text(close_.month) + " (" + date_text(close_.first) +
                 " to " + date_text(close_.last) + ")\n";
        const auto day = date_text(close_.ready_on);
        switch (close_.state) {
            case MonthState::running:
                text_ += "NOT CLOSED: the month has not ended";
                break;
            case MonthState::settling:
                text_ += "NOT CLOSED: it may still be settled and paid out until " + day;
                break;
            case MonthState::ready:
                text_ += "NOT CLOSED: ready to be closed since " + day;
                break;
            case MonthState::closed:
                text_ += "Closed on " + rfc3339(close_.closing->at) + " by " +
                         utf8::printable(close_.closing->by);
                break;
        }
        // A month is never called closed without what is left open in it.
        const auto open = close_.open_findings();
        if (open > 0)
            text_ += ", with " + std::to_string(open) +
                     (open == 1 ? " open finding" : " open findings");
        text_ += "\n";
        if (close_.closing && !close_.closing->reason.empty())
            text_ += "Reason: " + utf8::printable(close_.closing->reason) + "\n";
    }

    // As in the columns above it: with all decimals.
    static std::string amount_of(std::int64_t minor, Currency currency) {
        return amount_text({minor, currency}) + " " + std::string{currency.code()};
    }
    void begin(const std::string& title, Currency currency) {
        currency_ = currency;
        text_ += "\n" + title + ", " + std::string{currency.code()} + "\n";
    }
    void row(std::string_view label, std::int64_t minor, const std::string& note = "") {
        constexpr std::size_t end = 48;
        const auto digits = amount_text({minor, *currency_});
        const auto taken = 2 + label.size() + digits.size();
        text_.append("  ").append(label).append(taken < end ? end - taken : 1, ' ');
        text_ += digits + (note.empty() ? "" : "  " + note) + "\n";
    }
    void row(std::string_view label, const Tally& tally, std::string_view noun) {
        if (tally.count == 0 && tally.minor == 0) return;
        row(label, tally.minor,
            std::to_string(tally.count) + " " + std::string{noun} + (tally.count == 1 ? "" : "s"));
    }
    // What is not there needs no line.
    void some(std::string_view label, std::int64_t minor) {
        if (minor != 0) row(label, minor);
    }
    void last_row(std::string_view label, std::int64_t minor) {
        text_ += std::string(28, ' ') + std::string(20, '-') + "\n";
        row(label, minor);
    }

    void write_account(const AccountClose& account) {
        begin(
            "Held for us by " + name_of(account.processor) + " " + utf8::printable(account.account),
            account.currency
        );
        row("opening balance", account.opening_minor);
        row("captured", account.captured, "payment");
        row("refunded", account.refunded, "refund");
        row("refunds that came back", account.refunds_failed, "refund");
        row("disputed", account.disputed, "dispute");
        row("disputes won", account.disputes_won, "dispute");
        for (const auto& [kind, minor] : account.fees_minor) row("fee: " + kind, -minor);
        some("held in reserve, or released", account.reserve_minor);
        row("paid out", account.paid_out, "payout");
        row("payouts that came back", account.payouts_returned, "payout");
        some("NOT EXPLAINED", account.unexplained_minor);
        last_row("closing balance", account.closing_minor);
    }

    void write_transit(const TransitClose& transit) {
        begin("Paid out and not on the bank", transit.currency);
        row("opening balance", transit.opening_minor);
        row("paid out", transit.paid_out_minor);
        some("came back to the provider", -transit.returned_minor);
        row("on the bank", -transit.on_bank_minor);
        some("charged by the bank", -transit.bank_charges_minor);
        last_row("closing balance", transit.closing_minor);
    }

    void write_claims(const ClaimsClose& claims) {
        begin("Disputed and not decided", claims.currency);
        row("opening balance", claims.opening_minor);
        some("disputed", claims.disputed_minor);
        some("won", -claims.won_minor);
        some("lost", -claims.lost_minor);
        last_row("closing balance", claims.closing_minor);
    }

    void write_unexplained() {
        text_ += "\nNot explained until " + date_text(close_.last) + "\n";
        if (close_.unexplained.empty()) text_ += "  nothing\n";
        for (const auto& [currency, open, accepted, opening, closing] : close_.unexplained) {
            text_ += "  " + amount_of(open.minor, currency) + " in " + std::to_string(open.count) +
                     (open.count == 1 ? " finding" : " findings");
            if (accepted.count > 0)
                text_ += "; accepted: " + amount_of(accepted.minor, currency) + " in " +
                         std::to_string(accepted.count);
            if (opening != 0 || closing != 0)
                text_ += "; in suspense: " + amount_of(opening, currency) + " at the beginning, " +
                         amount_of(closing, currency) + " at the end";
            text_ += "\n";
        }
        for (const auto& [finding, day] : close_.findings)
            if (!finding.is_accepted)
                text_ += "  " + finding.key + " " + date_text(day) + " " +
                         std::string{name(finding.kind)} + " " + utf8::printable(finding.subject) +
                         ": " + amount_of(finding.minor, finding.currency) + "\n";
    }

    void write_foot() {
        text_ += "\n" + std::to_string(close_.movements) +
                 (close_.movements == 1 ? " movement" : " movements");
        if (close_.corrections > 0)
            text_ += ", " + std::to_string(close_.corrections) + " of them corrections of before";
        text_ += "; SHA-256 of their table\n  " + close_.books_sha256 + "\nMade of " +
                 std::to_string(record_.files) +
                 (record_.files == 1 ? " file as of " : " files as of ") + rfc3339(record_.as_of) +
                 "; SHA-256 of theirs\n  " + record_.files_sha256 + "\n";
    }

    const MonthClose& close_;
    const CloseRecord& record_;
    std::optional<Currency> currency_;
    std::string text_;
};

}  // namespace

std::string text_of(const MonthClose& close, const CloseRecord& record) {
    return ClosePage{close, record}.write();
}

}  // namespace payments::settlement::journal
