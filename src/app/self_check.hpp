#pragma once

#include <memory>

#include "app/contexts.hpp"
#include "flow/office/health.hpp"
#include "flow/office/keep_beating.hpp"
#include "http/api/api_resources.hpp"

// How this process sees itself and what it depends on: for its heartbeat, and for getHealth.
namespace payments {

// What the process tells of itself once a minute. Both arguments outlive what it returns, which may
// be called on any loop's thread.
Pulse pulse_of(const ProcessContext& process, const http::ApiResources& resources);

// getHealth at one event loop; used on its thread only. What it refers to outlives it.
class SelfCheck {
public:
    SelfCheck(
        const ProcessContext& process, const http::ApiResources& resources, ServiceStore& store
    )
        : process_(process), resources_(resources), store_(store) {}

    // Asks the database and whoever is outside, at the same time and for 2 s each, so that it is
    // told within 5 s who is slow or silent. A database that has not answered is not asked again
    // before it has.
    Task<HealthReport> report();

private:
    Task<void> look_at_database(DatabaseLook* into);

    const ProcessContext& process_;
    const http::ApiResources& resources_;
    ServiceStore& store_;
    std::weak_ptr<DatabaseLook> under_way_{};
    std::chrono::milliseconds begun_{};
};

}  // namespace payments
