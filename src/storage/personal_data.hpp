#pragma once

#include <memory>

#include "storage/databases.hpp"
#include "storage/personal_ledger.hpp"

namespace payments {

// The port over either database. Every call works on a thread of its own, which begins with the
// first, by a connection that is opened for it and closed again. Made, used and destroyed on the
// thread of one event loop, before the loop is; destroying it waits for the call that runs. Throws
// nothing when it is made.
std::unique_ptr<PersonalData> personal_data_of(DatabaseTarget database, PersonalDataRules rules);

}  // namespace payments
