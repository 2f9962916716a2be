#pragma once

#include <memory>

#include "flow/office/health.hpp"
#include "flow/ports.hpp"

namespace payments {

// Looks whether the database is reachable, writable and migrated, and reads what it knows of the
// installation. What goes wrong is in `look`, and nothing is thrown. It may take as long as the
// database does; whoever cannot wait has it go on by itself (flow/within). On the loop that the
// ports belong to.
Task<void> look_at_database(
    Store& store, HealthRecords& records, const Clock& clock, std::shared_ptr<DatabaseLook> look
);

}  // namespace payments
