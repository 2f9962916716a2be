#include <algorithm>
#include <map>

#include "settlement/readers/amount.hpp"
#include "settlement/readers/charset.hpp"
#include "settlement/readers/days.hpp"
#include "settlement/readers/header.hpp"
#include "settlement/readers/readers.hpp"
#include "settlement/readers/stripe_words.hpp"
#include "support/text.hpp"

// Stripe's payout reconciliation and balance reports (docs/providers/stripe.md, 14.5).
namespace payments::settlement {
namespace {

struct Columns {
    Column id, currency, gross, fee, net, category;  // every file has these
    Column payout, arrival, arrival_utc, source, charge, payment, trace;
    Column facing_amount, facing_currency, created, created_utc;
    Column payment_number, refund_number;
};

class StripeCsv {
public:
    StripeCsv(std::string_view text, const ReadOptions& options)
        : rows_(text, {}), options_(options) {
        file_.format = Format::stripe_csv;
    }

    Result<ParsedFile> read() {
        auto first = rows_.next();
        if (!first) return first.error();
        if (!*first) return misread({}, "the file is empty");
        find_columns(Header{**first}, (*first)->line);
        if (mistakes_.are_there()) return mistakes_.error();
        const auto width = (*first)->fields.size();
        while (!mistakes_.are_enough()) {
            auto row = rows_.next();
            if (!row) mistakes_.add(row.error());
            if (!row || !*row) break;
            if ((*row)->fields.size() == width)
                read_row(**row);
            else
                mistakes_.add(
                    {(*row)->line, 0}, "the row has " + std::to_string((*row)->fields.size()) +
                                           " fields, the header has " + std::to_string(width)
                );
        }
        if (mistakes_.are_there()) return mistakes_.error();
        if (file_.lines.empty() && file_.payouts.empty() && !options_.may_be_empty)
            return misread({}, "the file has no line but its header");
        return std::move(file_);
    }

private:
    void find_columns(const Header& header, std::size_t line) {
        struct Wanted {
            Column Columns::*place;
            std::string_view label;
            bool is_needed;
        };
        static constexpr Wanted wanted[] = {
            {&Columns::id, "balance_transaction_id", true},
            {&Columns::currency, "currency", true},
            {&Columns::gross, "gross", true},
            {&Columns::fee, "fee", true},
            {&Columns::net, "net", true},
            {&Columns::category, "reporting_category", true},
            {&Columns::payout, "automatic_payout_id", false},
            {&Columns::arrival, "automatic_payout_effective_at", false},
            {&Columns::arrival_utc, "automatic_payout_effective_at_utc", false},
            {&Columns::source, "source_id", false},
            {&Columns::charge, "charge_id", false},
            {&Columns::payment, "payment_intent_id", false},
            {&Columns::trace, "trace_id", false},
            {&Columns::facing_amount, "customer_facing_amount", false},
            {&Columns::facing_currency, "customer_facing_currency", false},
            {&Columns::created, "created", false},
            {&Columns::created_utc, "created_utc", false},
            {&Columns::payment_number, "payment_metadata[transaction_id]", false},
            {&Columns::refund_number, "refund_metadata[transaction_id]", false},
        };
        for (const auto& [place, label, is_needed] : wanted) {
            const auto found = header.find(label);
            if (!found)
                mistakes_.add({line, 0}, found.error().detail);
            else if (columns_.*place = *found; is_needed && !*found)
                mistakes_.add({line, 0}, "the column '" + std::string{label} + "' is missing");
        }
    }

    // Nothing, and a mistake, when the cell holds no amount.
    std::optional<std::int64_t> amount(
        const Row& row, Column column, std::string_view what, Currency currency
    ) {
        const auto text = cell(row, column);
        const auto mark = text.find_first_of(".,");
        if (mark != text.npos) {
            if (decimal_ == '\0') decimal_ = text[mark];
            if (decimal_ != text[mark]) {
                mistake(row, column, "amounts are written with a point and with a comma");
                return {};
            }
        }
        const auto read =
            read_amount(text, currency, {.decimal = decimal_ == '\0' ? '.' : decimal_});
        if (read) return *read;
        mistake(
            row, column,
            "the " + std::string{what} + ", " + shown_number(text) + ", " + read.error().detail
        );
        return {};
    }

    void mistake(const Row& row, Column column, std::string_view why) {
        mistakes_.add(column ? row.place_of(*column) : Place{row.line, 0}, why);
    }

    void read_row(const Row& row) {
        const auto currency = read_currency(cell(row, columns_.currency));
        if (!currency) return mistake(row, columns_.currency, currency.error().detail);
        const auto gross = amount(row, columns_.gross, "gross", *currency);
        const auto fee = amount(row, columns_.fee, "fee", *currency);
        const auto net = amount(row, columns_.net, "net", *currency);
        const auto id = cell(row, columns_.id);
        if (id.empty()) mistake(row, columns_.id, "the line has no id");
        if (!gross || !fee || !net || id.empty()) return;

        const auto category = cell(row, columns_.category), source = cell(row, columns_.source);
        if (is_own_line_of_payout(category, source)) {
            note_payout(row, source, *currency, -*net);
            ++file_.skipped;
            return;
        }
        SettlementLine line{
            .processor = Processor::stripe,
            .account = account(),
            .kind = kind_of_category(category),
            .kind_as_written = std::string{category},
            .line_id = std::string{id},
            .source_id = std::string{source},
            .charge_id = std::string{cell(row, columns_.charge)},
            .payment_id = std::string{cell(row, columns_.payment)},
            .currency = *currency,
            .gross_minor = *gross,
            .fee_minor = *fee,
            .net_minor = *net,
            .row = row.line};
        // Without a column of its own.
        if (line.charge_id.empty() && is_charge_id(source)) line.charge_id = source;
        const auto number = cell(row, columns_.payment_number);
        line.reference = reference_of(number.empty() ? cell(row, columns_.refund_number) : number);
        read_facing(row, line);
        read_times(row, line);
        const auto payout = cell(row, columns_.payout);
        line.payout_id = payout.empty() ? options_.payout : std::string{payout};
        if (!line.payout_id.empty()) note_payout(row, line.payout_id, *currency, {});
        file_.lines.push_back(std::move(line));
    }

    void read_facing(const Row& row, SettlementLine& line) {
        if (cell(row, columns_.facing_amount).empty()) return;
        const auto currency = read_currency(cell(row, columns_.facing_currency));
        if (!currency) return mistake(row, columns_.facing_currency, currency.error().detail);
        const auto minor = amount(row, columns_.facing_amount, "customer facing amount", *currency);
        if (minor) line.facing = Amount{signed_as(line.gross_minor, *minor), *currency};
    }

    void read_times(const Row& row, SettlementLine& line) {
        const auto column = columns_.created_utc ? columns_.created_utc : columns_.created;
        line.at = cell(row, column);
        line.day = read_day_of_time(line.at);
        if (!line.at.empty() && !line.day)
            mistake(row, column, "the time, " + shown_number(line.at) + ", has no day");
    }

    // Once for each payout, whatever its lines repeat.
    void note_payout(
        const Row& row, std::string_view id, Currency currency, std::optional<std::int64_t> minor
    ) {
        const auto [place, is_new] = payouts_.emplace(std::string{id}, file_.payouts.size());
        if (is_new)
            file_.payouts.push_back(
                {.processor = Processor::stripe,
                 .account = account(),
                 .payout_id = std::string{id},
                 .currency = currency,
                 .row = row.line}
            );
        auto& payout = file_.payouts[place->second];
        if (payout.currency != currency)
            return mistake(
                row, columns_.currency, "the payout " + shown(id) + " has lines in two currencies"
            );
        if (minor) payout.amount_minor = minor;
        if (cell(row, columns_.payout) != id) return;
        payout.is_automatic = true;
        if (payout.trace_id.empty()) payout.trace_id = cell(row, columns_.trace);
        const auto column = columns_.arrival ? columns_.arrival : columns_.arrival_utc;
        const auto arrival = cell(row, column);
        if (arrival.empty()) return;
        payout.arrival = read_day_of_time(arrival);
        if (!payout.arrival)
            mistake(row, column, "the payout's time, " + shown_number(arrival) + ", has no day");
    }

    std::string account() const {
        return options_.account.empty() ? std::string{usual_stripe_account} : options_.account;
    }

    DelimitedReader rows_;
    const ReadOptions& options_;
    Columns columns_;
    char decimal_ = '\0';  // as the first amount with decimals has it
    std::map<std::string, std::size_t, std::less<>> payouts_;
    Mistakes mistakes_;
    ParsedFile file_;
};

}  // namespace

Result<ParsedFile> read_stripe_csv(std::string_view bytes, const ReadOptions& options) {
    const auto text = to_utf8(bytes, Charset::utf_8);
    if (!text) return text.error();
    return StripeCsv{*text, options}.read();
}

}  // namespace payments::settlement
