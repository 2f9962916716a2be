#pragma once

#include <boost/system/result.hpp>
#include <cstdint>
#include <stdexcept>
#include <string>
#include <vector>

namespace payments {

// Everything a caller can cause or must be told of (docs/design.md, 2.3); http/problem gives each
// its HTTP status and slug. What must not happen throws instead; the HTTP API catches it at its
// edge.
enum class Errc : std::uint8_t {
    malformed_request,       // not HTTP we accept
    malformed_json,          // the body is not strict JSON
    invalid_request,         // members are wrong; Error::wrong names each
    invalid_signature,       // a notification or a return that the provider did not sign
    unauthorized,            // no token, or one we do not trust
    forbidden,               // a privilege is missing
    foreign_page,            // a call with the console's cookie that none of its pages made
    sign_in_again,           // whoever moves money must have signed in lately
    second_person_needed,    // who started a refund run would release it
    ticket_out_of_scope,     // the privilege does not reach this ticket
    unknown_route,           //
    unknown_ticket,          //
    unknown_transaction,     //
    unknown_message,         //
    unknown_review,          // no such entry of the list of reviews
    unknown_run,             // no such refund run
    unknown_finding,         // nothing of this key disagrees in settlements
    method_not_allowed,      //
    already_paid,            //
    payment_in_progress,     // another attempt for the same fee is alive
    not_refundable,          // nothing can be given back of this payment now
    not_closable,            // the attempt cannot be ended by hand
    not_askable,             // no provider can be asked about the payment
    review_held,             // a colleague has the entry of the list, or has closed it
    no_receiver,             // nobody is told of payments
    plan_changed,            // planned anew, a refund run would not be what was read
    month_not_closable,      // it has not ended, is closed, or needs a reason for what is open
    run_not_steerable,       // a refund run in this state cannot be steered so
    key_in_use,              // the first request with this Idempotency-Key is still running
    body_too_large,          //
    target_too_long,         //
    unsupported_media_type,  //
    code_not_offered,        //
    review_not_closable,     // entries of this kind end by what is heard alone
    refund_too_large,        // less than that is left to give back
    run_too_large,           // so many payments are not given back in one run
    sums_differ,             // what was typed are not the sums of the plan
    key_reused,              // this Idempotency-Key came with another body before
    rate_limited,            //
    headers_too_large,       //
    request_timeout,         // the request did not arrive within its time
    provider_refused,        // the provider said no, in its own words
    provider_garbled,  // the provider's answer is malformed, badly signed or about another order
    provider_unavailable,  // the provider was not reached; nothing was sent
    provider_timeout,      // the provider did not answer; what happened is unknown
    tickets_unavailable,   //
    tickets_timeout,       //
    storage_unavailable,   // the database cannot take changes now
    sums_incomplete,       // payments from before an update are still being counted
    overloaded,            // more than can be done in time, or too many connections
    internal,              // stays last
};

// One wrong member of a request. `pointer` is RFC 6901, "" for the whole body.
struct Wrong {
    std::string pointer;
    std::string detail;

    friend bool operator==(const Wrong&, const Wrong&) = default;
};

struct Error {
    Errc code;
    std::string detail;        // for a person; names the value that was wrong, never a secret
    std::vector<Wrong> wrong;  // every wrong member at once, for Errc::invalid_request
    int retry_after_s = 0;     // when to try again, 0 when that would not help
    std::int64_t transaction_id = 0;  // the attempt this is about, 0 when there is none

    Error(Errc c = Errc::internal, std::string d = {}) : code(c), detail(std::move(d)) {}

    // Return type by value so that `return Error(...).retry_after(2);` reads as a sentence.
    Error retry_after(int seconds) && {
        retry_after_s = seconds;
        return std::move(*this);
    }
    Error about(std::int64_t id) && {
        transaction_id = id;
        return std::move(*this);
    }
};

template <class T>
using Result = boost::system::result<T, Error>;  // std::expected the day we compile as C++23

// What Result::value() throws when there is an error instead: the caller was sure there is none.
[[noreturn]] inline void
throw_exception_from_error(const Error& error, const boost::source_location&) {
    throw std::runtime_error(error.detail);
}

}  // namespace payments
