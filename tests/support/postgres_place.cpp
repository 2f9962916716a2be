#include "support/postgres_place.hpp"

#include <stdlib.h>
#include <unistd.h>

#include <atomic>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <filesystem>
#include <mutex>
#include <stdexcept>
#include <thread>
#include <vector>

#include "storage/postgres_migrations.hpp"
#include "support/loop.hpp"

namespace payments::testing_support {
namespace {

namespace asio = boost::asio;
namespace fs = std::filesystem;

// PostgreSQL does not run as root.
std::string as_owner(const std::string& command) {
    return ::geteuid() == 0 ? "runuser -u postgres -- " + command : command;
}

void run_command(const std::string& command) {
    if (std::system((command + " >/dev/null 2>&1").c_str()) != 0)
        throw std::runtime_error{"failed: " + command};
}

// Where a process that a test starts anew, to let it die, finds the server.
constexpr auto borrowed_directory = "PAYMENTS_TEST_POSTGRES_DIRECTORY";

class Server {
public:
    Server() {
        if (const char* borrowed = std::getenv(borrowed_directory)) {
            directory_ = borrowed;
            return;
        }
        auto pattern = (fs::temp_directory_path() / "payments-postgres-XXXXXX").string();
        if (!::mkdtemp(pattern.data())) throw std::runtime_error{"no temporary directory"};
        directory_ = pattern;
        is_ours_ = true;
        if (::geteuid() == 0) run_command("chown postgres " + pattern);
        const std::string programs = "/usr/lib/postgresql/15/bin/";
        run_command(as_owner(
            programs + "initdb -D " + data() + " -U payments -A trust -E UTF8 --locale=C.UTF-8"
        ));
        run_command(as_owner(
            programs + "pg_ctl -w -D " + data() + " -l " + pattern + "/log -o \"-k " + pattern +
            " -c listen_addresses='' -c max_connections=200\" start"
        ));
        create("template_of_tests", "template1");
        postgres::Address address;
        address.url = url("template_of_tests");
        postgres::migrate(address);
        ::setenv(borrowed_directory, directory_.c_str(), 1);
    }
    ~Server() {
        if (!is_ours_) return;
        const std::string stop = "/usr/lib/postgresql/15/bin/pg_ctl -w -m immediate -D ";
        [[maybe_unused]] const int ended =
            std::system((as_owner(stop + data()) + " stop >/dev/null 2>&1").c_str());
        std::error_code ignored;
        fs::remove_all(directory_, ignored);
    }

    std::string url(const std::string& database) const {
        return "postgresql:///" + database + "?user=payments&host=" + directory_;
    }
    void create(const std::string& name, const std::string& like) {
        admin().run("CREATE DATABASE " + name + " TEMPLATE " + like);
    }
    void drop(const std::string& name) { admin().run("DROP DATABASE " + name + " WITH (FORCE)"); }

private:
    std::string data() const { return directory_ + "/data"; }
    postgres::Session admin() const {
        postgres::Address address;
        address.url = url("postgres");
        return postgres::Session{address};
    }

    std::string directory_;
    bool is_ours_ = false;
};

Server& server() {
    static Server one;
    return one;
}

// Databases that tests have left, emptied for the next: making one takes a hundred times as long.
std::mutex left_mutex;
std::vector<std::string> left;

std::string create_like(const std::string& like) {
    static std::atomic<int> count{0};
    const auto name = "test_" + std::to_string(::getpid()) + "_" + std::to_string(++count);
    server().create(name, like);
    return server().url(name);
}

class OwnLoopStore final : public Store {
public:
    explicit OwnLoopStore(PostgresOptions options)
        : store_(std::make_unique<PostgresStore>(loop_, std::move(options))) {}
    ~OwnLoopStore() override {
        busy_.reset();  // what waits is still done
        thread_.join();
        store_.reset();
    }

    Task<std::vector<std::int64_t>> ticket_ids(std::int64_t after, int limit) override {
        return there(store_->ticket_ids(after, limit));
    }
    Task<std::optional<NewestAttempt>> newest_attempt() override {
        return there(store_->newest_attempt());
    }
    Task<std::vector<Transaction>> transactions_of(std::int64_t id) override {
        return there(store_->transactions_of(id));
    }
    Task<std::optional<Transaction>> transaction(std::int64_t id) override {
        return there(store_->transaction(id));
    }
    Task<std::vector<Transaction>> page(PageRequest request) override {
        return there(store_->page(request));
    }
    Task<Opened> open(NewAttempt attempt) override {
        return there(store_->open(std::move(attempt)));
    }
    Task<Recorded> record(Heard heard) override { return there(store_->record(std::move(heard))); }
    Task<std::vector<KeptMessage>> claim_unmatched(Time now, int limit) override {
        return there(store_->claim_unmatched(now, limit));
    }
    Task<Reviews> reviews(ReviewQuery query) override { return there(store_->reviews(query)); }
    Task<Result<ReservedRefund>> reserve_refund(NewRefund refund) override {
        return there(store_->reserve_refund(std::move(refund)));
    }
    Task<std::vector<Transaction>> claim_due(Time now, int limit) override {
        return there(store_->claim_due(now, limit));
    }
    Task<std::optional<Time>> next_due() override { return there(store_->next_due()); }
    Task<std::vector<OutgoingEvent>> claim_events(Time now, int limit) override {
        return there(store_->claim_events(now, limit));
    }
    Task<void> settle_event(OutgoingEvent event, Settlement settlement) override {
        return there(store_->settle_event(std::move(event), std::move(settlement)));
    }
    Task<std::vector<OutgoingEvent>> events(EventFilter which, std::int64_t after, int limit)
        override {
        return there(store_->events(which, after, limit));
    }
    Task<std::int64_t> replay_events(EventFilter which, Time now) override {
        return there(store_->replay_events(which, now));
    }
    Task<std::int64_t> skip_events(EventFilter which, Time now) override {
        return there(store_->skip_events(which, now));
    }
    Task<Backlog> backlog() override { return there(store_->backlog()); }
    Task<KeyClaim> claim_key(std::string scope, std::string key, std::string print, Time now)
        override {
        return there(store_->claim_key(std::move(scope), std::move(key), std::move(print), now));
    }
    Task<void> keep_answer(std::string scope, std::string key, KeptAnswer answer) override {
        return there(store_->keep_answer(std::move(scope), std::move(key), std::move(answer)));
    }
    Task<void> release_key(std::string scope, std::string key) override {
        return there(store_->release_key(std::move(scope), std::move(key)));
    }
    Task<void> forget_keys(Time before) override { return there(store_->forget_keys(before)); }
    Task<void> check_ready() override { return there(store_->check_ready()); }

private:
    // What it comes to, back on the loop of the caller.
    template <class T>
    Task<T> there(Task<T> task) {
        if constexpr (std::is_void_v<T>) {
            co_await asio::co_spawn(loop_, std::move(task), asio::use_awaitable);
        } else {
            std::optional<T> answer;
            auto kept = store_answer(std::move(task), answer);
            co_await asio::co_spawn(loop_, std::move(kept), asio::use_awaitable);
            co_return std::move(*answer);
        }
    }

    asio::io_context loop_{1};
    asio::executor_work_guard<asio::io_context::executor_type> busy_{loop_.get_executor()};
    std::unique_ptr<PostgresStore> store_;
    std::thread thread_{[this] { loop_.run(); }};
};

}  // namespace

std::string postgres_url(const std::string& database) { return server().url(database); }

std::string make_postgres_place() {
    {
        const std::lock_guard lock{left_mutex};
        if (!left.empty()) {
            auto place = std::move(left.back());
            left.pop_back();
            return place;
        }
    }
    return create_like("template_of_tests");
}

void leave_postgres_place(const std::string& place) {
    postgres::Address address;
    address.url = place;
    postgres::Session{address}.run(
        "SET session_replication_role = replica;"  // neither triggers nor references hold it up
        "DELETE FROM matches; DELETE FROM unmatched; DELETE FROM notifications; DELETE FROM outbox;"
        "DELETE FROM facts; DELETE FROM transactions; DELETE FROM idempotency_keys;"
        "SELECT setval(oid::regclass, 1, false) FROM pg_class WHERE relkind = 'S'"
    );
    const std::lock_guard lock{left_mutex};
    left.push_back(place);
}

std::string make_empty_postgres_place() { return create_like("template1"); }

void drop_postgres_place(const std::string& place) {
    const auto begin = place.find(":///") + 4;
    server().drop(place.substr(begin, place.find('?') - begin));
}

std::unique_ptr<Store> open_postgres(PostgresOptions options) {
    return std::make_unique<OwnLoopStore>(std::move(options));
}

std::unique_ptr<Store> open_postgres(const std::string& place) {
    PostgresOptions options;
    options.address.url = place;
    return open_postgres(std::move(options));
}

}  // namespace payments::testing_support
