#include "http/api/problem.hpp"

#include <iterator>

#include "support/json.hpp"

namespace payments::http {
namespace {

using enum Errc;

// clang-format off
constexpr struct Problem {
    Errc code;
    int status;
    std::string_view slug, title;
} problems[] = {
    {malformed_request,      400, "malformed-request",      "Unreadable request"},
    {malformed_json,         400, "malformed-json",         "Unreadable JSON"},
    {invalid_request,        400, "invalid-request",        "Some members are wrong"},
    {invalid_signature,      400, "invalid-signature",      "The signature does not fit"},
    {unauthorized,           401, "unauthorized",           "A valid token is needed"},
    {forbidden,              403, "forbidden",              "A privilege is missing"},
    {foreign_page,           403, "foreign-page",           "No call of the console's pages"},
    {sign_in_again,          403, "sign-in-again",          "Signing in again is needed"},
    {second_person_needed,   403, "second-person-needed",   "Somebody else must do this"},
    {ticket_out_of_scope,    403, "ticket-out-of-scope",    "Not a ticket you may see"},
    {unknown_route,          404, "not-found",              "No such address"},
    {unknown_ticket,         404, "unknown-ticket",         "No such ticket"},
    {unknown_transaction,    404, "unknown-transaction",    "No such transaction"},
    {unknown_message,        404, "unknown-message",        "No such message"},
    {unknown_review,         404, "unknown-review",         "No such entry"},
    {unknown_run,            404, "unknown-run",            "No such refund run"},
    {unknown_finding,        404, "unknown-finding",        "No such finding"},
    {method_not_allowed,     405, "method-not-allowed",     "Not with this method"},
    {already_paid,           409, "already-paid",           "Paid already"},
    {payment_in_progress,    409, "payment-in-progress",    "A payment is in progress"},
    {not_refundable,         409, "not-refundable",         "Nothing to give back"},
    {not_closable,           409, "not-closable",           "Not to be ended by hand"},
    {not_askable,            409, "not-askable",            "Nobody to ask"},
    {review_held,            409, "review-held",            "A colleague has it"},
    {no_receiver,            409, "no-receiver",            "Nobody is told"},
    {plan_changed,           409, "plan-changed",           "The plan has changed"},
    {month_not_closable,     409, "month-not-closable",     "Not to be closed now"},
    {run_not_steerable,      409, "run-not-steerable",      "Not in this state of the run"},
    {key_in_use,             409, "key-in-use",             "The first request still runs"},
    {body_too_large,         413, "body-too-large",         "The body is too large"},
    {target_too_long,        414, "target-too-long",        "The address is too long"},
    {unsupported_media_type, 415, "unsupported-media-type", "Not a content type we read"},
    {code_not_offered,       422, "code-not-offered",       "Not on offer"},
    {review_not_closable,    422, "review-not-closable",    "Not to be closed by hand"},
    {refund_too_large,       422, "refund-too-large",       "More than is left"},
    {run_too_large,          422, "run-too-large",          "Too many for one run"},
    {sums_differ,            422, "sums-differ",            "Not the sums of the plan"},
    {key_reused,             422, "key-reused",             "This key came with another body"},
    {rate_limited,           429, "rate-limited",           "Too many requests"},
    {headers_too_large,      431, "headers-too-large",      "The headers are too large"},
    {request_timeout,        408, "request-timeout",        "The request took too long"},
    {provider_refused,       502, "provider-refused",       "The payment provider refused"},
    {provider_garbled,       502, "provider-garbled",       "The provider's answer is unusable"},
    {provider_unavailable,   503, "provider-unavailable",   "The provider cannot be reached"},
    {provider_timeout,       504, "provider-timeout",       "The provider did not answer"},
    {tickets_unavailable,    503, "tickets-unavailable",    "Tickets cannot be read now"},
    {tickets_timeout,        504, "tickets-timeout",        "The tickets did not come in time"},
    {storage_unavailable,    503, "storage-unavailable",    "Nothing can be stored now"},
    {sums_incomplete,        503, "sums-incomplete",        "Sums are still being made"},
    {overloaded,             503, "overloaded",             "Too busy"},
    {internal,               500, "internal",               "Our mistake"},
};
// clang-format on

constexpr bool one_row_per_errc_in_order() {
    for (std::size_t i = 0; i < std::size(problems); ++i)
        if (problems[i].code != static_cast<Errc>(i)) return false;
    return std::rbegin(problems)->code == internal;
}
static_assert(one_row_per_errc_in_order());

const Problem& problem(Errc code) { return problems[static_cast<std::size_t>(code)]; }

json::array wrong_members(const Error& error) {
    json::array members;
    for (const auto& wrong : error.wrong)
        members.push_back(json::object{{"pointer", wrong.pointer}, {"detail", wrong.detail}});
    return members;
}

}  // namespace

int status_of(Errc code) { return problem(code).status; }
std::string_view slug_of(Errc code) { return problem(code).slug; }

Response to_response(const Error& error, const std::string& request_id) {
    const auto& row = problem(error.code);
    // A cause inside (a file name, a statement) helps attackers more than callers; the log has it.
    const bool speaks = error.code != internal && !error.detail.empty();
    const std::string detail{speaks ? std::string_view{error.detail} : row.title};

    // `message` is for the platform's callers, who know nothing of RFC 9457 (docs/design.md, 2.3).
    json::object body{
        {"type", "/problems/" + std::string{row.slug}},
        {"title", row.title},
        {"status", row.status},
        {"detail", detail},
        {"message", detail},
        {"instance", request_id},
    };
    if (!error.wrong.empty()) body["errors"] = wrong_members(error);
    if (error.transaction_id != 0) body["transaction_id"] = error.transaction_id;

    Response response{row.status, "application/problem+json", json::write(body)};
    response.headers = {{"Cache-Control", "no-store"}, {"X-Content-Type-Options", "nosniff"}};
    if (error.retry_after_s > 0)
        response.headers.emplace_back("Retry-After", std::to_string(error.retry_after_s));
    if (error.code == unauthorized)
        response.headers.emplace_back("WWW-Authenticate", "Bearer realm=\"payments\"");
    return response;
}

RepeatedProblem::RepeatedProblem(const Error& error) : made_(http::to_response(error, "")) {
    constexpr std::string_view before_id = R"("instance":")";
    const auto id = made_.body.find(before_id) + before_id.size();
    behind_id_ = made_.body.substr(id);
    made_.body.resize(id);
}

Response RepeatedProblem::to_response(std::string_view request_id) const {
    Response response{made_.status, made_.content_type, {}};
    response.body.reserve(made_.body.size() + request_id.size() + behind_id_.size());
    response.body.append(made_.body).append(request_id).append(behind_id_);
    constexpr std::size_t more = 5;  // that guard() and allow_origin() add at most
    response.headers.reserve(made_.headers.size() + more);
    response.headers = made_.headers;
    return response;
}

}  // namespace payments::http
