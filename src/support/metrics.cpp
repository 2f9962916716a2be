#include "support/metrics.hpp"

#include <dirent.h>
#include <prometheus/counter.h>
#include <prometheus/gauge.h>
#include <prometheus/histogram.h>
#include <prometheus/registry.h>
#include <prometheus/text_serializer.h>
#include <sys/resource.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <fstream>
#include <map>
#include <memory>
#include <vector>

#include "support/assets.hpp"
#include "support/log.hpp"

namespace payments {
namespace {

using prometheus::ClientMetric;
using prometheus::Counter;
using prometheus::Gauge;
using prometheus::Histogram;
using prometheus::MetricFamily;
using prometheus::MetricType;

using Counters = prometheus::Family<Counter>;
using Histograms = prometheus::Family<Histogram>;

// Set before main() begins, which is as near as the start of the process need be known.
const auto process_start = std::chrono::system_clock::now();

const Histogram::BucketBoundaries seconds_buckets{call_seconds.begin(), call_seconds.end()};
// Up to the largest batch, SQLite's (docs/design.md, 8).
const Histogram::BucketBoundaries group_buckets{1, 2, 4, 8, 16, 32, 64, 128, 256};

constexpr int statuses = static_cast<int>(Status::review) + 1;
constexpr int lowest_http_status = 100;
constexpr int http_statuses = 500;

std::string_view name(CallOutcome outcome) {
    static constexpr std::string_view names[] = {
        "answered", "refused", "unreachable", "unanswered"};
    return names[static_cast<std::size_t>(outcome)];
}
constexpr int call_outcomes = 4;

std::string_view name(NoticeResult result) {
    static constexpr std::string_view names[] = {"matched", "unmatched", "known", "refused"};
    return names[static_cast<std::size_t>(result)];
}
constexpr int notice_results = 4;

std::string_view name(DeliveryOutcome::Kind kind) {
    static constexpr std::string_view names[] = {"delivered", "failed", "dead"};
    return names[static_cast<std::size_t>(kind)];
}
constexpr int settlements = static_cast<int>(DeliveryOutcome::Kind::dead) + 1;

std::string_view label_of(Processor processor) {
    return processor == Processor::simplepay ? "simplepay" : "stripe";
}

double seconds(std::chrono::nanoseconds time) {
    return std::chrono::duration<double>(time).count();
}

struct HttpOperation {
    std::string operation;
    std::array<Counter*, http_statuses> by_status{};
    Histogram* time = nullptr;  // none without an operation
};

struct ProviderOperation {
    std::string provider, operation;
    std::array<Counter*, call_outcomes> by_outcome{};
    Histogram* time = nullptr;
};

}  // namespace

struct Metrics::Impl {
    Impl() {
        // From the start, at 0: a series that begins with its first event shows no increase for it.
        // Those of HTTP and providers are made when first seen, for most of their many labels never
        // occur.
        for (int i = 0; i < statuses; ++i)
            by_status[i] =
                &transactions.Add({{"status", std::string{payments::name(static_cast<Status>(i))}}}
                );
        for (int i = 0; i < settlements; ++i)
            by_settlement[i] =
                &events.Add({{"outcome", std::string{name(static_cast<DeliveryOutcome::Kind>(i))}}}
                );
        for (const auto processor : {Processor::simplepay, Processor::stripe})
            for (int i = 0; i < notice_results; ++i)
                by_result[static_cast<int>(processor)][i] = &notifications.Add(
                    {{"processor", std::string{label_of(processor)}},
                     {"result", std::string{name(static_cast<NoticeResult>(i))}}}
                );
    }

    Gauge& gauge(const char* title, const char* help) {
        return prometheus::BuildGauge().Name(title).Help(help).Register(registry).Add({});
    }
    Counters& counters(const char* title, const char* help) {
        return prometheus::BuildCounter().Name(title).Help(help).Register(registry);
    }
    Histograms& histograms(const char* title, const char* help) {
        return prometheus::BuildHistogram().Name(title).Help(help).Register(registry);
    }

    prometheus::Registry registry;
    Counters& http_requests = counters("payments_http_requests_total", "Requests answered.");
    Histograms& http_time =
        histograms("payments_http_request_seconds", "From a complete request to its answer.");
    Counters& provider_requests = counters(
        "payments_provider_requests_total",
        "Calls to providers and to the tickets service, by what became of them."
    );
    Histograms& provider_time = histograms(
        "payments_provider_request_seconds", "From a call to its answer, or to its deadline."
    );
    Counters& spans = counters("payments_trace_spans_total", "Spans of traces, by their outcome.");
    Counter& spans_sent = spans.Add({{"outcome", "sent"}});
    Counter& spans_dropped = spans.Add({{"outcome", "dropped"}});
    Counters& transactions =
        counters("payments_transactions_total", "Times a transaction entered a status.");
    Counters& notifications = counters(
        "payments_notifications_total", "Notifications of the processors, by what became of them."
    );
    Counters& events =
        counters("payments_events_total", "Tries to tell others, by what became of them.");
    Gauge& events_waiting = gauge("payments_events_waiting", "Events that others are to be told.");
    Gauge& events_oldest = gauge(
        "payments_events_oldest_waiting_seconds", "For how long the oldest of them has waited."
    );
    Gauge& events_dead = gauge("payments_events_dead", "Events that were given up.");
    Counter& refused = counters(
                           "payments_refused_for_load_total",
                           "Starts refused because there was more to do than could be done in time."
    )
                           .Add({});
    Counter& commits = counters("payments_store_commits_total", "Commits of the store.").Add({});
    Counter& commit_failures =
        counters(
            "payments_store_commit_failures_total", "Commits that failed; nothing of them was kept."
        )
            .Add({});
    Histogram& group_size =
        histograms("payments_store_group_size", "Changes in one commit.").Add({}, group_buckets);

    std::array<Counter*, statuses> by_status{};
    std::array<std::array<Counter*, notice_results>, 2> by_result{};
    std::array<Counter*, settlements> by_settlement{};
    std::array<std::atomic<Time>, 2> signed_at{Time::min(), Time::min()};
    // Few and never taken away: found by a walk, without making a string.
    std::vector<std::unique_ptr<HttpOperation>> http_operations;
    std::vector<std::unique_ptr<ProviderOperation>> provider_operations;

    HttpOperation& http_operation(std::string_view operation);
    ProviderOperation& provider_operation(std::string_view provider, std::string_view operation);
};

HttpOperation& Metrics::Impl::http_operation(std::string_view operation) {
    for (const auto& known : http_operations)
        if (known->operation == operation) return *known;
    auto& added = *http_operations.emplace_back(std::make_unique<HttpOperation>());
    added.operation = operation;
    if (!operation.empty())
        added.time = &http_time.Add({{"operation", added.operation}}, seconds_buckets);
    return added;
}

ProviderOperation& Metrics::Impl::provider_operation(
    std::string_view provider, std::string_view operation
) {
    for (const auto& known : provider_operations)
        if (known->operation == operation && known->provider == provider) return *known;
    auto& added = *provider_operations.emplace_back(std::make_unique<ProviderOperation>());
    added.provider = provider;
    added.operation = operation;
    added.time = &provider_time.Add(
        {{"operation", added.operation}, {"provider", added.provider}}, seconds_buckets
    );
    return added;
}

Metrics::Metrics() : impl_(std::make_unique<Impl>()) {}
Metrics::~Metrics() = default;

void Metrics::http_request(std::string_view operation, int status, std::chrono::nanoseconds took) {
    auto& known = impl_->http_operation(operation);
    const int row = status - lowest_http_status;
    const bool is_status = row >= 0 && row < http_statuses;
    auto*& counter = known.by_status[is_status ? row : 500 - lowest_http_status];
    if (counter == nullptr) {
        prometheus::Labels labels{{"status", std::to_string(is_status ? status : 500)}};
        if (!operation.empty()) labels.emplace("operation", operation);
        counter = &impl_->http_requests.Add(labels);
    }
    counter->Increment();
    if (known.time != nullptr) known.time->Observe(seconds(took));
}

void Metrics::provider_request(
    std::string_view provider, std::string_view operation, CallOutcome outcome,
    std::chrono::nanoseconds took
) {
    auto& known = impl_->provider_operation(provider, operation);
    auto*& counter = known.by_outcome[static_cast<std::size_t>(outcome)];
    if (counter == nullptr)
        counter = &impl_->provider_requests.Add(
            {{"operation", known.operation},
             {"outcome", std::string{name(outcome)}},
             {"provider", known.provider}}
        );
    counter->Increment();
    known.time->Observe(seconds(took));
}

void Metrics::transaction(Status status) {
    impl_->by_status[static_cast<std::size_t>(status)]->Increment();
}

void Metrics::notification(Processor processor, NoticeResult result) {
    const auto row = static_cast<std::size_t>(processor);
    impl_->by_result[row][static_cast<std::size_t>(result)]->Increment();
    if (result == NoticeResult::refused) return;
    const auto now = std::chrono::system_clock::now();
    impl_->signed_at[row].store(
        std::chrono::floor<std::chrono::milliseconds>(now), std::memory_order_relaxed
    );
}

void Metrics::delivery(DeliveryOutcome::Kind kind) {
    impl_->by_settlement[static_cast<std::size_t>(kind)]->Increment();
}

void Metrics::spans(std::int64_t sent, std::int64_t dropped) {
    impl_->spans_sent.Increment(static_cast<double>(sent));
    impl_->spans_dropped.Increment(static_cast<double>(dropped));
}

void Metrics::backlog(std::int64_t waiting, std::chrono::milliseconds oldest, std::int64_t dead) {
    impl_->events_waiting.Set(static_cast<double>(waiting));
    impl_->events_oldest.Set(seconds(oldest));
    impl_->events_dead.Set(static_cast<double>(dead));
}

void Metrics::refused_for_load() { impl_->refused.Increment(); }

void Metrics::commit(std::size_t changes) {
    impl_->commits.Increment();
    impl_->group_size.Observe(static_cast<double>(changes));
}

void Metrics::commit_failed() { impl_->commit_failures.Increment(); }

// ---------------------------------------------------------------------------- render

namespace {

// Buckets are added one by one: metrics of one name have the same bounds everywhere.
void add(ClientMetric& sum, const ClientMetric& part) {
    sum.counter.value += part.counter.value;
    sum.gauge.value += part.gauge.value;
    sum.histogram.sample_count += part.histogram.sample_count;
    sum.histogram.sample_sum += part.histogram.sample_sum;
    for (std::size_t i = 0; i < sum.histogram.bucket.size(); ++i)
        sum.histogram.bucket[i].cumulative_count += part.histogram.bucket[i].cumulative_count;
}

// Families by name, and their members by labels: what is equal in both is one line of the output.
class Sum {
public:
    void take(const std::vector<MetricFamily>& families) {
        for (const auto& family : families) {
            auto& row = rows_[family.name];
            row.family = {family.name, family.help, family.type, {}};
            for (const auto& metric : family.metric) {
                const auto [known, is_new] = row.metrics.emplace(metric.label, metric);
                if (!is_new) add(known->second, metric);
            }
        }
    }

    std::vector<MetricFamily> families() && {
        std::vector<MetricFamily> all;
        for (auto& [name, row] : rows_) {
            for (auto& [label, metric] : row.metrics) row.family.metric.push_back(metric);
            all.push_back(std::move(row.family));
        }
        return all;
    }

private:
    struct Row {
        MetricFamily family;
        std::map<std::vector<ClientMetric::Label>, ClientMetric> metrics;
    };
    // In order, so that two scrapes can be compared line by line.
    std::map<std::string, Row> rows_;
};

MetricFamily gauge(const char* name, const char* help, double value) {
    ClientMetric metric;
    metric.gauge.value = value;
    return {name, help, MetricType::Gauge, {metric}};
}

// Read when asked for: /proc costs nothing while nobody scrapes.
double resident_bytes() {
    std::ifstream statm{"/proc/self/statm"};
    double pages = 0, resident = 0;
    statm >> pages >> resident;
    return resident * static_cast<double>(sysconf(_SC_PAGESIZE));
}

double open_files() {
    const std::unique_ptr<DIR, int (*)(DIR*)> directory{opendir("/proc/self/fd"), closedir};
    if (!directory) return 0;
    int entries = 0;
    while (readdir(directory.get()) != nullptr) ++entries;
    return entries - 3;  // ".", ".." and the descriptor that reads them
}

double cpu_seconds() {
    rusage usage{};
    getrusage(RUSAGE_SELF, &usage);
    const auto seconds_of = [](timeval time) {
        return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_usec) / 1e6;
    };
    return seconds_of(usage.ru_utime) + seconds_of(usage.ru_stime);
}

std::vector<MetricFamily> process_families(bool is_ready) {
    const auto build = build_info();
    // Its value says nothing: dashboards join by its labels.
    auto info = gauge("payments_build_info", "What was built.", 1);
    info.metric[0].label = {
        {"commit", std::string{build.commit}}, {"version", std::string{build.version}}};
    auto cpu = gauge("process_cpu_seconds_total", "CPU time, user and system.", 0);
    cpu.type = MetricType::Counter;
    cpu.metric[0].counter.value = cpu_seconds();
    auto lost = gauge("payments_log_lines_lost_total", "Lines of the log nobody could read.", 0);
    lost.type = MetricType::Counter;
    lost.metric[0].counter.value = static_cast<double>(log::lost_lines());
    const std::chrono::duration<double> started = process_start.time_since_epoch();
    return {
        info,
        cpu,
        lost,
        gauge("payments_ready", "1 when /readyz says yes.", is_ready ? 1 : 0),
        gauge("payments_start_time_seconds", "When the process began (Unix).", started.count()),
        gauge("process_resident_memory_bytes", "Memory in use.", resident_bytes()),
        gauge("process_open_fds", "Open files and sockets.", open_files()),
    };
}

}  // namespace

std::string render_reviews(const std::array<std::int64_t, review_kinds>& counts) {
    MetricFamily family{
        "payments_reviews", "What a person must look at now.", MetricType::Gauge, {}};
    for (std::size_t kind = 0; kind < counts.size(); ++kind) {
        ClientMetric metric;
        metric.label = {{"kind", std::string{name(static_cast<ReviewKind>(kind))}}};
        metric.gauge.value = static_cast<double>(counts[kind]);
        family.metric.push_back(std::move(metric));
    }
    return prometheus::TextSerializer{}.Serialize({family});
}

std::string render(std::span<const Metrics* const> all, bool is_ready) {
    Sum sum;
    for (const auto* metrics : all) sum.take(metrics->impl_->registry.Collect());
    sum.take(process_families(is_ready));
    return prometheus::TextSerializer{}.Serialize(std::move(sum).families());
}

// ------------------------------------------------------------------------- who is asked

namespace {

std::string_view label(const ClientMetric& metric, std::string_view name) {
    for (const auto& label : metric.label)
        if (label.name == name) return label.value;
    return "";
}

// Histograms count cumulatively, and these do not.
void add_times(CallCounts& counts, const ClientMetric::Histogram& histogram) {
    std::uint64_t before = 0;
    for (std::size_t i = 0; i < counts.by_time.size() && i < histogram.bucket.size(); ++i) {
        const auto so_far = histogram.bucket[i].cumulative_count;
        counts.by_time[i] += static_cast<std::int64_t>(so_far - before);
        before = so_far;
    }
}

}  // namespace

std::vector<OutsideCalls> calls_of(std::span<const Metrics* const> all) {
    std::vector<OutsideCalls> list{{"simplepay"}, {"stripe"}, {"tickets"}};
    const auto counts_of = [&](const ClientMetric& metric) {
        const auto provider = label(metric, "provider");
        const auto found = std::ranges::find(list, provider, &OutsideCalls::outside);
        return found == list.end() ? nullptr : &found->counts;
    };
    const auto unanswered = {name(CallOutcome::unreachable), name(CallOutcome::unanswered)};
    for (const auto* metrics : all) {
        for (const auto& family : metrics->impl_->provider_requests.Collect())
            for (const auto& metric : family.metric)
                if (auto* counts = counts_of(metric)) {
                    const auto calls = static_cast<std::int64_t>(metric.counter.value);
                    counts->calls += calls;
                    const auto outcome = label(metric, "outcome");
                    if (std::ranges::find(unanswered, outcome) != unanswered.end())
                        counts->unanswered += calls;
                }
        for (const auto& family : metrics->impl_->provider_time.Collect())
            for (const auto& metric : family.metric)
                if (auto* counts = counts_of(metric)) add_times(*counts, metric.histogram);
    }
    return list;
}

std::optional<Time> last_signed(std::span<const Metrics* const> all, Processor processor) {
    auto newest = Time::min();
    for (const auto* metrics : all) {
        const auto& at = metrics->impl_->signed_at[static_cast<std::size_t>(processor)];
        newest = std::max(newest, at.load(std::memory_order_relaxed));
    }
    if (newest == Time::min()) return {};
    return newest;
}

}  // namespace payments
