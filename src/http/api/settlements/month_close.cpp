#include "flow/settlement/close_months.hpp"
#include "http/api/api_resources.hpp"
#include "http/api/handlers.hpp"
#include "http/api/members.hpp"
#include "support/form.hpp"
#include "support/times.hpp"

// getMonthClose: a month as an accountant signs it; closeMonth closes it for good
// (docs/settlements.md, 11).
namespace payments::http {
namespace {

Result<MonthCloseRequest> read_close_request(const std::string& query, Time now) {
    const auto pairs = form::read(query);
    if (!pairs) return Error{Errc::invalid_request, "the query cannot be read"};
    const auto month = settlement::journal::read_month(form::value_of(*pairs, "month"));
    if (!month) return Error{Errc::invalid_request, "month must be one such as 2026-11"};
    const auto text = form::value_of(*pairs, "as_of");
    const auto as_of = text.empty() ? now : parse_time(text);
    if (!as_of)
        return Error{
            Errc::invalid_request, "parameter as_of must be a time such as 2026-07-09T22:00:00Z"};
    return MonthCloseRequest{*month, {*as_of, text.empty()}, {}, now};
}

}  // namespace

Task<Result<Response>> get_month_close(ApiContext& context, RequestContext& request) {
    const auto& zone = context.resources.zone;
    if (!zone) co_return Error{Errc::internal, "this service does not know its time zone"};
    auto& flow = context.flow;
    auto asked = read_close_request(request.http.query, flow.clock.now());
    if (!asked) co_return asked.error();
    asked->by = request.actor();
    const auto turn = co_await context.bulk.take(request.http.has_gone);
    if (!turn) co_return turn.error();
    const auto made = co_await month_close(flow.store, *flow.settlements, *zone, std::move(*asked));
    co_return json_reply(settlement::journal::json_of(made.close, made.record));
}

Task<Result<Response>> close_month(ApiContext& context, RequestContext& request) {
    const auto& zone = context.resources.zone;
    if (!zone) co_return Error{Errc::internal, "this service does not know its time zone"};
    std::vector<Wrong> wrong;
    Members members{request.body, wrong};
    const auto text = members.text("month", 7);
    const auto month = settlement::journal::read_month(text);
    if (!month && wrong.empty()) wrong.push_back({"/month", "must be a month such as 2026-11"});
    auto reason = members.optional_text("reason", settlement::finding_reason_max);
    auto books = members.optional_text("books_sha256", 64);
    if (auto error = error_of(std::move(wrong))) co_return std::move(*error);
    auto& flow = context.flow;
    MonthToClose what{
        *month, std::move(reason), std::move(books), request.actor(), flow.clock.now()};
    const auto made = co_await payments::close_month(
        flow.store, *flow.settlements, flow.clock, *zone, std::move(what)
    );
    if (!made) co_return made.error();
    co_return json_reply(settlement::journal::json_of(made->close, made->record));
}

}  // namespace payments::http
