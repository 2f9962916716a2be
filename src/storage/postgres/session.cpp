#include "storage/postgres/session.hpp"

#include <libpq-fe.h>

namespace payments::postgres {

ResultSet Session::ask(const std::string& sql, const std::vector<Value>& values) {
    std::vector<Oid> types;
    std::vector<const char*> bytes;
    std::vector<int> sizes, formats;
    for (const auto& one : values) {
        types.push_back(one.type);
        bytes.push_back(one.bytes ? one.bytes->data() : nullptr);
        sizes.push_back(one.bytes ? static_cast<int>(one.bytes->size()) : 0);
        formats.push_back(1);
    }
    ResultSet answer{PQexecParams(
        handle_.get(), sql.c_str(), static_cast<int>(values.size()), types.data(), bytes.data(),
        sizes.data(), formats.data(), 1
    )};
    if (PQstatus(handle_.get()) != CONNECTION_OK)
        throw Lost{"database " + address_.place() + ": the connection broke"};
    check(answer.raw(), handle_.get());
    return answer;
}

void Session::run(const std::string& script) {
    const ResultSet answer{PQexec(handle_.get(), script.c_str())};
    if (PQstatus(handle_.get()) != CONNECTION_OK)
        throw Lost{"database " + address_.place() + ": the connection broke"};
    check(answer.raw(), handle_.get());
}

void Session::roll_back() noexcept {
    if (PQtransactionStatus(handle_.get()) != PQTRANS_IDLE)
        const ResultSet ignored{PQexec(handle_.get(), "ROLLBACK")};
}

}  // namespace payments::postgres
