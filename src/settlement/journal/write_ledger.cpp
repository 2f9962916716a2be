#include "settlement/journal/write_ledger.hpp"

#include "settlement/journal/accounts.hpp"
#include "settlement/journal/entries.hpp"
#include "settlement/journal/output.hpp"

namespace payments::settlement::journal {
namespace {

class LedgerText final : public EntriesFile {
public:
    LedgerText(const Journal& journal, bool is_hledger)
        : EntriesFile(journal), is_hledger_(is_hledger) {}

private:
    void declare() override {
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

    void write_entry(const Entry& entry) override {
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
    }

    // Whoever changes an entry is told by the program that reads the file.
    void write_closing() override {
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

    const bool is_hledger_;
};

}  // namespace

std::string ledger_head(bool is_hledger) {
    return std::string{"; ozora-payments export, "} + (is_hledger ? "hledger" : "ledger") +
           "; amounts with ISO decimals, HUF too\n";
}

std::unique_ptr<JournalFile> ledger_file(const Journal& journal, bool is_hledger) {
    return std::make_unique<LedgerText>(journal, is_hledger);
}

}  // namespace payments::settlement::journal
