#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <algorithm>
#include <random>
#include <utility>

#include "settlement/random_world.hpp"

// Whatever the order of files, and however often each is imported, the findings are the same.
namespace payments::settlement {
namespace {

using namespace world;

RC_GTEST_PROP(Order, of_files_and_payments_and_repetition_change_nothing, (std::uint32_t seed)) {
    auto world = WorldBuilder{seed}.build();
    const auto first = matched(world.ours, world.files, end_of_july);

    std::mt19937 random{seed + 1};
    const auto once = world.files;
    for (const auto& file : once)
        if (random() % 2 == 0) world.files.push_back(file);
    std::shuffle(world.files.begin(), world.files.end(), random);
    std::shuffle(world.ours.begin(), world.ours.end(), random);
    const auto again = matched(world.ours, world.files, end_of_july);

    RC_TAG(first.findings.empty() ? "nothing found" : "something found");
    RC_ASSERT(short_findings(again) == short_findings(first));
    RC_ASSERT(again.findings == first.findings);
    RC_ASSERT(again.accounts == first.accounts);
    RC_ASSERT(again.banks == first.banks);
    RC_ASSERT(again.unexplained_minor == first.unexplained_minor);
    // Each is left over by itself: a check of the checks in matched().
    for (const auto& [key, account] : again.accounts) {
        RC_ASSERT(account.facts_left_over() == 0);
        RC_ASSERT(account.balance_left_over() == 0);
    }
}

// Nearly nothing in memory: a few records in each of three parts, all others in the file.
constexpr SpillShape tiny{3, 200};

// Files as they are read back from what is on record.
Report matched_in_parts(
    std::vector<OurTransaction> ours, const std::vector<ParsedFile>& files, SpillShape shape
) {
    Evidence evidence;
    for (auto file : files) {
        const auto lines = std::exchange(file.lines, {});
        evidence.add_kept(
            file, [&](const Evidence::LineVisitor& visit) { std::ranges::for_each(lines, visit); },
            shape
        );
    }
    const Books books{end_of_july, std::move(ours)};
    return match(books, evidence, Delays{}, end_of_july, shape);
}

// Versions of lines that contradict each other, and transactions that cannot be told apart.
void make_worse(RandomWorld& world, std::mt19937& random) {
    const auto& some = world.files[random() % world.files.size()];
    if (some.lines.empty() || world.ours.empty()) return;
    auto changed = some.lines;
    for (auto& line : changed)
        if (random() % 4 == 0) line.net_minor += static_cast<std::int64_t>(random() % 3) * 100;
    world.files.push_back(settlement_file(changed));
    auto same = world.ours[random() % world.ours.size()];
    same.id += 50'000;
    world.ours.push_back(same);
}

RC_GTEST_PROP(Order, what_is_in_memory_and_what_is_not_changes_nothing, (std::uint32_t seed)) {
    auto world = WorldBuilder{seed}.build();
    std::mt19937 random{seed};
    make_worse(world, random);
    const auto whole = matched(world.ours, world.files, end_of_july);
    for (const auto shape : {SpillShape{}, tiny, SpillShape{1, 1}}) {
        const auto parts = matched_in_parts(world.ours, world.files, shape);
        RC_ASSERT(short_findings(parts) == short_findings(whole));
        RC_ASSERT(parts.findings == whole.findings);
        RC_ASSERT(parts.accounts == whole.accounts);
        RC_ASSERT(parts.banks == whole.banks);
        RC_ASSERT(parts.unexplained_minor == whole.unexplained_minor);
    }
}

}  // namespace
}  // namespace payments::settlement
