#include "storage/postgres/pool.hpp"

#include <gtest/gtest.h>

#include "fixtures/postgres_place.hpp"
#include "fixtures/scripted_world.hpp"

namespace payments::postgres {
namespace {

using namespace std::chrono_literals;
using testing_support::Gate;
using Sizes = std::vector<std::size_t>;

struct Empty {};

class PoolTest : public testing::Test {
protected:
    void TearDown() override {
        pool.reset();
        testing_support::drop_postgres_place(place);
    }

    // Of one connection, which gathers for so long after a batch of several.
    void gathering(std::chrono::microseconds gathered_for, std::chrono::milliseconds within) {
        address.url = place;
        const Pool<Empty>::Limits limits{1, 64, 1000, "test", gathered_for, within};
        pool = std::make_unique<Pool<Empty>>(
            loop, threads, address, limits,
            [this](PipelineConnection&, Pool<Empty>::Jobs& jobs) { return serve(jobs); }
        );
    }
    Task<void> serve(Pool<Empty>::Jobs& jobs) {
        co_await gate.pass();
        sizes.push_back(jobs.size());
    }
    void submit(int count) {
        for (int i = 0; i < count; ++i)
            boost::asio::co_spawn(loop, pool->run({}), boost::asio::detached);
        loop.restart();
        loop.poll();
    }
    // As long as they come; its first connection is made on another thread.
    void served(std::size_t batches) {
        loop.restart();
        while (sizes.size() < batches && loop.run_one_for(10s) > 0) loop.restart();
    }
    // A batch of one, behind which two have waited.
    void two_together() {
        gate.close();
        submit(1);
        submit(2);
        gate.open();
        served(2);
        ASSERT_EQ(sizes, (Sizes{1, 2}));
    }

    const std::string place = testing_support::make_postgres_place();
    boost::asio::io_context loop;
    boost::asio::thread_pool threads{1};
    ServerAddress address;
    std::unique_ptr<Pool<Empty>> pool;
    Gate gate;
    Sizes sizes;
};

TEST_F(PoolTest, behind_a_batch_of_several_as_many_are_gathered) {
    gathering(1h, 1h);
    two_together();
    submit(1);
    EXPECT_EQ(sizes, (Sizes{1, 2}));
    submit(1);
    served(3);
    EXPECT_EQ(sizes, (Sizes{1, 2, 2}));
}

TEST_F(PoolTest, who_comes_alone_is_waited_with_for_a_moment_only) {
    gathering(1ms, 1h);
    two_together();
    submit(1);
    served(3);
    EXPECT_EQ(sizes, (Sizes{1, 2, 1}));
}

TEST_F(PoolTest, nobody_is_waited_for_when_each_has_come_alone) {
    gathering(1h, 1h);
    for (std::size_t batches = 1; batches <= 4; ++batches) {
        submit(1);
        served(batches);
    }
    EXPECT_EQ(sizes, (Sizes{1, 1, 1, 1}));
}

TEST_F(PoolTest, nobody_is_waited_for_after_a_while_of_rest) {
    gathering(1h, 0ms);
    two_together();
    submit(1);
    served(3);
    EXPECT_EQ(sizes, (Sizes{1, 2, 1}));
}

}  // namespace
}  // namespace payments::postgres
