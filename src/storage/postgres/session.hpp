#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "storage/postgres/address.hpp"
#include "storage/postgres/values.hpp"

namespace payments::postgres {

// A blocking connection for work outside of the event loops: migrations, verifying the ledger,
// copying. Waits as long as the server takes, whatever time-outs the server, the role or the
// database has: for the whole session, or for each transaction where a pooler may give the session
// to another client in between (ServerAddress::prepared is false). For one thread.
class Session {
public:
    // Throws StoreDown when the server cannot be reached.
    explicit Session(const ServerAddress& address);

    const ServerAddress& address() const { return address_; }

    // Begins a transaction; `how` is what stands behind BEGIN. Throws as ask().
    void begin(std::string_view how = "");
    // One statement; throws Failed, and Lost, with the server's own words, when the connection
    // broke.
    // Blocks its thread, without a limit of its own.
    ResultSet ask(const std::string& sql, const std::vector<Value>& values = {});
    template <class... T>
    ResultSet ask_with(const std::string& sql, const T&... parameters) {
        return ask(sql, {value(parameters)...});
    }
    // Statements without parameters and answers. Throws as ask().
    void run(const std::string& script);
    // COPY into a table: `into` is its name and, in brackets, those of its columns. Of large
    // amounts of rows this is the quickest way in. Throws as ask(), and nothing of `rows` is there
    // then.
    void copy(const std::string& into, CopyRows rows);
    // Ends a transaction if one is open; never throws.
    void roll_back() noexcept;

    // A question whose answer is wanted later, so that the server works meanwhile. Of one session,
    // which outlives it; when that is asked something else first, the answer is kept here.
    class Ahead {
    public:
        explicit Ahead(Session& session) : session_(session) {}
        Ahead(const Ahead&) = delete;
        Ahead& operator=(const Ahead&) = delete;
        ~Ahead();

        // Sends a statement without parameters. Throws as ask() for what was sent before.
        void send(const std::string& sql);
        // The answer, once. Throws as ask(); what failed before it was wanted was thrown by
        // whatever the session was asked then.
        ResultSet take();

    private:
        friend class Session;
        Session& session_;
        std::optional<ResultSet> answer_;
    };

private:
    ResultSet checked(pg_result* raw);
    // Reads the answer to what was sent ahead.
    void settle();

    const ServerAddress address_;
    Handle handle_;
    Ahead* under_way_ = nullptr;  // whose answer has not been read yet
};

}  // namespace payments::postgres
