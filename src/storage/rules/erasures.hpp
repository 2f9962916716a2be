#pragma once

#include <cstdint>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "payment/action.hpp"

// Erased personal data as both databases keep and verify them (docs/personal_data.md, 7). Pure
// functions, for any thread.
namespace payments::ledger {

// What an action of kind `erase` says: whose words are gone. By it verify-ledger tells what was
// erased from what was damaged, so its own details are never erased.
struct ErasedRows {
    std::set<std::int64_t> messages, actions;  // numbers

    void add(const ErasedRows& more);
};
// Into details, and back; what they do not name is not erased.
void write_to(ActionDetails& details, const ErasedRows& rows);
ErasedRows erased_rows(const ActionDetails& details);

// Of billing data those members that are wanted and say something: a JSON object, "" for none.
std::string members_among(std::string_view metas, const std::vector<std::string>& wanted);
std::vector<std::string> names_of_members(std::string_view metas);

// By which what is restricted is found, after the address itself is gone.
std::string email_digest(const std::string& email);

// Of payment $1: they may name the visitor.
inline constexpr std::string_view messages_with_a_body =
    " FROM notifications AS n WHERE n.body IS NOT NULL AND n.id IN"
    " (SELECT id FROM notifications WHERE transaction_id = $1"
    " UNION ALL SELECT notification_id FROM matches WHERE transaction_id = $1)";

// What grows old is looked for in the order of numbers: of those from $1 on once more, when that
// one is given to a payment which is older than its neighbours.
inline constexpr std::string_view look_again_from_number =
    "UPDATE retention SET transaction_id = $1 - 1 WHERE transaction_id >= $1";

// Actions whose details may hold what a visitor is called: what staff has written by hand.
inline constexpr std::string_view kinds_with_words = "('note', 'reveal')";
// What is done with an entry of the worklist counts as long as there is one.
inline constexpr std::string_view kinds_with_words_of_the_settled = "('note', 'reveal', 'review')";

}  // namespace payments::ledger
