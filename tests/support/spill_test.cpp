#include "support/spill.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "support/file_size_limit.hpp"

namespace payments {
namespace {

using testing_support::FileSizeLimit;

std::vector<std::string> all_of(const Spill& spill, std::size_t part) {
    std::vector<std::string> records;
    spill.each(part, [&](std::string_view record) { records.emplace_back(record); });
    return records;
}

TEST(SpillTest, records_come_back_in_their_order_whatever_stays_in_memory) {
    for (const std::size_t block : {1, 7, 64, 100'000}) {
        Spill spill{{3, block}};
        std::vector<std::vector<std::string>> expected(3);
        for (std::size_t i = 0; i < 500; ++i) {
            const auto record = std::string(i % 50, 'x') + std::to_string(i);
            spill.append(i % 3, record);
            expected[i % 3].push_back(record);
        }
        for (std::size_t part = 0; part < 3; ++part) {
            EXPECT_EQ(all_of(spill, part), expected[part]) << block;
            const auto loaded = spill.load(part);
            EXPECT_TRUE(std::ranges::equal(loaded.records, expected[part])) << block;
        }
    }
}

TEST(SpillTest, a_record_may_be_empty_or_larger_than_a_block_and_a_part_may_have_none) {
    Spill spill{{2, 16}};
    const std::string large(10'000, '\0');
    for (const auto& record : {std::string{}, large, std::string{}}) spill.append(1, record);
    EXPECT_EQ(all_of(spill, 1), (std::vector<std::string>{"", large, ""}));
    EXPECT_EQ(all_of(spill, 0), std::vector<std::string>{});
    EXPECT_TRUE(spill.load(0).records.empty());
}

TEST(SpillTest, what_was_read_may_be_added_to_and_what_is_moved_is_still_there) {
    Spill first{{1, 8}};
    first.append(0, "one");
    EXPECT_EQ(all_of(first, 0).size(), 1U);
    first.append(0, "two, which is longer");
    Spill second{std::move(first)};
    Spill third;
    third = std::move(second);
    third.append(0, "three");
    EXPECT_EQ(all_of(third, 0), (std::vector<std::string>{"one", "two, which is longer", "three"}));
}

TEST(SpillTest, where_there_is_no_room_it_says_so_and_only_when_it_needs_some) {
    const auto* known = std::getenv("TMPDIR");
    const std::optional<std::string> before =
        known ? std::optional<std::string>{known} : std::nullopt;
    setenv("TMPDIR", "/nowhere/at/all", 1);
    Spill spill{{1, 64}};
    spill.append(0, "what fits");
    EXPECT_THROW(spill.append(0, std::string(100, 'x')), TemporaryFilesDown);
    EXPECT_EQ(all_of(spill, 0), std::vector<std::string>{"what fits"});
    if (before)
        setenv("TMPDIR", before->c_str(), 1);
    else
        unsetenv("TMPDIR");
    spill.append(0, std::string(100, 'x'));
    EXPECT_EQ(all_of(spill, 0).size(), 2U);
}

TEST(SpillTest, a_disk_that_is_full_is_named_and_what_was_put_aside_is_still_there) {
    const FileSizeLimit full{4'096};
    Spill spill{{1, 64}};
    int kept = 0;
    try {
        for (; kept < 1'000; ++kept) spill.append(0, std::string(50, 'x'));
        FAIL() << "no disk was full";
    } catch (const TemporaryFilesDown& down) {
        const auto folder = std::filesystem::temp_directory_path().string();
        EXPECT_EQ(
            down.what(), "temporary files cannot be written in " + folder +
                             ": File too large; make room on that disk, or name another folder by "
                             "TMPDIR"
        );
    }
    EXPECT_EQ(all_of(spill, 0).size(), static_cast<std::size_t>(kept));
    EXPECT_THROW(TemporaryFile::check_room(), TemporaryFilesDown);
}

TEST(SpillTest, its_file_has_no_name) {
    const auto names = [] {
        std::set<std::string> found;
        for (const auto& entry : std::filesystem::directory_iterator{"/proc/self/fd"}) {
            std::error_code ignored;
            const auto target = std::filesystem::read_symlink(entry.path(), ignored).string();
            if (target.find("/ozora-payments-") != std::string::npos) found.insert(target);
        }
        return found;
    };
    Spill spill{{1, 1}};
    spill.append(0, "one");
    EXPECT_TRUE(names().empty());
    spill.append(0, "two");
    ASSERT_EQ(names().size(), 1U);
    EXPECT_TRUE(names().begin()->ends_with("(deleted)")) << *names().begin();
}

}  // namespace
}  // namespace payments
