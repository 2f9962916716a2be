#pragma once

#include "config/settings.hpp"

namespace payments {

// Looks whether this installation is well (flow/office/health), from where it is run, as getHealth
// does from within: files of keys, the database and what it knows of replicas, backups and the
// books, the addresses outside, Stripe's webhook endpoint, the public address, the disk. It changes
// nothing, and is of use while the database is down too. Prints a line for each
// finding, with a line of advice for those that are not good; with `as_json` an array. Blocks its
// thread, for 20 s at most. exit_code::done when nothing is bad, else failed.
int doctor(const Settings& settings, bool as_json);

}  // namespace payments
