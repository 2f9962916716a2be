#include <algorithm>

#include "settlement/readers/amount.hpp"
#include "settlement/readers/days.hpp"
#include "settlement/readers/readers.hpp"
#include "settlement/readers/xml.hpp"
#include "support/text.hpp"

// ISO 20022's camt.053, of whatever version (docs/bank_statements.md, 2).
namespace payments::settlement {
namespace {

std::string without_blanks(std::string_view text) {
    std::string left{text};
    std::erase_if(left, [](char c) { return c == ' ' || c == '\t' || c == '\r' || c == '\n'; });
    return left;
}

bool is_true(std::string_view text) { return text == "true" || text == "1"; }

class Camt053 {
public:
    Camt053() { file_.format = Format::camt053; }

    Result<ParsedFile> read(std::string_view bytes) {
        const XmlParts parts{
            .depth = 4,  // Document, BkToCstmrStmt, Stmt: what is in it
            .start = [this](const Element& element) { return start(element); },
            .part = [this](const Element& element) { return part(element); },
            .end = [this](std::string_view name, Place place) { return end(name, place); }};
        const auto read = read_xml(bytes, parts);
        if (!read) mistakes_.add(read.error());
        if (!mistakes_.are_there() && file_.statements.empty())
            mistakes_.add({}, "the file has no statement");
        if (mistakes_.are_there()) return mistakes_.error();
        return std::move(file_);
    }

private:
    // A statement while it is read: its currency comes with its account or its first balance.
    struct Open {
        std::string account, id;
        std::optional<int> number, page;
        std::optional<Currency> currency;
        std::optional<Day> from, to, closed, first_booked, last_booked;
        std::optional<std::int64_t> opening_minor, closing_minor, before_minor;
        std::vector<BankLine> lines;
    };

    Result<void> start(const Element& element) {
        static constexpr std::string_view names[] = {"Document", "BkToCstmrStmt"};
        if (depth_ < std::size(names) && element.name != names[depth_])
            return misread(
                element.place, "expected " + std::string{names[depth_]} + ", this is no camt.053"
            );
        if (++depth_ == 3) is_in_statement_ = element.name == "Stmt";  // else the head of the group
        if (depth_ == 3) open_ = {};
        return {};
    }

    Result<void> end(std::string_view, Place place) {
        if (depth_-- == 3 && is_in_statement_) close(place);
        return {};
    }

    Result<void> part(const Element& element) {
        if (!is_in_statement_) return {};
        if (element.name == "Id") open_.id = element.text;
        if (element.name == "ElctrncSeqNb") open_.number = read_whole(element.text);
        if (element.name == "StmtPgntn") open_.page = read_whole(element.text_at("PgNb"));
        if (element.name == "FrToDt") read_days(element);
        if (element.name == "Acct") read_account(element);
        if (element.name == "Bal") read_balance(element);
        if (element.name == "Ntry") read_entry(element);
        if (mistakes_.are_enough()) return mistakes_.error();
        return {};
    }

    void mistake(const Element& element, std::string_view why) {
        mistakes_.add(element.place, why);
    }

    // ------------------------------------------------------------------ of the statement

    void read_days(const Element& period) {
        const auto day = [&](std::string_view name) {
            const auto text = period.text_at(name);
            const auto read = read_day_of_time(text);
            if (!text.empty() && !read) mistake(period, std::string{name} + " is no day");
            return read;
        };
        open_.from = day("FrDtTm");
        open_.to = day("ToDtTm");
    }

    void read_account(const Element& account) {
        open_.account = without_blanks(account.text_at("Id/IBAN"));
        if (open_.account.empty()) open_.account = without_blanks(account.text_at("Id/Othr/Id"));
        if (open_.account.empty()) mistake(account, "the account has no number");
        const auto* code = account.child("Ccy");
        if (!code) return;
        const auto currency = read_currency(code->text);
        if (currency)
            open_.currency = *currency;
        else
            mistake(*code, currency.error().detail);
    }

    void read_balance(const Element& balance) {
        const auto kind = balance.text_at("Tp/CdOrPrtry/Cd");
        if (kind != "OPBD" && kind != "CLBD" && kind != "PRCD") return;
        const auto minor = read_signed(balance);
        if (!minor) return;
        if (kind == "OPBD") open_.opening_minor = minor;
        if (kind == "PRCD") open_.before_minor = minor;
        if (kind != "CLBD") return;
        open_.closing_minor = minor;
        open_.closed = read_date(balance, "Dt");
    }

    void close(Place place) {
        if (open_.account.empty() || !open_.currency)
            return mistakes_.add(
                place, open_.account.empty() ? "the statement names no account"
                                             : "the statement names no currency"
            );
        const auto from = open_.from ? open_.from : open_.first_booked;
        const auto to = std::max(open_.closed, open_.last_booked);
        Statement statement{
            .account = open_.account,
            .currency = *open_.currency,
            .id = open_.id,
            .number = open_.number,
            .page = open_.page.value_or(0),
            .from = from ? from : open_.closed,
            .to = open_.to ? open_.to : to,
            .opening_minor = open_.opening_minor ? open_.opening_minor : open_.before_minor,
            .closing_minor = open_.closing_minor,
            .lines = std::move(open_.lines)};
        file_.statements.push_back(std::move(statement));
    }

    // ------------------------------------------------------------------------- amounts

    // In the currency of the account, which the first amount tells when the account does not.
    std::optional<std::int64_t> read_money(const Element& amount) {
        const auto currency = read_currency(amount.attribute("Ccy"));
        if (!currency) {
            mistake(amount, currency.error().detail);
            return {};
        }
        if (!open_.currency) open_.currency = *currency;
        if (*currency != *open_.currency) {
            mistake(amount, "the amount is not in the currency of the account");
            return {};
        }
        const auto minor = read_amount(amount.text, *currency, {.spare_zeros = true});
        if (minor && *minor >= 0) return *minor;
        mistake(
            amount, "the amount, " + shown_number(amount.text) + ", " +
                        (minor ? "is less than 0" : minor.error().detail)
        );
        return {};
    }

    std::optional<bool> read_is_debit(const Element& element) {
        const auto word = element.text_at("CdtDbtInd");
        if (word == "CRDT" || word == "DBIT") return word == "DBIT";
        mistake(element, "CdtDbtInd must be CRDT or DBIT");
        return {};
    }

    std::optional<std::int64_t> read_signed(const Element& element) {
        const auto* amount = element.child("Amt");
        if (!amount) mistake(element, element.name + " has no Amt");
        const auto minor = amount ? read_money(*amount) : std::nullopt;
        const auto is_debit = read_is_debit(element);
        if (!minor || !is_debit) return {};
        return *is_debit ? -*minor : *minor;
    }

    // Whether an element's amount is in the account's currency; others tell of conversions.
    bool is_own(const Element& amount) const {
        const auto currency = read_currency(amount.attribute("Ccy"));
        return currency && open_.currency && *currency == *open_.currency;
    }

    // What was taken on the way, as it is itemised (docs/bank_statements.md, 2.4).
    std::int64_t read_charges(const Element& element) {
        std::int64_t records = 0, total = 0;
        bool has_records = false;
        const auto add = [&](const Element& charge, std::int64_t& sum) {
            const auto* amount = charge.child("Amt");
            if (!amount || !is_own(*amount)) return;
            if (charge.text_at("CdtDbtInd") == "CRDT") return;
            const auto minor = read_money(*amount).value_or(0);
            sum = std::min(sum + minor, amount_limit_minor);
            has_records = true;
        };
        for (const auto* charges : element.all("Chrgs")) {
            const auto listed = charges->all("Rcrd");
            for (const auto* record : listed) add(*record, records);
            if (listed.empty()) add(*charges, records);  // .02 has them without a list
            const auto* sum = charges->child("TtlChrgsAndTaxAmt");
            if (sum && is_own(*sum)) total = read_money(*sum).value_or(0);
        }
        return has_records ? records : total;
    }

    // ------------------------------------------------------------------------- entries

    std::optional<Day> read_date(const Element& element, std::string_view name) {
        const auto* date = element.child(name);
        if (!date) return {};
        const auto plain = date->text_at("Dt");
        const auto day = read_day_of_time(plain.empty() ? date->text_at("DtTm") : plain);
        if (!day) mistake(*date, std::string{name} + " is no day");
        return day;
    }

    // Text in the older versions, a code of its own in the newer.
    static std::string_view status_of(const Element& entry) {
        const auto code = entry.text_at("Sts/Cd");
        return code.empty() ? entry.text_at("Sts") : code;
    }

    void read_entry(const Element& entry) {
        const auto status = status_of(entry);
        if (status == "PDNG" || status == "INFO" || status == "FUTR") {
            ++file_.skipped;
            return;
        }
        if (status != "BOOK") return mistake(entry, "Sts must be BOOK, PDNG, INFO or FUTR");
        const auto minor = read_signed(entry);
        auto day = read_date(entry, "BookgDt");
        if (!entry.child("BookgDt")) day = read_date(entry, "ValDt");
        if (!minor) return;
        if (!day) return mistake(entry, "the entry has no day of booking");
        open_.first_booked = std::min(open_.first_booked.value_or(*day), *day);
        open_.last_booked = std::max(open_.last_booked.value_or(*day), *day);

        BankLine whole{.minor = *minor, .booked = *day, .row = entry.place.line};
        whole.bank_reference = entry.text_at("AcctSvcrRef");
        whole.is_reversal = is_true(entry.text_at("RvslInd"));
        std::vector<const Element*> details;
        for (const auto* group : entry.all("NtryDtls"))
            std::ranges::copy(group->all("TxDtls"), std::back_inserter(details));
        if (details.size() > 1 && split(entry, details, whole)) return;
        for (const auto* detail : details) describe(*detail, whole);
        add_text(whole, entry.text_at("AddtlNtryInf"));
        whole.charges_minor = read_charges(entry);
        if (details.size() == 1 && whole.charges_minor == 0)
            whole.charges_minor = read_charges(*details[0]);
        open_.lines.push_back(std::move(whole));
    }

    // The amount of a part in the account's currency, signed; nothing when it has none.
    std::optional<std::int64_t> part_minor(const Element& part, bool is_debit) {
        const auto* amount = part.child("Amt");
        if (!amount) amount = part.at("AmtDtls/TxAmt/Amt");
        if (!amount || !is_own(*amount)) return {};
        const auto minor = read_money(*amount);
        if (!minor) return {};
        const auto word = part.text_at("CdtDbtInd");
        return (word.empty() ? is_debit : word == "DBIT") ? -*minor : *minor;
    }

    // A collective entry into its parts; false when they tell no amounts that add up to it.
    bool split(
        const Element& entry, const std::vector<const Element*>& details, const BankLine& whole
    ) {
        std::vector<BankLine> parts;
        std::int64_t sum = 0;
        for (const auto* detail : details) {
            const auto minor = part_minor(*detail, whole.minor < 0);
            if (!minor || __builtin_add_overflow(sum, *minor, &sum)) return false;
            auto part = whole;
            part.minor = *minor;
            part.part = static_cast<int>(parts.size()) + 1;
            part.row = detail->place.line;
            describe(*detail, part);
            add_text(part, entry.text_at("AddtlNtryInf"));
            part.charges_minor = read_charges(*detail);
            parts.push_back(std::move(part));
        }
        if (sum != whole.minor) return false;
        std::ranges::move(parts, std::back_inserter(open_.lines));
        return true;
    }

    // Adds what a part tells of references, the other side and texts.
    void describe(const Element& detail, BankLine& line) {
        if (line.bank_reference.empty()) line.bank_reference = detail.text_at("Refs/AcctSvcrRef");
        const auto reference = detail.text_at("Refs/EndToEndId");
        if (reference != "NOTPROVIDED" && line.reference.empty()) line.reference = reference;

        // Of a reversal the parties are those of what it reverses.
        const bool is_debit = (line.minor < 0) != line.is_reversal;
        const auto* parties = detail.child("RltdPties");
        if (parties && line.payer.empty()) {
            const std::string side = is_debit ? "Cdtr" : "Dbtr";
            const auto name = parties->text_at(side + "/Pty/Nm");
            line.payer = name.empty() ? parties->text_at(side + "/Nm") : name;
            const auto iban = parties->text_at(side + "Acct/Id/IBAN");
            line.payer_account =
                without_blanks(iban.empty() ? parties->text_at(side + "Acct/Id/Othr/Id") : iban);
        }
        if (const auto* remittance = detail.child("RmtInf")) {
            for (const auto* words : remittance->all("Ustrd")) add_text(line, words->text);
            for (const auto* structured : remittance->all("Strd")) {
                add_text(line, structured->text_at("CdtrRefInf/Ref"));
                add_text(line, structured->text_at("AddtlRmtInf"));
            }
        }
        add_text(line, detail.text_at("AddtlTxInf"));
    }

    static void add_text(BankLine& line, std::string_view words) {
        if (words.empty()) return;
        if (!line.text.empty()) line.text += ' ';
        line.text += words;
    }

    std::size_t depth_ = 0;  // of the elements that are open above the parts
    bool is_in_statement_ = false;
    Open open_;
    Mistakes mistakes_;
    ParsedFile file_;
};

}  // namespace

Result<ParsedFile> read_camt053(std::string_view bytes, const ReadOptions&) {
    return Camt053{}.read(bytes);
}

}  // namespace payments::settlement
