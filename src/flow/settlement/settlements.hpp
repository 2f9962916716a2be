#pragma once

#include <memory>
#include <string>
#include <vector>

#include "flow/subscriber.hpp"
#include "flow/task.hpp"
#include "payment/action.hpp"
#include "settlement/journal/close_output.hpp"
#include "settlement/journal/writers.hpp"
#include "settlement/match.hpp"
#include "settlement/outgoing_settlements.hpp"
#include "settlement/readers/readers.hpp"
#include "settlement/report_output.hpp"

// Settlements on record (docs/settlements.md, 7), as the flows need them.
namespace payments {

// A file that was taken, as it is on record. It is known by its first five members: the same bytes
// say something else in another account, or by another mapping.
struct KeptFile {
    std::string sha256;  // of its bytes, in hex
    settlement::Format format = settlement::Format::simplepay;
    std::string account, payout;  // that whoever imported it named; "" for none
    std::string mapping{};  // SHA-256 in hex of the mapping it was read by; "" for known columns

    std::string name;       // without folders
    std::int64_t size = 0;  // of its bytes
    std::int64_t skipped = 0;
    Time at{};
    Actor by{};

    std::int64_t id = 0;  // its place in the chain, from 1
    std::int64_t records = 0;
    std::string records_sha256{}, hash{};
};

// What a person decided about a finding, for the numbers it had.
struct KeptDecision {
    std::int64_t id = 0;      // its place in the chain, from 1
    bool is_accepted = true;  // else it was opened again
    std::string finding, kind, subject;
    std::int64_t minor = 0;
    std::string currency, reason;
    Time at{};
    Actor by{};
    std::string hash{};
};

struct ImportedFile {
    KeptFile file;  // as it is on record, or would be
    settlement::FileCounts counts;
    std::string accounts;   // that it names
    bool is_known = false;  // the same bytes were taken before: nothing was kept
};

// A file that somebody sends to be imported.
struct SentFile {
    std::string bytes;
    settlement::ReadOptions options;
    Time at{};
    Actor by{};
    bool only_tries = false;  // keep nothing
};

// For which moment settlements are asked about. Of one that is not now only that counts which was
// known then: files, facts and decisions until then.
struct Moment {
    Time at;
    bool is_now = true;
};

// What is on record, to be held against our transactions: heard on the caller's thread, they cost
// it microseconds each. Hearing throws TemporaryFilesDown.
struct OpenMatching {
    settlement::Evidence evidence;
    std::vector<settlement::Decision> decisions;
    std::unique_ptr<settlement::Matching> matching;  // refers to the evidence
};

// What is on record, to be made into books: as above.
struct OpenJournal {
    settlement::journal::BooksMaker maker;
    std::optional<settlement::journal::Journal> journal{};     // made of it
    std::unique_ptr<settlement::journal::JournalFile> file{};  // refers to the journal

    // Some lines of the file behind its head, when all transactions were heard; "" at the end.
    std::string next(settlement::journal::FileFormat format);
};

// What is on record, to be made into a month's close: as above.
struct OpenClose {
    std::vector<settlement::Decision> decisions;
    settlement::journal::CloseRecord record;
    std::int64_t files = 0;  // on record, that it is made of
    settlement::journal::CloseMaker maker;
};
struct ClosedMonth {
    settlement::journal::MonthClose close;
    settlement::journal::CloseRecord record;
};

// What no fact explains, of a processor ("SIMPLE"; "" of what only a bank tells) in one currency.
struct Unexplained {
    std::string processor, currency;
    std::int64_t minor = 0;

    friend bool operator==(const Unexplained&, const Unexplained&) = default;
};

// What came of matching last, and what came since.
struct MatchResult {
    std::optional<Time> matched_at{};  // nothing: never
    std::vector<Unexplained> unexplained{};
    std::optional<Time> newest_file_at{};  // nothing: there is none
    std::optional<Time> newest_decision_at{};
};

// Calls return on the loop of the caller, which goes on meanwhile: what reads, sorts and writes a
// million lines runs on a thread of its own, one call after the other. They throw StoreDown,
// std::overflow_error when sums leave int64, and TemporaryFilesDown.
struct Settlements {
    virtual ~Settlements() = default;

    // Takes a file whole or not at all. Errc::invalid_request with every mistake in it, or when it
    // is about a bank account that is not ours, or about days that another format has told of.
    virtual Task<Result<ImportedFile>> import_file(SentFile file) = 0;
    virtual Task<std::shared_ptr<OpenMatching>> open_matching(Moment moment) = 0;
    // Of a matching that has heard all transactions.
    virtual Task<settlement::Report> finish_matching(std::shared_ptr<OpenMatching> matching) = 0;
    // `zone` outlives it.
    virtual Task<std::shared_ptr<OpenJournal>> open_journal(
        settlement::journal::Period period, const TimeZone& zone, Moment moment
    ) = 0;
    // OpenJournal::next().
    virtual Task<std::string> next_of_journal(
        std::shared_ptr<OpenJournal> journal, settlement::journal::FileFormat format
    ) = 0;
    // `zone` outlives it.
    virtual Task<std::shared_ptr<OpenClose>> open_close(
        settlement::journal::Month month, const TimeZone& zone, Moment moment
    ) = 0;
    // Of a close that has heard all transactions.
    virtual Task<ClosedMonth> finish_close(std::shared_ptr<OpenClose> close) = 0;
    // Lines of a payout, in the order of their ids; empty for one that is not known.
    virtual Task<std::vector<settlement::SettlementLine>> lines_of(std::string payout_id) = 0;
    // In the order in which they came.
    virtual Task<std::vector<KeptFile>> files() = 0;
    virtual Task<std::vector<KeptDecision>> decisions() = 0;
    // Puts a decision on record; of `decision` the members that a chain gives are not looked at.
    virtual Task<KeptDecision> keep(KeptDecision decision) = 0;
    // SettlementLedger::close(): that a month is closed for good, by whom it says.
    virtual Task<Result<KeptDecision>> close_month(
        settlement::journal::MonthClosing closing, Actor by
    ) = 0;
    virtual Task<MatchResult> newest_result() = 0;
    // True for one caller alone until then, or until a result is noted.
    virtual Task<bool> claim_matching(Time now, Time until) = 0;
    // In the place of the one before.
    virtual Task<void> note_result(std::vector<Unexplained> unexplained, Time at) = 0;
    // Of what is to be told now that which was told otherwise or not at all becomes an event; of a
    // finding that is gone, that it is. Returns how many there are.
    virtual Task<std::size_t> note_told(std::vector<settlement::Standing> told, Time at) = 0;
    // Some that are due, the oldest first and one after the other of each payout and finding;
    // nobody else is given them until their lease ends.
    virtual Task<std::vector<SettlementEvent>> claim_events(Time now, int limit) = 0;
    virtual Task<void> record_delivery(SettlementEvent event, DeliveryOutcome outcome) = 0;
    // What others are told, were told or are to be told.
    virtual Task<std::vector<SettlementEvent>> find_events(SettlementEventsQuery query) = 0;
    // In one commit with its actions. Returns how many were changed.
    virtual Task<std::int64_t> change_events(SettlementEventsChange change) = 0;
    // How many wait and how many were given up.
    virtual Task<Backlog> backlog() = 0;
    // From when on captures are awaited; nothing: all are.
    virtual std::optional<Time> begins() const = 0;
};

}  // namespace payments
