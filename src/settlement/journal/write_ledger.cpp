#include "settlement/journal/write_ledger.hpp"

#include "settlement/journal/accounts.hpp"
#include "settlement/journal/entries.hpp"
#include "settlement/journal/output.hpp"

namespace payments::settlement::journal {
namespace {

class LedgerText {
public:
    LedgerText(const Journal& journal, bool is_hledger, std::ostream& out)
        : journal_(journal), is_hledger_(is_hledger), output_(out), text_(output_.text()) {}

    void write() {
        text_ += is_hledger_ ? "; ozora-payments export, hledger; "
                             : "; ozora-payments export, ledger; ";
        text_ += "amounts with ISO decimals, HUF too\n";
        declare();
        if (const auto opening = opening_entry(journal_)) write_entry(*opening);
        for_each_entry(journal_, [this](const Entry& entry) { write_entry(entry); });
        write_closing();
    }

private:
    void declare() {
        for (const auto currency : currencies_of(journal_)) {
            std::string form = "1000.";
            form.append(static_cast<std::size_t>(currency.decimals()), '0');
            // Without decimals one of them wants the point and the other does not.
            if (!is_hledger_ && currency.decimals() == 0) form.pop_back();
            const std::string code{currency.code()};
            text_ += is_hledger_ ? "commodity " + form + " " + code + "\n"
                                 : "commodity " + code + "\n    format " + form + " " + code + "\n";
        }
        for (const auto account : accounts_of(journal_))
            text_.append("account ").append(account).append("\n");
        if (is_hledger_) return;
        for (const auto key : tag_keys) text_.append("tag ").append(key).append("\n");
    }

    void write_entry(const Entry& entry) {
        text_ += '\n';
        append_day(text_, entry.day);
        text_.append(" * (").append(entry.code).append(") ").append(entry.payee);
        std::string_view before = "  ; ";
        for (const auto& [key, value] : entry.tags) {
            text_.append(is_hledger_ ? before : "\n    ; ").append(key);
            text_.append(is_hledger_ ? ":" : ": ").append(value);
            before = ", ";
        }
        text_ += '\n';
        for (const auto& posting : entry.postings) {
            text_ += "    ";
            append_posting(text_, posting.account, posting.amount, posting_columns);
            if (posting.cost) {
                text_ += " @@ ";
                append_amount(text_, *posting.cost, posting.cost->currency.decimals());
                text_.append(" ").append(posting.cost->currency.code());
            }
            text_ += '\n';
        }
        output_.pause();
    }

    // Whoever changes an entry is told by the program that reads the file.
    void write_closing() {
        bool has_begun = false;
        for (const auto& balance : journal_.balances) {
            if (!is_clearing(balance.account)) continue;
            if (!has_begun) {
                text_ += '\n';
                append_day(text_, journal_.last);
                text_ += " * (carry) What the providers still hold\n";
                has_begun = true;
            }
            text_ += "    ";
            append_posting(text_, balance.account, {0, balance.currency}, posting_columns);
            text_ += " = " + amount_text({balance.closing_minor, balance.currency}) + " ";
            text_.append(balance.currency.code()).append("\n");
        }
    }

    const Journal& journal_;
    const bool is_hledger_;
    Output output_;
    std::string& text_;
};

}  // namespace

void write_ledger(const Journal& journal, bool is_hledger, std::ostream& out) {
    LedgerText{journal, is_hledger, out}.write();
}

}  // namespace payments::settlement::journal
