#include <sys/resource.h>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <chrono>
#include <cstdio>

#include "commands.hpp"
#include "gateway/simplepay/notifications.hpp"
#include "gateway/simplepay/signature.hpp"
#include "gateway/stripe/events.hpp"
#include "messages.hpp"
#include "storage/sqlite/store.hpp"
#include "support/clock.hpp"

namespace payments::bench {
namespace {

using Steady = std::chrono::steady_clock;

std::vector<Heard> heard_from(Kind kind, std::int64_t count) {
    const simplepay::Accounts accounts{
        {"EUR", {std::string{merchant}, std::string{merchant_secret}}}};
    const std::vector<std::string> secrets{std::string{webhook_secret}};
    const auto now = SystemClock{}.now();
    const auto now_s = now.time_since_epoch().count() / 1000;
    std::vector<Heard> all;
    for (std::int64_t i = 1; i <= count; ++i) {
        if (kind == Kind::ipn) {
            const auto body = ipn_body(i);
            const auto signature = simplepay::sign(body, merchant_secret);
            all.push_back(simplepay::read_ipn(accounts, signature, body, now).value().heard);
        } else {
            const auto body = event_body(count + i, now_s);
            const auto signature = event_signature(body, now_s);
            all.push_back(stripe::read_event(signature, body, secrets, "test", now).value().heard);
        }
    }
    return all;
}

double cpu_seconds() {
    rusage used{};
    getrusage(RUSAGE_SELF, &used);
    return static_cast<double>(used.ru_utime.tv_sec + used.ru_stime.tv_sec) +
           static_cast<double>(used.ru_utime.tv_usec + used.ru_stime.tv_usec) / 1e6;
}

Task<void> record_one_by_one(
    Store& store, std::vector<Heard>& heard, Steady::time_point until, std::int64_t& done
) {
    for (auto& one : heard) {
        if (Steady::now() > until) co_return;
        const auto recorded = co_await store.record(std::move(one));
        if (!recorded.transaction || !recorded.news)
            throw std::runtime_error{"a message told nothing new"};
        ++done;
    }
}

}  // namespace

void commit_singly(const std::string& path, Kind kind, std::int64_t count, double seconds) {
    auto heard = heard_from(kind, count);
    SqliteOptions options;
    options.path = path;
    options.group_max = 1;
    SqliteStore store{options};

    boost::asio::io_context loop;
    std::int64_t done = 0;
    std::exception_ptr failure;
    const auto cpu_before = cpu_seconds();
    const auto began = Steady::now();
    const auto until =
        began +
        std::chrono::duration_cast<Steady::duration>(std::chrono::duration<double>{seconds});
    boost::asio::co_spawn(
        loop, record_one_by_one(store, heard, until, done),
        [&](std::exception_ptr thrown) { failure = thrown; }
    );
    loop.run();
    if (failure) std::rethrow_exception(failure);
    const auto took = std::chrono::duration<double>{Steady::now() - began}.count();
    const auto cpu = cpu_seconds() - cpu_before;
    const auto messages = static_cast<double>(done);
    std::printf(
        R"({"ok":%lld,"seconds":%.3f,"per_second":%.1f,"cpu_us":%.1f})"
        "\n",
        static_cast<long long>(done), took, messages / took, cpu * 1e6 / messages
    );
}

}  // namespace payments::bench
