#pragma once

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <exception>
#include <optional>
#include <stdexcept>
#include <vector>

#include "config/settings.hpp"
#include "flow/flow_context.hpp"
#include "gateway/simplepay/client.hpp"
#include "gateway/stripe/client.hpp"
#include "gateway/tickets.hpp"
#include "gateway/webhook_subscriber.hpp"
#include "http/auth/jwk.hpp"
#include "storage/databases.hpp"
#include "support/clock.hpp"
#include "support/metrics.hpp"

// The world of payments made from settings, for the service and for the commands that do its work
// by hand.
namespace payments {

DatabaseTarget database_of(const Settings& settings);
// No log line shows them from then on. Throws std::invalid_argument when the database's URL is
// none.
void redact_secrets(const Settings& settings);

// What all event loops of a process share, in order of birth.
struct ProcessContext {
    // Throws std::runtime_error, StoreDown or std::invalid_argument naming what is wrong.
    explicit ProcessContext(const Settings& from);

    const Settings& settings;
    const Rules rules;
    SystemClock clock;
    const http::Key signing_key;
    Metrics store_metrics;
    // Of the whole process. Filled while the loops are made, before any of them runs; read by all
    // of them after.
    std::vector<const Metrics*> all_metrics{&store_metrics};
    const Stores stores;
};

// What one event loop has for itself: its way to the outside, and the world its stories live in.
struct LoopContext {
    LoopContext(ProcessContext& process, boost::asio::io_context& loop);

    Metrics metrics;
    const std::shared_ptr<Store> store;
    gateway::HttpsClient https;
    gateway::SimplePay simplepay;
    gateway::Stripe stripe;
    gateway::TicketService tickets;
    std::optional<gateway::WebhookSubscriber> subscriber;
    FlowContext flow;
};

// Puts what `work` comes to where it is waited for, which need not be a type that can be empty.
template <class T>
Task<void> store_result(Task<T> work, std::optional<T>* result) {
    result->emplace(co_await std::move(work));
}

// For a command: what `work` comes to, on a loop of its own. Throws what it throws.
template <class T>
T run_to_end(boost::asio::io_context& loop, Task<T> work) {
    std::optional<T> result;
    boost::asio::co_spawn(
        loop, store_result(std::move(work), &result),
        [](std::exception_ptr thrown) {
            if (thrown) std::rethrow_exception(thrown);
        }
    );
    // What else the loop still does (idle connections) is not waited for.
    while (!result && loop.run_one() > 0) {
    }
    if (!result) throw std::logic_error{"the work waits for nothing"};
    return std::move(*result);
}

}  // namespace payments
