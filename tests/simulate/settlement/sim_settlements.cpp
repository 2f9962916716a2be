#include "simulate/settlement/sim_settlements.hpp"

#include "storage/settlements.hpp"
#include "storage/sqlite/settlements.hpp"

namespace payments::simulate {

using namespace settlement;

template <class Work, class T>
Task<T> SimSettlements::run(Work work) {
    struct Job {
        explicit Job(Schedule& schedule) : bell(schedule) {}
        Doorbell bell;
        std::optional<T> answer;
        std::exception_ptr failure;
    };
    const auto job = std::make_shared<Job>(schedule_);
    jobs_.push_back([job, work = std::move(work)]() mutable {
        try {
            job->answer.emplace(work());
        } catch (...) {
            job->failure = std::current_exception();
        }
        job->bell.ring();
    });
    co_await job->bell.wait();
    if (job->failure) std::rethrow_exception(job->failure);
    co_return std::move(*job->answer);
}

void SimSettlements::serve() {
    if (jobs_.empty()) return;
    auto job = std::move(jobs_.front());
    jobs_.pop_front();
    job();
}

std::unique_ptr<ledger::SettlementDatabase> SimSettlements::open() const {
    return sqlite::open_settlements(path_);
}

// As storage/settlements does it on its thread.
Result<ImportedFile> SimSettlements::take(const SentFile& sent) {
    auto content = read_file(sent.bytes, sent.options);
    if (!content) return content.error();
    read(*content);
    return ledger().take(*content, file_of(sent, content->format), sent.only_tries);
}

Task<Result<ImportedFile>> SimSettlements::import_file(SentFile file) {
    auto sent = std::make_shared<SentFile>(std::move(file));
    return run([this, sent] { return take(*sent); });
}

Task<std::shared_ptr<OpenMatching>> SimSettlements::open_matching(Moment moment) {
    return run([this, moment] {
        auto kept = ledger();
        return payments::open_matching(kept, delays(), moment);
    });
}

Task<Report> SimSettlements::finish_matching(std::shared_ptr<OpenMatching> open) {
    return run([this, open] {
        auto report = open->matching->finish(open->decisions);
        matched(open->evidence, report);
        return report;
    });
}

Task<std::shared_ptr<OpenJournal>> SimSettlements::open_journal(
    journal::Period period, const TimeZone& zone, Moment moment
) {
    return run([this, period, &zone, moment] {
        auto kept = ledger();
        return open_books(kept, period, zone, moment);
    });
}
Task<std::string> SimSettlements::next_of_journal(
    std::shared_ptr<OpenJournal> open, journal::FileFormat format
) {
    return run([this, open, format] {
        auto piece = open->next(format);
        written(piece);
        return piece;
    });
}

Task<std::shared_ptr<OpenClose>> SimSettlements::open_close(
    journal::Month month, const TimeZone& zone, Moment moment
) {
    return run([this, month, &zone, moment] {
        auto kept = ledger();
        return payments::open_close(kept, delays(), month, zone, moment);
    });
}
Task<ClosedMonth> SimSettlements::finish_close(std::shared_ptr<OpenClose> open) {
    return run([open] { return ClosedMonth{open->maker.finish(open->decisions), open->record}; });
}
Task<Result<KeptDecision>> SimSettlements::close_month(journal::MonthClosing closing, Actor by) {
    return run([this, closing = std::move(closing), by = std::move(by)] {
        return ledger().close(closing, by);
    });
}

Task<std::vector<SettlementLine>> SimSettlements::lines_of(std::string payout_id) {
    return run([this, id = std::move(payout_id)] { return ledger().lines_of(id); });
}
Task<std::vector<KeptFile>> SimSettlements::files() {
    return run([this] { return ledger().files(); });
}
Task<std::vector<KeptDecision>> SimSettlements::decisions() {
    return run([this] { return ledger().decisions(); });
}
Task<KeptDecision> SimSettlements::keep(KeptDecision decision) {
    return run([this, decision = std::move(decision)] { return ledger().keep(decision); });
}
Task<std::size_t> SimSettlements::note_told(std::vector<Standing> told, Time at) {
    return run([this, told = std::move(told), at] { return ledger().note_told(told, at); });
}
Task<std::vector<SettlementEvent>> SimSettlements::claim_events(Time now, int limit) {
    return run([this, now, limit] { return ledger().claim_events(now, limit); });
}
Task<std::vector<SettlementEvent>> SimSettlements::find_events(SettlementEventsQuery query) {
    return run([this, query] { return ledger().find_events(query); });
}
Task<std::int64_t> SimSettlements::change_events(SettlementEventsChange change) {
    return run([this, change = std::move(change)] { return ledger().change_events(change); });
}
Task<Backlog> SimSettlements::backlog() {
    return run([this] { return ledger().backlog(); });
}
Task<void> SimSettlements::record_delivery(SettlementEvent event, DeliveryOutcome outcome) {
    auto work = [this, event = std::move(event), outcome = std::move(outcome)] {
        ledger().record_delivery(event, outcome);
        return true;
    };
    co_await run(std::move(work));
}
Task<MatchResult> SimSettlements::newest_result() {
    return run([this] { return ledger().newest_result(); });
}
Task<bool> SimSettlements::claim_matching(Time now, Time until) {
    return run([this, now, until] { return ledger().claim_matching(now, until); });
}
Task<void> SimSettlements::note_result(std::vector<Unexplained> unexplained, Time at) {
    auto work = [this, unexplained = std::move(unexplained), at] {
        ledger().note_result(unexplained, at);
        return true;
    };
    co_await run(std::move(work));
}

}  // namespace payments::simulate
