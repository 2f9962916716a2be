#include "settlement/journal/write_csv.hpp"

#include <algorithm>
#include <iterator>
#include <utility>

#include "settlement/journal/accounts.hpp"
#include "settlement/journal/output.hpp"
#include "support/csv.hpp"

namespace payments::settlement::journal {
namespace {

constexpr std::string_view columns[] = {
    "row_id",      "date",          "kind",           "reference",
    "ticket_id",   "fee_type",      "provider",       "account",
    "provider_id", "payout_id",     "currency",       "gross",
    "fee",         "net",           "debit_account",  "credit_account",
    "note",        "facing_amount", "facing_currency"};

// What a spreadsheet would read as a number or a day, and show as another one: 007, 4E5, 1.5, more
// than 15 digits. Plain numbers may be numbers, as SimplePay's ids are.
bool is_read_otherwise(std::string_view words) {
    const auto is_digit = [](char c) { return c >= '0' && c <= '9'; };
    if (words.empty() || words.find_first_not_of("0123456789.,:/-eE %") != words.npos ||
        std::ranges::none_of(words, is_digit))
        return false;
    const bool is_plain = std::ranges::all_of(words, is_digit) && words.size() <= 15 &&
                          (words.front() != '0' || words.size() == 1);
    return !is_plain;
}

class CsvLines final : public JournalFile {
public:
    CsvLines(const Journal& journal, bool is_hungarian)
        : journal_(journal), bookings_(journal.bookings), is_hungarian_(is_hungarian) {
        // Forints are whole where all of them are.
        is_whole_ = is_hungarian && journal.is_whole &&
                    std::ranges::all_of(journal.balances, [](const Balance& b) {
                        return is_whole({b.opening_minor, b.currency}) &&
                               is_whole({b.closing_minor, b.currency});
                    });
        for (const auto& balance : journal_.balances) write_balance(balance, true);
    }

    std::string next() override {
        while (line_.size() < piece_bytes && !is_done_) {
            if (const auto* booking = bookings_.next()) {
                write_booking(*booking);
                continue;
            }
            is_done_ = true;
            for (const auto& balance : journal_.balances) write_balance(balance, false);
        }
        return std::exchange(line_, {});
    }

private:
    void begin_field() {
        if (!is_first_) line_ += is_hungarian_ ? ';' : ',';
        is_first_ = false;
    }
    void text(std::string_view words) {
        begin_field();
        if (is_read_otherwise(words)) line_ += '\'';
        append_csv_text(line_, words);
    }
    void number(std::int64_t number) {
        begin_field();
        if (number != 0) line_ += std::to_string(number);
    }
    void amount(Amount amount) {
        begin_field();
        const auto decimals = is_whole_ ? 0 : amount.currency.decimals();
        append_amount(line_, amount, decimals, is_hungarian_ ? ',' : '.');
    }
    void day(Day day) {
        begin_field();
        append_day(line_, day, is_hungarian_ ? '.' : '-');
        if (is_hungarian_) line_ += '.';
    }
    void nothing(int fields) {
        for (int i = 0; i < fields; ++i) begin_field();
    }
    void end() {
        line_ += is_hungarian_ ? "\r\n" : "\n";
        is_first_ = true;
    }

    void write_booking(const Booking& booking) {
        text(row_id(booking));
        day(booking.day);
        text(name(booking.kind));
        text(booking.reference);
        number(booking.ticket_id);
        text(booking.fee_type);
        text(provider_word(booking.processor));
        text(booking.account);
        text(booking.provider_id);
        text(booking.payout_id);
        const auto currency = booking.amount.currency;
        text(currency.code());
        const bool is_cost =
            booking.kind == BookingKind::fee || booking.kind == BookingKind::bank_charge;
        amount({is_cost ? 0 : booking.amount.minor, currency});
        amount({is_cost ? -booking.amount.minor : 0, currency});
        amount(booking.amount);
        text(booking.debit);
        text(booking.credit);
        note(booking);
        if (booking.facing) {
            begin_field();
            append_amount(
                line_, *booking.facing, booking.facing->currency.decimals(),
                is_hungarian_ ? ',' : '.'
            );
            text(booking.facing->currency.code());
        } else {
            nothing(2);
        }
        end();
    }

    void note(const Booking& booking) {
        const bool has_detail =
            booking.kind == BookingKind::fee || booking.kind == BookingKind::unexplained;
        auto words = text_of(booking);
        if (has_detail && !booking.detail.empty()) words.append(": ").append(booking.detail);
        text(words);
    }

    // What an account has: it books nothing, so that there is no account on the other side.
    void write_balance(const Balance& balance, bool is_opening) {
        const auto minor = is_opening ? balance.opening_minor : balance.closing_minor;
        if (minor == 0 && !is_clearing(balance.account)) return;
        const std::string_view kind = is_opening ? "opening" : "carry";
        auto id = std::string{kind} + "-" + std::string{balance.account} + "-" +
                  std::string{balance.currency.code()};
        text(id);
        day(is_opening ? journal_.first : journal_.last);
        text(kind);
        nothing(7);
        text(balance.currency.code());
        nothing(2);
        amount({minor, balance.currency});
        text(balance.account);
        nothing(1);
        text(is_opening ? "Opening balance" : "Closing balance");
        nothing(2);
        end();
    }

    const Journal& journal_;
    SortedBookings::Reader bookings_;
    const bool is_hungarian_;
    bool is_whole_ = false, is_done_ = false;
    std::string line_;
    bool is_first_ = true;
};

}  // namespace

std::string csv_head(bool is_hungarian) {
    std::string head = is_hungarian ? "\xef\xbb\xbf" : "";
    for (const auto& name : columns) {
        if (&name != std::begin(columns)) head += is_hungarian ? ';' : ',';
        head += name;
    }
    return head + (is_hungarian ? "\r\n" : "\n");
}

std::unique_ptr<JournalFile> csv_file(const Journal& journal, bool is_hungarian) {
    return std::make_unique<CsvLines>(journal, is_hungarian);
}

}  // namespace payments::settlement::journal
