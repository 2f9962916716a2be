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

struct ImportedFile {
    ledger::KeptFile file;  // as it is on record, or would be
    settlement::FileCounts counts;
    bool is_known = false;  // the same bytes were taken before: nothing was kept
};

class SettlementLedger {
public:
    explicit SettlementLedger(std::unique_ptr<ledger::SettlementDatabase> database);

    // Takes a file; with `only_tries` it says what would come of that, and keeps nothing. Of `file`
    // the members that a chain gives are not looked at. What is counted follows from the files
    // before it. Errc::invalid_request when a bank account has entries of these days already, from
    // a file of another format.
    Result<ImportedFile> take(
        const settlement::ParsedFile& content, ledger::KeptFile file, bool only_tries = false
    );

    // What all files say together.
    settlement::Evidence evidence();
    // In the order in which they came.
    std::vector<ledger::KeptFile> files();
    std::vector<ledger::KeptDecision> decisions();

    // Puts a decision on record; of `decision` the members that a chain gives are not looked at.
    ledger::KeptDecision keep(ledger::KeptDecision decision);

private:
    struct End {
        std::int64_t length = 0;
        std::string hash;
    };

    std::optional<ledger::KeptFile> find(const ledger::KeptFile& like);
    settlement::Evidence related_to(const settlement::ParsedFile& content);
    End end_of(const std::string& chain);
    void move_end(const std::string& chain, const End& end);
    void insert(const settlement::ParsedFile& content, ledger::KeptFile& file);

    std::unique_ptr<ledger::SettlementDatabase> database_;
};

}  // namespace payments
