#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace payments {

// One step of a schema: a numbered SQL file inside the binary (src/storage/migrations), forward
// only, applied in a transaction of its own and noted with its checksum in schema_migrations.
struct Migration {
    int version = 0;
    std::string name;  // "0001_transactions"
    std::string sql;
    std::string checksum;  // SHA-256 of sql, hex
};

// Those of the folder "sqlite" or "postgres", ascending from 1 without gaps. Throws
// std::logic_error when one is missing: then the binary was built wrong.
std::vector<Migration> bundled_migrations(std::string_view database);

}  // namespace payments
