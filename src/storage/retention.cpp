#include <algorithm>

#include "storage/append_action.hpp"
#include "storage/personal_ledger.hpp"
#include "storage/rules/rows.hpp"
#include "storage/undone.hpp"

// What of PersonalLedger falls due by itself. Rows are locked in the order payment, erasure, chain
// of actions, retention, so that nobody waits for one another.
namespace payments {

using ledger::Cell;
using ledger::cell_of;
using ledger::Cells;

namespace {

using namespace std::chrono_literals;

constexpr auto lease = 1min;
constexpr std::int64_t aged_together = 200, late_together = 1'000, erased_together = 20,
                       unmatched_together = 50;
// Rows are numbered before they are committed: what is younger than that is looked at later.
constexpr auto settles_within = 1min;

const Actor retention_itself{"retention", "retention"};

// What may come after its payment was erased: number, payment, when; and which of it holds words.
struct Stream {
    std::string mark, select, has_words;
};
const Stream streams[] = {
    {"notification_id",
     "SELECT s.id, s.transaction_id, s.received_at, e.erased_at FROM notifications AS s",
     " AND s.body IS NOT NULL"},
    {"match_id", "SELECT s.id, s.transaction_id, s.at, e.erased_at FROM matches AS s", ""},
    {"action_id", "SELECT s.id, s.transaction_id, s.at, e.erased_at FROM actions AS s",
     " AND s.details IS NOT NULL AND s.kind IN " +
         std::string{ledger::kinds_with_words_of_the_settled}},
};

}  // namespace

bool PersonalLedger::claim(Time now) {
    Undone change{*database_};
    database_->begin_change();
    database_->lock("SELECT 1 FROM retention", {});
    const Time held_until{std::chrono::milliseconds{count("SELECT lease_until FROM retention")}};
    // One that lasts much longer was given by a clock that has been set back since.
    if (held_until > now && held_until <= now + 2 * lease) return false;
    database_->change("UPDATE retention SET lease_until = $1", {cell_of(now + lease)});
    change.commit();
    return true;
}

bool PersonalLedger::note_aged(Time now) {
    if (!rules_.days) return false;
    Undone change{*database_};
    database_->begin_change();
    std::vector<std::int64_t> aged;
    const Time cutoff = now - std::chrono::days{*rules_.days};
    {
        const auto rows = database_->query(
            "SELECT id, created_at FROM transactions"
            " WHERE id > (SELECT transaction_id FROM retention) ORDER BY id LIMIT $1",
            {aged_together}
        );
        while (rows->next() && rows->time(1) < cutoff) aged.push_back(rows->integer(0));
    }
    if (aged.empty()) return false;
    const auto why = "older than " + std::to_string(*rules_.days) + " days";
    for (const auto id : aged)
        database_->change(
            "INSERT INTO erasures (transaction_id, asked_at, by_sub, by_name, why, try_at, kept,"
            " email_sha256) VALUES ($1, $2, $3, $4, $5, $2, '', '') ON CONFLICT DO NOTHING",
            {id, cell_of(now), retention_itself.sub, retention_itself.name, why}
        );
    database_->change("UPDATE retention SET transaction_id = $1", {aged.back()});
    change.commit();
    return true;
}

bool PersonalLedger::note_late(Time now) {
    bool is_more = false;
    for (const auto& [mark, select, has_words] : streams) {
        Undone change{*database_};
        database_->begin_change();
        std::vector<std::int64_t> late;
        std::int64_t seen = 0, looked_at = 0;
        {
            const auto rows = database_->query(
                select + " LEFT JOIN erasures AS e ON e.transaction_id = s.transaction_id" +
                    has_words + " WHERE s.id > (SELECT " + mark +
                    " FROM retention) ORDER BY s.id LIMIT $1",
                {late_together}
            );
            while (rows->next() && rows->time(2) < now - settles_within) {
                seen = rows->integer(0);
                ++looked_at;
                if (!rows->is_null(3)) late.push_back(rows->integer(1));
            }
        }
        if (looked_at == 0) continue;
        std::ranges::sort(late);
        late.erase(std::unique(late.begin(), late.end()), late.end());
        for (const auto id : late)
            database_->change(
                "UPDATE erasures SET try_at = $1 WHERE transaction_id = $2", {cell_of(now), id}
            );
        database_->change("UPDATE retention SET " + mark + " = $1", {seen});
        change.commit();
        is_more = is_more || looked_at == late_together;
    }
    return is_more;
}

bool PersonalLedger::erase_due(Time now) {
    std::vector<std::int64_t> due;
    {
        Undone reading{*database_};
        database_->begin_read();
        {
            const auto rows = database_->query(
                "SELECT transaction_id FROM erasures WHERE try_at <= $1 ORDER BY try_at LIMIT $2",
                {cell_of(now), erased_together}
            );
            while (rows->next()) due.push_back(rows->integer(0));
        }
        reading.commit();
    }
    for (const auto id : due) erase_payment(id, now);
    return std::ssize(due) == erased_together;
}

// Messages that are about no payment, and were never found to be.
bool PersonalLedger::erase_unmatched(Time now) {
    if (!rules_.days) return false;
    Undone change{*database_};
    database_->begin_change();
    std::vector<std::pair<std::int64_t, std::string>> bodies;
    Time seen{};
    {
        const auto rows = database_->query(
            "SELECT n.id, n.body, n.received_at FROM notifications AS n WHERE n.received_at >="
            " (SELECT unmatched_at FROM retention) AND n.received_at < $1 AND n.body IS NOT NULL"
            " AND" +
                std::string{from_row::is_unmatched} + " ORDER BY n.received_at, n.id LIMIT $2",
            {cell_of(now - std::chrono::days{*rules_.days}), unmatched_together}
        );
        while (rows->next()) {
            bodies.emplace_back(rows->integer(0), ledger::body_hash(rows->text(1)));
            seen = rows->time(2);
        }
    }
    if (bodies.empty()) return false;
    ledger::ErasedRows erased;
    for (const auto& [number, digest] : bodies) {
        database_->change(
            "UPDATE notifications SET body = NULL, body_sha256 = $1 WHERE id = $2", {digest, number}
        );
        // There is nothing to be read again.
        database_->change("DELETE FROM unmatched WHERE notification_id = $1", {number});
        erased.messages.insert(number);
    }
    ActionDetails details{{"why", "older than " + std::to_string(*rules_.days) + " days"}};
    ledger::write_to(details, erased);
    ledger::append_action(
        *database_, {ActionKind::erase, retention_itself, now, {}, std::move(details)}
    );
    database_->change(
        "UPDATE retention SET unmatched_at = $1, erased = erased + 1", {cell_of(seen)}
    );
    change.commit();
    return std::ssize(bodies) == unmatched_together;
}

void PersonalLedger::end_kept_of(std::int64_t id, Time now, Time cutoff) {
    Undone change{*database_};
    database_->begin_change();
    database_->lock("SELECT 1 FROM transactions WHERE id = $1", {id});
    database_->lock("SELECT 1 FROM erasures WHERE transaction_id = $1", {id});
    const auto found = find(id);
    if (!found || !found->kept_since) return;
    // Money may have moved since: then it counts from there.
    const auto fate = data_fate(found->transaction);
    const auto since =
        fate.fate == DataFate::waits ? now : std::max(fate.since, *found->kept_since);
    if (since >= cutoff) {
        database_->change(
            "UPDATE erasures SET kept_since = $1 WHERE transaction_id = $2", {cell_of(since), id}
        );
        return change.commit();
    }
    database_->change(
        "UPDATE erasures SET kept = '', kept_since = NULL, email_sha256 = '' WHERE transaction_id ="
        " $1",
        {id}
    );
    ActionDetails details{{"why", "the law wants it no more"}, {"fields", "kept"}};
    ledger::append_action(
        *database_, {ActionKind::erase, retention_itself, now, id, std::move(details)},
        found->transaction.scope_id
    );
    note_erased();
    change.commit();
}

bool PersonalLedger::end_kept(Time now) {
    const auto year = rules_.zone.day_of(now).year() - std::chrono::years{rules_.accounting_years};
    const auto cutoff = rules_.zone.start_of(year / std::chrono::January / 1);
    std::vector<std::int64_t> over;
    {
        Undone reading{*database_};
        database_->begin_read();
        {
            const auto rows = database_->query(
                "SELECT transaction_id FROM erasures WHERE kept_since < $1 ORDER BY kept_since"
                " LIMIT $2",
                {cell_of(cutoff), erased_together}
            );
            while (rows->next()) over.push_back(rows->integer(0));
        }
        reading.commit();
    }
    for (const auto id : over) end_kept_of(id, now, cutoff);
    return std::ssize(over) == erased_together;
}

// True while there is more to do at once; what somebody's reading hinders waits for the next round.
bool PersonalLedger::clean() {
    std::int64_t erased = 0, cleaning = 0, cleaned = 0, page = 0;
    {
        Undone reading{*database_};
        database_->begin_read();
        {
            const auto rows =
                database_->query("SELECT erased, cleaning, cleaned, page FROM retention");
            if (!rows->next()) throw from_row::Damaged{"retention has lost its row"};
            erased = rows->integer(0);
            cleaning = rows->integer(1);
            cleaned = rows->integer(2);
            page = rows->integer(3);
        }
        reading.commit();
    }
    if (cleaned >= erased) return false;
    if (page == 0) cleaning = erased;
    bool is_more = false;
    database_->clean_files(page, [&](std::int64_t next) {
        database_->change(
            "UPDATE retention SET page = $1, cleaning = $2, cleaned = $3",
            {next, cleaning, next == 0 ? cleaning : cleaned}
        );
        is_more = next != 0;
    });
    return is_more;
}

RetentionStep PersonalLedger::keep(Time now) {
    if (!claim(now)) return RetentionStep::not_ours;
    bool is_more = note_aged(now);
    is_more = note_late(now) || is_more;
    is_more = erase_due(now) || is_more;
    is_more = erase_unmatched(now) || is_more;
    is_more = end_kept(now) || is_more;
    is_more = clean() || is_more;
    Undone change{*database_};
    database_->begin_change();
    if (is_more)
        database_->change("UPDATE retention SET lease_until = 0", {});
    else
        database_->change("UPDATE retention SET lease_until = 0, round_at = $1", {cell_of(now)});
    change.commit();
    return is_more ? RetentionStep::more : RetentionStep::nothing_left;
}

RetentionState PersonalLedger::retention() {
    Undone reading{*database_};
    database_->begin_read();
    RetentionState state;
    state.days = rules_.days;
    state.is_postgres = database_->is_postgres();
    state.waiting = count("SELECT count(*) FROM erasures WHERE try_at IS NOT NULL");
    state.restricted = count("SELECT count(*) FROM erasures WHERE kept_since IS NOT NULL");
    {
        const auto rows = database_->query("SELECT round_at, erased, cleaned FROM retention");
        if (!rows->next()) throw from_row::Damaged{"retention has lost its row"};
        state.round_at = rows->time_or_null(0);
        state.erased = rows->integer(1);
        state.are_files_clean = state.is_postgres || rows->integer(2) == state.erased;
    }
    reading.commit();
    return state;
}

}  // namespace payments
