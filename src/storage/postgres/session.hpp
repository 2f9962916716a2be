#pragma once

#include <string>
#include <vector>

#include "storage/postgres/address.hpp"
#include "storage/postgres/values.hpp"

namespace payments::postgres {

// A blocking connection for work outside of the event loops: migrations, verifying the ledger,
// copying. Waits as long as the server takes. For one thread.
class Session {
public:
    // Throws StoreDown when the server cannot be reached.
    explicit Session(const ServerAddress& address) : address_(address), handle_(connect(address)) {}

    const ServerAddress& address() const { return address_; }

    // One statement; throws Failed, and Lost when the connection broke.
    // Blocks its thread, without a limit of its own.
    ResultSet ask(const std::string& sql, const std::vector<Value>& values = {});
    template <class... T>
    ResultSet ask_with(const std::string& sql, const T&... parameters) {
        return ask(sql, {value(parameters)...});
    }
    // Statements without parameters and answers. Throws as ask().
    void run(const std::string& script);
    // Ends a transaction if one is open; never throws.
    void roll_back() noexcept;

private:
    const ServerAddress address_;
    Handle handle_;
};

}  // namespace payments::postgres
