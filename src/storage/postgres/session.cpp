#include "storage/postgres/session.hpp"

#include <algorithm>
#include <stdexcept>

#include "storage/postgres/libpq.hpp"

namespace payments::postgres {
namespace {

// What would end a session that works for as long as it must; not every version knows every one.
// set_config is asked for once for each that this server has.
std::string no_time_outs(bool only_this_transaction) {
    return std::string{"SELECT set_config(name, '0', "} +
           (only_this_transaction ? "true" : "false") +
           ") FROM pg_settings WHERE name IN ('statement_timeout', 'lock_timeout',"
           " 'transaction_timeout', 'idle_in_transaction_session_timeout',"
           " 'idle_session_timeout')";
}

}  // namespace

Session::Session(const ServerAddress& address) : address_(address), handle_(connect(address)) {
    if (!address_.prepared) return;
    try {
        run(no_time_outs(false));
    } catch (const Failed& failed) {
        raise(address_, failed);
    }
}

void Session::begin(std::string_view how) {
    run("BEGIN " + std::string{how});
    if (!address_.prepared) run(no_time_outs(true));
}

// The answer, unless the connection broke meanwhile: then what the server said before it did, which
// says more than that it did.
ResultSet Session::checked(pg_result* raw) {
    ResultSet answer{raw};
    if (libpq().PQstatus(handle_.get()) == CONNECTION_OK) {
        check(answer.raw(), handle_.get());
        return answer;
    }
    // The first line is the server's, or a pooler's; what libpq adds is on the next ones.
    std::string said = libpq().PQerrorMessage(handle_.get());
    said.resize(std::min(said.find('\n'), said.size()));
    throw Lost{
        "database " + address_.place() + ": " + said + (said.empty() ? "" : "; ") +
        "the connection broke"};
}

ResultSet Session::ask(const std::string& sql, const std::vector<Value>& values) {
    settle();
    std::vector<Oid> types;
    std::vector<const char*> bytes;
    std::vector<int> sizes, formats;
    for (const auto& one : values) {
        types.push_back(one.type);
        bytes.push_back(one.bytes ? one.bytes->data() : nullptr);
        sizes.push_back(one.bytes ? static_cast<int>(one.bytes->size()) : 0);
        formats.push_back(1);
    }
    return checked(libpq().PQexecParams(
        handle_.get(), sql.c_str(), static_cast<int>(values.size()), types.data(), bytes.data(),
        sizes.data(), formats.data(), 1
    ));
}

void Session::run(const std::string& script) {
    settle();
    checked(libpq().PQexec(handle_.get(), script.c_str()));
}

void Session::copy(const std::string& into, CopyRows rows) {
    settle();
    auto* connection = handle_.get();
    const ResultSet begun{
        libpq().PQexec(connection, ("COPY " + into + " FROM STDIN (FORMAT binary)").c_str())};
    if (libpq().PQresultStatus(begun.raw()) != PGRES_COPY_IN) {
        // Whatever else it is, it is no success.
        check(begun.raw(), connection);
        throw std::logic_error{"COPY " + into + " did not begin"};
    }
    const auto bytes = std::move(rows).bytes();
    libpq().PQputCopyData(connection, bytes.data(), static_cast<int>(bytes.size()));
    libpq().PQputCopyEnd(connection, nullptr);
    // What went wrong with one of these is told by the result.
    checked(libpq().PQgetResult(connection));
    while (auto* more = libpq().PQgetResult(connection)) const ResultSet ignored{more};
}

void Session::settle() {
    if (!under_way_) return;
    auto& ahead = *std::exchange(under_way_, nullptr);
    auto* first = libpq().PQgetResult(handle_.get());
    while (auto* more = libpq().PQgetResult(handle_.get())) const ResultSet ignored{more};
    ahead.answer_.emplace(checked(first));
}

Session::Ahead::~Ahead() {
    if (session_.under_way_ != this) return;
    session_.under_way_ = nullptr;
    auto* connection = session_.handle_.get();
    while (auto* unread = libpq().PQgetResult(connection)) const ResultSet ignored{unread};
}

void Session::Ahead::send(const std::string& sql) {
    session_.settle();
    auto* connection = session_.handle_.get();
    libpq().PQsendQueryParams(connection, sql.c_str(), 0, nullptr, nullptr, nullptr, nullptr, 1);
    // What went wrong is told by the result.
    session_.under_way_ = this;
}

ResultSet Session::Ahead::take() {
    if (session_.under_way_ == this) session_.settle();
    return std::exchange(answer_, std::nullopt).value();
}

void Session::roll_back() noexcept {
    under_way_ = nullptr;  // what was sent is of no interest any more
    if (libpq().PQtransactionStatus(handle_.get()) != PQTRANS_IDLE)
        const ResultSet ignored{libpq().PQexec(handle_.get(), "ROLLBACK")};
}

}  // namespace payments::postgres
