#pragma once

#include <memory>
#include <string>

#include "flow/ports.hpp"
#include "storage/postgres.hpp"

// A real PostgreSQL server for the tests of this process, started when it is first asked for and
// stopped when the process ends; and databases on it.
namespace payments::testing_support {

// A URL of the server, for its owner; the socket lies in a temporary directory.
std::string postgres_url(const std::string& database);

std::string make_postgres_place();        // new and migrated: its URL
std::string make_empty_postgres_place();  // new
void drop_postgres_place(const std::string& place);
// Instead, when nothing but rows was changed in it: empties it for the next test.
void leave_postgres_place(const std::string& place);

// A PostgresStore belongs to one loop. This one has a loop and a thread of its own, and is called
// from any.
std::unique_ptr<Store> open_postgres(const std::string& place);
std::unique_ptr<Store> open_postgres(PostgresOptions options);

}  // namespace payments::testing_support
