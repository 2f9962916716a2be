#pragma once

#include <chrono>

#include "config/settings.hpp"
#include "flow/office/health.hpp"
#include "flow/task.hpp"

// What flow/office/health judges, but for what the database says (flow/office/look_at_database).
namespace payments {

// What can be seen without asking anybody: key files, the disk, the settings. Blocks for as long as
// it takes to read a few small files.
Measurements measure_here(const Settings& settings);

// Asks whoever is outside, each for as long as `patience`: the providers, the tickets service, key
// sets behind a URL, the receiver of events, the identity provider, the public URL, and Stripe for
// its webhook endpoints. None of it changes anything. It ends within twice `patience`. Both
// arguments outlive it.
Task<void> measure_outside(
    const Settings& settings, std::chrono::milliseconds patience, Measurements* measured
);

}  // namespace payments
