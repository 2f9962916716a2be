#include "settlement/journal/accounts.hpp"
#include "settlement/journal/close_output.hpp"
#include "settlement/journal/output.hpp"
#include "support/csv.hpp"

namespace payments::settlement::journal {
namespace {

class CloseRows {
public:
    explicit CloseRows(const MonthClose& close) : close_(close), month_(month_text(close.month)) {}

    std::string write() {
        text_ = "month,section,provider,account,currency,item,count,amount\n";
        for (const auto& account : close_.accounts) write_account(account);
        for (const auto& reserve : close_.reserves) {
            about("reserve", provider_word(reserve.processor), reserve.account, reserve.currency);
            row("opening", reserve.opening_minor);
            row("closing", reserve.closing_minor);
        }
        for (const auto& transit : close_.transit) {
            about("in_transit", "", "", transit.currency);
            row("opening", transit.opening_minor);
            row("paid_out", transit.paid_out_minor);
            row("returned", -transit.returned_minor);
            row("on_bank", -transit.on_bank_minor);
            row("bank_charges", -transit.bank_charges_minor);
            row("closing", transit.closing_minor);
        }
        for (const auto& claims : close_.claims) {
            about("claims", "", "", claims.currency);
            row("opening", claims.opening_minor);
            row("disputed", claims.disputed_minor);
            row("won", -claims.won_minor);
            row("lost", -claims.lost_minor);
            row("closing", claims.closing_minor);
        }
        for (const auto& unexplained : close_.unexplained) {
            about("unexplained", "", "", unexplained.currency);
            row("open", unexplained.open);
            row("accepted", unexplained.accepted);
            row("suspense_opening", unexplained.suspense_opening_minor);
            row("suspense_closing", unexplained.suspense_closing_minor);
        }
        return std::move(text_);
    }

private:
    // Whose the next rows are.
    void about(
        std::string_view section, std::string_view provider, std::string_view account,
        Currency currency
    ) {
        currency_ = currency;
        head_ = month_;
        for (const auto word : {section, provider, account, currency.code()}) {
            head_ += ',';
            append_csv_text(head_, word);
        }
    }
    void row(std::string_view item, std::int64_t minor, const std::string& count = "") {
        text_.append(head_).append(",");
        append_csv_text(text_, item);
        text_.append(",").append(count).append(",");
        text_.append(amount_text({minor, *currency_})).append("\n");
    }
    void row(std::string_view item, const Tally& tally) {
        row(item, tally.minor, std::to_string(tally.count));
    }

    void write_account(const AccountClose& account) {
        about("provider", provider_word(account.processor), account.account, account.currency);
        row("opening", account.opening_minor);
        row("captured", account.captured);
        row("refunded", account.refunded);
        row("refunds_failed", account.refunds_failed);
        row("disputed", account.disputed);
        row("disputes_won", account.disputes_won);
        for (const auto& [kind, minor] : account.fees_minor) row("fee: " + kind, -minor);
        row("reserve", account.reserve_minor);
        row("paid_out", account.paid_out);
        row("payouts_returned", account.payouts_returned);
        row("unexplained", account.unexplained_minor);
        row("closing", account.closing_minor);
    }

    const MonthClose& close_;
    const std::string month_;
    std::optional<Currency> currency_;
    std::string head_, text_;
};

}  // namespace

std::string csv_of(const MonthClose& close) { return CloseRows{close}.write(); }

}  // namespace payments::settlement::journal
