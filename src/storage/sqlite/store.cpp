#include "storage/sqlite/store.hpp"

#include "storage/sqlite/changes.hpp"
#include "storage/sqlite/outbox.hpp"
#include "storage/sqlite/queries.hpp"
#include "storage/sqlite/reviews.hpp"
#include "storage/sqlite/unmatched.hpp"

namespace payments {

using sqlite::answer_of;
using sqlite::Database;
using sqlite::Worker;

namespace {

std::vector<std::unique_ptr<Database>> connect(
    const SqliteOptions& options, Database::Access access, int count
) {
    std::vector<std::unique_ptr<Database>> connections;
    for (int i = 0; i < count; ++i)
        connections.push_back(
            std::make_unique<Database>(options.path, access, options.busy_timeout_ms)
        );
    return connections;
}

}  // namespace

SqliteStore::SqliteStore(SqliteOptions options) : options_(std::move(options)) {
    auto writing = connect(options_, Database::Access::write, 1);
    sqlite::check_schema(*writing.front());
    writer_ = std::make_unique<Worker>(
        std::move(writing),
        Worker::Limits{options_.group_max, options_.waiting_max, options_.threads},
        [this](Database& database, std::vector<Worker::Job>& jobs) { write(database, jobs); }
    );
    readers_ = std::make_unique<Worker>(
        connect(options_, Database::Access::read, options_.readers),
        Worker::Limits{1, options_.waiting_max, options_.threads}, sqlite::serve_reads
    );
}

void SqliteStore::write(Database& database, std::vector<Worker::Job>& jobs) {
    const auto group = sqlite::commit_together(database, jobs);
    last_commit_failed_ = !group.committed;
    if (options_.on_group) options_.on_group(group);
}

Task<std::vector<std::int64_t>> SqliteStore::ticket_ids(std::int64_t after, int limit) {
    return answer_of(*readers_, [after, limit](Database& database) {
        return sqlite::ticket_ids(database, after, limit);
    });
}

Task<std::optional<NewestAttempt>> SqliteStore::newest_attempt() {
    return answer_of(*readers_, sqlite::newest_attempt);
}

Task<std::vector<Transaction>> SqliteStore::transactions_of(std::int64_t ticket_id) {
    return answer_of(*readers_, [ticket_id](Database& database) {
        return sqlite::transactions_of(database, ticket_id);
    });
}

Task<std::optional<Transaction>> SqliteStore::transaction(std::int64_t id) {
    return answer_of(*readers_, [id](Database& database) {
        auto found = sqlite::kept(database, id);
        return found ? std::optional{std::move(found->transaction)} : std::nullopt;
    });
}

Task<std::vector<Transaction>> SqliteStore::page(PageRequest request) {
    return answer_of(*readers_, [request](Database& database) {
        return sqlite::page(database, request);
    });
}

Task<Opened> SqliteStore::open(NewAttempt attempt) {
    return answer_of(*writer_, [attempt = std::move(attempt)](Database& database) {
        return sqlite::open(database, attempt);
    });
}

Task<Recorded> SqliteStore::record(Heard heard) {
    return answer_of(*writer_, [heard = std::move(heard)](Database& database) {
        return sqlite::record(database, heard);
    });
}

Task<std::vector<UnmatchedMessage>> SqliteStore::claim_unmatched(Time now, int limit) {
    return answer_of(*writer_, [now, limit](Database& database) {
        return sqlite::claim_unmatched(database, now, limit);
    });
}

Task<Reviews> SqliteStore::reviews(ReviewQuery query) {
    return answer_of(*readers_, [query](Database& database) {
        return sqlite::reviews(database, query);
    });
}

Task<Result<ReservedRefund>> SqliteStore::reserve_refund(NewRefund refund) {
    return answer_of(*writer_, [refund = std::move(refund)](Database& database) {
        return sqlite::reserve_refund(database, refund);
    });
}

Task<std::vector<Transaction>> SqliteStore::claim_due(Time now, int limit) {
    return answer_of(*writer_, [now, limit](Database& database) {
        return sqlite::claim_due(database, now, limit);
    });
}

Task<std::optional<Time>> SqliteStore::next_due() { return answer_of(*readers_, sqlite::next_due); }

// Looking costs no commit, and mostly nothing is due.
Task<std::vector<OutgoingEvent>> SqliteStore::claim_events(Time now, int limit) {
    const auto is_due = [now](Database& database) { return sqlite::has_due_event(database, now); };
    if (!co_await answer_of(*readers_, is_due)) co_return std::vector<OutgoingEvent>{};
    const auto claim = [now, limit](Database& database) {
        return sqlite::claim_events(database, now, limit);
    };
    co_return co_await answer_of(*writer_, claim);
}

Task<void> SqliteStore::record_delivery(OutgoingEvent event, DeliveryOutcome settlement) {
    return answer_of(
        *writer_, [event = std::move(event), settlement = std::move(settlement)](Database& database
                  ) { sqlite::record_delivery(database, event, settlement); }
    );
}

Task<std::vector<OutgoingEvent>> SqliteStore::events(
    EventFilter which, std::int64_t after, int limit
) {
    return answer_of(*readers_, [which, after, limit](Database& database) {
        return sqlite::events(database, which, after, limit);
    });
}

Task<std::int64_t> SqliteStore::replay_events(EventFilter which, Time now) {
    return answer_of(*writer_, [which, now](Database& database) {
        return sqlite::replay_events(database, which, now);
    });
}

Task<std::int64_t> SqliteStore::skip_events(EventFilter which, Time now) {
    return answer_of(*writer_, [which, now](Database& database) {
        return sqlite::skip_events(database, which, now);
    });
}

Task<Backlog> SqliteStore::backlog() { return answer_of(*readers_, sqlite::backlog); }

Task<KeyClaim> SqliteStore::claim_key(
    std::string scope, std::string key, std::string fingerprint, Time now
) {
    return answer_of(
        *writer_, [scope = std::move(scope), key = std::move(key),
                   fingerprint = std::move(fingerprint), now](Database& database
                  ) { return sqlite::claim_key(database, scope, key, fingerprint, now); }
    );
}

Task<void> SqliteStore::store_response(std::string scope, std::string key, StoredResponse answer) {
    return answer_of(
        *writer_, [scope = std::move(scope), key = std::move(key),
                   answer = std::move(answer)](Database& database
                  ) { sqlite::store_response(database, scope, key, answer); }
    );
}

Task<void> SqliteStore::release_key(std::string scope, std::string key) {
    return answer_of(
        *writer_, [scope = std::move(scope), key = std::move(key)](Database& database
                  ) { sqlite::release_key(database, scope, key); }
    );
}

Task<void> SqliteStore::forget_keys(Time before) {
    return answer_of(*writer_, [before](Database& database) {
        sqlite::forget_keys(database, before);
    });
}

Task<void> SqliteStore::check_ready() {
    co_await answer_of(*readers_, [](Database& database) {
        database.check_in_place();
        if (sqlite::schema_version(database) < sqlite::migrations().back().version)
            throw StoreDown{"database " + database.path() + ": its schema is not migrated"};
    });
    if (!last_commit_failed_) co_return;
    co_await answer_of(*writer_, [](Database& database) {
        database.change("UPDATE commit_probe SET filler = randomblob(65536)");
    });
}

}  // namespace payments
