#pragma once

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <exception>
#include <optional>
#include <stdexcept>
#include <vector>

#include "config/settings.hpp"
#include "flow/flow_context.hpp"
#include "gateway/handoff.hpp"
#include "gateway/oidc/client.hpp"
#include "gateway/simplepay/client.hpp"
#include "gateway/stripe/accounts.hpp"
#include "gateway/tickets.hpp"
#include "gateway/trace_exporter.hpp"
#include "gateway/webhook_subscriber.hpp"
#include "http/auth/jwk.hpp"
#include "storage/databases.hpp"
#include "storage/personal_data.hpp"
#include "storage/settlements.hpp"
#include "support/clock.hpp"
#include "support/metrics.hpp"
#include "support/spans.hpp"

// The composition root: objects made from settings, for `serve` and for the commands that do by
// hand what it does in the background.
namespace payments {

gateway::StripeSettings stripe_of(const StripeConfig& from);

gateway::TraceSettings traces_of(const Settings& from);

// The database that the settings name.
DatabaseTarget database_of(const Settings& settings);

// The bytes of the mapping that the settings name, which can be read as one; "" when they name
// none. Errc::invalid_request.
Result<std::string> settlement_mapping_of(const Settings& settings);

// Throws std::runtime_error for a time zone that this machine lacks, and for a mapping that is
// missing or wrong.
SettlementRules settlement_rules_of(const Settings& settings);

PersonalDataRules personal_rules_of(const Settings& settings);

// Registers every secret of the settings with the log, which replaces them from then on. To be
// called before anything else is logged. Throws std::invalid_argument when the database's URL
// cannot be read.
void redact_secrets(const Settings& settings);

// What all event loops of a process share. Members are in order of construction: each may refer to
// those above it. Made on the main thread; used by all loops, so what is not const is safe for
// many threads by itself (Metrics, Stores).
struct ProcessContext {
    // `from` must outlive it. Throws StoreDown when the database cannot be used,
    // std::runtime_error or std::invalid_argument when a key file or a setting is wrong; the
    // message names it.
    explicit ProcessContext(const Settings& from);

    const Settings& settings;
    const Rules rules;
    SystemClock clock;
    const Time started_at = clock.now();
    const http::Key signing_key;
    Metrics store_metrics;  // of SQLite's writing thread
    std::optional<TraceQueue> traces;  // when they are to be recorded
    // Of the whole process. Filled while the loops are made, before any of them runs; read by all
    // of them after.
    std::vector<const Metrics*> all_metrics{&store_metrics};
    const Stores stores;
};

// What one event loop has for itself, so that loops share no lock: metrics, clients of the
// providers, and the context of the flows. Made on the main thread before the loop runs, then used
// on the loop's thread only. Throws std::invalid_argument for a URL or key that its client refuses.
struct LoopContext {
    // Both must outlive it; registers its metrics with `process`.
    LoopContext(ProcessContext& process, boost::asio::io_context& loop);

    Metrics metrics;
    const std::shared_ptr<ServiceStore> store;
    const std::unique_ptr<Settlements> settlements;
    const std::unique_ptr<PersonalData> personal;
    gateway::HttpsClient https;
    gateway::HttpsClient identity_https;  // where staff sign in: apart from what payments need
    gateway::SimplePay simplepay;
    gateway::StripeAccounts stripe;
    gateway::TicketService tickets;
    std::optional<gateway::WebhookSubscriber> subscriber;
    std::optional<gateway::OidcClient> identity_provider;
    std::optional<gateway::HandoffClient> handoff;
    FlowContext flow;
};

// Stores the result of `work`. co_spawn would need a type with a default value; this does not.
template <class T>
Task<void> store_result(Task<T> work, std::optional<T>* result) {
    result->emplace(co_await std::move(work));
}

// For a command: runs the loop on this thread until `work` is done, and returns its result. Throws
// what `work` throws, std::logic_error when it waits for something that never comes.
template <class T>
T run_to_end(boost::asio::io_context& loop, Task<T> work) {
    std::optional<T> result;
    loop.restart();  // it may have run empty before
    boost::asio::co_spawn(
        loop, store_result(std::move(work), &result),
        [](std::exception_ptr thrown) {
            if (thrown) std::rethrow_exception(thrown);
        }
    );
    // Not until the loop is empty: idle connections to providers keep timers for a minute.
    while (!result && loop.run_one() > 0) {
    }
    if (!result) throw std::logic_error{"the work waits for nothing"};
    return std::move(*result);
}

}  // namespace payments
