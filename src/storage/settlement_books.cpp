#include "storage/settlement_books.hpp"

#include <algorithm>

#include "storage/rules/settlement_rows.hpp"

namespace payments {
namespace {

using namespace settlement;

// The record as it was at a moment.
struct Record {
    std::vector<KeptFile> files;
    std::vector<KeptDecision> decisions;
    journal::Knowledge known;  // all of it

    Record(SettlementLedger& ledger, const Moment& moment)
        : files(ledger.files()), decisions(ledger.decisions()), known{moment.at} {
        if (moment.is_now) return;
        // Files count in the order in which they came: a clock may have been set back meanwhile.
        known.files = 0;
        for (const auto& file : files)
            if (file.at <= moment.at) known.files = file.id;
        std::erase_if(decisions, [&](const KeptDecision& decision) {
            return decision.at > moment.at;
        });
    }

    // Those that count of what was known.
    std::vector<Decision> decisions_of(const journal::Knowledge& of) const {
        if (!of.end) return ledger::that_count(decisions);
        auto until = decisions;
        std::erase_if(until, [&](const KeptDecision& decision) { return decision.at > of.as_of; });
        return ledger::that_count(until);
    }
};

// Gives what is known of the newest days.
journal::Knowledge add_books(
    SettlementLedger& ledger, const Record& record, const journal::Period& period,
    journal::BooksMaker& maker
) {
    const auto parts =
        journal::knowledge_for(period, ledger::closings_in(record.decisions), record.known);
    for (const auto& known : parts) maker.add(known, ledger.evidence(known.files));
    maker.begin();
    return parts.back();
}

}  // namespace

std::shared_ptr<OpenMatching> open_matching(
    SettlementLedger& ledger, const Delays& delays, const Moment& moment
) {
    const Record record{ledger, moment};
    auto open = std::make_shared<OpenMatching>();
    open->evidence = ledger.evidence(record.known.files);
    open->decisions = record.decisions_of(record.known);
    open->matching = std::make_unique<Matching>(open->evidence, delays, moment.at);
    return open;
}

std::shared_ptr<OpenJournal> open_journal(
    SettlementLedger& ledger, const journal::Period& period, const TimeZone& zone,
    const Moment& moment
) {
    const Record record{ledger, moment};
    auto open = std::make_shared<OpenJournal>(OpenJournal{journal::BooksMaker{period, zone}});
    add_books(ledger, record, period, open->maker);
    return open;
}

std::shared_ptr<OpenClose> open_close(
    SettlementLedger& ledger, const Delays& delays, journal::Month month, const TimeZone& zone,
    const Moment& moment
) {
    const Record record{ledger, moment};
    const auto closings = ledger::closings_in(record.decisions);
    // A month is closed with those behind it, and as it was then.
    const auto closing = std::ranges::find_if(closings, [&](const journal::MonthClosing& one) {
        return one.month >= month;
    });
    std::optional<journal::MonthClosing> closed;
    if (closing != closings.end()) closed = *closing;
    const auto as_of = closed ? closed->at : moment.at;
    auto open = std::make_shared<OpenClose>(OpenClose{
        {}, {}, 0, journal::CloseMaker{month, zone, as_of, delays, std::move(closed)}});
    const auto known =
        add_books(ledger, record, journal::period_of(month), open->maker.books());
    open->decisions = record.decisions_of(known);
    std::vector<std::string> digests;
    for (const auto& file : record.files)
        if (!known.files || file.id <= *known.files) digests.push_back(file.sha256);
    open->files = std::ssize(digests);
    open->record = journal::close_record(as_of, std::move(digests));
    return open;
}

}  // namespace payments
