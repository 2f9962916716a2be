#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "payment/action.hpp"
#include "payment/provenance.hpp"
#include "payment/transaction.hpp"

// What was heard of an attempt, and from whom. Values without coroutines or I/O, so that the
// readers of foreign messages can be fuzzed alone; safe on any thread.
namespace payments {

// A message whose signature was right, byte for byte as it was received: evidence in a dispute.
struct SignedMessage {
    Processor processor;
    std::string
        identity;  // the provider's event id, or the body's SHA-256 in hex where it has none
    std::string signature;  // header value as received; "" for an event read from Stripe's list
    std::string body;
};

// A message that was verified when it came and matched no transaction then. Only a store makes one.
struct UnmatchedMessage {
    std::int64_t number;  // the store's own
    SignedMessage message;
    Time received_at;
};

// Which transaction a message is about: the one with `transaction_id`, else the one with
// `provider_id`; the other members must then be true of it. One account's key cannot speak for
// another's payment, and our ids start again with a new database, so an id alone proves nothing.
struct MatchCriteria {
    std::optional<std::int64_t> transaction_id;  // from orderRef or metadata
    std::string provider_id;                     // the payment's id at `processor`, "" if unknown
    std::optional<Processor> processor;          // when set, the transaction's
    std::string account{};                       // when not empty, the transaction's
    std::optional<Time> opened_at{};             // when set, the transaction's created_at
    std::optional<Time> opened_no_later_than{};  // when set, its created_at is not later
    // Of a message that names our number alone: the payment it is about must be the transaction's.
    std::optional<PaymentEvidence> evidence{};
};

// For how long a check is its claimer's own: as long as the provider may take to answer.
struct CheckLeases {
    std::chrono::milliseconds simplepay{};
    std::chrono::milliseconds stripe{};

    std::chrono::milliseconds of(Processor processor) const {
        return processor == Processor::simplepay ? simplepay : stripe;
    }
};

// Something heard of an attempt: facts, and the message they came in if there was one. Where it
// came from decides which members belong together, so the functions below are the only way to make
// one.
struct Heard {
    // A provider's signed message about whatever `subject` matches; `facts` may be empty.
    static Heard notification(
        MatchCriteria subject, Source source, Time at, std::vector<Fact> facts,
        SignedMessage message
    ) {
        Heard heard{std::move(subject), source, at, std::move(facts)};
        heard.message = std::move(message);
        return heard;
    }

    // A provider's signed message that is about nothing of ours, for `reason` (not empty). It is
    // only stored: it teaches nothing, and is not tried again.
    static Heard unmatchable(Source source, Time at, SignedMessage message, std::string reason) {
        Heard heard{MatchCriteria{{}, "", {}}, source, at, {}};
        heard.message = std::move(message);
        heard.unmatched_reason = std::move(reason);
        return heard;
    }

    // What a stored message says now, `read` being what its gateway reads in it. The bytes are on
    // record already. A transaction that was opened after the message had come cannot be what it is
    // about: our ids start again when a database is restored from an older copy.
    static Heard retried(const UnmatchedMessage& unmatched, Heard read) {
        read.message.reset();
        read.unmatched_number = unmatched.number;
        read.subject.opened_no_later_than = unmatched.received_at;
        return read;
    }

    // An event from the provider's own list. It is the answer to a question of ours, so its bytes
    // are not stored; should the webhook come after all, its signed bytes are.
    static Heard listed_event(Heard read) {
        read.message.reset();
        return read;
    }

    // The provider's answer about one attempt. `asked_at`: when the question was asked; without it
    // the answer is never taken for a late one (Store::record).
    static Heard answer(
        std::int64_t transaction_id, Time at, std::vector<Fact> facts,
        std::optional<Time> asked_at = {}
    ) {
        auto heard = about(transaction_id, Source::query, at, std::move(facts));
        heard.asked_at = asked_at;
        return heard;
    }

    // What we, the visitor or staff know of one attempt, without a message and without asking.
    static Heard about(
        std::int64_t transaction_id, Source source, Time at, std::vector<Fact> facts
    ) {
        return {MatchCriteria{transaction_id, "", {}}, source, at, std::move(facts)};
    }

    // The same, and the provider is to be asked at once (when `wanted`), whatever was learned.
    Heard and_check(bool wanted = true) && {
        check_now = wanted;
        return std::move(*this);
    }

    // The same, of an answer by which it is neither over nor paid at its provider.
    Heard and_open_there(bool is_so) && {
        is_open_there = is_so;
        return std::move(*this);
    }

    // The same, which counts only while the attempt is live and has no id at its provider: until
    // then nobody was sent there to pay. Whether that is so is decided behind the lock.
    Heard if_nobody_was_sent() && {
        only_if_nobody_was_sent = true;
        return std::move(*this);
    }

    // The same, which is what a person did: that is put on record with it when it is news.
    Heard and_done_by(std::optional<NewAction> what) && {
        action = std::move(what);
        return std::move(*this);
    }

    MatchCriteria subject;
    Source source;
    Time at;  // when we heard it
    std::vector<Fact> facts;
    std::optional<SignedMessage> message{};
    std::optional<std::int64_t> unmatched_number{};  // UnmatchedMessage::number it was read from
    std::string unmatched_reason{};  // when set, the message is unmatched whatever `subject` says
    bool check_now = false;          // the provider is to be asked at once, whatever was learned
    // The check at once is claimed in the same commit, by whoever records this.
    std::optional<CheckLeases> claimed_for{};
    bool is_open_there = false;  // of an answer: the provider says that it is neither over nor paid
    bool only_if_nobody_was_sent = false;
    std::optional<Time> asked_at{};  // of an answer: when the question was asked
    // Whoever asked goes on calling the provider about it until then: no check that is planned now
    // is due before.
    std::optional<Time> not_before{};
    std::optional<NewAction> action{};  // by which it came to be

private:
    Heard(MatchCriteria s, Source src, Time t, std::vector<Fact> f)
        : subject(std::move(s)), source(src), at(t), facts(std::move(f)) {}
};

}  // namespace payments
