#include "settlement/journal/write_beancount.hpp"

#include <algorithm>
#include <set>

#include "settlement/journal/accounts.hpp"
#include "settlement/journal/entries.hpp"
#include "settlement/journal/output.hpp"

namespace payments::settlement::journal {
namespace {

class BeancountText final : public EntriesFile {
public:
    explicit BeancountText(const Journal& journal) : EntriesFile(journal) {}

private:
    void declare() override {
        std::set<std::string_view> settled_in;
        for (const auto& balance : journal_.balances)
            if (is_clearing(balance.account)) settled_in.insert(balance.currency.code());
        for (const auto code : settled_in)
            text_.append("option \"operating_currency\" \"").append(code).append("\"\n");
        for (const auto account : accounts_of(journal_)) {
            append_day(text_, journal_.first);
            text_ += " open " + beancount_account(account) + "\n";
        }
    }

    void write_entry(const Entry& entry) override {
        text_ += '\n';
        append_day(text_, entry.day);
        text_.append(" * \"").append(entry.payee).append("\" \"").append(entry.code);
        text_.append("\" ^").append(entry.code).append("\n");
        for (const auto& tag : entry.tags) {
            std::string key{tag.key};
            std::ranges::replace(key, '_', '-');
            text_.append("  ").append(key).append(": \"").append(tag.value).append("\"\n");
        }
        for (const auto& posting : entry.postings) {
            text_ += "  ";
            append_posting(
                text_, beancount_account(posting.account), posting.amount, posting_columns
            );
            if (posting.cost)
                text_.append(" @@ ")
                    .append(amount_text(*posting.cost))
                    .append(" ")
                    .append(posting.cost->currency.code());
            text_ += '\n';
        }
    }

    // What is written with decimals would be taken with one more at the last digit, so that it has
    // to be said that nothing is. Balances are those before the day begins.
    void write_closing() override {
        bool has_begun = false;
        for (const auto& balance : journal_.balances) {
            if (!is_clearing(balance.account)) continue;
            if (!has_begun) text_ += '\n';
            has_begun = true;
            append_day(text_, journal_.last + std::chrono::days{1});
            text_ += " balance ";
            const Amount closing{balance.closing_minor, balance.currency};
            const auto account = beancount_account(balance.account);
            append_posting(text_, account, closing, 45);
            text_.erase(text_.size() - 3);
            text_ += "~ " + amount_text({0, balance.currency}) + " ";
            text_.append(balance.currency.code()).append("\n");
        }
    }
};

}  // namespace

std::string beancount_head() { return "option \"title\" \"ozora-payments export\"\n"; }

std::unique_ptr<JournalFile> beancount_file(const Journal& journal) {
    return std::make_unique<BeancountText>(journal);
}

}  // namespace payments::settlement::journal
