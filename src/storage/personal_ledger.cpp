#include "storage/personal_ledger.hpp"

#include <algorithm>
#include <limits>

#include "storage/append_action.hpp"
#include "storage/rules/actions.hpp"
#include "storage/rules/rows.hpp"
#include "storage/undone.hpp"

// Looking and exporting. Erasing is in storage/erase_person.cpp, what falls due by itself in
// storage/retention.cpp, what outlives a restore in storage/asked_erasures.cpp.
namespace payments {

using ledger::BlockingDatabase;
using ledger::cell_of;
using ledger::Cells;

namespace {

constexpr int exports_listed = 20, exports_looked_at = 500;
constexpr auto all_of_them = std::numeric_limits<std::int64_t>::max();

// Of transactions AS t those whose tickets the caller sees.
std::string in_sight(const SightOfScopes& sight) {
    if (sight.is_everywhere) return "";
    std::string list;
    for (const auto id : sight.scope_ids) list += (list.empty() ? "" : ", ") + std::to_string(id);
    return list.empty() ? " WHERE 1 = 0" : " WHERE t.scope_id IN (" + list + ")";
}

bool sees(const SightOfScopes& sight, const Transaction& transaction) {
    if (sight.is_everywhere) return true;
    return transaction.scope_id &&
           std::ranges::find(sight.scope_ids, *transaction.scope_id) != sight.scope_ids.end();
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

std::vector<std::int64_t> PersonalLedger::numbers_of(const Person& person, std::int64_t most) {
    const std::string of_email =
        database_->is_postgres()
            ? "SELECT id FROM transactions WHERE hashtextextended(lower(email COLLATE \"C\"), 0) ="
              " hashtextextended($1, 0) AND lower(email COLLATE \"C\") = $1 AND email <> ''"
            : "SELECT id FROM transactions WHERE lower(email) = $1 AND email <> ''";
    // Where there are more than are told of, those come first whose erasure nobody has asked for:
    // who erases once more goes on behind the first ones.
    const auto in_order = [&](const std::string& select) {
        return "SELECT p.id FROM (" + select +
               ") AS p JOIN transactions AS t ON t.id = p.id"
               " LEFT JOIN erasures AS asked ON asked.transaction_id = p.id" +
               in_sight(person.sight) + " ORDER BY asked.transaction_id IS NOT NULL, p.id LIMIT " +
               std::to_string(most);
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
                      {person.email, ledger::email_digest(person.email)}
                  );
        while (rows->next()) ids.push_back(rows->integer(0));
    }
    return ids;
}

std::vector<PersonalLedger::Found> PersonalLedger::find_all(const Person& person, bool* is_all) {
    auto ids = numbers_of(person, payments_of_person_max + 1);
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
    payment.messages =
        count("SELECT count(*)" + std::string{ledger::messages_with_a_body}, {of.id});
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

PersonalReport PersonalLedger::report_elsewhere(
    const Person& person, std::optional<Time> oldest, Time now
) {
    PersonalReport report;
    report.at = now;
    report.is_postgres = database_->is_postgres();
    report.are_files_clean =
        report.is_postgres || count("SELECT erased - cleaned FROM retention") == 0;
    add_backups(report, oldest.value_or(now));
    // They are about no ticket: as everywhere, who sees every ticket sees them.
    if (oldest && person.sight.is_everywhere) add_exports(report, *oldest);
    return report;
}

PersonalReport PersonalLedger::report_on(
    const Person& person, const std::vector<Found>& found, Time now
) {
    std::optional<Time> oldest;
    for (const auto& one : found)
        oldest = std::min(oldest.value_or(now), one.transaction.created_at);
    auto report = report_elsewhere(person, oldest, now);
    for (const auto& one : found) report.payments.push_back(describe(one));
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
    auto report = describe(found);
    HeldPayment payment{std::move(report), std::move(found.transaction), std::move(found.kept)};
    {
        static const auto sql = "SELECT " + std::string{from_row::kept_message_columns} +
                                ", n.body" + std::string{from_row::messages_of_transaction};
        const auto rows = database_->query(sql, {id, all_of_them});
        while (rows->next()) {
            auto message = from_row::kept_message(*rows);
            if (!rows->is_null(from_row::body_of_kept_message))
                message.body = rows->text(from_row::body_of_kept_message);
            payment.messages.push_back(std::move(message));
        }
    }
    static const auto actions_sql =
        "SELECT " + std::string{ledger::action_columns} + std::string{ledger::actions_of_chain};
    const auto rows = database_->query(actions_sql, {id, std::string{}, all_of_them});
    while (rows->next()) payment.actions.push_back(ledger::action_row(*rows));
    std::ranges::reverse(payment.messages);
    std::ranges::reverse(payment.actions);
    return payment;
}

std::vector<std::int64_t> PersonalLedger::begin_export(
    const Person& person, const PersonRequest& request
) {
    Undone change{*database_};
    database_->begin_change();
    auto ids = numbers_of(person, all_of_them);
    std::ranges::sort(ids);
    ActionDetails details{{"why", request.why}, {"payments", std::to_string(ids.size())}};
    ledger::append_action(
        *database_,
        {ActionKind::export_person, request.by, request.now, {}, std::move(details), person.about()}
    );
    change.commit();
    return ids;
}

std::vector<HeldPayment> PersonalLedger::read(
    const std::vector<std::int64_t>& ids, const SightOfScopes& sight
) {
    Undone reading{*database_};
    database_->begin_read();
    std::vector<HeldPayment> payments;
    for (const auto id : ids) {
        auto found = find(id);
        if (!found) throw from_row::Damaged{"TR" + std::to_string(id) + " is gone"};
        if (sees(sight, found->transaction)) payments.push_back(held(std::move(*found)));
    }
    reading.commit();
    return payments;
}

PersonalReport PersonalLedger::look_elsewhere(
    const Person& person, std::optional<Time> oldest, Time now
) {
    Undone reading{*database_};
    database_->begin_read();
    auto report = report_elsewhere(person, oldest, now);
    reading.commit();
    return report;
}

}  // namespace payments
