#include "flow/settlement/match_settlements.hpp"
#include "http/api/api_resources.hpp"
#include "http/api/handlers.hpp"
#include "http/api/members.hpp"
#include "http/api/once.hpp"
#include "http/api/routes.hpp"
#include "support/clock.hpp"
#include "support/form.hpp"

// What providers paid out, and what not (docs/settlements.md, 10).
namespace payments::http {
namespace {

using settlement::Finding;
using settlement::Report;

constexpr std::size_t text_max = 255;
static_assert(settlement_file_bytes_max == settlement::file_bytes_max);

Error wrong_parameter(std::string_view name, std::string_view detail) {
    return Error{
        Errc::invalid_request, "parameter " + std::string{name} + " " + std::string{detail}};
}

Result<form::Pairs> read_query(const RequestContext& request) {
    auto pairs = form::read(request.http.query);
    if (!pairs) return Error{Errc::invalid_request, "the query cannot be read"};
    for (const auto& [name, value] : *pairs)
        if (value.size() > text_max) return wrong_parameter(name, "must not be so long");
    return std::move(*pairs);
}

Result<bool> flag_in(const form::Pairs& pairs, std::string_view name) {
    const auto text = form::value_of(pairs, name);
    if (!text.empty() && text != "true" && text != "false")
        return wrong_parameter(name, "must be true or false");
    return text == "true";
}

// The moment for which it is asked: as_of, or now.
Result<Moment> moment_in(const form::Pairs& pairs, Time now) {
    const auto text = form::value_of(pairs, "as_of");
    if (text.empty()) return Moment{now};
    const auto read = parse_time(text);
    if (!read) return wrong_parameter("as_of", "must be a time such as 2026-07-09T22:00:00Z");
    return Moment{*read, false};
}

// Of the report that a request asks for.
Task<Result<Report>> report_for(ApiContext& context, const form::Pairs& query, Time* as_of) {
    const auto moment = moment_in(query, context.flow.clock.now());
    if (!moment) co_return moment.error();
    *as_of = moment->at;
    co_return co_await match_settlements(context.flow.store, *context.flow.settlements, *moment);
}

json::object findings_in(Report report, std::string_view state, Time as_of) {
    if (!state.empty())
        std::erase_if(report.findings, [&](const Finding& finding) {
            return finding.is_accepted != (state == "accepted");
        });
    auto document = settlement::json_of(report, {}, as_of);
    document.erase("files");
    return document;
}

struct DecisionOrder {
    FindingDecision decision;
};

Task<Result<Response>> decide(ApiContext& context, DecisionOrder order) {
    const auto finding = co_await decide_finding(
        context.flow.store, *context.flow.settlements, std::move(order.decision)
    );
    if (!finding) co_return finding.error();
    co_return json_reply(settlement::json_of(*finding));
}

Task<Result<Response>> post_decision(
    ApiContext& context, RequestContext& request, bool is_accepted, std::string_view operation
) {
    auto finding = context.resources.routes.segment_in(request.http.path);
    if (!finding) co_return finding.error();
    std::vector<Wrong> wrong;
    Members members{request.body, wrong};
    DecisionOrder order;
    order.decision.reason = members.text("reason", settlement::finding_reason_max);
    if (auto error = error_of(std::move(wrong))) co_return std::move(*error);
    auto key = idempotency_key(request.http);
    if (!key) co_return key.error();
    // The body does not name the finding, and keys are each person's own.
    if (!key->empty()) *key += " " + request.caller + " " + *finding;
    order.decision.key = std::move(*finding);
    order.decision.is_accepted = is_accepted;
    order.decision.by = request.actor();
    order.decision.at = context.flow.clock.now();
    auto answer = once(context, request, operation, std::move(*key), std::move(order), decide);
    co_return co_await std::move(answer);
}

// What a file is to be read by, from the query.
Result<SentFile> read_sent(RequestContext& request, Time now) {
    const auto query = read_query(request);
    if (!query) return query.error();
    SentFile sent;
    auto& options = sent.options;
    const auto format = form::value_of(*query, "format");
    options.format = settlement::format_of(format);
    if (!format.empty() && !options.format)
        return wrong_parameter(
            "format",
            "must be simplepay, stripe-csv, stripe-json, stripe-payouts, camt053, mt940 or otp-csv"
        );
    options.name = form::value_of(*query, "name");
    if (options.name.find('/') != std::string::npos)
        return wrong_parameter("name", "must be that of a file, without folders");
    options.account = form::value_of(*query, "account");
    options.payout = form::value_of(*query, "payout");
    const auto may_be_empty = flag_in(*query, "allow_empty");
    const auto only_tries = flag_in(*query, "dry_run");
    if (!may_be_empty) return may_be_empty.error();
    if (!only_tries) return only_tries.error();
    options.may_be_empty = *may_be_empty;
    sent.only_tries = *only_tries;
    sent.bytes = std::move(request.http.body);
    sent.at = now;
    sent.by = request.actor();
    return sent;
}

// A pointer is one into JSON (RFC 6901): places in other files stand in the sentence.
Error about_file(Error error) {
    for (auto& [pointer, detail] : error.wrong) {
        if (pointer.empty() || pointer.starts_with('/')) continue;
        detail = pointer + ": " + detail;
        pointer.clear();
    }
    return error;
}

}  // namespace

Task<Result<Response>> import_settlement(ApiContext& context, RequestContext& request) {
    auto sent = read_sent(request, context.flow.clock.now());
    if (!sent) co_return sent.error();
    auto name = sent->options.name;
    const auto taken = co_await context.flow.settlements->import_file(std::move(*sent));
    if (!taken) co_return about_file(taken.error());
    auto answer = settlement::json_of(settlement::TakenFile{
        std::move(name), std::string{settlement::name(taken->file.format)}, taken->accounts,
        taken->counts});
    answer["known_before"] = taken->is_known;
    co_return json_reply(answer);
}

Task<Result<Response>> list_settlement_files(ApiContext& context, RequestContext&) {
    json::array list;
    for (const auto& file : co_await context.flow.settlements->files())
        list.push_back(json::object{
            {"id", file.id},
            {"file", file.name},
            {"format", settlement::name(file.format)},
            {"account", file.account},
            {"sha256", file.sha256},
            {"size", file.size},
            {"records", file.records},
            {"at", rfc3339(file.at)},
            {"by", file.by.name}});
    co_return json_reply(json::object{{"files", std::move(list)}});
}

Task<Result<Response>> get_settlement_report(ApiContext& context, RequestContext& request) {
    const auto query = read_query(request);
    if (!query) co_return query.error();
    Time as_of;
    auto report = co_await report_for(context, *query, &as_of);
    if (!report) co_return report.error();
    auto accounts = settlement::accounts_json(*report);
    auto document = findings_in(std::move(*report), "", as_of);
    document["accounts"] = std::move(accounts);
    co_return json_reply(document);
}

Task<Result<Response>> list_findings(ApiContext& context, RequestContext& request) {
    const auto query = read_query(request);
    if (!query) co_return query.error();
    const auto state = form::value_of(*query, "state");
    if (!state.empty() && state != "open" && state != "accepted")
        co_return wrong_parameter("state", "must be open or accepted");
    Time as_of;
    auto report = co_await report_for(context, *query, &as_of);
    if (!report) co_return report.error();
    co_return json_reply(findings_in(std::move(*report), state, as_of));
}

Task<Result<Response>> list_payouts(ApiContext& context, RequestContext& request) {
    const auto query = read_query(request);
    if (!query) co_return query.error();
    Time as_of;
    const auto report = co_await report_for(context, *query, &as_of);
    if (!report) co_return report.error();
    co_return json_reply(json::object{
        {"as_of", rfc3339(as_of)}, {"payouts", settlement::payouts_json(*report)}});
}

Task<Result<Response>> list_payout_lines(ApiContext& context, RequestContext& request) {
    auto payout = context.resources.routes.segment_in(request.http.path);
    if (!payout) co_return payout.error();
    json::array lines;
    for (const auto& line : co_await context.flow.settlements->lines_of(*payout))
        lines.push_back(settlement::json_of(line));
    co_return json_reply(json::object{{"payout", std::move(*payout)}, {"lines", std::move(lines)}});
}

Task<Result<Response>> accept_finding(ApiContext& context, RequestContext& request) {
    return post_decision(context, request, true, "acceptFinding");
}

Task<Result<Response>> reopen_finding(ApiContext& context, RequestContext& request) {
    return post_decision(context, request, false, "reopenFinding");
}

}  // namespace payments::http
