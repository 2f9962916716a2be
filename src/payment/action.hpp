#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>

#include "payment/transaction.hpp"

// What people did and saw, beside what providers say of a payment (docs/finding.md, 5). Values;
// safe on any thread.
namespace payments {

enum class ActionKind : std::uint8_t {
    note,      // details: text
    reveal,    // personal data were shown unmasked; details: why
    refund,    // was asked for; details: refund (its name), amount, currency, reason
    close,     // a payment was ended; details: reason
    ask,       // its provider was to be asked
    review,    // an entry of the worklist was taken, released, put off or closed (payment/handling)
    replay,    // an outgoing event is to be told again; about its id, details: type
    skip,      // nobody is to hear of an outgoing event; about its id, details: type, note
    sign_in,   // to the console; details: address
    sign_out,  //
    search_email,   // payments were looked for by an e-mail address; details: email, masked
    exported,       // a file was taken out; details: what, from, to, by, form, filters, personal
    ask_close,      // its provider was to be told to close a payment; details: reason
    retry_message,  // a kept message was to be read once more; about its number
    test_event,     // the receiver of events was to be sent one that is about nothing; about its id
    refund_run,     // one was started or steered; about "run 7", details: do, name
    erase,         // personal data of a payment, or of messages about none (storage/rules/erasures)
    erase_person,  // those of a visitor were to be erased; about whom, details: why, payments
    export_person,  // those of a visitor were taken out; likewise
};
std::string_view name(ActionKind kind);

// Who did it, as their token or session says.
struct Actor {
    std::string sub;   // as the identity provider names them
    std::string name;  // to be shown
};

// By name. Flat texts, so that whatever kinds there will be are stored and shown alike.
using ActionDetails = std::map<std::string, std::string, std::less<>>;

// What is to be put on record.
struct NewAction {
    ActionKind kind;
    Actor by;
    Time at;
    std::optional<std::int64_t> transaction_id;  // nothing when it is about no single payment
    std::string about;                           // what else it is about; "" for nothing
    ActionDetails details;
    std::string key{};  // Idempotency-Key: with the same there is one of its kind about it

    NewAction(
        ActionKind k, Actor actor, Time when, std::optional<std::int64_t> transaction,
        ActionDetails d, std::string about_ = {}
    )
        : kind(k),
          by(std::move(actor)),
          at(when),
          transaction_id(transaction),
          about(std::move(about_)),
          details(std::move(d)) {}
};

// As it is on record. Its kind is a text, for newer versions write kinds that this one does not
// know.
struct Action {
    std::int64_t id = 0;
    std::int64_t seq = 0;  // its place among those about the same payment, from 1
    Time at{};
    Actor by{};
    std::string kind{};
    std::optional<std::int64_t> transaction_id{};
    std::optional<std::int64_t> scope_id{};  // where the payment's ticket was then
    std::string about{};
    std::string key{};        // under which it was asked for; "" for none
    ActionDetails details{};  // empty also when they were erased
};

}  // namespace payments
