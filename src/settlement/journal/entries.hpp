#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "settlement/journal/writers.hpp"

// A journal as entries of plain text accounting: what hledger, ledger and beancount have in common
// (docs/settlements.md, 9).
namespace payments::settlement::journal {

struct Posting {
    std::string_view account;
    Amount amount;  // more than 0: debited
    // What the other postings are in: what the whole amount came to, more than 0.
    std::optional<Amount> cost{};
};

struct Tag {
    std::string_view key;  // "provider_id"
    std::string value;     // of letters of ASCII, digits and "_.-"
};

struct Entry {
    Day day;
    std::string code;   // of letters of ASCII, digits and "_.-"
    std::string payee;  // in words of ours alone
    std::vector<Tag> tags{};
    std::vector<Posting> postings{};  // debits first; their sum is 0, at cost
};

// The bookings of the journal, in their order. Fees of a payout are one entry, and what the bank
// charged stands with the payout. For one thread; throws as SortedBookings.
class EntryReader {
public:
    // `journal` outlives it, and stays where it is.
    explicit EntryReader(const Journal& journal)
        : bookings_(journal.bookings), next_(bookings_.next()), entry_{journal.first, {}, {}} {}

    // Lives until the next call. Nothing at the end.
    const Entry* next();

private:
    void read_entry();

    SortedBookings::Reader bookings_;
    const Booking* next_;  // that does not belong to an entry yet
    Entry entry_;
};
// A file made of entries, behind its head: what is declared, the balances it begins with, the
// entries, the balances it ends with.
class EntriesFile : public JournalFile {
public:
    std::string next() final;

protected:
    explicit EntriesFile(const Journal& journal) : journal_(journal), entries_(journal) {}

    const Journal& journal_;
    std::string text_;  // that is not handed on yet

private:
    virtual void declare() = 0;
    virtual void write_entry(const Entry& entry) = 0;
    virtual void write_closing() = 0;

    EntryReader entries_;
    bool is_begun_ = false, is_done_ = false;
};

// What the balance sheet begins with; nothing where it begins with 0.
std::optional<Entry> opening_entry(const Journal& journal);

// All that the file names, sorted.
std::vector<std::string_view> accounts_of(const Journal& journal);
std::vector<Currency> currencies_of(const Journal& journal);

inline constexpr std::size_t posting_columns = 54;  // behind the indentation
inline constexpr std::string_view tag_keys[] = {"fee_type", "kind", "provider", "provider_id"};

}  // namespace payments::settlement::journal
