#include "storage/migration_files.hpp"

#include <algorithm>
#include <charconv>
#include <span>
#include <stdexcept>

#include "support/assets.hpp"
#include "support/crypto.hpp"

namespace payments {

std::span<const Asset> migration_assets();  // made by cmake/assets.cmake

std::vector<Migration> bundled_migrations(std::string_view database) {
    const auto folder = "/" + std::string{database} + "/";
    constexpr std::string_view suffix = ".sql";
    std::vector<Migration> all;
    for (const auto& asset : migration_assets()) {
        if (!asset.path.starts_with(folder)) continue;
        Migration migration;
        const auto name_bytes = asset.path.size() - folder.size() - suffix.size();
        migration.name = asset.path.substr(folder.size(), name_bytes);
        const auto* text = migration.name.data();
        std::from_chars(text, text + migration.name.size(), migration.version);
        migration.sql = asset.bytes;
        migration.checksum = crypto::hex(crypto::sha256(asset.bytes));
        all.push_back(std::move(migration));
    }
    std::ranges::sort(all, {}, &Migration::version);
    for (std::size_t i = 0; i < all.size(); ++i)
        // A gap would be a migration that was left out of the build, and a schema that nobody has
        // tested.
        if (all[i].version != static_cast<int>(i) + 1)
            throw std::logic_error{"migration number " + std::to_string(i + 1) + " is missing"};
    return all;
}

}  // namespace payments
