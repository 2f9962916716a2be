#include "storage/append_action.hpp"
#include "storage/personal_ledger.hpp"
#include "storage/rules/actions.hpp"
#include "storage/undone.hpp"
#include "support/log.hpp"
#include "support/times.hpp"

// What of PersonalLedger somebody asked to be erased, payment by payment.
namespace payments {

using ledger::cell_of;

namespace {

using namespace std::chrono_literals;

// A payment that is under way is looked at again.
constexpr auto waits_for = 15min;

std::string joined(const std::vector<std::string>& names) {
    std::string text;
    for (const auto& one : names) text += (text.empty() ? "" : " ") + one;
    return text;
}

}  // namespace

void PersonalLedger::note_erased() {
    database_->change("UPDATE retention SET erased = erased + $1", {std::int64_t{1}});
}

ledger::ErasedRows PersonalLedger::erase_words(const Found& found) {
    const auto id = found.transaction.id;
    std::vector<std::pair<std::int64_t, std::string>> bodies, details;
    {
        const auto rows = database_->query(
            "SELECT n.id, n.body" + std::string{ledger::messages_with_a_body}, {id}
        );
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
            found->email_sha256 = of.email.empty() ? "" : ledger::email_digest(of.email);
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

}  // namespace payments
