#include "http/api/office/export_money.hpp"

#include <algorithm>
#include <stdexcept>
#include <utility>

#include "flow/when_all.hpp"
#include "support/times.hpp"

namespace payments::http {
namespace {

using namespace std::chrono_literals;
using What = ExportRequest::What;

constexpr std::size_t days_together = 31;
// Some 0.1 ms: then the loop sends the question for the next page, and does others' work.
constexpr std::size_t payments_together = 50;
// Clocks of replicas differ: a payment may have moved before it was begun. What is too much of it
// is left out line by line.
constexpr auto clocks_differ_by = 1h;

constexpr auto not_counted_yet =
    "payments from before an update are still being counted, so sums are incomplete";

ActionDetails details_of(const ExportRequest& request) {
    ActionDetails details{
        {"what", std::string{name(request.what)}},
        {"from", rfc3339(request.from)},
        {"to", rfc3339(request.to)},
        {"by", request.by_creation ? "created" : "taken"},
        {"form", std::string{name(request.form)}},
        {"personal", request.is_personal ? "true" : "false"}};
    const auto add = [&](std::string_view name, std::string_view word) {
        auto& list = details[std::string{name}];
        list += (list.empty() ? "" : ",") + std::string{word};
    };
    for (const auto status : request.statuses) add("status", payments::name(status));
    for (const auto processor : request.processors) add("processor", payments::name(processor));
    for (const auto& fee_type : request.fee_types) add("fee_type", fee_type);
    const auto add_amount = [&](std::string_view name, std::optional<std::int64_t> minor) {
        if (minor) add(name, Money::of(*minor, *request.currency).value().decimal());
    };
    if (request.currency) add("currency", request.currency->code());
    add_amount("amount_from", request.amount_from_minor);
    add_amount("amount_to", request.amount_to_minor);
    if (request.ticket_id) add("ticket_id", std::to_string(*request.ticket_id));
    return details;
}

}  // namespace

Task<Result<void>> begin_export(Store& store, Actor by, Time now, ExportRequest request) {
    if (request.what == What::daily_totals) {
        SumsQuery whether_complete;
        const auto sums = co_await store.sums(std::move(whether_complete));
        if (!sums.is_complete)
            co_return Error{Errc::sums_incomplete, not_counted_yet}.retry_after(60);
    }
    if (request.lines_max) co_return Result<void>{};
    NewAction action{ActionKind::exported, std::move(by), now, {}, details_of(request)};
    // About no payment and without a key: nothing can be against it.
    const auto recorded = co_await store.record_action(std::move(action));
    if (!recorded) throw std::logic_error{recorded.error().detail};
    co_return Result<void>{};
}

MoneyExport::MoneyExport(
    Store& store, SightOfScopes sight, ExportRequest request, const TimeZone& zone
)
    : store_(store),
      sight_(std::move(sight)),
      request_(std::move(request)),
      lines_(request_, zone),
      after_(0) {
    if (request_.what != What::daily_totals) return;
    after_.reset();
    days_ = cut(request_.from, request_.to, BucketSize::day, zone);
}

Task<std::string> MoneyExport::next() {
    if (!is_begun_) lines_.add_head();
    // Also behind the head, so that a database that is down is noticed before anything is sent. A
    // page may hold nothing that is asked for.
    do {
        if (after_)
            co_await read_payments();
        else if (!days_.empty())
            co_await read_totals();
        if (lines_.is_full()) {
            after_.reset();
            days_.clear();
        }
    } while (lines_.is_empty() && (after_ || !days_.empty()));
    is_begun_ = true;
    co_return lines_.taken();
}

Task<void> MoneyExport::read_payments() {
    MovedPage page, next;
    if (ahead_)
        page = std::move(*std::exchange(ahead_, std::nullopt));
    else
        co_await read_page(*after_, {}, &page);
    // The database reads the next page while the lines of this one are written.
    std::vector<Task<void>> work;
    if (page.next) work.push_back(read_page(*page.next, page.end_of_next, &next));
    work.push_back(add_lines(&page));
    co_await when_all(std::move(work));
    after_ = page.next;
    if (after_) ahead_ = std::move(next);
}

Task<void> MoneyExport::add_lines(const MovedPage* page) {
    std::size_t count = 0;
    for (const auto& transaction : page->list) {
        if (count++ % payments_together == 0) co_await give_way();
        lines_.add(transaction);
    }
}

Task<void> MoneyExport::read_page(
    std::int64_t after, std::optional<std::int64_t> end, MovedPage* into
) {
    MovedRequest wanted;
    wanted.is_everywhere = sight_.is_everywhere;
    wanted.scope_ids = sight_.scope_ids;
    wanted.after_id = after;
    wanted.end = end;
    wanted.begun_before = request_.to + clocks_differ_by;
    if (request_.by_creation)
        wanted.begun_since = request_.from - clocks_differ_by;
    else
        wanted.changed_since = request_.from;  // no movement is newer than its payment's change
    *into = co_await store_.moved_page(std::move(wanted));
}

// A month at a time.
Task<void> MoneyExport::read_totals() {
    SumsQuery query;
    query.is_everywhere = sight_.is_everywhere;
    query.scope_ids = sight_.scope_ids;
    query.by_processor = query.by_fee_type = query.by_reason = true;
    query.currency = request_.currency;
    const auto end =
        days_.begin() + static_cast<std::ptrdiff_t>(std::min(days_together, days_.size()));
    const std::vector<Bucket> days{days_.begin(), end};
    query.buckets = query.days = days;
    days_.erase(days_.begin(), end);
    const auto sums = co_await store_.sums(std::move(query));
    if (!sums.is_complete) throw std::runtime_error{not_counted_yet};
    for (const auto& row : sums.rows) lines_.add(days[row.bucket].from, row);
}

}  // namespace payments::http
