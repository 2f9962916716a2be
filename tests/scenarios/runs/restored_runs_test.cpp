// The database is set back to an older copy in the middle of refund runs, and their numbers, keys
// and names of refunds come a second time: nobody is given anything twice, and nothing counts as
// given that was not.
#include "scenarios/runs/refund_world.hpp"

namespace payments {

using namespace testing_support;

namespace {

// A database with three paid tickets, which is where the copy was made; and what the providers
// know.
struct Installation : RefundWorld {
    explicit Installation(const std::string& code) {
        rules.releases_refund_runs = false;
        pay_tickets(3, code);
    }
    void TestBody() override {}

    // Until nothing is under way any more.
    void come_to_rest(std::int64_t run) {
        for (int i = 0; i < 40 && standing(run).starts_with("running"); ++i) {
            wait(1min);
            work(1s);
        }
    }

    using RefundWorld::clock;
    using RefundWorld::given;
    using RefundWorld::given_back;
    using RefundWorld::item;
    using RefundWorld::named;
    using RefundWorld::pass;
    using RefundWorld::read;
    using RefundWorld::refused;
    using RefundWorld::running;
    using RefundWorld::simplepay;
    using RefundWorld::standing;
    using RefundWorld::status;
    using RefundWorld::steer;
    using RefundWorld::stripe;
    using RefundWorld::unanswered;
    using RefundWorld::work;

    ScriptedGateway& gateway(const std::string& code) {
        return code == stripes ? stripe : simplepay;
    }
};

std::string giving(const std::string& ids, const std::string& give) {
    return R"("transaction_ids":[)" + ids + R"(],"give":)" + give;
}
constexpr auto all = R"({"all":true})";
constexpr auto fifty = R"({"amount":50,"currency":"EUR"})";
constexpr auto half = R"({"percent":50})";

}  // namespace

// Stripe tells our names of refunds, SimplePay does not.
class RestoredRuns : public testing::TestWithParam<const char*> {
protected:
    // One after the other: each has the standard error of the process for itself.
    void in_the_lost_database(const std::function<void(Installation&)>& what) {
        Installation lost{GetParam()};
        what(lost);
        lost_.given = lost.given;
        lost_.until = lost.clock.time;
    }
    void in_the_copy(const std::function<void(Installation&)>& what) {
        Installation copy{GetParam()};
        copy.given = known_of_old();
        copy.clock.time = lost_.until + 1h;
        what(copy);
    }
    // Likewise, and of the copy something is known before the providers go on.
    void in_a_copy(
        const std::function<std::int64_t(Installation&)>& begin,
        const std::function<void(Installation&)>& lost_then,
        const std::function<void(Installation&, std::int64_t)>& then
    ) {
        in_the_lost_database([&](Installation& lost) {
            begin(lost);
            lost_then(lost);
        });
        Installation copy{GetParam()};
        const auto run = begin(copy);
        copy.given = known_of_old();
        copy.clock.time = lost_.until + 1h;
        then(copy, run);
    }

private:
    // What SimplePay has given it does not know by our names, which come a second time.
    std::map<std::int64_t, std::map<std::string, std::int64_t>> known_of_old() const {
        if (GetParam() == stripes) return lost_.given;
        std::map<std::int64_t, std::map<std::string, std::int64_t>> known;
        for (const auto& [id, refunds] : lost_.given)
            for (const auto& [name, minor] : refunds) known[id]["of old " + name] = minor;
        return known;
    }

    struct {
        std::map<std::int64_t, std::map<std::string, std::int64_t>> given;
        Time until{};
    } lost_;
};

INSTANTIATE_TEST_SUITE_P(
    Each, RestoredRuns, testing::Values(simple, stripes),
    [](const auto& info) { return std::string{info.param == stripes ? "Stripe" : "SimplePay"}; }
);

TEST_P(RestoredRuns, a_run_of_the_same_number_gives_only_what_the_lost_one_did_not) {
    in_the_lost_database([](Installation& lost) {
        EXPECT_EQ(lost.running(giving("1,2", all)), 1);
        lost.work();
        EXPECT_EQ(lost.standing(1), "done: done 2");
    });
    in_the_copy([](Installation& copy) {
        EXPECT_EQ(copy.running(giving("1,2,3", all)), 1);
        copy.work();
        EXPECT_EQ(copy.standing(1), "done: done 1, left_out 2");
        EXPECT_EQ(copy.item(1, 1), "left_out refunded");
        EXPECT_EQ(copy.item(1, 3), "done");
        for (const auto id : {1, 2, 3}) {
            EXPECT_EQ(copy.given_back(id), 22'000) << id;
            EXPECT_EQ(copy.status(id), "refunded") << id;
        }
    });
}

// So much would be left that the provider itself would not refuse.
TEST_P(RestoredRuns, a_part_is_not_given_a_second_time) {
    for (const auto* give : {fifty, half}) {
        in_the_lost_database([&](Installation& lost) {
            lost.running(giving("1,2", give));
            lost.work();
            EXPECT_EQ(lost.standing(1), "done: done 2");
        });
        in_the_copy([&](Installation& copy) {
            copy.running(giving("1,2", give));
            copy.work();
            EXPECT_EQ(copy.standing(1), "done: left_out 2");
            EXPECT_EQ(copy.item(1, 1), "left_out changed");
            EXPECT_EQ(copy.given_back(1), give == fifty ? 5'000 : 11'000);
            EXPECT_EQ(copy.status(1), "partially_refunded");
        });
    }
}

// The same name and key, of another amount: what was given under it before is not this refund.
TEST_P(RestoredRuns, what_the_lost_run_gave_does_not_count_as_given_by_the_new_one) {
    in_the_lost_database([](Installation& lost) {
        lost.running(giving("1", fifty));
        lost.work();
    });
    in_the_copy([](Installation& copy) {
        copy.running(giving("1", all));
        copy.work();
        EXPECT_EQ(copy.item(1, 1), "left_out changed");
        EXPECT_EQ(copy.given_back(1), 5'000);
        // Planned once more by who knows now, it is the rest.
        EXPECT_EQ(copy.running(giving("1", all)), 2);
        copy.work();
        EXPECT_EQ(copy.item(2, 1), "done");
        EXPECT_EQ(copy.given_back(1), 22'000);
        EXPECT_EQ(copy.status(1), "refunded");
    });
}

TEST_P(RestoredRuns, a_run_of_the_copy_goes_on_with_what_is_left) {
    in_a_copy(
        [](Installation& here) { return here.running(giving("1,2,3", all)); },
        [](Installation& lost) {
            lost.gateway(GetParam()).on_refund = [&lost,
                                                  n = 0](auto& attempt, auto& refund) mutable {
                if (++n > 2) return Installation::unanswered(attempt, refund);
                lost.given[attempt.id][refund.reference] = refund.amount.minor();
                RefundResult made;
                made.outcome = Outcome::accepted;
                return made;
            };
            lost.work();
        },
        [](Installation& copy, std::int64_t run) {
            copy.work();
            copy.come_to_rest(run);
            EXPECT_EQ(copy.standing(run), "done: done 1, left_out 2");
            for (const auto id : {1, 2, 3}) EXPECT_EQ(copy.given_back(id), 22'000) << id;
        }
    );
}

// The copy was made while the provider was being asked, and its answer is lost.
TEST_P(RestoredRuns, what_was_being_asked_for_is_found_at_the_provider) {
    in_a_copy(
        [](Installation& here) {
            const auto yes = here.gateway(GetParam()).on_refund;
            here.gateway(GetParam()).on_refund = &Installation::unanswered;
            const auto run = here.running(giving("1", all));
            here.work(1s);
            EXPECT_EQ(here.item(run, 1), "unknown");
            here.gateway(GetParam()).on_refund = yes;
            return run;
        },
        [](Installation& lost) { lost.given[1]["TR1-R1"] = 22'000; },
        [](Installation& copy, std::int64_t run) {
            copy.come_to_rest(run);
            EXPECT_EQ(copy.item(run, 1), "done");
            EXPECT_EQ(copy.given_back(1), 22'000);
            EXPECT_EQ(copy.status(1), "refunded");
        }
    );
}

// In the copy it was refused; the lost database has tried again, and it was made.
TEST_P(RestoredRuns, what_was_tried_again_with_success_is_not_tried_again) {
    in_a_copy(
        [](Installation& here) {
            const auto yes = here.gateway(GetParam()).on_refund;
            here.gateway(GetParam()).on_refund = &Installation::refused;
            const auto run = here.running(giving("1", fifty));
            here.work(1s);
            EXPECT_EQ(here.item(run, 1), "refused");
            here.gateway(GetParam()).on_refund = yes;
            return run;
        },
        [](Installation& lost) {
            lost.steer(1, "again");
            lost.work();
            EXPECT_EQ(lost.item(1, 1), "done");
        },
        [](Installation& copy, std::int64_t run) {
            copy.steer(run, "again");
            copy.work();
            copy.come_to_rest(run);
            EXPECT_EQ(copy.item(run, 1), "left_out changed");
            EXPECT_EQ(copy.given_back(1), 5'000);
            EXPECT_EQ(copy.status(1), "partially_refunded");
        }
    );
}

}  // namespace payments
