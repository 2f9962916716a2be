#include "payment/privileges.hpp"

#include <gtest/gtest.h>

using namespace payments;

namespace {

const Privileges searcher{
    {"payments_search", "true"},
    {"tickets_search_flags", "HU,INT"},
    {"tickets_search_years", "2026"},
    {"tickets_search_events", "*"},
};

Privileges without(Privileges privileges, const std::string& name) {
    privileges.erase(name);
    return privileges;
}

}  // namespace

TEST(Privileges, lists_match_whole_items_and_a_lone_star_matches_all) {
    EXPECT_TRUE(allows("HU,INT", "INT"));
    EXPECT_TRUE(allows("HU, INT", "INT"));
    EXPECT_TRUE(allows("*", "anything"));
    EXPECT_TRUE(allows("*", ""));
    EXPECT_FALSE(allows("HU,INT", "IN"));
    EXPECT_FALSE(allows("HU,*", "INT"));
    EXPECT_FALSE(allows("", ""));
    EXPECT_FALSE(allows("HU,", ""));
}

TEST(Privileges, true_is_the_only_yes) {
    EXPECT_TRUE(may_search({{"payments_search", "true"}}));
    for (const auto* value : {"", "false", "TRUE", "1", "*", "true,true"})
        EXPECT_FALSE(may_search({{"payments_search", value}})) << value;
}

TEST(Privileges, listing_needs_the_search_privilege_and_a_whole_scope) {
    EXPECT_TRUE(may_list_transactions(searcher));
    for (const auto& [name, value] : searcher) {
        const auto allowed = may_list_transactions(without(searcher, name));
        ASSERT_FALSE(allowed) << name;
        EXPECT_EQ(allowed.error().code, Errc::forbidden);
    }
    auto getter = without(searcher, "tickets_search_years");
    getter["tickets_get_flags"] = getter["tickets_get_years"] = getter["tickets_get_events"] = "*";
    EXPECT_TRUE(may_list_transactions(getter));
}

TEST(Privileges, only_three_lone_stars_in_one_scope_open_every_ticket) {
    EXPECT_FALSE(may_see_every_ticket({}));
    EXPECT_FALSE(may_see_every_ticket(searcher));
    auto all = searcher;
    all["tickets_search_flags"] = all["tickets_search_years"] = "*";
    EXPECT_TRUE(may_see_every_ticket(all));
    EXPECT_TRUE(has_scope(all));
    all["tickets_search_years"] = "*,2026";
    EXPECT_FALSE(may_see_every_ticket(all));
    all.erase("tickets_search_flags");
    all["tickets_get_flags"] = "*";
    EXPECT_FALSE(may_see_every_ticket(all));
    EXPECT_FALSE(has_scope(all));
}

TEST(Privileges, a_ticket_must_lie_inside_one_scope_in_all_three_ways) {
    EXPECT_TRUE(may_see_ticket(searcher, {"HU", "2026", "OZORA"}));
    EXPECT_FALSE(may_see_ticket(searcher, {"DE", "2026", "OZORA"}));
    EXPECT_FALSE(may_see_ticket(searcher, {"HU", "2025", "OZORA"}));

    // Two scopes do not add up to a larger one.
    auto both = searcher;
    both["tickets_get_flags"] = "DE";
    both["tickets_get_years"] = "2025";
    both["tickets_get_events"] = "*";
    EXPECT_TRUE(may_see_ticket(both, {"DE", "2025", "OZORA"}));
    EXPECT_FALSE(may_see_ticket(both, {"DE", "2026", "OZORA"}));
    EXPECT_EQ(
        may_see_ticket(both, {"DE", "2026", "OZORA"}).error().code, Errc::ticket_out_of_scope
    );
}

TEST(Privileges, settlements_are_of_whoever_sees_every_ticket) {
    Privileges all{
        {"tickets_get_flags", "*"}, {"tickets_get_years", "*"}, {"tickets_get_events", "*"}};
    EXPECT_FALSE(may_see_settlements(all));
    all["payments_export"] = "true";
    EXPECT_TRUE(may_see_settlements(all));
    EXPECT_FALSE(may_settle(all));  // to see is not to decide
    all["payments_settlement"] = "true";
    EXPECT_TRUE(may_settle(all));
    EXPECT_TRUE(may_see_settlements(without(all, "payments_export")));
    all["tickets_get_years"] = "2026,*";
    EXPECT_FALSE(may_settle(all));
    EXPECT_FALSE(may_see_settlements(all));
    EXPECT_EQ(may_settle(all).error().code, Errc::forbidden);
}
