#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <algorithm>
#include <random>

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

}  // namespace
}  // namespace payments::settlement
