#include "storage/verify/ledger_verifier.hpp"

#include <algorithm>
#include <array>
#include <atomic>
#include <deque>
#include <iterator>
#include <limits>
#include <mutex>
#include <thread>

#include "storage/rules/rows.hpp"
#include "storage/verify/verify_actions.hpp"
#include "storage/verify/verify_batch.hpp"
#include "storage/verify/verify_settlements.hpp"
#include "storage/verify/verify_totals.hpp"
#include "storage/verify/verify_whole.hpp"

namespace payments {
namespace {

constexpr std::int64_t progress_every = 250;

// Behind the batches, in the order in which findings are told. None needs what another found.
constexpr std::array<void (*)(LedgerReader&, LedgerReport&), 4> parts{
    verify_erasures, verify_ids, verify_actions, verify_settlements};

// Whoever is free takes the next part, and what is found is told in the order of the parts, as far
// as one thread would have come: so the report is the same for any number of threads.
class LedgerVerifier {
public:
    LedgerVerifier(LedgerReader& source, const VerifyOptions& options, LedgerReport& found)
        : source_(source), options_(options), report_(found) {
        for (int i = 1; i < options.threads; ++i) others_.push_back(source.another());
    }

    void run() {
        {
            const auto count = source_.query("SELECT count(*) FROM transactions");
            if (count->next()) of_ = count->integer(0);
        }
        auto added = read_batches();
        std::vector<std::pair<std::int64_t, std::int64_t>> erased_otherwise;
        for (auto& batch : batches_) {
            tell(batch);
            std::ranges::move(batch.erased_otherwise, std::back_inserter(erased_otherwise));
        }
        verify_unmatched(source_, erased_otherwise, report_);
        each_thread([&](LedgerReader& source, std::size_t) {
            while (verify_next_part(source, added)) {
            }
            verify_guards_once(source);
        });
        for (auto& part : parts_) tell(part);
        // Sums follow from all that: what is wrong there would be told twice.
        if (report_.differences.empty()) {
            tell(fees_);
            verify_totals(source_, std::move(added), report_);
        }
        tell(guards_);
        report_progress();
    }

private:
    // On the caller's thread, the first, and all others; returns when all have returned.
    template <class Work>
    void each_thread(Work work) {
        std::vector<std::jthread> threads;
        for (std::size_t i = 0; i < others_.size(); ++i)
            threads.emplace_back([&work, &source = *others_[i], i] { work(source, i + 1); });
        work(source_, 0);
    }

    // Gives what the transactions count for.
    TotalsOf read_batches() {
        std::vector<TotalsOf> added(others_.size() + 1, no_totals());
        each_thread([&](LedgerReader& source, std::size_t thread) {
            // To look at the whole file takes longest, so it is begun at once.
            if (thread == 1) verify_guards_once(source);
            std::int64_t own = 0;
            const auto passed = [&] {
                ++passed_;
                if (++own % progress_every == 0 && thread == 0) report_progress();
            };
            while (verify_next_batch(source, added[thread], passed)) {
            }
        });
        for (std::size_t i = 1; i < added.size(); ++i)
            ledger::add(added[0].totals, added[i].totals);
        return std::move(added[0]);
    }

    struct Batch {
        std::int64_t after, to;
        FoundPart* found;
    };

    bool verify_next_batch(
        LedgerReader& source, TotalsOf& added, const std::function<void()>& passed
    ) {
        const auto batch = begin_batch(source);
        if (!batch) return false;
        const bool done = is_done(*batch->found, [&] {
            verify_batch(source, batch->after, batch->to, passed, added, *batch->found);
            source.end();
        });
        if (!done) has_failed_ = true;
        return done;
    }

    // By one at a time, so that each sees no less than what the one before saw.
    std::optional<Batch> begin_batch(LedgerReader& source) {
        const std::lock_guard lock{mutex_};
        if (has_failed_ || after_ == last_transaction) return {};
        auto& found = batches_.emplace_back();
        Batch batch{after_, last_transaction, &found};
        const bool is_begun = is_done(found, [&] {
            source.begin();
            const auto rows = source.query(
                "SELECT id FROM transactions WHERE id > $1 ORDER BY id LIMIT 1 OFFSET $2",
                {after_, options_.together - 1}
            );
            if (rows->next()) batch.to = rows->integer(0);
            after_ = batch.to;
        });
        if (is_begun) return batch;
        has_failed_ = true;
        return {};
    }

    // The first first, so that of those before one that fails none is left out.
    bool verify_next_part(LedgerReader& source, TotalsOf& added) {
        const auto taken = parts_taken_++;
        if (taken < parts.size())
            return is_done(parts_[taken], [&] { parts[taken](source, parts_[taken].report); });
        if (taken > parts.size() || !report_.differences.empty()) return false;
        return is_done(fees_, [&] { add_fees(source, added); });
    }

    void verify_guards_once(LedgerReader& source) {
        if (are_guards_taken_.exchange(true)) return;
        is_done(guards_, [&] {
            for (auto& damage : source.damage())
                guards_.report.differences.push_back({0, std::move(damage)});
        });
    }

    // False when it failed: whoever did it reads no more.
    template <class Work>
    static bool is_done(FoundPart& found, Work work) {
        try {
            work();
            return true;
        } catch (...) {
            found.failure = std::current_exception();
            return false;
        }
    }

    void tell(FoundPart& part) {
        auto& found = part.report;
        report_.transactions += found.transactions;
        report_.facts += found.facts;
        report_.messages += found.messages;
        report_.actions += found.actions;
        report_.settlement_files += found.settlement_files;
        std::ranges::move(found.differences, std::back_inserter(report_.differences));
        if (part.failure) std::rethrow_exception(part.failure);
    }

    void report_progress() const {
        if (options_.progress) options_.progress({passed_, of_});
    }

    LedgerReader& source_;
    std::vector<std::unique_ptr<LedgerReader>> others_;
    const VerifyOptions& options_;
    LedgerReport& report_;
    std::int64_t of_ = 0;
    std::atomic<std::int64_t> passed_ = 0;
    std::atomic<bool> has_failed_ = false;
    std::mutex mutex_;
    std::int64_t after_ = std::numeric_limits<std::int64_t>::min();  // guarded, as batches_ is
    std::deque<FoundPart> batches_;
    std::atomic<std::size_t> parts_taken_ = 0;
    std::array<FoundPart, parts.size()> parts_;
    FoundPart fees_;  // of the sums, of which it finds nothing but that they cannot be read
    std::atomic<bool> are_guards_taken_ = false;
    FoundPart guards_;
};

}  // namespace

LedgerReport verify_ledger(LedgerReader& source, const VerifyOptions& options) {
    LedgerReport found;
    try {
        LedgerVerifier{source, options, found}.run();
    } catch (const from_row::Damaged& damaged) {
        found.differences.push_back({0, damaged.what()});
    }
    return found;
}

}  // namespace payments
