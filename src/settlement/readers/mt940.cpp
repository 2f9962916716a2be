#include <algorithm>

#include "settlement/readers/amount.hpp"
#include "settlement/readers/charset.hpp"
#include "settlement/readers/days.hpp"
#include "settlement/readers/readers.hpp"
#include "support/text.hpp"

// SWIFT's MT940 (docs/bank_statements.md, 3).
namespace payments::settlement {
namespace {

bool is_digit(char c) { return c >= '0' && c <= '9'; }
bool is_capital(char c) { return c >= 'A' && c <= 'Z'; }

// ":61:" and what follows it, with the lines that go on.
struct Tag {
    std::string_view id;  // "61"
    std::vector<std::string_view> lines;
    std::size_t line = 0;

    std::string_view first() const { return lines.front(); }
};

// YYMMDD; all of it is of this century.
std::optional<Day> read_short_day(std::string_view text) {
    return read_day("20" + std::string{text});
}

// MMDD, of the year that brings it nearest to `near`.
std::optional<Day> read_day_near(std::string_view text, Day near) {
    const int year{std::chrono::year_month_day{near}.year()};
    std::optional<Day> best;
    for (const int each : {year - 1, year, year + 1}) {
        const auto day = read_day(std::to_string(each) + std::string{text});
        if (day && (!best || std::chrono::abs(*day - near) < std::chrono::abs(*best - near)))
            best = day;
    }
    return best;
}

// The lines of a text field that belong together: ?20 to ?29 of :86:.
struct Information {
    std::string text, name, account;
};

// What a field number of :86: holds; nullptr for what is not kept.
std::string* text_place(int number, Information& information) {
    if ((number >= 20 && number <= 29) || (number >= 60 && number <= 63)) return &information.text;
    if (number == 31) return &information.account;
    if (number == 32 || number == 33) return &information.name;
    return nullptr;
}

// In fields behind '?', or free text (docs/bank_statements.md, 3.3).
Information read_information(const std::vector<std::string_view>& lines) {
    Information information;
    std::string whole, free;
    for (const auto line : lines) {
        whole += line;
        const auto words = text::trim(line);
        if (!words.empty()) free.append(free.empty() ? "" : " ").append(words);
    }
    const auto first = whole.find('?');
    const auto is_field = [&](std::size_t at) {
        return at + 2 < whole.size() && is_digit(whole[at + 1]) && is_digit(whole[at + 2]);
    };
    const bool has_fields = first != whole.npos && is_field(first) &&
                            whole.find_first_not_of("0123456789") == first && first <= 3;
    if (!has_fields) {
        information.text = free;
        return information;
    }
    for (auto at = first; at != whole.npos;) {
        auto next = whole.find('?', at + 3);
        while (next != whole.npos && !is_field(next)) next = whole.find('?', next + 1);
        const int number = (whole[at + 1] - '0') * 10 + (whole[at + 2] - '0');
        if (auto* place = text_place(number, information))
            place->append(whole, at + 3, next == whole.npos ? next : next - at - 3);
        at = next;
    }
    return information;
}

// A statement, or a page of one, while it is read.
struct OpenPage {
    std::size_t line = 0;
    std::string account, id;
    std::optional<int> number;
    int page = 0;
    std::optional<Currency> currency;
    std::optional<Day> closed, first_booked;
    std::optional<std::int64_t> opening_minor, closing_minor;
    std::vector<BankLine> lines;
};

struct BookedBalance {
    std::int64_t minor;
    Currency currency;
    Day day;
};

class Mt940 {
public:
    explicit Mt940(const ReadOptions& options) : options_(options) { file_.format = Format::mt940; }

    Result<ParsedFile> read(std::string_view text) {
        Tag tag;
        for (std::size_t line = 1; !text.empty() && !mistakes_.are_enough(); ++line) {
            const auto end = std::min(text.find('\n'), text.size());
            auto words = text.substr(0, end);
            text.remove_prefix(std::min(end + 1, text.size()));
            if (words.ends_with('\r')) words.remove_suffix(1);
            take_line(words, line, tag);
        }
        take_tag(tag);
        close();
        if (!mistakes_.are_there() && file_.statements.empty())
            mistakes_.add({}, "the file has no statement");
        if (mistakes_.are_there()) return mistakes_.error();
        return std::move(file_);
    }

private:
    // ------------------------------------------------------------------ lines and fields

    void take_line(std::string_view words, std::size_t line, Tag& tag) {
        // Blocks of SWIFT: "{1:...}{2:...}{4:" before a statement, "-}" or "-" behind it.
        if (const auto body = words.rfind("{4:"); words.starts_with('{') && body != words.npos)
            words.remove_prefix(body + 3);
        const bool is_end = words == "-" || words.starts_with("-}") || words == "\x03";
        const auto end = words.starts_with(':') ? words.substr(0, 5).find(':', 1) : words.npos;
        const auto id = end == words.npos ? std::string_view{} : words.substr(1, end - 1);
        const bool is_tag = id.size() >= 2 && is_digit(id[0]) && is_digit(id[1]) &&
                            (id.size() == 2 || is_capital(id[2]));
        if (is_tag || is_end) take_tag(tag);
        if (is_end) {
            tag = {};
        } else if (is_tag) {
            tag = {id, {words.substr(end + 1)}, line};
        } else if (!tag.id.empty()) {
            tag.lines.push_back(words);
        } else if (!text::trim(words).empty()) {
            mistakes_.add({line, 1}, "no field of MT940 begins here");
        }
    }

    void take_tag(const Tag& tag) {
        const auto id = tag.id;
        if (id.empty()) return;
        if (id == "20") {
            close();
            open_.emplace();
            open_->line = tag.line;
            open_->id = tag.first();
            return;
        }
        if (!open_) return mistakes_.add({tag.line, 1}, "a statement begins with :20:");
        if (id == "25" || id == "25P") take_account(tag);
        if (id == "28" || id == "28C") take_number(tag);
        if (id == "60F" || id == "60M") take_opening(tag);
        if (id == "61") take_entry(tag);
        if (id == "86") take_information(tag);
        if (id == "62F" || id == "62M") take_closing(tag);
    }

    void mistake(const Tag& tag, std::string_view why) {
        mistakes_.add({tag.line, 1}, ":" + std::string{tag.id} + ": " + std::string{why});
    }

    // Blanks and hyphens are there for the eye; some banks write the currency behind the number.
    void take_account(const Tag& tag) {
        auto number = std::string{tag.first()};
        std::erase_if(number, [](char c) { return c == ' ' || c == '-'; });
        const bool has_currency = number.size() > 5 && is_digit(number[number.size() - 4]) &&
                                  std::ranges::all_of(number.substr(number.size() - 3), is_capital);
        if (has_currency) number.resize(number.size() - 3);
        open_->account = number;
    }

    void take_number(const Tag& tag) {
        const auto words = tag.first();
        const auto slash = std::min(words.find('/'), words.size());
        open_->number = read_whole(words.substr(0, slash));
        if (slash < words.size()) open_->page = read_whole(words.substr(slash + 1)).value_or(0);
    }

    // --------------------------------------------------------------------------- balances

    // "C260708HUF1000000,00"
    std::optional<BookedBalance> read_balance(const Tag& tag) {
        const auto words = tag.first();
        const bool is_long = words.size() > 10 && (words[0] == 'C' || words[0] == 'D');
        const auto day = is_long ? read_short_day(words.substr(1, 6)) : std::nullopt;
        if (!day) {
            mistake(tag, "must be C or D, a day as YYMMDD, a currency and an amount");
            return {};
        }
        const auto currency = read_currency(words.substr(7, 3));
        if (!currency) {
            mistake(tag, currency.error().detail);
            return {};
        }
        const auto minor = read_positive(tag, text::trim(words.substr(10)), *currency);
        if (!minor) return {};
        return BookedBalance{words[0] == 'D' ? -*minor : *minor, *currency, *day};
    }

    std::optional<std::int64_t> read_positive(
        const Tag& tag, std::string_view words, Currency currency
    ) {
        const AmountForm form{.decimal = ',', .open_fraction = true, .leading_zeros = true};
        const auto minor = read_amount(words, currency, form);
        if (minor && *minor >= 0) return *minor;
        mistake(
            tag, "the amount, " + shown_number(words) + ", " +
                     (minor ? "is less than 0" : minor.error().detail)
        );
        return {};
    }

    void take_opening(const Tag& tag) {
        const auto balance = read_balance(tag);
        if (!balance) return;
        open_->currency = balance->currency;
        open_->opening_minor = balance->minor;
    }

    void take_closing(const Tag& tag) {
        const auto balance = read_balance(tag);
        if (!balance) return;
        if (open_->currency && *open_->currency != balance->currency)
            return mistake(tag, "is in another currency than the opening balance");
        open_->closing_minor = balance->minor;
        open_->closed = balance->day;
    }

    // ---------------------------------------------------------------------------- entries

    // "2607080708CR204100,00NTRFNONREF//26189000101"
    void take_entry(const Tag& tag) {
        if (!open_->currency) return mistake(tag, "comes before the opening balance");
        auto words = tag.first();
        const auto valued = read_short_day(words.substr(0, 6));
        if (!valued) return mistake(tag, "must begin with a day as YYMMDD");
        words.remove_prefix(6);
        auto booked = valued;
        if (words.size() > 4 && is_digit(words[0])) {
            booked = read_day_near(words.substr(0, 4), *valued);
            if (!booked) return mistake(tag, "has no day as MMDD behind the first");
            words.remove_prefix(4);
        }
        const bool is_reversal = words.starts_with('R');
        if (is_reversal) words.remove_prefix(1);
        const bool is_debit = words.starts_with('D');
        if (!is_debit && !words.starts_with('C')) return mistake(tag, "must say C, D, RC or RD");
        words.remove_prefix(1);
        if (!words.empty() && is_capital(words[0])) words.remove_prefix(1);  // of the currency

        const auto end = std::min(words.find_first_not_of("0123456789,"), words.size());
        const auto minor = read_positive(tag, words.substr(0, end), *open_->currency);
        if (!minor) return;
        BankLine line{
            .minor = is_debit != is_reversal ? -*minor : *minor,
            .booked = *booked,
            .is_reversal = is_reversal,
            .row = tag.line};
        read_references(tag, words.substr(end), line);
        open_->first_booked = std::min(open_->first_booked.value_or(*booked), *booked);
        open_->lines.push_back(std::move(line));
    }

    // "NTRFNONREF//26189000101", and perhaps a line of details.
    void read_references(const Tag& tag, std::string_view words, BankLine& line) {
        if (words.size() < 4 || !is_capital(words[0]))
            return mistake(tag, "has no kind of entry behind the amount");
        words.remove_prefix(4);
        const auto slashes = std::min(words.find("//"), words.size());
        const auto own = text::trim(words.substr(0, slashes));
        const auto banks = text::trim(words.substr(std::min(slashes + 2, words.size())));
        if (own != "NONREF") line.reference = own;
        if (banks != "NONREF") line.bank_reference = banks;
        for (std::size_t i = 1; i < tag.lines.size(); ++i) {
            const auto details = text::trim(tag.lines[i]);
            if (!details.empty()) line.text.append(line.text.empty() ? "" : " ").append(details);
        }
    }

    // Of the entry before it; behind the closing balance it is about the statement.
    void take_information(const Tag& tag) {
        if (open_->lines.empty() || open_->closed) return;
        auto& line = open_->lines.back();
        const auto information = read_information(tag.lines);
        line.payer = text::trim(information.name);
        line.payer_account = text::trim(information.account);
        const auto words = text::trim(information.text);
        if (!words.empty()) line.text.append(line.text.empty() ? "" : " ").append(words);
    }

    void close() {
        if (!open_) return;
        const Place place{open_->line, 1};
        if (!open_->closed) return mistakes_.add(place, "the statement has no closing balance");
        if (!open_->currency) return mistakes_.add(place, "the statement has no opening balance");
        const auto account = open_->account.empty() ? options_.account : open_->account;
        if (account.empty()) return mistakes_.add(place, "the statement names no account");
        file_.statements.push_back(
            {.account = account,
             .currency = *open_->currency,
             .id = std::move(open_->id),
             .number = open_->number,
             .page = open_->page,
             .from = std::min(open_->first_booked.value_or(*open_->closed), *open_->closed),
             .to = open_->closed,
             .opening_minor = open_->opening_minor,
             .closing_minor = open_->closing_minor,
             .lines = std::move(open_->lines)}
        );
        open_.reset();
    }

    const ReadOptions& options_;
    std::optional<OpenPage> open_;
    Mistakes mistakes_;
    ParsedFile file_;
};

}  // namespace

Result<ParsedFile> read_mt940(std::string_view bytes, const ReadOptions& options) {
    const auto text = to_utf8(bytes);
    if (!text) return text.error();
    return Mt940{options}.read(*text);
}

}  // namespace payments::settlement
