#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "flow/shares.hpp"
#include "http/api/admission.hpp"
#include "http/api/api_resources.hpp"
#include "http/api/handlers.hpp"
#include "http/api/problem.hpp"
#include "http/server/server.hpp"
#include "support/spans.hpp"

namespace payments::http {

// The API at one event loop: finds the route, checks in the order of docs/design.md, 2.8, and calls
// the handler. Nothing a request can cause throws out of it: errors become problem documents, a
// database that is down a 503, anything else a 500 whose cause is only logged. On its loop's thread
// only.
class Api : public Application {
public:
    // `context` refers to what outlives it.
    explicit Api(ApiContext context);

    std::size_t body_limit(std::string_view method, std::string_view path) const override;
    bool is_vital(std::string_view path) const override;
    Answer answer(Request& request) override;
    Response refuse(const Error& error, const std::string& request_id) const override;

private:
    std::optional<Response> page_at(const Request& request) const;
    Response answer_beside_page(const Request& request) const;
    Result<void> pass_door(const Route& route, const Request& request);
    Response turn_away(const Route& route, const Request& request, const Error& why);
    Response answered_at_once(
        const Route& route, const Request& request, Response response, bool is_overload
    );
    const RepeatedProblem& too_busy(const Error& why);
    Task<Response> dispatch(const Route& route, Request& http);
    // Null when the request is not to be recorded.
    TracePtr begin_trace(RequestContext& request) const;
    Task<void> pass_into(
        const Route& route, RequestContext& request, std::optional<Result<Response>>* result
    );
    Task<Result<Response>> pass(const Route& route, RequestContext& request);
    Task<Result<Response>> pass_identified(const Route& route, RequestContext& request);
    Response options(const std::vector<const Route*>& routes, const Request& request) const;
    void allow_origin(const Route& route, const Request& request, Response& response) const;

    ApiContext context_;
    Admission admission_;
    Shares shares_{8};
    std::map<int, RepeatedProblem> too_busy_;  // by Retry-After
};

}  // namespace payments::http
