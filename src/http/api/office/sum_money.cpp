#include "flow/office/sum_money.hpp"

#include "http/api/api_resources.hpp"
#include "http/api/handlers.hpp"
#include "http/api/office/requests.hpp"
#include "http/api/office/wire.hpp"
#include "support/crypto.hpp"
#include "support/times.hpp"

// sumMoney: what came in and went out, for charts that ask again and again (docs/money.md, 4).
namespace payments::http {
namespace {

json::object write_row(
    const SumRow& row, const SumsQuery& query, const ScopesById& scopes,
    const std::optional<TimeZone>& zone
) {
    const auto at = query.buckets[row.bucket].from;
    json::object written{
        {"at", rfc3339(at, zone ? zone->offset_at(at) : std::chrono::seconds{0})},
        {"measure", name(row.measure)},
        {"currency", row.currency},
    };
    if (query.by_processor) written["processor"] = row.processor;
    if (query.by_fee_type) written["fee_type"] = row.fee_type;
    if (query.by_scope) written["scope"] = write_scope(row.scope_id, scopes);
    if (query.by_reason) written["reason"] = row.reason;
    written["n"] = row.n;
    written["amount"] = json::amount(row.minor, Currency::of(row.currency).value());
    return written;
}

}  // namespace

Task<Result<Response>> post_sums(ApiContext& context, RequestContext& request) {
    const auto& zone = context.resources.zone;
    const auto now = context.flow.clock.now();
    auto asked = read_sums(request.body, zone, now);
    if (!asked) co_return asked.error();
    auto& query = asked->query;
    query.buckets = zone ? cut(asked->from, asked->to, asked->size, *zone)
                         : cut_minutes(asked->from, asked->to);
    if (zone && (asked->size == BucketSize::day || asked->size == BucketSize::month))
        query.days = cut(asked->from, asked->to, BucketSize::day, *zone);
    auto asked_for = query;
    const auto found = co_await sum_money(context.flow, request.privileges, std::move(asked_for));
    json::array rows;
    for (const auto& row : found.sums.rows)
        rows.push_back(write_row(row, query, found.scopes, zone));
    json::value list(std::move(rows));
    // Not an ETag: of a POST a condition that fails is 412 (RFC 9110, 13.1.2), and no cache keeps
    // its answer.
    auto tag = crypto::hex(crypto::sha256(json::write(list))).substr(0, 32);
    if (tag == asked->known) list = nullptr;
    json::object body{
        {"time_zone", zone ? context.resources.zone_name : "UTC"},
        {"until", rfc3339(now)},
        {"complete", found.sums.is_complete},
        {"tag", std::move(tag)},
        {"rows", std::move(list)},
    };
    co_return json_reply(body);
}

}  // namespace payments::http
