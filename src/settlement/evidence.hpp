#pragma once

#include <cstddef>
#include <functional>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <tuple>
#include <unordered_map>
#include <unordered_set>
#include <vector>

#include "settlement/findings.hpp"
#include "settlement/records.hpp"
#include "support/spill.hpp"

// What all files together say (docs/settlements.md, 4). Whatever the order in which files come, and
// however often, it is the same, unless they contradict each other: then the first counts, and the
// contradiction is a finding.
namespace payments::settlement {

// What a file has added. Payouts and statements themselves are not counted, but in a list of
// payouts.
struct FileCounts {
    std::size_t added = 0, known = 0, conflicting = 0, skipped = 0;
};

// Everything heard of a payout.
struct HeardPayout {
    PayoutFact fact;
    bool is_contradicted = false;
    // SimplePay: what a file holds is what it pays. The lines of that file, and the sum of their
    // net.
    std::size_t lines_in_file = 0;
    std::int64_t file_total_minor = 0;
};

// The same account has the same key, whether it is written as an IBAN or as the number of a
// Hungarian account of 16 or 24 digits.
std::string bank_account_key(std::string_view account);

struct BankEntry {
    std::string account_key;  // as above
    std::string account;      // as written
    Currency currency;
    BankLine line;
};

struct HeardStatement {
    std::string account_key, account;
    Currency currency;
    std::string id;
    std::optional<int> number{};
    int page = 0;
    std::optional<Day> from{}, to{};
    std::optional<std::int64_t> opening_minor{}, closing_minor{};
    std::int64_t booked_minor = 0;  // sum of its entries
};

// What the lines of one file come to, by payout.
class FileTotals {
public:
    void add(const SettlementLine& line);
    const std::map<std::string, HeardPayout>& by_key() const { return sums_; }

private:
    std::map<std::string, HeardPayout> sums_;
    HeardPayout* newest_ = nullptr;  // lines of one payout stand together
};

// For one thread. Throws std::overflow_error when sums leave int64, and std::bad_alloc.
class Evidence {
public:
    // Errc::invalid_request when a bank account has entries of these days already, from a file of
    // another format: the two have no identity in common. Nothing of the file is kept then.
    Result<FileCounts> add(const ParsedFile& file);

    using LineVisitor = std::function<void(const SettlementLine&)>;
    // Adds a file that was taken before, without counting what is new: so its lines need not lie in
    // memory, where `add` keeps all of them. `each_line` calls what it is given with each line;
    // what else the file says is in `rest`. Lines of one evidence come all by one of the two.
    // Throws as Spill too.
    void add_kept(
        const ParsedFile& rest, const std::function<void(const LineVisitor&)>& each_line,
        SpillShape shape = {}
    );

    // Calls `visit` with each line as all files tell it, in no order that means anything. Finds
    // contradictions between those that came by add_kept().
    void each_line(const LineVisitor& visit);
    // The same in memory, by processor, account and id.
    std::vector<SettlementLine> lines();
    // In an order that does not depend on how they came.
    std::vector<HeardPayout> payouts() const;
    std::vector<BankEntry> bank_entries() const;
    std::vector<HeardStatement> statements() const;
    // Contradictions, in the order in which they were met.
    const std::vector<Finding>& conflicts() const { return conflicts_; }

private:
    struct ByAccountAndDay {
        bool operator()(const HeardStatement& a, const HeardStatement& b) const;
    };
    struct Covered {
        Format format;
        Day from, to;
    };

    void add_lines(const ParsedFile& file, FileCounts& counts);
    bool hear(SettlementLine& known, const SettlementLine& line);
    void merge_part(std::size_t part, const LineVisitor& visit);
    void add_totals(const FileTotals& totals);
    void add_payouts(const ParsedFile& file, FileCounts& counts);
    void add_statement(
        const Statement& statement, std::unordered_map<std::string, int>& equals, FileCounts& counts
    );
    HeardPayout& payout_of(Processor, const std::string& account, const std::string& id, Currency);
    void note_conflict(Finding finding, std::string_view what);

    std::vector<std::string> lines_;  // packed: a quarter of what they take otherwise
    std::unordered_map<std::string, std::size_t> line_index_;
    std::optional<Spill> kept_lines_;  // that came by add_kept(), in parts by their identity
    std::map<std::string, HeardPayout> payouts_;
    std::vector<BankEntry> bank_;
    std::unordered_map<std::string, std::size_t> bank_index_;
    std::set<HeardStatement, ByAccountAndDay> statements_;
    std::unordered_map<std::string, std::vector<Covered>> covered_;  // by account key and currency
    std::vector<Finding> conflicts_;
    std::unordered_set<std::string> conflict_keys_;
};

}  // namespace payments::settlement
