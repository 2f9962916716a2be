#pragma once

#include <memory>
#include <string>
#include <vector>

#include "settlement/evidence.hpp"
#include "storage/rules/settlement_database.hpp"

// Settlements on record (docs/settlements.md, 7): files of providers and banks, each taken whole or
// not at all, and what people decided about findings. For one thread, which every call blocks; all
// throw StoreDown, and then nothing was kept.
namespace payments {

class SettlementLedger {
public:
    explicit SettlementLedger(std::unique_ptr<ledger::SettlementDatabase> database);

    // Takes a file; with `only_tries` it says what would come of that, and keeps nothing. Of `file`
    // the members that a chain gives are not looked at. What is counted follows from the files
    // before it. Errc::invalid_request when a bank account has entries of these days already, from
    // a file of another format.
    Result<ImportedFile> take(
        const settlement::ParsedFile& content, KeptFile file, bool only_tries = false
    );

    // What all files say together; or the first so many.
    settlement::Evidence evidence(std::optional<std::int64_t> files = {});
    // Lines that name this payout, as far as the files go that do; in the order of their ids.
    std::vector<settlement::SettlementLine> lines_of(const std::string& payout_id);
    // In the order in which they came.
    std::vector<KeptFile> files();
    std::vector<KeptDecision> decisions();

    MatchResult newest_result();
    // True for one caller alone until then, or until a result is noted.
    bool claim_matching(Time now, Time until);
    // In the place of the one before.
    void note_result(const std::vector<Unexplained>& unexplained, Time at);

    // Puts a decision on record; of `decision` the members that a chain gives are not looked at.
    KeptDecision keep(KeptDecision decision);
    // Puts on record that a month is closed. Errc::month_not_closable when it is already, or a
    // later one, or when more files are on record by now than it is made of.
    Result<KeptDecision> close(const settlement::journal::MonthClosing& closing, const Actor& by);

    // As Settlements.
    std::size_t note_told(const std::vector<settlement::Standing>& told, Time at);
    std::vector<SettlementEvent> claim_events(Time now, int limit);
    void record_delivery(const SettlementEvent& event, const DeliveryOutcome& outcome);
    std::vector<SettlementEvent> find_events(const SettlementEventsQuery& query);
    std::int64_t change_events(const SettlementEventsChange& change);
    Backlog backlog();

private:
    struct End {
        std::int64_t length = 0;
        std::string hash;
    };

    // What would come of a file, if it came behind `end`.
    struct Looked {
        ImportedFile imported;
        End end;
    };

    Result<Looked> look(const settlement::ParsedFile& content, const KeptFile& file);
    std::optional<KeptFile> find(const KeptFile& like);
    settlement::Evidence related_to(const settlement::ParsedFile& content);
    End end_of(const std::string& chain);
    void move_end(const std::string& chain, const End& end);
    std::vector<KeptDecision> read_decisions();
    void append(KeptDecision& decision);
    std::vector<settlement::Standing> untold(const std::vector<settlement::Standing>& told);
    // Puts a file behind `end`; not when another stands there by now.
    bool insert(const settlement::ParsedFile& content, KeptFile& file, const End& end);

    std::unique_ptr<ledger::SettlementDatabase> database_;
};

}  // namespace payments
