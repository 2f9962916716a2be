#pragma once

#include <array>
#include <chrono>
#include <cstddef>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "flow/office/call_counts.hpp"
#include "payment/code.hpp"
#include "payment/facts.hpp"
#include "payment/outgoing.hpp"
#include "payment/review.hpp"

namespace payments {

// What became of a call to a provider, to the tickets service or to the receiver of events.
enum class CallOutcome : std::uint8_t { answered, refused, unreachable, unanswered };
// What became of a verified notification, or that it was not one.
enum class NoticeResult : std::uint8_t { matched, unmatched, known, refused };

// Counts of one event loop, or of the store's writing thread: every thread has an object of its
// own, so that cores share neither a lock nor a cache line. `render` adds them up, on any thread.
// The names and labels are a contract with dashboards: docs/operations.md, "Watching it". Label
// texts must come from a fixed set (an operation id, not a path); they are looked up once and kept.
class Metrics {
public:
    Metrics();
    ~Metrics();
    Metrics(const Metrics&) = delete;
    Metrics& operator=(const Metrics&) = delete;

    // All that count are called on the object's own thread, and throw std::bad_alloc alone.

    // An answered request; a status outside 100..599 counts as 500. One that was refused before it
    // came to an operation, "", is counted without that label, and its time is not: nobody took it.
    void http_request(std::string_view operation, int status, std::chrono::nanoseconds took);
    // `refused`: an answer that is not a success.
    void provider_request(
        std::string_view provider, std::string_view operation, CallOutcome outcome,
        std::chrono::nanoseconds took
    );
    // A transaction entered this status.
    void transaction(Status status);
    // What was not refused had a good signature.
    void notification(Processor processor, NoticeResult result);
    // A delivery of an event, by its outcome.
    void delivery(DeliveryOutcome::Kind kind);
    // Spans of traces that a collector took, and that were lost on the way to it.
    void spans(std::int64_t sent, std::int64_t dropped);
    // Events to be delivered, for how long the oldest has waited, and dead letters. To be called on
    // one object only: `render` adds up, and this is a state, not a count.
    void backlog(std::int64_t waiting, std::chrono::milliseconds oldest, std::int64_t dead);
    // A request was refused because there was more to do than could be done in time.
    void refused_for_load();
    // The store made `changes` durable in one commit.
    void commit(std::size_t changes);
    void commit_failed();

private:
    struct Impl;
    std::unique_ptr<Impl> impl_;
    friend std::string render(std::span<const Metrics* const> all, bool is_ready);
    friend std::vector<OutsideCalls> calls_of(std::span<const Metrics* const> all);
    friend std::optional<Time> last_signed(
        std::span<const Metrics* const> all, Processor processor
    );
};

// Calls to the providers and to the tickets service since the process began. Any thread.
std::vector<OutsideCalls> calls_of(std::span<const Metrics* const> all);
// When the newest message came that this provider had signed, since the process began. Any thread.
std::optional<Time> last_signed(std::span<const Metrics* const> all, Processor processor);

// The gauge payments_reviews by kind, as text that follows what `render` made.
// Apart from render(), because the store is asked for them, which takes its time and may fail.
std::string render_reviews(const std::array<std::int64_t, review_kinds>& counts);

// Prometheus text exposition format 0.0.4 of the sum of all, with what is known of the process
// itself: build, start, memory, CPU, files, readiness. May be called from any thread.
std::string render(std::span<const Metrics* const> all, bool is_ready);

}  // namespace payments
