#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "flow/heard.hpp"
#include "payment/closing.hpp"
#include "payment/options.hpp"
#include "payment/privileges.hpp"
#include "payment/refunds.hpp"
#include "payment/transaction.hpp"

// What passes between the flows and their ports, as values. Free of coroutines, so that the readers
// of foreign messages can be fuzzed alone; safe on any thread.
namespace payments {

// ---------------------------------------------------------------- answers of a provider

// Who pays: from the ticket and the caller's metas. Members may be empty, `email` never is.
struct Payer {
    std::string email, name, company, tax_number, country, state, city, zip, address, address2,
        phone, language;
};

// What became of a call that was to change something at the provider.
enum class Outcome : std::uint8_t {
    accepted,     // it did
    refused,      // it will not, in its own words
    unanswered,   // no answer: what happened is unknown
    garbled,      // an answer that is malformed, badly signed or about another order: likewise
    unreachable,  // the connection was refused: nothing was sent
};

// What the provider made of such a call.
struct ProviderResult {
    Outcome outcome = Outcome::unanswered;
    std::vector<Fact> facts;
    std::string reason;  // why it was not accepted; safe for the caller
    // When it was refused for what the payer had given, and for nothing else: the members of the
    // start's body to mend.
    std::vector<Wrong> wrong{};
};

// Of a start: facts hold `accepted`, `failed` when it was refused or unreachable, else
// `unanswered`.
struct StartResult : ProviderResult {
    std::string redirect_url;   // "" when not used
    std::string client_secret;  // "" when not used; never logged, never stored with facts
    // Refused, because the provider has a payment under the attempt's number already.
    bool is_number_spent = false;
};

// Of a refund: facts hold `refunded`, `refund_refused` when it was refused or unreachable, else
// `refund_unanswered`; each with our reference. A refund that is on its way counts as made; should
// its money come back, `refund_failed` is learned later.
using RefundResult = ProviderResult;

// What the provider says of an attempt when asked.
struct QueryResult {
    std::int64_t transaction_id = 0;
    bool answered = false;           // false: no answer, nothing may be concluded
    std::optional<Time> asked_at{};  // set by whoever asks
    std::vector<Fact> facts;
    bool is_payable = false;      // the visitor may still pay with client_secret (Stripe)
    bool is_cancellable = false;  // not begun: `cancel` is worth trying
    bool is_unknown = false;      // the provider does not know the payment
    std::string client_secret;
};

// What a notification is answered with, so that the provider stops sending it.
struct Acknowledgement {
    std::string body;
    std::string signature;  // value of the Signature header, "" for none
};

// A notification whose signature was right, in our words.
struct Notification {
    Heard heard;
    Acknowledgement acknowledgement;  // to be given once it is durable
    explicit Notification(Heard h, Acknowledgement a = {})
        : heard(std::move(h)), acknowledgement(std::move(a)) {}
};

// Which of the things that a provider has told it is to tell again.
struct ProviderEventQuery {
    Time since;
    bool only_undelivered;  // no endpoint of ours has acknowledged it
};
struct ProviderEventPage {
    bool answered = false;             // false: no answer, nothing may be concluded
    std::vector<Notification> events;  // newest first; those about nothing of ours are not kept
    std::string last_id;               // the next page begins after it
    bool has_more = false;
};

// SimplePay's return of the visitor, verified (docs/providers/simplepay.md, 5.3).
struct Return {
    std::int64_t transaction_id = 0;  // from orderRef; 0 when it is not a reference of ours
    std::int64_t provider_id = 0;     // SimplePay's transaction id
    std::string account;              // merchant
    std::string result;               // SUCCESS, FAIL, CANCEL, TIMEOUT
    std::int64_t response_code = 0;
};

// ---------------------------------------------------- from the tickets service

struct Ticket {
    std::int64_t id = 0;
    std::string status, flag, year, event, email, name, language;
    TicketMetas metas;
    std::vector<TemplateOption> options;  // its template's payment_options

    TicketScope scope() const { return {flag, year, event}; }
};

// --------------------------------------------- requests and replies of the shop

struct StartRequest {
    std::int64_t ticket_id = 0;
    std::string code;
    Payer payer;        // from the caller's metas; empty members are taken from the ticket
    std::string metas;  // the caller's billing data, a JSON object
    std::string traceparent;
};

// What the visitor's browser does next: go to `redirect_url`, or confirm with `client_secret`.
struct StartReply {
    std::int64_t transaction_id = 0;
    bool required_additional_action = true;
    std::string redirect_url;   // "" when not used
    std::string client_secret;  // "" when not used
};

// What the page shows the visitor who is back from SimplePay.
struct ReturnReply {
    Transaction transaction;
    std::string message;                  // SUCCESS, FAIL, CANCEL, TIMEOUT
    std::string provider_transaction_id;  // only for SUCCESS and FAIL, as SimplePay demands

    explicit ReturnReply(Transaction t) : transaction(std::move(t)) {}
};

struct RefundRequest {
    std::int64_t transaction_id = 0;
    std::optional<std::string> amount;  // decimal, in the transaction's currency; without: the rest
    std::string reason;                 // for people
    std::string by;                     // who asks
    std::string key;                    // Idempotency-Key: with the same, there is one refund
    std::optional<Actor> person{};      // whose token or session it was; nothing without one
    std::optional<std::int64_t> only_after_minor{};  // as of RefundDetails
};

struct CloseRequest {
    std::int64_t transaction_id = 0;
    CloseDetails details;
    std::optional<Actor> person{};  // whose token or session it was; nothing without one
};

// What staff have to say of a payment, and why they want to see whom it is of.
struct NoteRequest {
    std::int64_t transaction_id = 0;
    std::string text;
    Actor by{};
    std::string key{};  // Idempotency-Key: with the same, there is one note
};
struct RevealRequest {
    std::int64_t transaction_id = 0;
    std::string why;
    Actor by{};
};

// What became of a refund: its money is reserved, given back, or free again.
struct RefundReply {
    Refund refund;
    Transaction transaction;  // as it is now
    RefundResult result;

    RefundReply(Refund r, Transaction t, RefundResult p)
        : refund(std::move(r)), transaction(std::move(t)), result(std::move(p)) {}
};

// noteTicketScopes: where a ticket is now.
struct TicketPlace {
    std::int64_t ticket_id;
    TicketScope scope;  // that can be put on record

    TicketPlace(std::int64_t ticket, TicketScope where)
        : ticket_id(ticket), scope(std::move(where)) {}
};

}  // namespace payments
