#include "settlement/evidence.hpp"

#include <algorithm>
#include <functional>
#include <tuple>

#include "settlement/packed.hpp"
#include "settlement/sums.hpp"
#include "support/text.hpp"

namespace payments::settlement {
namespace {

// Parts of a key are put one behind the other with a character that no id holds.
template <class... Parts>
std::string joined(const Parts&... parts) {
    std::string key;
    ((key.append(parts), key += '\x1f'), ...);
    return key;
}

std::string key_of_line(const SettlementLine& line) {
    return joined(name(line.processor), line.account, line.line_id);
}

std::string key_of_payout(const PayoutFact& fact) {
    return joined(name(fact.processor), fact.account, fact.currency.code(), fact.payout_id);
}

// Two versions tell the same, as far as both tell it.
bool agree(const std::string& a, const std::string& b) { return a.empty() || b.empty() || a == b; }
template <class T>
bool agree(const std::optional<T>& a, const std::optional<T>& b) {
    return !a || !b || *a == *b;
}

bool contradicts(const SettlementLine& a, const SettlementLine& b) {
    // A SimplePay line may stand in two reports, which is no contradiction (docs/settlements.md,
    // 4).
    const bool payouts_agree =
        a.processor == Processor::simplepay || agree(a.payout_id, b.payout_id);
    return a.kind != b.kind || a.currency != b.currency || a.gross_minor != b.gross_minor ||
           a.fee_minor != b.fee_minor || a.net_minor != b.net_minor || !payouts_agree ||
           !agree(a.source_id, b.source_id) || !agree(a.charge_id, b.charge_id) ||
           !agree(a.payment_id, b.payment_id) || !agree(a.reference, b.reference) ||
           !agree(a.facing, b.facing) || !agree(a.rate, b.rate);
}

void learn(std::string& known, const std::string& more) {
    if (known.empty()) known = more;
}
template <class T>
void learn(std::optional<T>& known, const std::optional<T>& more) {
    if (!known) known = more;
}

// What one format leaves out another may tell.
void learn(SettlementLine& known, const SettlementLine& more) {
    learn(known.source_id, more.source_id);
    learn(known.charge_id, more.charge_id);
    learn(known.payment_id, more.payment_id);
    learn(known.reference, more.reference);
    learn(known.facing, more.facing);
    learn(known.rate, more.rate);
    // Two formats may differ by the hours between UTC and here.
    if (!known.day || (more.day && *more.day < *known.day)) known.day = more.day;
    // Parts that say more: a table has none, a list of Stripe's has all.
    if (known.fee_parts.size() < more.fee_parts.size()) known.fee_parts = more.fee_parts;
    // Of several SimplePay reports that hold a line the first by name pays it.
    if (known.payout_id.empty() || (!more.payout_id.empty() && more.payout_id < known.payout_id))
        known.payout_id = more.payout_id;
}

void learn(HeardPayout& known, const PayoutFact& more) {
    auto& fact = known.fact;
    learn(fact.amount_minor, more.amount_minor);
    fact.status = std::max(fact.status, more.status);
    // The two may differ by the hours between UTC and here.
    if (!fact.arrival || (more.arrival && *more.arrival < *fact.arrival))
        fact.arrival = more.arrival;
    learn(fact.trace_id, more.trace_id);
    learn(fact.descriptor, more.descriptor);
    learn(fact.is_automatic, more.is_automatic);
}

// Without a reference of the bank's all that it says of an entry tells it apart. With one the
// amount may be contradicted; a transfer and its fee may share it, though, and one booked later.
std::string key_of_entry(const std::string& account_key, Currency currency, const BankLine& line) {
    const auto reversal = line.is_reversal ? "R" : "";
    const auto day = std::to_string(line.booked.time_since_epoch().count());
    if (!line.bank_reference.empty())
        return joined(
            account_key, currency.code(), line.bank_reference, std::to_string(line.part), reversal,
            day
        );
    return joined(
        account_key, currency.code(), std::to_string(line.minor),
        std::to_string(line.charges_minor), day, line.payer, line.payer_account, line.text,
        line.reference, std::to_string(line.part), reversal
    );
}

struct Days {
    Day from, to;
};
std::optional<Days> days_of(const Statement& statement) {
    std::optional<Days> days;
    const auto cover = [&](Day day) {
        if (!days) days = Days{day, day};
        days->from = std::min(days->from, day);
        days->to = std::max(days->to, day);
    };
    if (statement.from) cover(*statement.from);
    if (statement.to) cover(*statement.to);
    for (const auto& line : statement.lines) cover(line.booked);
    return days;
}

}  // namespace

std::string bank_account_key(std::string_view account) {
    auto key = text::upper(account);
    std::erase_if(key, [](char c) { return c == ' ' || c == '-'; });
    if (key.size() == 28 && key.starts_with("HU")) key.erase(0, 4);
    const bool is_number = std::ranges::all_of(key, [](char c) { return c >= '0' && c <= '9'; });
    if (is_number && key.size() == 16) key.append(8, '0');
    return key;
}

Result<FileCounts> Evidence::add(const ParsedFile& file) {
    for (const auto& statement : file.statements) {
        const auto days = days_of(statement);
        if (!days) continue;
        const auto key = joined(bank_account_key(statement.account), statement.currency.code());
        for (const auto& covered : covered_[key])
            if (covered.format != file.format && covered.from <= days->to &&
                days->from <= covered.to)
                return Error{
                    Errc::invalid_request, "days of the account " + statement.account + " from " +
                                               date_text(std::max(covered.from, days->from)) +
                                               " on are covered already by a file of the format " +
                                               std::string{name(covered.format)} +
                                               ": the same entry cannot be told in two formats"};
    }
    FileCounts counts;
    counts.skipped = file.skipped;
    add_lines(file, counts);
    add_payouts(file, counts);
    FileTotals totals;
    for (const auto& line : file.lines) totals.add(line);
    add_totals(totals);
    std::unordered_map<std::string, int> equals;
    for (const auto& statement : file.statements) {
        if (const auto days = days_of(statement))
            covered_[joined(bank_account_key(statement.account), statement.currency.code())]
                .push_back({file.format, days->from, days->to});
        add_statement(statement, equals, counts);
    }
    return counts;
}

void Evidence::add_lines(const ParsedFile& file, FileCounts& counts) {
    for (const auto& line : file.lines) {
        const auto [place, is_new] = line_index_.emplace(key_of_line(line), lines_.size());
        if (is_new) {
            pack(line, lines_.emplace_back());
            ++counts.added;
            continue;
        }
        auto& packed = lines_[place->second];
        auto known = unpack_line(packed);
        ++(hear(known, line) ? counts.known : counts.conflicting);
        packed.clear();
        pack(known, packed);
    }
}

// Whether the two agree.
bool Evidence::hear(SettlementLine& known, const SettlementLine& line) {
    if (!contradicts(known, line)) {
        learn(known, line);
        return true;
    }
    Finding finding{
        FindingKind::line_conflict,
        line.line_id,
        absolute(line.net_minor - known.net_minor),
        known.currency,
        std::string{name(line.processor)},
        line.account};
    finding.detail = "a file says net " + readable(known.net_minor, known.currency) +
                     " with a fee of " + readable(known.fee_minor, known.currency) +
                     ", another net " + readable(line.net_minor, line.currency) +
                     " with a fee of " + readable(line.fee_minor, line.currency);
    finding.payout_id = known.payout_id;
    note_conflict(
        std::move(finding),
        joined(
            std::string{name(line.kind)}, line.currency.code(), std::to_string(line.gross_minor),
            std::to_string(line.fee_minor), std::to_string(line.net_minor), line.payout_id
        )
    );
    return false;
}

void Evidence::add_kept(
    const ParsedFile& rest, const std::function<void(const LineVisitor&)>& each_line,
    SpillShape shape
) {
    if (!kept_lines_) kept_lines_.emplace(shape);
    FileTotals totals;
    std::string bytes;
    each_line([&](const SettlementLine& line) {
        bytes.clear();
        pack(line, bytes);
        const auto hash = std::hash<std::string_view>{}(identity_of(bytes));
        kept_lines_->append(hash % kept_lines_->parts(), bytes);
        totals.add(line);
    });
    add_totals(totals);
    // It was taken behind those before it, so it is not refused now.
    add(rest).value();
}

void Evidence::each_line(const LineVisitor& visit) {
    for (const auto& packed : lines_) visit(unpack_line(packed));
    if (!kept_lines_) return;
    for (std::size_t part = 0; part < kept_lines_->parts(); ++part) merge_part(part, visit);
}

// What files say of one line comes together, in the order of files.
void Evidence::merge_part(std::size_t part, const LineVisitor& visit) {
    const auto loaded = kept_lines_->load(part);
    std::vector<std::pair<std::string_view, std::string_view>> by_identity;
    for (const auto record : loaded.records) by_identity.emplace_back(identity_of(record), record);
    std::ranges::stable_sort(by_identity, {}, [](const auto& entry) { return entry.first; });
    for (auto next = by_identity.begin(); next != by_identity.end();) {
        const auto identity = next->first;
        auto line = unpack_line(next->second);
        for (++next; next != by_identity.end() && next->first == identity; ++next)
            hear(line, unpack_line(next->second));
        visit(line);
    }
}

HeardPayout& Evidence::payout_of(
    Processor processor, const std::string& account, const std::string& id, Currency currency
) {
    PayoutFact fact{processor, account, id, currency};
    auto key = key_of_payout(fact);
    return payouts_.try_emplace(std::move(key), HeardPayout{std::move(fact)}).first->second;
}

void FileTotals::add(const SettlementLine& line) {
    if (line.payout_id.empty()) return;
    const auto is_of = [&](const PayoutFact& fact) {
        return fact.payout_id == line.payout_id && fact.processor == line.processor &&
               fact.account == line.account && fact.currency == line.currency;
    };
    if (!newest_ || !is_of(newest_->fact)) {
        PayoutFact fact{line.processor, line.account, line.payout_id, line.currency};
        auto key = key_of_payout(fact);
        newest_ = &sums_.try_emplace(std::move(key), HeardPayout{std::move(fact)}).first->second;
    }
    ++newest_->lines_in_file;
    settlement::add(newest_->file_total_minor, line.net_minor);
}

// Of several files of one name that with the most lines says what was paid.
void Evidence::add_totals(const FileTotals& totals) {
    for (const auto& [key, sum] : totals.by_key()) {
        auto& known =
            payout_of(sum.fact.processor, sum.fact.account, sum.fact.payout_id, sum.fact.currency);
        if (std::tie(known.lines_in_file, known.file_total_minor) <
            std::tie(sum.lines_in_file, sum.file_total_minor)) {
            known.lines_in_file = sum.lines_in_file;
            known.file_total_minor = sum.file_total_minor;
        }
    }
}

void Evidence::add_payouts(const ParsedFile& file, FileCounts& counts) {
    // Lists of payouts have no other lines to count.
    const bool counts_payouts = file.format == Format::stripe_payouts;
    for (const auto& fact : file.payouts) {
        const bool is_new = !payouts_.contains(key_of_payout(fact));
        auto& known = payout_of(fact.processor, fact.account, fact.payout_id, fact.currency);
        const bool is_conflicting = !agree(known.fact.amount_minor, fact.amount_minor);
        if (is_conflicting) {
            known.is_contradicted = true;
            Finding finding{
                FindingKind::line_conflict,
                fact.payout_id,
                absolute(*fact.amount_minor - *known.fact.amount_minor),
                fact.currency,
                std::string{name(fact.processor)},
                fact.account};
            finding.detail =
                "a file says that " + readable(*known.fact.amount_minor, fact.currency) +
                " were paid out, another " + readable(*fact.amount_minor, fact.currency);
            finding.payout_id = fact.payout_id;
            note_conflict(std::move(finding), std::to_string(*fact.amount_minor));
        }
        const bool said_more = !known.fact.amount_minor && fact.amount_minor;
        learn(known, fact);
        if (!counts_payouts) continue;
        ++(is_conflicting ? counts.conflicting : is_new || said_more ? counts.added : counts.known);
    }
}

void Evidence::add_statement(
    const Statement& statement, std::unordered_map<std::string, int>& equals, FileCounts& counts
) {
    HeardStatement heard{
        bank_account_key(statement.account), statement.account, statement.currency, statement.id};
    heard.number = statement.number;
    heard.page = statement.page;
    heard.from = statement.from;
    heard.to = statement.to;
    heard.opening_minor = statement.opening_minor;
    heard.closing_minor = statement.closing_minor;
    for (const auto& line : statement.lines) {
        settlement::add(heard.booked_minor, line.minor);
        auto key = key_of_entry(heard.account_key, statement.currency, line);
        // Equal rows of one file are different entries.
        const auto number = ++equals[key];
        key += std::to_string(number);
        const auto [place, is_new] = bank_index_.emplace(std::move(key), bank_.size());
        if (is_new) {
            bank_.push_back({heard.account_key, heard.account, heard.currency, line});
            ++counts.added;
            continue;
        }
        const auto& known = bank_[place->second].line;
        if (known.minor == line.minor) {
            ++counts.known;
            continue;
        }
        ++counts.conflicting;
        Finding finding{
            FindingKind::line_conflict,
            line.bank_reference,
            absolute(line.minor - known.minor),
            heard.currency,
            "",
            heard.account};
        finding.detail = "a file says " + readable(known.minor, heard.currency) + ", another " +
                         readable(line.minor, heard.currency);
        finding.day = line.booked;
        note_conflict(std::move(finding), std::to_string(line.minor));
    }
    statements_.insert(std::move(heard));
}

bool Evidence::ByAccountAndDay::operator()(const HeardStatement& a, const HeardStatement& b) const {
    const auto order = [](const HeardStatement& s) {
        return std::tuple{
            std::string_view{s.account_key},
            s.currency.code(),
            s.from,
            s.number,
            s.page,
            std::string_view{s.id},
            s.to,
            s.opening_minor,
            s.closing_minor,
            s.booked_minor};
    };
    return order(a) < order(b);
}

void Evidence::note_conflict(Finding finding, std::string_view what) {
    finding.key = key_of(finding, what);
    if (conflict_keys_.insert(finding.key).second) conflicts_.push_back(std::move(finding));
}

std::vector<SettlementLine> Evidence::lines() {
    std::vector<SettlementLine> sorted;
    each_line([&](const SettlementLine& line) { sorted.push_back(line); });
    std::ranges::sort(sorted, [](const SettlementLine& a, const SettlementLine& b) {
        return std::tie(a.processor, a.account, a.line_id) <
               std::tie(b.processor, b.account, b.line_id);
    });
    return sorted;
}

std::vector<HeardPayout> Evidence::payouts() const {
    std::vector<HeardPayout> sorted;  // by their keys
    for (const auto& [key, payout] : payouts_) sorted.push_back(payout);
    return sorted;
}

std::vector<BankEntry> Evidence::bank_entries() const {
    auto sorted = bank_;
    const auto order = [](const BankEntry& entry) {
        const auto& line = entry.line;
        return std::tie(
            entry.account_key, line.booked, line.minor, line.bank_reference, line.part, line.text,
            line.reference, line.payer, line.payer_account, line.charges_minor, line.is_reversal
        );
    };
    std::ranges::sort(sorted, [&](const BankEntry& a, const BankEntry& b) {
        return std::tuple_cat(std::tuple{a.currency.code()}, order(a)) <
               std::tuple_cat(std::tuple{b.currency.code()}, order(b));
    });
    return sorted;
}

std::vector<HeardStatement> Evidence::statements() const {
    return {statements_.begin(), statements_.end()};
}

}  // namespace payments::settlement
