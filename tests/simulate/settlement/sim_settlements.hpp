#pragma once

#include <deque>
#include <exception>
#include <functional>

#include "simulate/schedule.hpp"
#include "storage/settlement_books.hpp"

namespace payments::simulate {

// Settlements on record in a simulated process: the real ledger over the real database, whose work
// waits until the process is let do it, as that of the store does. A broken variant does one of the
// steps below in another way.
class SimSettlements : public Settlements {
public:
    SimSettlements(Schedule& schedule, std::string path)
        : schedule_(schedule), path_(std::move(path)) {}

    std::size_t waiting() const { return jobs_.size(); }
    // Does what has waited longest.
    void serve();

    Task<Result<ImportedFile>> import_file(SentFile file) override;
    Task<std::shared_ptr<OpenMatching>> open_matching(Moment moment) override;
    Task<settlement::Report> finish_matching(std::shared_ptr<OpenMatching> matching) override;
    Task<std::shared_ptr<OpenJournal>> open_journal(
        settlement::journal::Period period, const TimeZone& zone, Moment moment
    ) override;
    Task<std::string> next_of_journal(
        std::shared_ptr<OpenJournal> journal, settlement::journal::FileFormat format
    ) override;
    Task<std::shared_ptr<OpenClose>> open_close(
        settlement::journal::Month month, const TimeZone& zone, Moment moment
    ) override;
    Task<ClosedMonth> finish_close(std::shared_ptr<OpenClose> close) override;
    Task<std::vector<settlement::SettlementLine>> lines_of(std::string payout_id) override;
    Task<std::vector<KeptFile>> files() override;
    Task<std::vector<KeptDecision>> decisions() override;
    Task<KeptDecision> keep(KeptDecision decision) override;
    Task<Result<KeptDecision>> close_month(
        settlement::journal::MonthClosing closing, Actor by
    ) override;
    Task<MatchResult> newest_result() override;
    Task<bool> claim_matching(Time now, Time until) override;
    Task<void> note_result(std::vector<Unexplained> unexplained, Time at) override;
    Task<std::size_t> note_told(std::vector<settlement::Standing> told, Time at) override;
    Task<std::vector<SettlementEvent>> claim_events(Time now, int limit) override;
    Task<void> record_delivery(SettlementEvent event, DeliveryOutcome outcome) override;
    Task<std::vector<SettlementEvent>> find_events(SettlementEventsQuery query) override;
    Task<std::int64_t> change_events(SettlementEventsChange change) override;
    Task<Backlog> backlog() override;
    std::optional<Time> begins() const override { return {}; }

protected:
    virtual std::unique_ptr<ledger::SettlementDatabase> open() const;
    // What was read of a file, before it is kept.
    virtual void read(settlement::ParsedFile&) {}
    virtual settlement::Delays delays() const { return {}; }
    // What has come of matching.
    virtual void matched(settlement::Evidence&, settlement::Report&) {}
    // Books, and the lines of their file.
    virtual std::shared_ptr<OpenJournal> open_books(
        SettlementLedger& ledger, const settlement::journal::Period& period, const TimeZone& zone,
        const Moment& moment
    ) {
        return payments::open_journal(ledger, period, zone, moment);
    }
    virtual void written(std::string&) {}

private:
    template <class Work, class T = std::invoke_result_t<Work&>>
    Task<T> run(Work work);
    SettlementLedger ledger() const { return SettlementLedger{open()}; }
    Result<ImportedFile> take(const SentFile& sent);

    Schedule& schedule_;
    const std::string path_;
    std::deque<std::function<void()>> jobs_;
};

}  // namespace payments::simulate
