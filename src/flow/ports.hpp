#pragma once

#include <chrono>
#include <compare>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "flow/messages.hpp"
#include "flow/subscriber.hpp"
#include "flow/task.hpp"
#include "payment/action.hpp"
#include "payment/find.hpp"
#include "payment/options.hpp"
#include "payment/privileges.hpp"
#include "payment/refunds.hpp"
#include "payment/review.hpp"
#include "payment/sums.hpp"
#include "payment/transaction.hpp"

// What the flows need from outside. Adapters: storage/ (Store), gateway/ (Gateway, ReturnReader,
// Tickets, ProviderEventSource), support/ (Clock). A port belongs to one event loop: it is called
// on that loop's thread, and its coroutines resume there. What a caller can cause is a Result;
// every port may throw besides, for what no caller can mend:
// - a Store: StoreDown (below), and std::logic_error when the database refuses what we wrote (a
//   constraint or a trigger: a mistake of ours, nothing is recorded);
// - a Gateway: std::logic_error for a start at an account that is not set up (offers name only
//   those that are);
// - all that sign, hash or connect: std::runtime_error when OpenSSL has no randomness or fails;
// - all: std::bad_alloc.
// The HTTP API answers StoreDown with Errc::storage_unavailable and anything else with
// Errc::internal; background tasks log it and go on (flow/poll).
namespace payments {

// ---------------------------------------------------------------------------------- Clock

struct Clock {
    virtual ~Clock() = default;
    virtual Time now() const = 0;  // UTC, to the millisecond; may be set back by the system
    // Since some moment before the process asked first. Goes on evenly when somebody sets the
    // machine's clock, so whatever only measures a while (limits, breakers) uses it.
    virtual std::chrono::milliseconds steady() const = 0;
    // Returns at once when `when` has passed.
    virtual Task<void> sleep_until(Time when) = 0;
};

// ---------------------------------------------------------------------------------- Store

// The database cannot take or give anything now: lost, full, read-only, locked, damaged, not
// migrated, or with too many calls waiting. Nothing was recorded; only when a PostgreSQL server is
// lost in the middle of a commit is it not known whether it was, and asking again finds out.
struct StoreDown : std::runtime_error {
    using std::runtime_error::runtime_error;
};

// What `open` needs to put a new attempt on record.
struct NewAttempt {
    std::int64_t ticket_id;
    Code code;
    Money amount;
    std::string account;
    std::string email;
    std::string metas;  // JSON object
    Time now;
    Time expires_at;
    Time
        check_at;  // when the provider is asked about it, should this process die before it answers
    std::optional<std::int64_t> scope_id;  // of its ticket (Store::scope_id)
    // Of one that was on record before, in a database that was lost; else the next one is given.
    std::optional<std::int64_t> number{};

    NewAttempt(
        std::int64_t ticket, Code c, Money m, std::string acc, std::string mail, std::string metas_,
        Time now_, Time expires, Time check, std::optional<std::int64_t> scope = {}
    )
        : ticket_id(ticket),
          code(std::move(c)),
          amount(m),
          account(std::move(acc)),
          email(std::move(mail)),
          metas(std::move(metas_)),
          now(now_),
          expires_at(expires),
          check_at(check),
          scope_id(scope) {}
};

struct Opened {
    Transaction transaction;  // the new attempt, or the one that blocks it
    bool is_new;
};

// An attempt that a change of another one has changed too.
struct Affected {
    Transaction transaction;  // as it is now
    Status before;
};
struct Recorded {
    std::optional<Transaction> transaction;  // as it is now; nothing when unmatched
    Status before = Status::created;
    bool news = false;  // false when every fact and the message had been recorded before
    std::vector<Affected> others{};
};

// What `reserve_refund` needs to hold money back for a refund.
struct NewRefund {
    std::int64_t transaction_id;
    RefundDetails details;
    Source source;  // staff, or service
    Time now;
    Time check_at;  // when it is looked after, should this process die before the provider answers

    NewRefund(std::int64_t id, RefundDetails w, Source src, Time now_, Time check)
        : transaction_id(id), details(std::move(w)), source(src), now(now_), check_at(check) {}
};
struct ReservedRefund {
    Transaction transaction;
    Refund refund;
    bool is_new;  // false when it had been asked for under the same key
};

// Where tickets are: a triple that some ticket had once, and its number.
struct NumberedScope {
    std::int64_t id;
    TicketScope scope;
};

struct AttemptOfTicket {
    std::int64_t id, ticket_id;
};

// A signed message of a provider as it was kept.
struct KeptMessage {
    std::int64_t number;
    Processor processor;
    std::string identity;
    Time received_at;
    std::optional<std::int64_t> transaction_id;  // which it is about; nothing while unmatched
    std::optional<std::string> body;             // nothing when it was erased, or not asked for
    Time taught_at{};  // when its facts were learned: as it came, or when it was matched later
};

// Of a payment's messages, events and actions this many are read: no story grows without end.
inline constexpr int story_max = 200;

struct NewestAttempt {
    std::int64_t id;
    Time created_at;
};

// Which attempts a page holds.
struct PageRequest {
    std::int64_t after_id = 0;
    int limit = 50;  // at least 1
    std::optional<Time> opened_since{};
    bool only_open = false;    // not final, or with a check planned (as every open refund has)
    bool is_of_money = false;  // read is what tells of money alone (storage/rules/rows.hpp)
};

// Payments that money may have moved of, in the scopes of whoever asks (as in SumsQuery).
struct MovedRequest {
    bool is_everywhere = false;
    std::vector<std::int64_t> scope_ids{};
    std::int64_t after_id = 0;
    std::optional<std::int64_t> end{};  // told with the page before
    int limit = 1'000;                  // so many are looked at for a page, at least 1
    Time begun_before{};
    std::optional<Time> begun_since{}, changed_since{};
};
struct MovedPage {
    std::vector<Transaction> list;  // by id ascending, read as far as a file needs it
    // After which the next page begins, nothing at the end; and where that ends, if it is known.
    std::optional<std::int64_t> next, end_of_next{};
};

// An account at a provider, which answers, or is silent, for itself: a merchant of SimplePay, an
// account of Stripe.
struct ProviderAccount {
    Processor processor;
    std::string name;

    friend auto operator<=>(const ProviderAccount&, const ProviderAccount&) = default;
};

// Which due checks a worker takes, and for how long they are its own.
struct DueClaim {
    Time now;
    int limit;  // at least 1
    CheckLeases leases;
    // Those of these accounts, or of all but these.
    std::vector<ProviderAccount> accounts{};
    bool all_but_these = true;

    DueClaim(Time now_, int limit_, CheckLeases leases_ = {})
        : now(now_), limit(limit_), leases(leases_) {}
};

// A response stored under an Idempotency-Key (docs/design.md, 2.5).
struct StoredResponse {
    int status = 0;  // of HTTP
    std::string body;
};
struct KeyClaim {
    enum class Kind : std::uint8_t {
        fresh,     // this caller is the first and goes on
        running,   // the first request with it has no response yet
        reused,    // it came with another fingerprint before
        answered,  // `answer` is the response
    } kind;
    StoredResponse answer;  // for answered
};

// All that is durable (docs/design.md, 3.5 and 8). Whatever changes something returns when the
// change is committed and on disk.
struct Store {
    virtual ~Store() = default;

    // Distinct ticket ids above `after`, ascending, at most `limit`.
    virtual Task<std::vector<std::int64_t>> ticket_ids(std::int64_t after, int limit) = 0;
    // The attempt with the largest number; nothing when there is none.
    virtual Task<std::optional<NewestAttempt>> newest_attempt() = 0;
    // Numbers up to `last` are never given to an attempt from now on; nothing changes when they are
    // behind already. Returns the last number that is not given any more. A million take a second.
    virtual Task<std::int64_t> reserve_numbers(std::int64_t last) = 0;
    // All attempts for a ticket by id ascending, with their entries.
    virtual Task<std::vector<Transaction>> transactions_of(std::int64_t ticket_id) = 0;
    // With its entries; nothing when there is none with this id.
    virtual Task<std::optional<Transaction>> transaction(std::int64_t id) = 0;
    // Attempts by id ascending, with their entries; the next page begins after the last one's id.
    virtual Task<std::vector<Transaction>> page(PageRequest request) = 0;

    // Of the next MovedRequest::limit attempts those that are asked for, which may be none.
    virtual Task<MovedPage> moved_page(MovedRequest request) = 0;
    // The number of this triple, which is on record from now on. It is made of the triple alone, so
    // the database is asked once for each, until scopes() finds that it has it no more.
    virtual Task<std::int64_t> scope_id(TicketScope scope) = 0;
    // All that are on record, in no order: dozens.
    virtual Task<std::vector<NumberedScope>> scopes() = 0;
    // Payments that a person looks for, newest first (payment/find.hpp). What is outside the scopes
    // of the query is looked at for nobody: neither the page nor `next` tells of it.
    virtual Task<FoundPage> find(FindQuery query) = 0;
    // Stored messages that are about the transaction, also those that were matched later: the
    // newest story_max, oldest first and without their bodies.
    virtual Task<std::vector<KeptMessage>> messages_of(std::int64_t transaction_id) = 0;
    // With its body; nothing when there is none with this number.
    virtual Task<std::optional<KeptMessage>> message(std::int64_t number) = 0;
    // Events that others were told of the transaction, or are to be told: the newest story_max,
    // oldest first.
    virtual Task<std::vector<OutgoingEvent>> events_of(std::int64_t transaction_id) = 0;
    // The ticket is there now: so are all its attempts, with what they count for in sums. Returns
    // how many were elsewhere.
    virtual Task<std::int64_t> move_ticket(std::int64_t ticket_id, std::int64_t scope_id) = 0;
    // Attempts above `after` of which nobody knows where they are, by number ascending, at most
    // `limit`.
    virtual Task<std::vector<AttemptOfTicket>> attempts_without_scope(
        std::int64_t after, int limit
    ) = 0;

    // Sums of money (payment/sums.hpp) over the payments in the scopes of the query.
    virtual Task<Sums> sums(SumsQuery query) = 0;
    // Changes leave what they add to the sums in a queue; this takes up to `limit` of it to where
    // it is found quicker, and forgets what is older than minutes_kept_for. Returns how many it
    // took.
    virtual Task<std::int64_t> fold_totals(Time now, int limit) = 0;
    // Counts up to `limit` attempts that are in no sum yet; returns how many.
    virtual Task<std::int64_t> count_transactions(int limit) = 0;

    // Records a new attempt, unless a live one for the same ticket and fee type exists or the fee
    // counts as paid: then that one comes back. A unique index of the database guards it besides,
    // so that two processes cannot both open one.
    virtual Task<Opened> open(NewAttempt attempt) = 0;

    // Records what was heard, in one database transaction and under the lock of the ticket's
    // attempts: stores the message (once per processor and identity), appends the facts that are
    // new (by Fact::identity), derives the status, writes the event for others when the status or
    // the sum of refunds changed, and plans the next check.
    // - Of the attempts for one ticket and fee that hold money the first is the payment, and every
    //   other one gains the fact `duplicate`. When the payment loses its money (a full refund, a
    //   lost dispute), the first of the others gains `duplicate_ended` and is the payment.
    // - An attempt with a provider id that another one has gains `mismatched`.
    // - The action by which it came to be (Heard::action) is put on record when there was news.
    // - The next check is at once when `check_now`; one that is `claimed_for` the caller is moved
    //   on as by claim_due(). There is one for what has ended here when `is_open_there`. One that
    //   is due stays due. Else it follows from next_check() when there was news or an answer (an
    //   answered check is done), except that a check of an attempt that is over, which someone
    //   asked for, is ended only by the answer to a question asked later: an older answer may not
    //   show yet what the check is for.
    virtual Task<Recorded> record(Heard heard) = 0;

    // Messages that matched no transaction and are due to be tried again, at most `limit`: a minute
    // after they came, then 5 minutes, an hour, and three times a day later; and at once when a
    // transaction gains the provider's id that they name. Each is put off until its next try, so
    // that no other worker or replica takes it meanwhile. One that `record` has matched
    // (Heard::unmatched_number) does not come again.
    virtual Task<std::vector<UnmatchedMessage>> claim_unmatched(Time now, int limit) = 0;

    // What a person must look at, oldest first.
    virtual Task<Reviews> reviews(ReviewQuery query) = 0;
    // How much of it there is, without reading what it is: the database counts what every change
    // has noted, so that it may be asked again and again.
    virtual Task<ReviewCounts> review_counts(Time now) = 0;

    // Reserves a refund's amount under the attempt's lock, so that refunds can never sum to more
    // than was captured: the fact `refund_requested`, and in the same commit the action of the
    // person who asks (RefundDetails::person). One that was asked for under the same key comes back
    // as it was. Errc::unknown_transaction, not_refundable (also when it is to be made
    // only of a duplicate, and no other payment holds the fee for certain), refund_too_large,
    // invalid_request (the amount is 0 or in another currency).
    virtual Task<Result<ReservedRefund>> reserve_refund(NewRefund refund) = 0;

    // Puts on record what a person did or saw, at the end of a chain of hashes. What was recorded
    // under the same key comes back as it was. Errc::unknown_transaction; key_reused when that was
    // something else. (A refund's is written by reserve_refund, a close's by
    // record.)
    virtual Task<Result<Action>> record_action(NewAction action) = 0;
    // What people did and saw about a transaction, of one kind or of all: the newest story_max,
    // oldest first.
    virtual Task<std::vector<Action>> actions_of(
        std::int64_t transaction_id, std::optional<ActionKind> kind
    ) = 0;

    // Attempts whose check is due, with their entries. Each is moved to its next check (at least a
    // minute away when it is final), and by its lease at least, so that no other worker or replica
    // takes it meanwhile, and so that one whose worker died or whose provider is silent comes up
    // again.
    virtual Task<std::vector<Transaction>> claim_due(DueClaim claim) = 0;
    // When the earliest check is due; nothing when none is planned.
    virtual Task<std::optional<Time>> next_due() = 0;

    // Events that are due, at most `limit`, the longest due first; of each transaction only its
    // oldest one that is neither delivered nor dead, so that a receiver hears them in their order.
    // Each is leased for two minutes: no other worker or replica takes it meanwhile, and one whose
    // worker died comes up again.
    virtual Task<std::vector<OutgoingEvent>> claim_events(Time now, int limit) = 0;
    // Records what became of a claimed event. A failure is dropped when another worker has recorded
    // the same try meanwhile; a delivery never is, for the receiver did hear of it.
    virtual Task<void> record_delivery(OutgoingEvent event, DeliveryOutcome outcome) = 0;
    // By number ascending from after `after`, at most `limit`.
    virtual Task<std::vector<OutgoingEvent>> events(
        EventFilter which, std::int64_t after, int limit
    ) = 0;
    // Makes events due again, as if they had never been tried. Returns how many.
    virtual Task<std::int64_t> replay_events(EventFilter which, Time now) = 0;
    // Skips those of them that wait or are dead: nobody will hear of them. Returns how many.
    virtual Task<std::int64_t> skip_events(EventFilter which, Time now) = 0;
    virtual Task<Backlog> backlog() = 0;

    // `scope` names the operation, `fingerprint` the body (canonical JSON, hashed). A key whose
    // first request has run for over a minute without an answer is taken over as fresh.
    virtual Task<KeyClaim> claim_key(
        std::string scope, std::string key, std::string fingerprint, Time now
    ) = 0;
    virtual Task<void> store_response(
        std::string scope, std::string key, StoredResponse answer
    ) = 0;
    // The request came to nothing that must be repeated: the key may be claimed anew.
    virtual Task<void> release_key(std::string scope, std::string key) = 0;
    // Deletes keys that were claimed before that moment.
    virtual Task<void> forget_keys(Time before) = 0;

    // Throws StoreDown with the reason when the database is not reachable, writable and migrated.
    virtual Task<void> check_ready() = 0;
    // How long the oldest call about payments has waited to be taken up; 0 while only a few wait.
    virtual std::chrono::milliseconds queue_age() { return {}; }
};

// -------------------------------------------------------------------------------- Gateway

// A payment provider (docs/providers/simplepay.md, docs/providers/stripe.md). Every call ends
// within the provider's timeout, with `unanswered` or not `answered` at the latest: no answer is
// never an error, and never a no.
struct Gateway {
    virtual ~Gateway() = default;

    // Which account takes `currency`: merchant (SimplePay, "" for none), "live"/"test" (Stripe).
    virtual std::string account(Currency currency) const = 0;
    // Why the provider would not take `amount`, which is more than 0: less than its least, or not
    // countable in its units. For people; "" when nothing is known against it.
    virtual std::string objection_to(Money amount) const = 0;
    // Whether payments of this account can be asked about and given back: it takes some currency,
    // or has done so once and is set up as retired.
    virtual bool has_account(const std::string& account) const = 0;

    // `attempt` must be on record already, and its amount more than 0.
    virtual Task<StartResult> start(Transaction attempt, Payer payer) = 0;
    // How the attempts stand: one result for each, in their order. SimplePay takes up to 50 in a
    // call.
    virtual Task<std::vector<QueryResult>> query(std::vector<Transaction> attempts) = 0;
    // Closes an attempt at the provider, so that nobody can pay it any more; the facts say what
    // became of it.
    virtual Task<QueryResult> cancel(Transaction attempt) = 0;
    // Gives money back of a captured attempt, whose amount must be reserved already. The facts
    // carry the refund's reference.
    virtual Task<RefundResult> refund(Transaction attempt, Refund refund) = 0;
    // The provider knows our references: the same refund sent twice is one (Stripe). Where it does
    // not (SimplePay), a refund without an answer is looked for in the provider's list.
    virtual bool has_idempotent_refunds() const = 0;

    // Verifies and reads a notification; what else is odd in a rightly signed JSON object is no
    // error. Errc::invalid_signature, malformed_json, invalid_request.
    virtual Result<Notification> read(std::string_view signature, std::string_view body, Time now)
        const = 0;
    // What a message says that nobody can verify, because the account it names is not set up;
    // nothing of any other message. It may be forged: it may be kept, and must teach nothing.
    virtual std::optional<Heard> read_unverifiable(
        std::string_view signature, std::string_view body, Time now
    ) const = 0;
    // Reads a message that `read` had verified when it came: its signature may be too old by now,
    // or of a secret that was changed since. Nothing fresh may ever pass here.
    // Errc::malformed_json, invalid_request.
    virtual Result<Notification> read_kept_without_verifying(
        const UnmatchedMessage& unmatched, Time now
    ) const = 0;
};

// A provider that lists the events it has sent (Stripe, docs/providers/stripe.md, 10).
struct ProviderEventSource {
    virtual ~ProviderEventSource() = default;
    // `after` is the last id of the page before, "" for the first.
    virtual Task<ProviderEventPage> list(ProviderEventQuery query, std::string after) = 0;
};

// Reads what a browser brings back from SimplePay (docs/providers/simplepay.md, 5.3).
struct ReturnReader {
    virtual ~ReturnReader() = default;
    // `r` and `s` as in the query, percent-decoded once. Errc::invalid_signature, invalid_request.
    virtual Result<Return> read_return(std::string_view r, std::string_view s) const = 0;
};

// -------------------------------------------------------------------------------- Tickets

// The tickets service (docs/design.md, 5.1). Every call ends within its timeout.
struct Tickets {
    virtual ~Tickets() = default;
    // `on_behalf_of` is the user's privileges, or null when the service asks for itself.
    // Errc::unknown_ticket, ticket_out_of_scope, tickets_unavailable, tickets_timeout.
    virtual Task<Result<Ticket>> get(
        std::int64_t ticket_id, std::optional<Privileges> on_behalf_of, std::string traceparent
    ) = 0;
};

}  // namespace payments
