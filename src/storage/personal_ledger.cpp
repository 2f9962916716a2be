#include "storage/personal_ledger.hpp"

#include <algorithm>

#include "payment/find.hpp"
#include "storage/append_action.hpp"
#include "storage/rules/actions.hpp"
#include "storage/rules/rows.hpp"
#include "storage/undone.hpp"
#include "support/crypto.hpp"
#include "support/log.hpp"
#include "support/times.hpp"

// Looking, exporting, erasing; what falls due by itself is in storage/retention.cpp.
namespace payments {

using ledger::BlockingDatabase;
using ledger::Cell;
using ledger::cell_of;
using ledger::Cells;

namespace {

using namespace std::chrono_literals;

// A payment that is under way is looked at again.
constexpr auto waits_for = 15min;
constexpr int exports_listed = 20, exports_looked_at = 500;

std::string digest_of(const std::string& email) {
    return crypto::hex(crypto::sha256(fold_email(email)));
}

// Of transactions AS t those whose tickets the caller sees.
std::string in_sight(const SightOfScopes& sight) {
    if (sight.is_everywhere) return "";
    std::string list;
    for (const auto id : sight.scope_ids) list += (list.empty() ? "" : ", ") + std::to_string(id);
    return list.empty() ? " WHERE 1 = 0" : " WHERE t.scope_id IN (" + list + ")";
}

constexpr std::string_view messages_with_a_body =
    " FROM notifications AS n WHERE n.body IS NOT NULL AND n.id IN"
    " (SELECT id FROM notifications WHERE transaction_id = $1"
    " UNION ALL SELECT notification_id FROM matches WHERE transaction_id = $1)";

std::string joined(const std::vector<std::string>& names) {
    std::string text;
    for (const auto& one : names) text += (text.empty() ? "" : " ") + one;
    return text;
}

}  // namespace

PersonalLedger::PersonalLedger(
    std::unique_ptr<BlockingDatabase> database, const PersonalDataRules& rules
)
    : database_(std::move(database)), rules_(rules) {}

// ----------------------------------------------------------------------------------- what is held

std::optional<PersonalLedger::Found> PersonalLedger::find(std::int64_t id) {
    static const auto sql =
        "SELECT " + std::string{from_row::transaction_columns} +
        ", watched, asked_at, erased_at, kept, kept_since, email_sha256, by_sub, by_name, why"
        " FROM transactions LEFT JOIN erasures ON erasures.transaction_id = id WHERE id = $1";
    static const auto facts_sql = "SELECT " + std::string{from_row::entry_columns} +
                                  " FROM facts WHERE transaction_id = $1 ORDER BY seq";
    const auto rows = database_->query(sql, {id});
    if (!rows->next()) return {};
    constexpr int at = from_row::transaction_column_count;
    Found found{from_row::attempt_row(*rows).transaction, rows->flag(at)};
    found.is_asked = !rows->is_null(at + 1);
    found.asked_at = rows->time_or_null(at + 1);
    found.erased_at = rows->time_or_null(at + 2);
    found.kept = rows->text(at + 3);
    found.kept_since = rows->time_or_null(at + 4);
    found.email_sha256 = rows->text(at + 5);
    found.by = {rows->text(at + 6), rows->text(at + 7)};
    found.why = rows->text(at + 8);
    const auto facts = database_->query(facts_sql, {id});
    while (facts->next()) found.transaction.entries.push_back(from_row::event(*facts));
    return found;
}

std::vector<PersonalLedger::Found> PersonalLedger::find_all(const Person& person, bool* is_all) {
    const std::string of_email =
        database_->is_postgres()
            ? "SELECT id FROM transactions WHERE hashtextextended(lower(email COLLATE \"C\"), 0) ="
              " hashtextextended($1, 0) AND lower(email COLLATE \"C\") = $1 AND email <> ''"
            : "SELECT id FROM transactions WHERE lower(email) = $1 AND email <> ''";
    // Where there are more than are told of, those come first whose erasure nobody has asked for:
    // who erases once more goes on behind the first ones.
    const auto in_order = [&person](const std::string& select) {
        return "SELECT p.id FROM (" + select +
               ") AS p JOIN transactions AS t ON t.id = p.id"
               " LEFT JOIN erasures AS asked ON asked.transaction_id = p.id" +
               in_sight(person.sight) + " ORDER BY asked.transaction_id IS NOT NULL, p.id LIMIT " +
               std::to_string(payments_of_person_max + 1);
    };
    std::vector<std::int64_t> ids;
    {
        const auto rows =
            person.ticket_id
                ? database_->query(
                      in_order("SELECT id FROM transactions WHERE ticket_id = $1"),
                      {*person.ticket_id}
                  )
                : database_->query(
                      in_order(
                          of_email +
                          " UNION SELECT transaction_id FROM erasures WHERE email_sha256 = $2"
                          " AND email_sha256 <> ''"
                      ),
                      {person.email, digest_of(person.email)}
                  );
        while (rows->next()) ids.push_back(rows->integer(0));
    }
    const bool is_cut = std::ssize(ids) > payments_of_person_max;
    if (is_cut) ids.pop_back();
    if (is_all) *is_all = !is_cut;
    std::ranges::sort(ids);
    std::vector<Found> found;
    for (const auto id : ids)
        if (auto one = find(id)) found.push_back(std::move(*one));
    return found;
}

std::string PersonalLedger::words_written(const Found& found) const {
    const auto kinds =
        found.is_watched ? ledger::kinds_with_words : ledger::kinds_with_words_of_the_settled;
    return " FROM actions WHERE coalesce(transaction_id, 0) = $1 AND details IS NOT NULL"
           " AND kind IN " +
           std::string{kinds};
}

std::int64_t PersonalLedger::count(const std::string& sql, const Cells& parameters) {
    const auto rows = database_->query(sql, parameters);
    return rows->next() ? rows->integer(0) : 0;
}

std::chrono::year_month_day PersonalLedger::last_day(Time since) const {
    const auto year =
        rules_.zone.day_of(since).year() + std::chrono::years{rules_.accounting_years};
    return year / std::chrono::December / 31;
}

PersonalPayment PersonalLedger::describe(const Found& found) {
    const auto& of = found.transaction;
    PersonalPayment payment{of.amount};
    payment.id = of.id;
    payment.ticket_id = of.ticket_id;
    payment.created_at = of.created_at;
    payment.status = of.status;
    payment.fate = data_fate(of);
    payment.has_email = !of.email.empty();
    payment.asked_at = found.asked_at;
    payment.erased_at = found.erased_at;
    if (found.erased_at)
        payment.state = found.kept.empty() ? DataState::erased : DataState::restricted;
    else
        payment.state = found.is_asked ? DataState::waiting : DataState::held;
    const bool is_kept = payment.state == DataState::restricted;
    payment.members = ledger::names_of_members(is_kept ? found.kept : of.metas);
    if (payment.fate.fate == DataFate::kept_for_accounts)
        payment.kept_members = ledger::names_of_members(
            is_kept ? found.kept : ledger::members_among(of.metas, rules_.accounting_members)
        );
    if (!payment.kept_members.empty()) payment.kept_until = last_day(payment.fate.since);
    payment.messages = count("SELECT count(*)" + std::string{messages_with_a_body}, {of.id});
    payment.notes = count("SELECT count(*)" + words_written(found), {of.id});
    return payment;
}

void PersonalLedger::add_backups(PersonalReport& report, Time oldest) {
    auto& backups = report.backups;
    backups.kept_days = rules_.backup_days;
    if (rules_.backup_days)
        oldest = std::max(oldest, Time{report.at - std::chrono::days{*rules_.backup_days}});
    const auto rows = database_->query(
        "SELECT count(*), min(at), max(at) FROM upkeep WHERE kind = 'backup' AND at >= $1",
        {cell_of(oldest)}
    );
    if (!rows->next()) return;
    backups.count = rows->integer(0);
    backups.first = rows->time_or_null(1);
    backups.last = rows->time_or_null(2);
    if (backups.last && rules_.backup_days)
        backups.gone_by =
            rules_.zone.day_of(*backups.last + std::chrono::days{*rules_.backup_days});
}

void PersonalLedger::add_exports(PersonalReport& report, Time oldest) {
    const auto rows = database_->query(
        "SELECT at, by_name, details FROM actions WHERE coalesce(transaction_id, 0) = 0"
        " AND kind = 'export' AND at >= $1 ORDER BY seq DESC LIMIT $2",
        {cell_of(oldest), std::int64_t{exports_looked_at}}
    );
    while (std::ssize(report.exports) < exports_listed && rows->next()) {
        auto details = ledger::read_details(rows->text(2)).value_or(ActionDetails{});
        if (details["personal"] != "true") continue;
        report.exports.push_back(
            {rows->time(0), rows->text(1), details["what"], details["from"], details["to"]}
        );
    }
}

PersonalReport PersonalLedger::report_on(
    const Person& person, const std::vector<Found>& found, Time now
) {
    PersonalReport report;
    report.at = now;
    report.is_postgres = database_->is_postgres();
    for (const auto& one : found) report.payments.push_back(describe(one));
    report.are_files_clean =
        report.is_postgres || count("SELECT erased - cleaned FROM retention") == 0;
    Time oldest = now;
    for (const auto& one : found) oldest = std::min(oldest, one.transaction.created_at);
    add_backups(report, oldest);
    // They are about no ticket: as everywhere, who sees every ticket sees them.
    if (!found.empty() && person.sight.is_everywhere) add_exports(report, oldest);
    return report;
}

PersonalReport PersonalLedger::look(const Person& person, Time now) {
    Undone reading{*database_};
    database_->begin_read();
    bool is_all = true;
    auto report = report_on(person, find_all(person, &is_all), now);
    report.is_all = is_all;
    reading.commit();
    return report;
}

HeldPayment PersonalLedger::held(Found found) {
    const auto id = found.transaction.id;
    HeldPayment payment{std::move(found.transaction), std::move(found.kept)};
    {
        static const auto sql = "SELECT " + std::string{from_row::kept_message_columns} +
                                ", n.body" + std::string{from_row::messages_of_transaction};
        const auto rows = database_->query(sql, {id, std::int64_t{story_max}});
        while (rows->next()) {
            auto message = from_row::kept_message(*rows);
            if (!rows->is_null(from_row::body_of_kept_message))
                message.body = rows->text(from_row::body_of_kept_message);
            payment.messages.push_back(std::move(message));
        }
    }
    static const auto actions_sql =
        "SELECT " + std::string{ledger::action_columns} + std::string{ledger::actions_of_chain};
    const auto rows = database_->query(actions_sql, {id, std::string{}, std::int64_t{story_max}});
    while (rows->next()) payment.actions.push_back(ledger::action_row(*rows));
    std::ranges::reverse(payment.messages);
    std::ranges::reverse(payment.actions);
    return payment;
}

PersonalFile PersonalLedger::read(const Person& person, const PersonRequest& request) {
    Undone change{*database_};
    database_->begin_change();
    PersonalFile file;
    bool is_all = true;
    auto found = find_all(person, &is_all);
    file.report = report_on(person, found, request.now);
    file.report.is_all = is_all;
    for (auto& one : found) file.payments.push_back(held(std::move(one)));
    ActionDetails details{{"why", request.why}, {"payments", std::to_string(file.payments.size())}};
    ledger::append_action(
        *database_,
        {ActionKind::export_person, request.by, request.now, {}, std::move(details), person.about()}
    );
    change.commit();
    return file;
}

// ---------------------------------------------------------------------------------------- erasing

void PersonalLedger::note_erased() {
    database_->change("UPDATE retention SET erased = erased + $1", {std::int64_t{1}});
}

ledger::ErasedRows PersonalLedger::erase_words(const Found& found) {
    const auto id = found.transaction.id;
    std::vector<std::pair<std::int64_t, std::string>> bodies, details;
    {
        const auto rows =
            database_->query("SELECT n.id, n.body" + std::string{messages_with_a_body}, {id});
        while (rows->next())
            bodies.emplace_back(rows->integer(0), ledger::body_hash(rows->text(1)));
    }
    {
        const auto rows = database_->query("SELECT id, details" + words_written(found), {id});
        while (rows->next())
            details.emplace_back(rows->integer(0), ledger::body_hash(rows->text(1)));
    }
    ledger::ErasedRows erased;
    for (const auto& [number, digest] : bodies) {
        database_->change(
            "UPDATE notifications SET body = NULL, body_sha256 = $1 WHERE id = $2", {digest, number}
        );
        erased.messages.insert(number);
    }
    for (const auto& [number, digest] : details) {
        database_->change(
            "UPDATE actions SET details = NULL, details_sha256 = $1 WHERE id = $2", {digest, number}
        );
        erased.actions.insert(number);
    }
    return erased;
}

void PersonalLedger::erase_payment(std::int64_t id, Time now) {
    Undone change{*database_};
    database_->begin_change();
    database_->lock("SELECT 1 FROM transactions WHERE id = $1", {id});
    database_->lock("SELECT 1 FROM erasures WHERE transaction_id = $1", {id});
    auto found = find(id);
    if (!found || !found->is_asked) return;
    const auto& of = found->transaction;
    const auto fate = data_fate(of);
    if (fate.fate == DataFate::waits) {
        database_->change(
            "UPDATE erasures SET try_at = $1 WHERE transaction_id = $2",
            {cell_of(now + waits_for), id}
        );
        return change.commit();
    }
    const bool has_words = !of.email.empty() || of.metas != "{}";
    if (has_words && fate.fate == DataFate::kept_for_accounts) {
        found->kept = ledger::members_among(of.metas, rules_.accounting_members);
        if (!found->kept.empty()) {
            found->kept_since = fate.since;
            found->email_sha256 = of.email.empty() ? "" : digest_of(of.email);
        }
    }
    const auto rows = erase_words(*found);
    if (has_words)
        database_->change("UPDATE transactions SET email = '', metas = '{}' WHERE id = $1", {id});
    database_->change(
        "UPDATE erasures SET try_at = NULL, erased_at = $1, kept = $2, kept_since = $3,"
        " email_sha256 = $4 WHERE transaction_id = $5",
        {cell_of(found->erased_at.value_or(now)), found->kept, cell_of(found->kept_since),
         found->email_sha256, id}
    );
    if (has_words || !rows.messages.empty() || !rows.actions.empty() || !found->erased_at) {
        ActionDetails details{{"why", found->why}};
        ledger::write_to(details, rows);
        if (has_words) details["fields"] = "email metas";
        if (has_words && !found->kept.empty())
            details["kept"] = joined(ledger::names_of_members(found->kept));
        ledger::append_action(
            *database_, {ActionKind::erase, found->by, now, id, std::move(details)}, of.scope_id
        );
        note_erased();
    }
    change.commit();
}

PersonalReport PersonalLedger::erase(const Person& person, const PersonRequest& request) {
    PersonalReport before;
    {
        Undone change{*database_};
        database_->begin_change();
        bool is_all = true;
        const auto found = find_all(person, &is_all);
        before = report_on(person, found, request.now);
        before.is_all = is_all;
        // Whoever asked first is on record as having asked; the whole request is an action besides.
        for (const auto& one : found) {
            database_->change(
                "INSERT INTO erasures (transaction_id, asked_at, by_sub, by_name, why, try_at, "
                "kept,"
                " email_sha256) VALUES ($1, $2, $3, $4, $5, $2, '', '')"
                " ON CONFLICT (transaction_id) DO UPDATE SET try_at = excluded.try_at",
                {one.transaction.id, cell_of(request.now), request.by.sub, request.by.name,
                 request.why}
            );
            // Before the commit: what is asked for twice does no harm, what is forgotten does.
            log::info(
                erasure_asked_line, "transaction_id", one.transaction.id, "created_at",
                rfc3339(one.transaction.created_at)
            );
        }
        ActionDetails details{{"why", request.why}, {"payments", std::to_string(found.size())}};
        ledger::append_action(
            *database_, {ActionKind::erase_person,
                         request.by,
                         request.now,
                         {},
                         std::move(details),
                         person.about()}
        );
        change.commit();
    }
    for (const auto& payment : before.payments) erase_payment(payment.id, request.now);

    Undone reading{*database_};
    database_->begin_read();
    before.are_files_clean =
        before.is_postgres || count("SELECT erased - cleaned FROM retention") == 0;
    for (auto& payment : before.payments) {
        const auto found = find(payment.id);
        if (!found) continue;
        const auto after = describe(*found);
        payment.state = after.state;
        payment.fate = after.fate;
        payment.kept_members = after.kept_members;
        payment.kept_until = after.kept_until;
        payment.asked_at = after.asked_at;
        payment.erased_at = after.erased_at;
    }
    reading.commit();
    return before;
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
