#include <set>

#include "settlement/compare.hpp"
#include "settlement/match_payouts.hpp"
#include "simulate/broken/variants.hpp"
#include "storage/sqlite/settlements.hpp"

namespace payments::simulate {
namespace {

using namespace settlement;

template <class Broken>
Variant with_settlements(std::string name, std::string what) {
    Variant variant;
    variant.name = std::move(name);
    variant.what = std::move(what);
    variant.settlements = [](Schedule& schedule, std::string path) {
        return std::make_unique<Broken>(schedule, std::move(path));
    };
    return variant;
}

// Changes every line that is read.
template <class Change>
struct MisreadsLines : SimSettlements {
    using SimSettlements::SimSettlements;
    void read(ParsedFile& file) override {
        for (auto& line : file.lines) Change{}(line);
    }
};

// R1.
struct WorkOutTheNet {
    void operator()(SettlementLine& line) const {
        line.net_minor = line.gross_minor - line.fee_minor;
    }
};
// R3.
struct ForgetTheReference {
    void operator()(SettlementLine& line) const { line.reference.clear(); }
};
// R4: to the whole unit, which is near enough.
struct RoundAmounts {
    void operator()(SettlementLine& line) const {
        if (line.kind != LineKind::charge) return;
        const auto lost = (100 - line.gross_minor % 100) % 100;
        line.gross_minor += lost;
        line.net_minor += lost;
    }
};
struct ForgetTheSign {
    void operator()(SettlementLine& line) const {
        if (!is_of_customer(line.kind)) return;
        line.gross_minor = std::abs(line.gross_minor);
        line.net_minor = line.gross_minor - line.fee_minor;
    }
};
// Between R5 and R6: a fee is what is left of a payment.
struct ForgetFees {
    void operator()(SettlementLine& line) const {
        line.fee_minor = 0;
        line.fee_parts.clear();
        line.net_minor = line.gross_minor;
    }
};

// R2.
struct ForgetsAccounts : SimSettlements {
    using SimSettlements::SimSettlements;
    void read(ParsedFile& file) override {
        for (auto& line : file.lines) forget(line.account);
        for (auto& payout : file.payouts) forget(payout.account);
    }

private:
    static void forget(std::string& account) {
        if (account == "live") account = "test";
        if (account.starts_with("OTHER-")) account.erase(0, 6);
    }
};

// R5: the second line of a payment is the first, told again.
struct TakesOneLineEach : SimSettlements {
    using SimSettlements::SimSettlements;
    void read(ParsedFile& file) override {
        std::erase_if(file.lines, [&](const SettlementLine& line) {
            return line.kind == LineKind::charge &&
                   seen_.emplace(line.reference, line.line_id).first->second != line.line_id;
        });
    }

private:
    std::map<std::string, std::string> seen_;
};

// Files: a line that is told again is another one.
struct CountsLinesAgain : SimSettlements {
    using SimSettlements::SimSettlements;
    void read(ParsedFile& file) override {
        ++files_;
        for (auto& line : file.lines) line.line_id += "-" + std::to_string(files_);
    }

private:
    int files_ = 0;
};

// R6.
struct BelievesPayouts : SimSettlements {
    using SimSettlements::SimSettlements;
    void read(ParsedFile& file) override {
        for (auto& payout : file.payouts) payout.amount_minor.reset();
    }
};

// R6: each payout is looked at by itself.
struct ForgetsTheCarry : SimSettlements {
    using SimSettlements::SimSettlements;
    void matched(Evidence& evidence, Report& report) override {
        const auto is_of_payouts = [](const Finding& finding) {
            return finding.kind == FindingKind::payout_does_not_add_up;
        };
        std::erase_if(report.findings, is_of_payouts);
        const auto lines = evidence.lines();
        for (const auto& payout : evidence.payouts()) {
            Report alone;
            PayoutsMatcher matcher{alone};
            for (const auto& line : lines)
                if (line.payout_id == payout.fact.payout_id && line.account == payout.fact.account)
                    matcher.add(line);
            matcher.finish(std::vector{payout});
            for (auto& finding : alone.findings) report.findings.push_back(std::move(finding));
        }
    }
};

// Changes every entry of a bank.
template <class Change>
struct MisreadsBanks : SimSettlements {
    using SimSettlements::SimSettlements;
    void read(ParsedFile& file) override {
        for (auto& statement : file.statements) {
            for (auto& line : statement.lines) Change{}(line);
        }
    }
};

// R7.
struct IgnoreReversals {
    void operator()(BankLine& line) const { line.is_reversal = false; }
};

// R8: what a bank keeps is its own business.
struct ToleratesBanks : SimSettlements {
    using SimSettlements::SimSettlements;
    void matched(Evidence&, Report& report) override {
        std::erase_if(report.findings, [](const Finding& finding) {
            return finding.kind == FindingKind::bank_differs;
        });
    }
};
// R8: a payout is on the bank on any day.
struct ForgetsDays : SimSettlements {
    using SimSettlements::SimSettlements;
    void read(ParsedFile& file) override {
        for (auto& payout : file.payouts) payout.arrival.reset();
        for (auto& line : file.lines) line.day.reset();
    }
};
// R8: nobody looks at what a bank has itemised.
struct ForgetCharges {
    void operator()(BankLine& line) const { line.charges_minor = 0; }
};

// R9.
struct ForgetsBalances : SimSettlements {
    using SimSettlements::SimSettlements;
    void read(ParsedFile& file) override {
        for (auto& statement : file.statements) statement.closing_minor.reset();
    }
};
struct ForgetsNumbers : SimSettlements {
    using SimSettlements::SimSettlements;
    void read(ParsedFile& file) override {
        for (auto& statement : file.statements) statement.number.reset();
    }
};

// R10.
struct WaitsForEver : SimSettlements {
    using SimSettlements::SimSettlements;
    Delays delays() const override { return {10'000, 10'000, 10'000}; }
};

// What is not known is no business of anybody.
struct SkipsUnknownKinds : SimSettlements {
    using SimSettlements::SimSettlements;
    void read(ParsedFile& file) override {
        std::erase_if(file.lines, [](const SettlementLine& line) {
            return line.kind == LineKind::unknown;
        });
    }
};

// Closes: books are made of what is known now, whoever has closed what.
struct ForgetsCloses : SimSettlements {
    using SimSettlements::SimSettlements;
    std::shared_ptr<OpenJournal> open_books(
        SettlementLedger& ledger, const journal::Period& period, const TimeZone& zone,
        const Moment& moment
    ) override {
        auto open =
            std::make_shared<OpenJournal>(OpenJournal{journal::BooksMaker{period, zone}});
        open->maker.add({moment.at}, ledger.evidence());
        return open;
    }
};
// Exports: what is learned of a closed month later is booked nowhere.
struct LeavesOutCorrections : SimSettlements {
    using SimSettlements::SimSettlements;
    void written(std::string& piece) override {
        std::string kept;
        for (std::size_t at = 0; at < piece.size();) {
            const auto end = std::min(piece.find('\n', at), piece.size() - 1) + 1;
            const auto line = piece.substr(at, end - at);
            const auto id = line.substr(0, line.find(','));
            const bool corrects = id.find("-corrected-") != id.npos ||
                                  id.find("-reversed-") != id.npos;
            if (!corrects) kept += line;
            at = end;
        }
        piece = kept;
    }
};
// Exports: one line is lost on the way.
struct LeavesOutAPayout : SimSettlements {
    using SimSettlements::SimSettlements;
    void written(std::string& piece) override {
        const auto at = piece.find(",payout,");
        if (at == piece.npos) return;
        const auto begin = piece.rfind('\n', at) + 1;
        piece.erase(begin, piece.find('\n', at) + 1 - begin);
    }
};

// Every table of a file is committed by itself.
class CommitsInParts final : public ledger::SettlementDatabase {
public:
    explicit CommitsInParts(std::unique_ptr<SettlementDatabase> real) : real_(std::move(real)) {}

    bool is_postgres() const override { return real_->is_postgres(); }
    void begin_read() override { real_->begin_read(); }
    void begin_change() override { real_->begin_change(); }
    void commit() override { real_->commit(); }
    void roll_back() noexcept override { real_->roll_back(); }
    void lock(const std::string& select, const ledger::Cells& parameters) override {
        real_->lock(select, parameters);
    }
    bool clean_files(std::int64_t from, const std::function<void(std::int64_t)>& note) override {
        return real_->clean_files(from, note);
    }
    std::unique_ptr<LedgerRows> query(const std::string& sql, const ledger::Cells& parameters)
        override {
        return real_->query(sql, parameters);
    }
    std::unique_ptr<LedgerRows> query_texts(
        const std::string& select, const std::string& column, const std::vector<std::string>& texts
    ) override {
        return real_->query_texts(select, column, texts);
    }
    void change(const std::string& sql, const ledger::Cells& parameters) override {
        real_->change(sql, parameters);
    }
    void insert(const ledger::SettlementTable& table, const std::vector<ledger::Cells>& rows)
        override {
        real_->insert(table, rows);
        real_->commit();
        real_->begin_change();
    }

private:
    std::unique_ptr<SettlementDatabase> real_;
};
struct ImportsInParts : SimSettlements {
    using SimSettlements::SimSettlements;
    std::unique_ptr<ledger::SettlementDatabase> open() const override {
        return std::make_unique<CommitsInParts>(SimSettlements::open());
    }
};

}  // namespace

std::vector<Variant> broken_settlements() {
    return {
        with_settlements<MisreadsLines<WorkOutTheNet>>(
            "R1 the net is worked out", "what a line keeps beside its fee is not seen"
        ),
        with_settlements<ForgetsAccounts>(
            "R2 any account will do", "a line of another merchant account is taken for ours"
        ),
        with_settlements<MisreadsLines<ForgetTheReference>>(
            "R3 no references", "a line that has no id of ours is about nothing"
        ),
        with_settlements<MisreadsLines<RoundAmounts>>(
            "R4 whole units only", "a line is compared to the whole unit"
        ),
        with_settlements<MisreadsLines<ForgetTheSign>>(
            "R4 no signs", "what goes out is taken for what comes in"
        ),
        with_settlements<TakesOneLineEach>(
            "R5 twice is once", "a payment that is settled a second time is not seen"
        ),
        with_settlements<CountsLinesAgain>(
            "R5 a file counts twice", "a line that is told again is another one"
        ),
        with_settlements<MisreadsLines<ForgetFees>>(
            "R6 no fees", "what is paid out is held against what was paid"
        ),
        with_settlements<BelievesPayouts>(
            "R6 payouts on trust", "a payout is what its lines come to, whatever it says"
        ),
        with_settlements<ForgetsTheCarry>(
            "R6 nothing is carried", "what a payout left is not in the next one"
        ),
        with_settlements<MisreadsBanks<IgnoreReversals>>(
            "R7 no reversals", "what a bank takes back is an entry like others"
        ),
        with_settlements<ToleratesBanks>(
            "R8 banks keep a little", "a payout that is booked with a little less is booked"
        ),
        with_settlements<ForgetsDays>("R8 on any day", "a payout is on the bank, however late"),
        with_settlements<MisreadsBanks<ForgetCharges>>(
            "R8 no charges", "what a bank has itemised is missing"
        ),
        with_settlements<ForgetsBalances>(
            "R9 balances on trust", "nobody adds up what a statement says"
        ),
        with_settlements<ForgetsNumbers>(
            "R9 no numbers", "a statement that is missing is not missed"
        ),
        with_settlements<WaitsForEver>(
            "R10 there is always time", "what is settled nowhere is waited for"
        ),
        with_settlements<SkipsUnknownKinds>(
            "R10 unknown is nothing", "a line of a kind that is not known is left out"
        ),
        with_settlements<ForgetsCloses>(
            "a close is a word", "a file that is late changes the books of a closed month"
        ),
        with_settlements<LeavesOutCorrections>(
            "no corrections", "what is learned of a closed month is booked nowhere"
        ),
        with_settlements<LeavesOutAPayout>(
            "a line is lost", "a movement is left out of the file of the books"
        ),
        with_settlements<ImportsInParts>(
            "a file in parts", "a part of a file is on record when the process dies"
        ),
    };
}

}  // namespace payments::simulate
