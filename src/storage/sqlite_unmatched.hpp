#pragma once

#include "flow/ports.hpp"
#include "storage/ledger.hpp"
#include "storage/sqlite_database.hpp"

// Messages that were about no transaction we knew when they came. Changes are inside a database
// transaction that the caller holds.
namespace payments::sqlite {

// Why a message is unmatched that may be matched later; any other reason lies in the message.
inline constexpr std::string_view no_such_transaction = "no such transaction";

// The message that was kept last, out of `heard`, is to be tried again.
void try_again_later(Database& database, const Heard& heard, std::int64_t notification_id);
// A transaction has gained this id: messages that name it are due at once.
void wake_unmatched(
    Database& database, Processor processor, std::string_view provider_id, Time now
);
std::vector<KeptMessage> claim_unmatched(Database& database, Time now, int limit);
// Notes that the kept message of `heard` is about `known`, and adds it to its chain of messages.
// False when it was matched before.
bool match(Database& database, ledger::Kept& known, const Heard& heard);

}  // namespace payments::sqlite
