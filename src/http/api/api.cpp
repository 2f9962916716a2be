#include "http/api/api.hpp"

#include <algorithm>

#include "http/api/overload.hpp"
#include "http/api/trace.hpp"
#include "http/console/page_call.hpp"
#include "support/log.hpp"
#include "support/temporary_file.hpp"

namespace payments::http {
namespace {

// `wanted`, with or without parameters such as charset; "application/problem+json" and other
// suffixes are not what the contract asks for.
bool is_of_type(const Request& request, std::string_view wanted) {
    // A form of a foreign web page cannot send this type without a CORS preflight.
    const auto* type = request.header("content-type");
    if (type == nullptr) return false;
    std::string essence = type->substr(0, type->find(';'));
    while (essence.ends_with(' ') || essence.ends_with('\t')) essence.pop_back();
    std::ranges::transform(essence, essence.begin(), [](unsigned char c) {
        return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : static_cast<char>(c);
    });
    return essence == wanted;
}

Result<void> check_content(const Request& request, Route::Body body) {
    if (request.header("content-encoding") != nullptr)
        // A packed body could be small on the wire and beyond every limit in memory.
        return Error{Errc::unsupported_media_type, "a Content-Encoding is not taken"};
    if (body == Route::Body::file) return {};  // its format is told by its content
    // With any parameters: JSON is UTF-8 whatever a charset says, and the parser checks that.
    const std::string type =
        body == Route::Body::form ? "application/x-www-form-urlencoded" : "application/json";
    if (!is_of_type(request, type))
        return Error{Errc::unsupported_media_type, "the Content-Type must be " + type};
    return {};
}

Result<json::object> read_object(std::string_view body) {
    auto value = json::parse(body);
    if (!value) return value.error();
    if (value->is_object()) return std::move(value->get_object());
    Error error{Errc::invalid_request, "the body must be a JSON object"};
    error.wrong.push_back({"", "must be a JSON object"});
    return error;
}

// Of the 405, of OPTIONS and of a preflight alike.
std::string allowed_methods(const std::vector<const Route*>& routes) {
    std::string methods;
    for (const auto* route : routes) {
        methods += std::string{route->method} + ", ";
        if (route->method == "GET") methods += "HEAD, ";
    }
    return methods + "OPTIONS";
}

void add_if_missing(Response& response, std::string_view name, std::string_view value) {
    const bool has = std::ranges::any_of(response.headers, [&](const auto& header) {
        return header.first == name;
    });
    if (!has) response.headers.emplace_back(name, value);
}

// What an operation answers is about somebody's money or of this moment: nobody on the way keeps it
// (RFC 9111, 5.2.2.5), unless its handler says how; and no browser guesses what it might be.
void guard(const Route& route, Response& response) {
    add_if_missing(response, "Cache-Control", "no-store");
    if (may_have_body(response.status))
        add_if_missing(response, "X-Content-Type-Options", "nosniff");
    // What a browser may get with the console's cookie: no other page embeds it, and none that it
    // leads to learns where from.
    if (!is_for_pages(route.caller)) return;
    add_if_missing(response, "Cross-Origin-Resource-Policy", "same-origin");
    add_if_missing(response, "Referrer-Policy", "no-referrer");
}

// An answer that nobody has to wait for.
Task<Result<Response>> at_once(Error error) { co_return error; }

// Health checks and reads come every few seconds and say nothing new; a POST may move money. Of
// what is refused for load there is so much that the log is told apart (overload.hpp).
log::Level level_of(const Route* route, int status, bool is_overload) {
    if (is_overload) return log::Level::debug;
    if (status >= 500) return log::Level::warning;
    return route != nullptr && route->method == "POST" ? log::Level::info : log::Level::debug;
}

// By OpenTelemetry's conventions for HTTP; nothing of a query, a body or a person.
void describe(SpanScope& span, const Route& route, const Request& http, int status) {
    span.set("http.request.method", http.method);
    span.set("http.route", route.path);
    span.set("http.response.status_code", std::int64_t{status});
    span.set("payments.request_id", http.id);
    if (status >= 500) span.fail();
}

// Checks what was sent, and reads what a route takes as JSON.
Result<void> read_body(const Route& route, RequestContext& request) {
    if (route.body == Route::Body::none) return {};
    if (auto content = check_content(request.http, route.body); !content) return content;
    if (route.body != Route::Body::json) return {};
    auto body = read_object(request.http.body);
    if (!body) return body.error();
    request.body = std::move(*body);
    return {};
}

}  // namespace

Api::Api(ApiContext context) : context_(std::move(context)), admission_(context_) {}

std::size_t Api::body_limit(std::string_view, std::string_view path) const {
    const auto* routes = context_.resources.routes.at(path);
    if (routes == nullptr) return 0;
    if (routes->front()->body == Route::Body::raw) return context_.resources.webhook_body_bytes;
    return routes->front()->body == Route::Body::file ? settlement_file_bytes_max : 0;
}

// Both tell an operator that the process lives while a crowd has taken every connection; /readyz is
// not among them, for whoever balances the load must see that this one is full.
bool Api::is_vital(std::string_view path) const {
    const auto* routes = context_.resources.routes.at(path);
    if (routes == nullptr) return false;
    const auto operation = routes->front()->operation;
    return operation == "healthz" || operation == "metrics";
}

Response Api::refuse(const Error& error, const std::string& request_id) const {
    // Of no operation: it never came to one.
    context_.metrics.http_request("", status_of(error.code), {});
    return to_response(error, request_id);
}

// No coroutine, nor is pass(): each that waits for another keeps a frame as long as that does.
Answer Api::answer(Request& request) {
    const auto* routes = context_.resources.routes.at(request.path);
    const bool reads = request.method == "GET" || request.method == "HEAD";
    if (routes == nullptr) {
        if (auto page = page_at(request)) {
            if (reads) return std::move(*page);
            return answer_beside_page(request);
        }
        return refuse({Errc::unknown_route, "there is nothing at this address"}, request.id);
    }
    if (request.method == "OPTIONS") return options(*routes, request);

    // HEAD is answered as GET is, and the server leaves the body out.
    const auto method = request.method == "HEAD" ? std::string_view{"GET"} : request.method;
    const auto route = std::ranges::find(*routes, method, &Route::method);
    if (route == routes->end()) {
        const Error error{
            Errc::method_not_allowed, "this address answers " + allowed_methods(*routes)};
        auto response = refuse(error, request.id);
        response.headers.emplace_back("Allow", allowed_methods(*routes));
        return response;
    }
    if (const auto passed = pass_door(**route, request); !passed)
        return turn_away(**route, request, passed.error());
    if (const auto known = (*route)->known)
        return answered_at_once(**route, request, known(), false);
    return dispatch(**route, request);
}

// What is decided before anything is made for a request: of a crowd most are only told to come
// again, and what that costs is taken from those who are answered.
Result<void> Api::pass_door(const Route& route, const Request& request) {
    if (auto limited = admission_.limit_address(route, request); !limited) return limited;
    if (route.work == Route::Work::start && context_.overload != nullptr)
        return context_.overload->admit();
    return {};
}

Response Api::turn_away(const Route& route, const Request& request, const Error& why) {
    const bool is_overload = why.code == Errc::overloaded;
    auto response =
        is_overload ? too_busy(why).to_response(request.id) : to_response(why, request.id);
    return answered_at_once(route, request, std::move(response), is_overload);
}

// Without a trace: it would be of nothing.
Response Api::answered_at_once(
    const Route& route, const Request& request, Response response, bool is_overload
) {
    guard(route, response);
    allow_origin(route, request, response);
    context_.metrics.http_request(route.operation, response.status, {});
    const auto level = level_of(&route, response.status, is_overload);
    if (!log::is_written(level)) return response;
    const auto trace = child_traceparent(request.header("traceparent"));
    log::write(
        level, "answered", "request_id", request.id, "trace_id", trace_id(trace), "operation",
        route.operation, "status", std::int64_t{response.status}
    );
    return response;
}

std::optional<Response> Api::page_at(const Request& request) const {
    const auto& console = context_.resources.console;
    if (console)
        if (auto page = console->shell.at(request.path, request)) return page;
    return context_.resources.pages.at(request.path, request);
}

// To OPTIONS, or with 405, for a method other than GET and HEAD at the address of a page.
Response Api::answer_beside_page(const Request& request) const {
    constexpr auto methods = "GET, HEAD, OPTIONS";
    Response response{204, "", ""};
    if (request.method != "OPTIONS") {
        const Error error{Errc::method_not_allowed, std::string{"this address answers "} + methods};
        response = refuse(error, request.id);
    }
    response.headers.emplace_back("Allow", methods);
    return response;
}

const RepeatedProblem& Api::too_busy(const Error& why) {
    const auto known = too_busy_.find(why.retry_after_s);
    if (known != too_busy_.end()) return known->second;
    return too_busy_.emplace(why.retry_after_s, RepeatedProblem{why}).first->second;
}

Task<Response> Api::dispatch(const Route& route, Request& http) {
    const auto began = std::chrono::steady_clock::now();
    RequestContext request{http};
    request.traceparent = child_traceparent(http.header("traceparent"));
    auto trace = begin_trace(request);
    auto span = SpanScope::root(
        trace, route.operation, SpanKind::server,
        parent_id(request.traceparent, http.header("traceparent"))
    );
    Response response;
    try {
        std::optional<Result<Response>> result;
        if (trace)
            co_await run_traced(std::move(trace), pass_into(route, request, &result));
        else
            result.emplace(co_await pass(route, request));
        response = *result ? std::move(**result) : to_response(result->error(), http.id);
    } catch (const StoreDown& down) {
        log::error("the database cannot be used", "request_id", http.id, "reason", down.what());
        auto error = Error{Errc::storage_unavailable, "nothing can be stored now"}.retry_after(5);
        response = to_response(error, http.id);
    } catch (const TemporaryFilesDown& down) {
        log::error("nothing can be put aside", "request_id", http.id, "reason", down.what());
        auto error = Error{Errc::storage_unavailable, down.what()}.retry_after(5);
        response = to_response(error, http.id);
    } catch (const std::exception& broken) {
        log::error("a request failed", "request_id", http.id, "reason", broken.what());
        response = to_response(Errc::internal, http.id);
    }
    guard(route, response);
    // Whatever became of it: without this the shop's page could not even read why.
    allow_origin(route, http, response);

    const auto took = std::chrono::steady_clock::now() - began;
    context_.metrics.http_request(route.operation, response.status, took);
    if (span.is_recording()) describe(span, route, http, response.status);
    log::write(
        level_of(&route, response.status, false), "answered", "request_id", http.id, "trace_id",
        trace_id(request.traceparent), "operation", route.operation, "status",
        std::int64_t{response.status}, "micros",
        std::chrono::duration_cast<std::chrono::microseconds>(took).count()
    );
    co_return response;
}

TracePtr Api::begin_trace(RequestContext& request) const {
    auto* queue = context_.flow.traces;
    if (queue == nullptr || !queue->samples(trace_id(request.traceparent))) return nullptr;
    request.traceparent = sampled(std::move(request.traceparent));
    return std::make_shared<Trace>(
        *queue, std::string{trace_id(request.traceparent)},
        std::string{span_id(request.traceparent)}
    );
}

Task<void> Api::pass_into(
    const Route& route, RequestContext& request, std::optional<Result<Response>>* result
) {
    result->emplace(co_await pass(route, request));
}

// The checks in their fixed order (docs/design.md, 2.8), after those at the door: token, privilege,
// content type, JSON. The cheapest comes first, and whoever may not call learns nothing of what a
// body should be.
Task<Result<Response>> Api::pass(const Route& route, RequestContext& request) {
    if (asks_who(route.caller)) return pass_identified(route, request);
    if (auto read = read_body(route, request); !read) return at_once(read.error());
    return route.handler(context_, request);
}

Task<Result<Response>> Api::pass_identified(const Route& route, RequestContext& request) {
    const auto admitted = co_await admission_.admit(route, request);
    if (!admitted) co_return admitted.error();
    std::optional<Shares::Share> share;
    if (route.work == Route::Work::here) {
        auto client = limit_key(client_address(request.http, context_.resources.proxies));
        share.emplace(co_await shares_.take(std::move(client)));
    }
    const auto read = read_body(route, request);
    if (!read) co_return read.error();
    co_return co_await route.handler(context_, request);
}

Response Api::options(const std::vector<const Route*>& routes, const Request& request) const {
    Response response{204, "", ""};
    response.headers.emplace_back("Allow", allowed_methods(routes));
    allow_origin(*routes.front(), request, response);
    const bool allowed = std::ranges::any_of(response.headers, [](const auto& header) {
        return header.first == "Access-Control-Allow-Origin";
    });
    if (allowed) {
        response.headers.emplace_back("Access-Control-Allow-Methods", allowed_methods(routes));
        response.headers.emplace_back(
            "Access-Control-Allow-Headers",
            "Content-Type, Idempotency-Key, X-Request-Id, traceparent"
        );
        // Ten minutes, after which a change of the origins is felt everywhere.
        response.headers.emplace_back("Access-Control-Max-Age", "600");
    }
    return response;
}

void Api::allow_origin(const Route& route, const Request& request, Response& response) const {
    if (route.caller != Route::Caller::browser) return;
    // Also without an Origin, so that no cache gives one page's answer to another. Credentials are
    // not allowed: these operations know no cookies.
    response.headers.emplace_back("Vary", "Origin");
    const auto* origin = request.header("origin");
    if (origin == nullptr || !context_.resources.allowed_origins.contains(*origin)) return;
    // Nothing that came with the console's cookie is for another page to read.
    if (context_.resources.console && session_cookie(request)) return;
    response.headers.emplace_back("Access-Control-Allow-Origin", *origin);
    response.headers.emplace_back(
        "Access-Control-Expose-Headers", "X-Request-Id, Retry-After, Idempotent-Replayed"
    );
}

}  // namespace payments::http
