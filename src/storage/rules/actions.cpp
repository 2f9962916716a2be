#include "storage/rules/actions.hpp"

#include "support/json.hpp"

namespace payments::ledger {

std::int64_t chain_of(const NewAction& action) { return action.transaction_id.value_or(0); }

Result<Action> apply_action(Books& books, const NewAction& action) {
    Action made;
    made.at = action.at;
    made.by = action.by;
    made.kind = name(action.kind);
    made.transaction_id = action.transaction_id;
    made.about = action.about;
    made.details = action.details;
    if (const auto id = action.transaction_id) {
        const auto known = books.attempt_row(*id);
        if (!known) return unknown_transaction(*id);
        made.scope_id = known->transaction.scope_id;
    }
    made.key = action.key;
    if (!made.key.empty())
        if (auto earlier = books.action_with_key(chain_of(action), made.kind, made.key)) {
            if (earlier->details == made.details) return std::move(*earlier);
            return Error{Errc::key_reused, "this Idempotency-Key came with another body before"};
        }
    const auto end = books.end_of_actions(chain_of(action));
    made.seq = end.length + 1;
    const auto details = write_details(made.details);
    const auto hash = action_hash(end.hash, made, body_hash(details));
    made.id = books.insert_action(made, details, hash);
    return made;
}

Result<std::optional<Handled>> apply_handling(Books& books, const NewHandling& handling) {
    const auto newest = books.newest_review(handling.entry.text());
    auto last = newest ? handled_of(*newest) : std::nullopt;
    if (is_repeated(last, handling)) return last;
    if (const auto allowed = may_handle(last, handling); !allowed) return allowed.error();
    const auto made = apply_action(books, action_of(handling));
    if (!made) return made.error();
    return handled_of(*made);
}

std::string action_hash(std::string_view previous, const Action& action, std::string_view details) {
    return Canonical{}
        .add("action")
        .add(previous)
        .add(action.transaction_id.value_or(0))
        .add(action.seq)
        .add(action.at)
        .add(action.by.sub)
        .add(action.by.name)
        .add(action.kind)
        .add(action.scope_id.value_or(0))  // which is never 0 itself
        .add(action.about)
        .add(action.key)
        .add(details)
        .hash();
}

std::string write_details(const ActionDetails& details) {
    json::object object;
    for (const auto& [name, text] : details) object[name] = text;
    return json::canonical(object);
}

std::optional<ActionDetails> read_details(std::string_view text) {
    const auto read = json::parse(text);
    if (!read || !read->is_object()) return {};
    ActionDetails details;
    for (const auto& [name, value] : read->get_object()) {
        if (!value.is_string()) return {};
        details.emplace(std::string_view{name}, std::string_view{value.get_string()});
    }
    return details;
}

}  // namespace payments::ledger
