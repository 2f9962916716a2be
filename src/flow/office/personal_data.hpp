#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "flow/office/records.hpp"
#include "flow/ports.hpp"
#include "payment/transaction.hpp"

// What is held on a visitor, and how it is erased (docs/personal_data.md). As of Store: calls
// return when a change is on disk, throw StoreDown, and belong to one event loop.
namespace payments {

// When it may go (docs/personal_data.md, 2).
enum class DataFate : std::uint8_t {
    goes,               // nobody needs it
    kept_for_accounts,  // money has moved: the law wants some of it for years
    waits,              // the payment, a refund or a dispute of it is under way
};
std::string_view name(DataFate fate);

struct Fate {
    DataFate fate = DataFate::goes;
    Time since{};  // of kept_for_accounts: when money moved last
};
// Needs the transaction's entries.
Fate data_fate(const Transaction& transaction);

// Of whom: all payments with this address, or all of this ticket; one of the two.
struct Person {
    std::string email{};  // as fold_email() makes it
    std::optional<std::int64_t> ticket_id{};
    SightOfScopes sight{};

    // "k***s@e***.hu", or "ticket 42": for the record of who did what.
    std::string about() const;
};

// Who asks, and why: put on record, where it stays.
struct PersonRequest {
    Actor by;
    std::string why;
    Time now;
};

enum class DataState : std::uint8_t {
    held,
    waiting,     // to be erased as soon as the payment is over
    restricted,  // gone, but for what the law wants for years
    erased,
};
std::string_view name(DataState state);

// What of a payment is there, or was there before it was erased.
struct PersonalPayment {
    std::int64_t id = 0, ticket_id = 0;
    Time created_at{};
    Money amount;
    Status status{};
    DataState state{};
    Fate fate{};  // what becomes of it, or has
    bool has_email = false;
    std::vector<std::string> members{};       // of its billing data
    std::vector<std::string> kept_members{};  // of these what the law wants
    std::int64_t messages = 0, notes = 0;     // messages with a body, what people wrote about it
    std::optional<std::chrono::year_month_day> kept_until{};  // the last day
    std::optional<Time> asked_at{}, erased_at{};

    explicit PersonalPayment(Money of) : amount(of) {}
};

// Copies of the database that were noted while something of it was in there.
struct PersonalBackups {
    std::int64_t count = 0;
    std::optional<Time> first{}, last{};
    std::optional<int> kept_days{};  // that this installation keeps one; nothing when nobody said
    std::optional<std::chrono::year_month_day> gone_by{};
};

// A file with personal data that somebody took out meanwhile.
struct PersonalExport {
    Time at;
    std::string by, what, from, to;
};

struct PersonalReport {
    Time at{};
    std::vector<PersonalPayment> payments{};
    bool is_all = true;  // else there are more than payments_of_person_max
    PersonalBackups backups{};
    std::vector<PersonalExport> exports{};  // newest first, at most 20; to who sees all tickets
    bool is_postgres = false;
    bool are_files_clean = true;  // unused parts of SQLite's files hold nothing that was erased
};
inline constexpr int payments_of_person_max = 500;

// All that is held of one payment.
struct HeldPayment {
    PersonalPayment report;  // what a report says of it
    Transaction transaction;
    std::string kept{};  // JSON of what the law wants; "" for nothing
    std::vector<KeptMessage> messages{};
    std::vector<Action> actions{};
};

// How far erasing has come.
struct RetentionState {
    std::int64_t waiting = 0;        // payments that are to be erased
    std::int64_t restricted = 0;     // payments of which the law wants something
    std::int64_t erased = 0;         // commits that erased something, ever
    std::optional<Time> round_at{};  // when all that was due was done last
    std::optional<int> days{};       // after which all goes; nothing: when somebody asks
    bool is_postgres = false;
    bool are_files_clean = true;
};

enum class RetentionStep : std::uint8_t { not_ours, nothing_left, more };

struct PersonalData {
    virtual ~PersonalData() = default;

    // Changes nothing.
    virtual Task<PersonalReport> look(Person person, Time now) = 0;
    // Puts on record who takes out all that is held, and gives the payments' numbers, the oldest
    // first and however many there are.
    virtual Task<std::vector<std::int64_t>> begin_export(Person person, PersonRequest request) = 0;
    // What is held of these, in their order: as many as are to be in memory. All are as they are
    // now, which may be long after they were found: one that was erased since is told of as erased,
    // and one whose ticket has left `sight` not at all.
    virtual Task<std::vector<HeldPayment>> read(
        std::vector<std::int64_t> ids, SightOfScopes sight
    ) = 0;
    // A report without payments: where words of payments since `oldest` are besides.
    virtual Task<PersonalReport> look_elsewhere(
        Person person, std::optional<Time> oldest, Time now
    ) = 0;
    // Erases what may go, at once, and notes what is to go later; what a process that dies leaves
    // undone is done by keep().
    virtual Task<PersonalReport> erase(Person person, PersonRequest request) = 0;

    // A small step of what falls due by itself: data that is old enough, that waited for a payment
    // to end, that came late, that the law wants no more; and of cleaning files. Of several
    // replicas one does it at a time.
    virtual Task<RetentionStep> keep(Time now) = 0;
    virtual Task<RetentionState> retention() = 0;
};

}  // namespace payments
