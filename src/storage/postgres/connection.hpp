#pragma once

#include <boost/asio/io_context.hpp>
#include <boost/asio/posix/stream_descriptor.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/thread_pool.hpp>
#include <optional>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "flow/task.hpp"
#include "storage/postgres/address.hpp"
#include "storage/postgres/values.hpp"

namespace payments::postgres {

// One statement with its parameters $1, $2, ... The text ends with a zero byte and lives as long as
// the process: a connection knows by its place in memory what it has prepared.
struct Statement {
    std::string_view sql;
    std::vector<Value> values;

    explicit Statement(std::string_view text, std::vector<Value> list = {})
        : sql(text), values(std::move(list)) {}

    template <class... T>
    static Statement of(std::string_view sql, const T&... parameters) {
        Statement made{sql};
        (made.values.push_back(value(parameters)), ...);
        return made;
    }
};

// A connection of one event loop, in libpq's pipeline mode: statements that belong together travel
// together, so that a batch costs one round trip and not one for each. One exchange at a time. On
// the loop's thread.
class PipelineConnection {
public:
    // Connecting blocks (names are looked up, keys exchanged), so that is done on `threads`.
    PipelineConnection(
        boost::asio::io_context& loop, boost::asio::thread_pool& threads,
        const ServerAddress& address
    );
    ~PipelineConnection();
    PipelineConnection(const PipelineConnection&) = delete;

    // Also looks whether the server has ended it meanwhile.
    bool is_open() const;
    // Throws StoreDown when the server cannot be reached or will not have us.
    Task<void> open();
    void close();
    // True once a second: it is time to see whether the server is still one that writes. A primary
    // that was made a standby keeps its connections, and what is read there grows old.
    bool is_due_for_a_look();

    // The answers, one for each statement. Statements outside of BEGIN and COMMIT are one
    // transaction. Throws Failed, for the first that failed, after which none of the transaction is
    // kept once `leave` has run; and Lost when the connection breaks or no answer comes within the
    // address's timeout and 2 s, after which it is closed. Lost says what the server or a pooler
    // said before it ended the connection, if it said anything.
    Task<std::vector<ResultSet>> exchange(std::vector<Statement> statements);
    // Rolls back a transaction that failed; does nothing without one. Throws as exchange().
    Task<void> leave();

private:
    void send(const Statement& statement);
    const std::string& prepare(const Statement& statement, const std::vector<unsigned>& types);
    Task<void> flush();
    Task<void> wait(boost::asio::posix::stream_descriptor::wait_type what);
    bool is_busy() const;
    Task<void> await_result();
    ResultSet next_result();
    void watch_the_time();
    [[noreturn]] void lose(const std::string& why);

    boost::asio::thread_pool& threads_;
    const ServerAddress& address_;
    Handle handle_;
    boost::asio::posix::stream_descriptor socket_;
    boost::asio::steady_timer deadline_;
    bool timed_out_ = false;
    std::chrono::steady_clock::time_point looked_at_{};
    std::unordered_map<const char*, std::string> prepared_;  // by the text's place in memory
    int names_ = 0;                                          // given to them so far
    // Of the exchange under way: for each result that will come, the text if it is of a
    // preparation.
    std::vector<const char*> results_of_;
    std::optional<Failed> failure_;  // and the first thing that was refused
};

}  // namespace payments::postgres
