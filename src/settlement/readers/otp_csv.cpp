#include <algorithm>

#include "settlement/readers/amount.hpp"
#include "settlement/readers/charset.hpp"
#include "settlement/readers/days.hpp"
#include "settlement/readers/delimited.hpp"
#include "settlement/readers/readers.hpp"
#include "support/text.hpp"

// The table that OTP's internet bank exports (docs/bank_statements.md, 4).
namespace payments::settlement {
namespace {

// Columns, counted from 0.
namespace otp {
enum : std::size_t {
    account,
    direction,
    amount,
    currency,
    booked,
    valued,
    partner_account = 7,
    partner,
    first_text,
    last_text = 11,
    type  // stays last: files may have more columns
};
}

class OtpCsv {
public:
    explicit OtpCsv(std::string_view text) : rows_(text, {.separator = ';'}) {
        file_.format = Format::otp_csv;
    }

    Result<ParsedFile> read() {
        while (!mistakes_.are_enough()) {
            auto row = rows_.next();
            if (!row) mistakes_.add(row.error());
            if (!row || !*row) break;
            if ((*row)->fields.size() > otp::type)
                read_row(**row);
            else
                mistakes_.add({(*row)->line, 0}, "the row has fewer than 13 fields");
        }
        if (mistakes_.are_there()) return mistakes_.error();
        if (file_.statements.empty() && file_.skipped == 0) return misread({}, "the file is empty");
        return std::move(file_);
    }

private:
    void mistake(const Row& row, std::size_t column, std::string_view why) {
        mistakes_.add(row.place_of(column), why);
    }

    void read_row(const Row& row) {
        const auto money = read_currency(row.fields[otp::currency]);
        if (!money) return mistake(row, otp::currency, money.error().detail);
        const auto minor = read_minor(row, *money);
        if (!check_account(row) || !minor) return;
        if (row.fields[otp::booked].empty() && row.fields[otp::valued].empty()) {
            ++file_.skipped;  // a payment by card that comes again with its day
            return;
        }
        const auto day = read_day(row.fields[otp::booked]);
        if (!day)
            return mistake(
                row, otp::booked,
                "the day, " + shown_number(row.fields[otp::booked]) + ", is not YYYYMMDD"
            );
        auto& statement = statement_of(std::string{row.fields[otp::account]}, *money);
        statement.from = std::min(statement.from.value_or(*day), *day);
        statement.to = std::max(statement.to.value_or(*day), *day);
        BankLine line{.minor = *minor, .booked = *day, .row = row.line};
        line.payer = row.fields[otp::partner];
        line.payer_account = row.fields[otp::partner_account];
        for (std::size_t i = otp::first_text; i <= otp::last_text; ++i) {
            const auto part = text::trim(row.fields[i]);
            if (!part.empty()) line.text.append(line.text.empty() ? "" : " ").append(part);
        }
        statement.lines.push_back(std::move(line));
    }

    std::optional<std::int64_t> read_minor(const Row& row, Currency money) {
        const auto words = row.fields[otp::amount];
        const auto read = read_amount(words, money, {});
        if (!read) {
            mistake(
                row, otp::amount, "the amount, " + shown_number(words) + ", " + read.error().detail
            );
            return {};
        }
        const auto way = row.fields[otp::direction];
        const bool is_out = way == "T";
        if (!is_out && way != "J") {
            mistake(row, otp::direction, "must be T or J");
            return {};
        }
        if (*read == 0 || is_out == (*read < 0)) return *read;
        mistake(row, otp::amount, "the sign of the amount is not that of " + std::string{way});
        return {};
    }

    bool check_account(const Row& row) {
        const auto number = row.fields[otp::account];
        const bool is_number = (number.size() == 16 || number.size() == 24) &&
                               number.find_first_not_of("0123456789") == number.npos;
        if (!is_number) mistake(row, otp::account, "must be an account number of 16 or 24 digits");
        return is_number;
    }

    Statement& statement_of(const std::string& number, Currency money) {
        const auto found = std::ranges::find_if(file_.statements, [&](const Statement& statement) {
            return statement.account == number && statement.currency == money;
        });
        if (found != file_.statements.end()) return *found;
        file_.statements.push_back({.account = number, .currency = money});
        return file_.statements.back();
    }

    DelimitedReader rows_;
    Mistakes mistakes_;
    ParsedFile file_;
};

}  // namespace

Result<ParsedFile> read_otp_csv(std::string_view bytes, const ReadOptions&) {
    const auto text = to_utf8(bytes);
    if (!text) return text.error();
    return OtpCsv{*text}.read();
}

}  // namespace payments::settlement
