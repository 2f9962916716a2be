#include "simulate/twin/twin.hpp"

#include "storage/rules/actions.hpp"
#include "storage/rules/changes.hpp"
#include "storage/rules/claims.hpp"
#include "storage/rules/rows.hpp"

namespace payments::simulate {
namespace {

// "" when they are the same, as far as anybody can see.
std::string difference_of(const Transaction& twin, const Transaction& original) {
    if (twin.id != original.id)
        return "it is " + twin.reference() + ", not " + original.reference();
    const auto about = original.reference() + " ";
    if (twin.status != original.status)
        return about + "is " + std::string{name(twin.status)} + ", not " +
               std::string{name(original.status)};
    if (twin.refunded_minor != original.refunded_minor) return about + "has other refunds";
    if (twin.provider_id != original.provider_id) return about + "has another id there";
    if (twin.paid_at != original.paid_at || twin.updated_at != original.updated_at)
        return about + "has other times";
    if (twin.entries.size() != original.entries.size()) return about + "has more facts, or fewer";
    return {};
}

std::string difference_of(
    const std::optional<Transaction>& twin, const std::optional<Transaction>& original
) {
    if (twin.has_value() != original.has_value()) return "one of them knows no transaction";
    return twin ? difference_of(*twin, *original) : "";
}

}  // namespace

void Twin::begin() {
    waiting_.clear();
    touched_.clear();
    server_.load();
}

// ------------------------------------------------------------------------------- what is heard

void Twin::opened(NewAttempt attempt, Opened answer) {
    waiting_.push_back(
        {[attempt](postgres::Lookups& lookups) { postgres::add_lookups(lookups, attempt); },
         [attempt, answer](ledger::Books& books) {
             const auto ours = ledger::apply_new_attempt(books, attempt);
             if (ours.is_new != answer.is_new) return std::string{"one of them opens nothing"};
             return difference_of(ours.transaction, answer.transaction);
         },
         {answer.transaction.id}}
    );
}

void Twin::recorded(Heard heard, Recorded answer) {
    std::set<std::int64_t> about;
    if (answer.transaction) about.insert(answer.transaction->id);
    waiting_.push_back(
        {[heard](postgres::Lookups& lookups) { postgres::add_lookups(lookups, heard); },
         [heard, answer](ledger::Books& books) {
             const auto ours = ledger::apply_heard(books, heard);
             if (ours.news != answer.news) return std::string{"to one of them it is no news"};
             if (ours.before != answer.before) return std::string{"it had another status before"};
             return difference_of(ours.transaction, answer.transaction);
         },
         about}
    );
}

void Twin::reserved(NewRefund refund, Result<ReservedRefund> answer) {
    waiting_.push_back(
        {[refund](postgres::Lookups& lookups) { postgres::add_lookups(lookups, refund); },
         [refund, answer](ledger::Books& books) {
             const auto ours = ledger::apply_refund(books, refund);
             if (ours.has_value() != answer.has_value())
                 return std::string{"one of them refuses the refund"};
             if (!ours) return std::string{};
             if (ours->is_new != answer->is_new ||
                 ours->refund.reference != answer->refund.reference ||
                 ours->refund.amount != answer->refund.amount)
                 return std::string{"it is another refund"};
             return difference_of(ours->transaction, answer->transaction);
         },
         {refund.transaction_id}}
    );
}

void Twin::handled(NewHandling handling, Result<std::optional<Handled>> answer) {
    waiting_.push_back(
        {[handling](postgres::Lookups& lookups) { postgres::add_lookups(lookups, handling); },
         [handling, answer](ledger::Books& books) {
             const auto ours = ledger::apply_handling(books, handling);
             if (ours.has_value() != answer.has_value())
                 return std::string{"to one of them a colleague has the entry"};
             if (!ours || !*ours) return std::string{};
             if (!*answer || (*ours)->as != (*answer)->as || (*ours)->at != (*answer)->at)
                 return std::string{"the entry was handled otherwise"};
             return std::string{};
         }}
    );
}

void Twin::acted(NewAction action) {
    waiting_.push_back(
        {[action](postgres::Lookups& lookups) { postgres::add_lookups(lookups, action); },
         [action](ledger::Books& books) {
             const auto ours = ledger::apply_action(books, action);
             return ours ? std::string{} : "an action is refused: " + ours.error().detail;
         }}
    );
}

// One statement, whose rows are no matter of Batch; a batch that is under way keeps what it says.
void Twin::moved(std::int64_t ticket_id, std::int64_t scope_id) {
    decide_what_waits();
    for (auto& row : server_.table("transactions"))
        if (row.at("ticket_id") == Cell{ticket_id}) row.at("scope_id") = Cell{scope_id};
}

// A claim moves rows by a rule of its own, which both stores share; which rows it takes is a
// statement's matter. So the rows are moved as SQLite's were.
void Twin::claimed(const DueClaim& claim, const std::vector<Transaction>& answer) {
    decide_what_waits();
    for (const auto& transaction : answer)
        for (auto& row : server_.table("transactions")) {
            if (row.at("id") != Cell{transaction.id}) continue;
            ledger::AttemptRow attempt{
                transaction,
                {},
                static_cast<int>(std::get<std::int64_t>(row.at("checks"))),
                "",
                ""};
            ledger::reschedule_check(attempt, claim.now, claim.leases);
            row.at("check_at") = attempt.check_at->time_since_epoch().count();
            row.at("checks") = std::int64_t{attempt.checks};
        }
}

void Twin::claimed(Time now, const std::vector<UnmatchedMessage>& answer) {
    decide_what_waits();
    for (const auto& message : answer)
        for (auto& row : server_.table("unmatched")) {
            if (row.at("notification_id") != Cell{message.number}) continue;
            const auto tries = std::get<std::int64_t>(row.at("tries")) + 1;
            const auto next = ledger::next_try(static_cast<int>(tries), now);
            row.at("tries") = tries;
            row.at("next_try_at") = next ? Cell{next->time_since_epoch().count()} : Cell{};
        }
}

// ------------------------------------------------------------------------------- what is decided

// The changes from `first` on in one batch, as a connection takes what waits. Returns how many were
// decided: one that must be tried again by itself (RetryAlone) ends the batch, for what comes
// behind it has been decided behind it by SQLite, too.
std::size_t Twin::decide_together(std::size_t first) {
    postgres::Batch batch;
    const auto broken = broken_ ? broken_(batch) : nullptr;
    ledger::Books& books = broken ? *broken : batch;
    for (auto i = first; i < waiting_.size(); ++i) waiting_[i].add_lookups(batch.lookups);
    batch.take(server_.answer(batch.questions()), 0);
    std::size_t decided = 0;
    try {
        for (auto i = first; i < waiting_.size(); ++i, ++decided) {
            const auto difference = waiting_[i].apply(books);
            if (!difference.empty()) violate(difference);
        }
    } catch (const postgres::RetryAlone&) {
        if (decided == 0) violate("a change lacks a number although it is alone");
    }
    server_.write(batch.writes());
    return decided;
}

void Twin::decide_what_waits() {
    for (std::size_t first = 0; first < waiting_.size() && stage_.violation.empty();)
        first += decide_together(first);
    for (const auto& change : waiting_) touched_.insert(change.about.begin(), change.about.end());
    waiting_.clear();
}

void Twin::catch_up() {
    decide_what_waits();
    for (const auto id : std::exchange(touched_, {})) {
        if (!stage_.violation.empty()) return;
        const auto difference = server_.difference_of(id);
        if (!difference.empty()) violate(difference);
    }
}

void Twin::at_rest() {
    catch_up();
    const auto difference = server_.difference();
    if (!difference.empty()) violate(difference);
}

}  // namespace payments::simulate
