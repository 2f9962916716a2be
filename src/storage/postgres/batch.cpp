#include "storage/postgres/batch.hpp"

#include <algorithm>
#include <iterator>

#include "storage/rules/actions.hpp"
#include "storage/rules/rows.hpp"

namespace payments::postgres {
namespace {

std::int64_t use(std::vector<std::int64_t>& numbers) {
    if (numbers.empty()) throw RetryAlone{};
    const auto number = numbers.back();
    numbers.pop_back();
    return number;
}

std::vector<std::int64_t> numbers_in(const ResultSet& rows) {
    std::vector<std::int64_t> numbers;
    // From the end: use() takes the last, which is to be the smallest.
    for (int i = rows.size() - 1; i >= 0; --i) numbers.push_back(rows[i].integer(0));
    return numbers;
}

}  // namespace

// --------------------------------------------------------------------------- looking things up

void Batch::take(const std::vector<ResultSet>& answers, std::size_t first) {
    auto answer = answers.begin() + static_cast<std::ptrdiff_t>(first);
    if (!lookups.tickets.empty()) ++answer;  // the turns
    take_attempts(*answer++);
    take_facts(*answer++);
    if (!lookups.messages.empty()) {
        const auto& rows = *answer++;
        for (int i = 0; i < rows.size(); ++i) messages_.emplace(rows[i].text(0), rows[i].text(1));
    }
    if (!lookups.tickets.empty()) attempt_numbers_ = numbers_in(*answer++);
    if (lookups.new_messages > 0) message_numbers_ = numbers_in(*answer++);
    if (!lookups.unmatched.empty()) {
        const auto& rows = *answer++;
        for (int i = 0; i < rows.size(); ++i)
            unmatched_rows_.emplace(
                rows[i].integer(0), ledger::UnmatchedRow{rows[i].text(1), rows[i].integer(2)}
            );
    }
    if (lookups.new_actions > 0) {
        action_numbers_ = numbers_in(*answer++);
        const auto& rows = *answer++;
        for (int i = 0; i < rows.size(); ++i)
            action_ends_.emplace(
                rows[i].integer(0), ledger::ActionsEnd{rows[i].integer(1), rows[i].text(2)}
            );
    }
    if (!lookups.action_keys.keys.empty()) {
        const auto& rows = *answer++;
        for (int i = 0; i < rows.size(); ++i) keep_for_its_key(ledger::action_row(rows[i]));
    }
    if (!lookups.reviews.empty()) {
        const auto& rows = *answer++;
        for (int i = 0; i < rows.size(); ++i) {
            auto action = ledger::action_row(rows[i]);
            auto about = action.about;
            newest_reviews_.emplace(std::move(about), std::move(action));
        }
    }
}

void Batch::take_attempts(const ResultSet& rows) {
    constexpr int flags = from_row::transaction_column_count;
    for (int i = 0; i < rows.size(); ++i) {
        const auto row = rows[i];
        attempts_.emplace(
            row.integer(0),
            Attempt{
                from_row::attempt_row(row),
                {row.flag(flags), row.flag(flags + 1), row.flag(flags + 2)}}
        );
    }
}

// An attempt that another replica has opened between the two statements was not locked and read,
// though its facts are found: they are passed over with it.
void Batch::take_facts(const ResultSet& rows) {
    constexpr int transaction = from_row::entry_column_count;
    for (int i = 0; i < rows.size(); ++i) {
        const auto found = attempts_.find(rows[i].integer(transaction));
        if (found == attempts_.end()) continue;
        found->second.row.transaction.entries.push_back(from_row::event(rows[i]));
    }
}

std::optional<ledger::AttemptRow> Batch::attempt_row(std::int64_t id) {
    const auto found = attempts_.find(id);
    if (found == attempts_.end()) return {};
    return found->second.row;
}

// Among what was locked: add_lookups() has asked for whoever has this id, and for all of its
// ticket.
std::optional<std::int64_t> Batch::id_of_provider_id(Processor processor, std::string_view id) {
    for (const auto& [number, attempt] : attempts_) {
        const auto& transaction = attempt.row.transaction;
        if (transaction.provider_id == id && transaction.code.processor == processor) return number;
    }
    return {};
}

std::vector<ledger::FeeAttempt> Batch::attempts_of_fee(
    std::int64_t ticket_id, std::string_view fee_type, std::int64_t except
) {
    std::vector<ledger::FeeAttempt> found;
    for (const auto& [number, attempt] : attempts_) {
        const auto& transaction = attempt.row.transaction;
        if (transaction.ticket_id == ticket_id && transaction.code.fee_type == fee_type &&
            number != except)
            found.push_back({number, attempt.flags.live, attempt.flags.holds_fee});
    }
    return found;
}

std::vector<std::int64_t> Batch::attempts_of_ticket(std::int64_t ticket_id) {
    std::vector<std::int64_t> ids;
    for (const auto& [number, attempt] : attempts_)
        if (attempt.row.transaction.ticket_id == ticket_id) ids.push_back(number);
    return ids;
}

std::optional<ledger::UnmatchedRow> Batch::unmatched_row(std::int64_t number) {
    const auto found = unmatched_rows_.find(number);
    if (found == unmatched_rows_.end()) return {};
    return found->second;
}

// ----------------------------------------------------------------------------- what is written

ledger::AttemptRow Batch::insert(const NewAttempt& attempt) {
    const auto number = attempt.number ? *attempt.number : use(attempt_numbers_);
    if (attempt.number) given_again_.insert(number);
    auto opened = ledger::new_attempt_row(attempt, number);
    const auto flags = ledger::flags_of(opened.transaction, {}, false);
    attempts_.emplace(opened.transaction.id, Attempt{opened, flags, true, false});
    return opened;
}

void Batch::update(const ledger::AttemptRow& after, ledger::Flags flags) {
    auto& attempt = attempts_.at(after.transaction.id);
    attempt.row = after;
    attempt.flags = flags;
    attempt.is_changed = true;
}

void Batch::insert_facts(const ledger::Change& change) {
    from_row::each_new_fact(change, [&](const auto&... values) { facts_.add(values...); });
}

void Batch::insert_outgoing_event(const ledger::NewOutgoingEvent& event) {
    outbox_.add(
        event.transaction_id, event.type, name(event.before.status), name(event.after.status),
        event.before.refunded_minor, event.after.refunded_minor, event.at, event.provider_id,
        event.review_reason
    );
}

std::optional<std::int64_t> Batch::keep_message(
    const Heard& heard, std::optional<std::int64_t> transaction_id,
    std::string_view unmatched_reason, std::string_view hash
) {
    const auto& message = *heard.message;
    // A neighbour in the batch may bring the same message, which the database has not seen yet.
    const bool is_new = messages_.emplace(name(message.processor), message.identity).second;
    if (!is_new) return {};
    const auto number = use(message_numbers_);
    notifications_.add(
        number, name(message.processor), message.identity, heard.at, Bytes{message.signature},
        Bytes{message.body}, transaction_id, unmatched_reason, hash
    );
    return number;
}

void Batch::schedule_retry(const Heard& heard, std::int64_t number, Time next_try_at) {
    new_unmatched_.add(
        number, name(heard.message->processor), heard.subject.provider_id, next_try_at
    );
}

void Batch::retry_unmatched_now(Processor processor, std::string_view provider_id, Time now) {
    woken_.add(name(processor), provider_id, now);
}

void Batch::insert_match(
    std::int64_t number, std::int64_t transaction_id, Time at,
    const ledger::UnmatchedRow& unmatched, std::string_view hash
) {
    matches_.add(number, transaction_id, at, unmatched.newest_message, hash);
    unmatched_rows_.erase(number);
}

void Batch::add_totals(const ledger::Totals& totals) { ledger::add(totals_, totals); }

void Batch::move(std::int64_t id, std::int64_t scope_id) {
    attempts_.at(id).row.transaction.scope_id = scope_id;
    moved_[id] = scope_id;
}

void Batch::mark_counted(std::int64_t id) {
    attempts_.at(id).row.is_counted = true;
    counted_.push_back(id);
}

// Held by hold_action_chains, as every chain that add_lookups() has named.
ledger::ActionsEnd Batch::end_of_actions(std::int64_t chain) { return action_ends_.at(chain); }

std::optional<Action> Batch::action_with_key(
    std::int64_t chain, std::string_view kind, std::string_view key
) {
    const auto found = actions_with_keys_.find({chain, std::string{kind}, std::string{key}});
    if (found == actions_with_keys_.end()) return {};
    return found->second;
}

std::optional<Action> Batch::newest_review(std::string_view about) {
    const auto found = newest_reviews_.find(about);
    if (found == newest_reviews_.end()) return {};
    return found->second;
}

void Batch::keep_for_its_key(Action action) {
    ActionKey key{action.transaction_id.value_or(0), action.kind, action.key};
    actions_with_keys_.emplace(std::move(key), std::move(action));
}

std::int64_t Batch::insert_action(
    const Action& action, std::string_view details, std::string_view hash
) {
    const auto number = use(action_numbers_);
    actions_.add(
        number, action.transaction_id, action.seq, action.at, action.by.sub, action.by.name,
        action.kind, action.scope_id, action.about, action.key, details, hash
    );
    action_ends_.at(action.transaction_id.value_or(0)) = {action.seq, std::string{hash}};
    // A neighbour in the batch may be about the same entry.
    if (action.kind == name(ActionKind::review))
        newest_reviews_.insert_or_assign(action.about, action);
    if (action.key.empty()) return number;
    // A neighbour in the batch may bring it again, which the database has not seen yet.
    auto made = action;
    made.id = number;
    keep_for_its_key(std::move(made));
    return number;
}

}  // namespace payments::postgres
