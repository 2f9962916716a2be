#include "storage/postgres/connection.hpp"

#include <algorithm>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <optional>
#include <utility>

#include "storage/postgres/libpq.hpp"

namespace payments::postgres {
namespace {

using namespace std::chrono_literals;
namespace asio = boost::asio;
using asio::posix::stream_descriptor;

constexpr auto grace = 2s;  // so that the server's own timeouts come first: their errors say more
constexpr int binary = 1;

// `opened` and `address` outlive it: they are in the frame of the coroutine that waits for it.
Task<void> connect_into(Handle* opened, const ServerAddress* address) {
    *opened = connect(*address);
    try {
        settle_in(*address, opened->get());
    } catch (const Failed& failed) {
        raise(*address, failed);
    }
    co_return;
}

// Parameters as libpq takes them.
struct Parameters {
    explicit Parameters(const std::vector<Value>& list) {
        for (const auto& one : list) {
            types.push_back(one.type);
            bytes.push_back(one.bytes ? one.bytes->data() : nullptr);
            sizes.push_back(one.bytes ? static_cast<int>(one.bytes->size()) : 0);
            formats.push_back(binary);
        }
    }
    int count() const { return static_cast<int>(bytes.size()); }

    std::vector<Oid> types;
    std::vector<const char*> bytes;
    std::vector<int> sizes, formats;
};

std::optional<Failed> failure_in(const ResultSet& answer, PGconn* connection) try {
    check(answer.raw(), connection);
    return {};
} catch (const Failed& failed) {
    return failed;
}

std::string first_line(std::string text) {
    text.resize(std::min(text.find('\n'), text.size()));
    return text;
}

}  // namespace

PipelineConnection::PipelineConnection(
    asio::io_context& loop, asio::thread_pool& threads, const ServerAddress& address
)
    : threads_(threads), address_(address), socket_(loop), deadline_(loop) {}

PipelineConnection::~PipelineConnection() { close(); }

Task<void> PipelineConnection::open() {
    close();
    Handle opened;
    auto work = connect_into(&opened, &address_);
    co_await asio::co_spawn(threads_.get_executor(), std::move(work), asio::use_awaitable);
    handle_ = std::move(opened);
    libpq().PQsetnonblocking(handle_.get(), 1);
    libpq().PQenterPipelineMode(handle_.get());
    socket_.assign(libpq().PQsocket(handle_.get()));
    looked_at_ = std::chrono::steady_clock::now();
}

bool PipelineConnection::is_open() const {
    return handle_ && libpq().PQconsumeInput(handle_.get()) == 1 &&
           libpq().PQstatus(handle_.get()) == CONNECTION_OK;
}

void PipelineConnection::close() {
    deadline_.cancel();
    if (socket_.is_open()) socket_.release();  // libpq closes it
    handle_.reset();
    prepared_.clear();
}

bool PipelineConnection::is_due_for_a_look() {
    const auto now = std::chrono::steady_clock::now();
    if (now - looked_at_ < 1s) return false;
    looked_at_ = now;
    return true;
}

// A server or pooler that ends a connection says why before it does (a time-out of its own, a
// limit, a mode that forbids transactions): that is what people must read, and not how it was
// noticed.
void PipelineConnection::lose(const std::string& why) {
    const auto noticed = handle_ ? first_line(libpq().PQerrorMessage(handle_.get())) : "";
    const auto cause = failure_          ? failure_->what() + ("; " + why)
                       : noticed.empty() ? why
                                         : why + ": " + noticed;
    close();
    throw Lost{"database " + address_.place() + ": " + cause};
}

// In the exchange that needs it, so that it costs no round trip of its own.
const std::string& PipelineConnection::prepare(
    const Statement& statement, const std::vector<Oid>& types
) {
    const auto* text = statement.sql.data();
    const auto known = prepared_.find(text);
    if (known != prepared_.end()) return known->second;
    auto name = "s" + std::to_string(names_++);
    const int count = static_cast<int>(types.size());
    if (libpq().PQsendPrepare(handle_.get(), name.c_str(), text, count, types.data()) == 0)
        lose("a statement could not be sent");
    results_of_.push_back(text);
    return prepared_.emplace(text, std::move(name)).first->second;
}

// The server takes up the statements at once; their answers come in the same order.
void PipelineConnection::send(const Statement& statement) {
    const Parameters with{statement.values};
    const int sent = address_.prepared
                         ? libpq().PQsendQueryPrepared(
                               handle_.get(), prepare(statement, with.types).c_str(), with.count(),
                               with.bytes.data(), with.sizes.data(), with.formats.data(), binary
                           )
                         : libpq().PQsendQueryParams(
                               handle_.get(), statement.sql.data(), with.count(), with.types.data(),
                               with.bytes.data(), with.sizes.data(), with.formats.data(), binary
                           );
    if (sent == 0) lose("a statement could not be sent");
    results_of_.push_back(nullptr);
}

void PipelineConnection::watch_the_time() {
    timed_out_ = false;
    deadline_.expires_after(address_.timeout + grace);
    deadline_.async_wait([this](boost::system::error_code cancelled) {
        // The timer may have been set anew, or the answer have come, while this call was queued.
        if (cancelled || deadline_.expiry() > std::chrono::steady_clock::now()) return;
        timed_out_ = true;
        if (socket_.is_open()) socket_.cancel();
    });
}

Task<void> PipelineConnection::wait(stream_descriptor::wait_type what) {
    boost::system::error_code failure;
    co_await socket_.async_wait(what, asio::redirect_error(asio::use_awaitable, failure));
    if (timed_out_) lose("no answer in time");
    if (failure) lose(failure.message());
}

// A server whose answers are not read stops reading our statements, so both are done in turn.
Task<void> PipelineConnection::flush() {
    for (;;) {
        const int left = libpq().PQflush(handle_.get());
        if (left == 0) co_return;
        if (left < 0) lose("the connection broke");
        if (libpq().PQconsumeInput(handle_.get()) == 0) lose("the connection broke");
        co_await wait(stream_descriptor::wait_write);
    }
}

bool PipelineConnection::is_busy() const { return libpq().PQisBusy(handle_.get()) == 1; }

Task<void> PipelineConnection::await_result() {
    while (is_busy()) {
        co_await wait(stream_descriptor::wait_read);
        if (libpq().PQconsumeInput(handle_.get()) == 0) lose("the connection broke");
    }
}

// What await_result() has waited for.
ResultSet PipelineConnection::next_result() {
    return ResultSet{libpq().PQgetResult(handle_.get())};
}

// Most results come with the one before: for these no coroutine is begun.
Task<std::vector<ResultSet>> PipelineConnection::exchange(std::vector<Statement> statements) {
    results_of_.clear();
    failure_.reset();
    for (const auto& statement : statements) send(statement);
    if (libpq().PQpipelineSync(handle_.get()) == 0) lose("the connection broke");
    watch_the_time();
    const int left = libpq().PQflush(handle_.get());
    // Asked again, libpq would say that nothing is left, for it has thrown that away.
    if (left < 0) lose("the connection broke");
    if (left > 0) co_await flush();

    std::vector<ResultSet> answers;
    for (const auto* preparation : results_of_) {
        if (is_busy()) co_await await_result();
        auto answer = next_result();
        if (!failure_) failure_ = failure_in(answer, handle_.get());
        // Nothing behind a failure was done; a statement that was to be prepared there is unknown.
        if (failure_ && preparation) prepared_.erase(preparation);
        if (!preparation) answers.push_back(std::move(answer));
        if (is_busy()) co_await await_result();
        next_result();  // the end of this command's results
    }
    if (is_busy()) co_await await_result();
    next_result();  // the end of the pipeline
    deadline_.expires_at(std::chrono::steady_clock::time_point::max());
    if (libpq().PQstatus(handle_.get()) != CONNECTION_OK) lose("the connection broke");
    if (failure_) throw *std::exchange(failure_, {});
    co_return answers;
}

Task<void> PipelineConnection::leave() {
    if (!is_open() || libpq().PQtransactionStatus(handle_.get()) == PQTRANS_IDLE) co_return;
    std::vector<Statement> back{Statement{"ROLLBACK"}};
    co_await exchange(std::move(back));
}

}  // namespace payments::postgres
