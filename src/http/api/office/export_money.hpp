#pragma once

#include <optional>
#include <string>
#include <vector>

#include "flow/office/records.hpp"
#include "http/api/office/export_lines.hpp"
#include "support/buckets.hpp"

// Files for accountants, read while they are written (docs/money.md, 5). On the loop of the store,
// which outlives them, as the zone does. All throw as a Store.
namespace payments::http {

// Puts on record that `by` takes the file; to be called before anything of it is read. A request
// with lines_max is a look, which is not recorded. Errc::sums_incomplete, and nothing is recorded:
// daily_totals would be wrong now.
Task<Result<void>> begin_export(Store& store, Actor by, Time now, ExportRequest request);

// The file, piece by piece: what is read for one is forgotten with it, so memory stays the same for
// two payments and two million.
class MoneyExport {
public:
    MoneyExport(Store& store, SightOfScopes sight, ExportRequest request, const TimeZone& zone);
    MoneyExport(const MoneyExport&) = delete;
    MoneyExport& operator=(const MoneyExport&) = delete;

    // Some lines; "" at the end. What it throws is the end too, and the file is not whole:
    // std::runtime_error besides, when sums have become incomplete.
    Task<std::string> next();
    std::int64_t lines() const { return lines_.count(); }  // so far, without the head
    // The number of the last payment that was looked at; 0 at the end.
    std::int64_t looked_at() const { return after_.value_or(0); }

private:
    Task<void> read_payments();
    Task<void> read_page(std::int64_t after, std::optional<std::int64_t> end, MovedPage* into);
    Task<void> add_lines(const MovedPage* page);
    Task<void> read_totals();

    Store& store_;
    const SightOfScopes sight_;
    const ExportRequest request_;
    ExportLines lines_;
    std::vector<Bucket> days_;           // of daily_totals, those that are not read yet
    std::optional<std::int64_t> after_;  // the payment behind which the next page begins
    std::optional<MovedPage> ahead_;     // that page, where it has been read
    bool is_begun_ = false;
};

}  // namespace payments::http
