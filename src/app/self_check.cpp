#include "app/self_check.hpp"

#include <unistd.h>

#include <algorithm>

#include "app/measure.hpp"
#include "flow/office/look_at_database.hpp"
#include "flow/when_all.hpp"
#include "flow/within.hpp"
#include "support/assets.hpp"

namespace payments {
namespace {

using namespace std::chrono_literals;

constexpr auto look_time = 2s;

std::string host_name() {
    std::string name(256, '\0');
    if (gethostname(name.data(), name.size() - 1) != 0) return "unknown";
    name.resize(name.find('\0'));
    return name;
}

// As old as the older of the two, with whatever is wrong with either.
void add_keys(const http::KeyRing& ring, Replica& replica) {
    auto [read_at, trouble] = ring.freshness();
    replica.keys_read_at = std::min(replica.keys_read_at, read_at);
    if (replica.keys_trouble.empty()) replica.keys_trouble = std::move(trouble);
}

Replica ourselves(
    const ProcessContext& process, const http::ApiResources& resources, Time started_at
) {
    Replica replica;
    replica.name = host_name() + ":" + std::to_string(getpid());
    replica.version = build_info().version;
    replica.commit = build_info().commit;
    replica.settings = process.settings.fingerprint;
    replica.started_at = started_at;
    replica.keys_read_at = Time::max();
    add_keys(resources.user_keys, replica);
    add_keys(resources.service_keys, replica);
    replica.signed_by_simplepay = last_signed(process.all_metrics, Processor::simplepay);
    replica.signed_by_stripe = last_signed(process.all_metrics, Processor::stripe);
    return replica;
}

// What the database would say of us, if it said anything.
HealthRecord record_of_ourselves(
    const ProcessContext& process, const http::ApiResources& resources, Time now
) {
    HealthRecord record;
    auto self = ourselves(process, resources, process.started_at);
    self.seen_at = now;
    record.signed_by_simplepay = self.signed_by_simplepay;
    record.signed_by_stripe = self.signed_by_stripe;
    record.replicas.push_back(std::move(self));
    return record;
}

}  // namespace

Pulse pulse_of(const ProcessContext& process, const http::ApiResources& resources) {
    return {
        [&process, &resources] { return ourselves(process, resources, process.started_at); },
        [&process] { return calls_of(process.all_metrics); },
    };
}

Task<void> SelfCheck::look_at_database(DatabaseLook* into) {
    const auto silent = "it has not answered within 2 s";
    const auto now = process_.clock.steady();
    if (!under_way_.expired() && now - begun_ >= look_time) {
        into->failure = silent;
        co_return;
    }
    auto look = std::make_shared<DatabaseLook>();
    under_way_ = look;
    begun_ = now;
    auto looking = payments::look_at_database(store_, store_, process_.clock, look);
    if (co_await within(look_time, std::move(looking)))
        *into = std::move(*look);
    else
        into->failure = silent;
}

Task<HealthReport> SelfCheck::report() {
    HealthReport report;
    report.version = build_info().version;
    report.commit = build_info().commit;
    report.is_postgres = process_.settings.database.is_postgres();
    report.keys.push_back({"users", resources_.user_keys.freshness().read_at});
    report.keys.push_back({"services", resources_.service_keys.freshness().read_at});
    auto& measured = report.measured;
    measured = measure_here(process_.settings);
    std::vector<Task<void>> tasks;
    tasks.push_back(look_at_database(&measured.database));
    tasks.push_back(measure_outside(process_.settings, look_time, &measured));
    co_await when_all(std::move(tasks));
    measured.at = process_.clock.now();
    report.record = measured.database.record
                        ? *measured.database.record
                        : record_of_ourselves(process_, resources_, measured.at);
    co_return report;
}

}  // namespace payments
