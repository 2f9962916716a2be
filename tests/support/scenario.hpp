#pragma once

#include <gtest/gtest.h>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <memory>
#include <string>
#include <vector>

#include "flow/world.hpp"
#include "http/message.hpp"
#include "support/json.hpp"
#include "support/loop.hpp"
#include "support/scripted_world.hpp"
#include "support/store_contract.hpp"

// HTTP in, SQLite below, a scripted world around: the fixture of the specification.
namespace payments::testing_support {

// What the service answered.
struct Answer {
    int status = 0;
    std::string type;  // of its content
    std::string text;
    json::object body;  // empty when the text is not a JSON object
    std::vector<std::pair<std::string, std::string>> headers;

    explicit Answer(http::Response response);
    std::string header(std::string_view name) const;  // "" without one
    const json::value& at(std::string_view member) const;
    std::int64_t number(std::string_view member) const;
    std::string string(std::string_view member) const;  // "" when null
    // The slug of a problem document, "" of any other answer.
    std::string problem() const;
};

using Headers = std::vector<std::pair<std::string, std::string>>;

// A request under way.
struct Running {
    http::Request request;
    std::optional<http::Response> response;
    std::exception_ptr failure;
    bool done = false;
};

constexpr auto simple = "FULL-FEE-EUR-SIMPLE";
constexpr auto stripes = "FULL-FEE-EUR-STRIPE-INTENTS";

class Scenario : public testing::Test {
protected:
    Scenario();
    ~Scenario() override;

    // ------------------------------------------------------------------------- what callers do

    Answer get(std::string path, Headers headers = {});
    Answer post(std::string path, std::string body, Headers headers = {});
    std::shared_ptr<Running> begin_post(std::string path, std::string body, Headers headers = {});
    Answer end(const std::shared_ptr<Running>& running);

    // The body of a start, and starts of tickets 42 to 49, which all may pay the same fees.
    static std::string order(const std::string& code, std::int64_t ticket_id = 42);
    Answer start(const std::string& code = simple, std::int64_t ticket_id = 42);
    std::shared_ptr<Running> begin_start(const std::string& code = simple);
    // The id of the transaction that a start, which must succeed, has opened.
    std::int64_t started(const std::string& code = simple, std::int64_t ticket_id = 42);

    // A signed message about an attempt, told only once when `identity` was told before.
    Answer notify(Processor from, std::string identity, Heard heard);
    Answer ipn(std::int64_t id, std::vector<Fact> facts, std::string identity = "");
    Answer webhook(std::int64_t id, std::vector<Fact> facts, std::string identity = "");
    // The visitor comes back from SimplePay; by default as it should be for this attempt.
    Return return_of(std::int64_t id, std::string event);
    Answer come_back(Return back);

    // Authorization headers.
    Headers as_service(const Privileges& on_behalf_of = {});
    Headers as_user(const Privileges& privileges);

    // --------------------------------------------------------------------- what is known of it

    Transaction read(std::int64_t id);
    std::string status(std::int64_t id);
    std::vector<Transaction> attempts(std::int64_t ticket_id = 42);
    // The facts of an attempt by name, in the order they were learned: "accepted captured".
    std::string story(std::int64_t id);
    std::string review_reason_of(std::int64_t id);
    std::vector<std::string> outbox();  // types, oldest first
    std::int64_t messages_kept();
    std::vector<std::string> unmatched_reasons();
    // Everything logged since the last call.
    std::string logged();

    // ------------------------------------------------------------------------ the world's time

    void pass(std::chrono::milliseconds time) { clock.time += time; }
    std::size_t reconcile();
    // Time goes by and every check is made when it falls due.
    void wait(std::chrono::milliseconds time);
    // Runs the loop until this is so.
    void until(const std::function<bool()>& is_so);
    template <class T>
    T await(Task<T> task);

    // What a provider says of a payment, in few words.
    Fact claim_of(std::int64_t id);    // SimplePay's IPN: FINISHED
    Fact capture_of(std::int64_t id);  // all of it, as agreed
    Fact word(std::int64_t id, FactKind kind, std::string subject = "");
    Fact word_of(const Transaction& attempt, FactKind kind, std::string subject = "") const;
    static Said silence();
    static Said said(std::vector<Fact> facts);
    // A start that comes to nothing, or to nobody knows what.
    static Started answered(Started::Kind how);

    const StoreKind stores = chosen_kind();
    const std::string place = stores.make_place();
    std::unique_ptr<Store> database = stores.open(place);

    boost::asio::io_context loop;
    ScriptedClock clock{noon};
    LosableStore store{*database};
    ScriptedTickets tickets;
    ScriptedGateway simplepay{Processor::simplepay};
    ScriptedGateway stripe{Processor::stripe};
    ScriptedReturns returns;
    Rules rules;
    std::vector<Status> entered;
    World world{rules,     clock,  store,   tickets,
                simplepay, stripe, returns, [this](Status status) { entered.push_back(status); }};

private:
    http::Request request(std::string method, std::string path, std::string body, Headers headers);
    std::shared_ptr<Running> begin(http::Request request);

    struct Door;  // the API and what it needs beside the world
    std::unique_ptr<Door> door_;
    int messages_ = 0;
};

template <class T>
T Scenario::await(Task<T> task) {
    bool done = false;
    std::exception_ptr failure;
    const auto end = [&](std::exception_ptr thrown) {
        failure = thrown;
        done = true;
    };
    if constexpr (std::is_void_v<T>) {
        boost::asio::co_spawn(loop, std::move(task), end);
        until([&] { return done; });
        if (failure) std::rethrow_exception(failure);
    } else {
        std::optional<T> answer;
        boost::asio::co_spawn(loop, store_answer(std::move(task), answer), end);
        until([&] { return done; });
        if (failure) std::rethrow_exception(failure);
        return std::move(*answer);
    }
}

}  // namespace payments::testing_support
