#pragma once

#include "payment/exports.hpp"
#include "payment/sums.hpp"
#include "support/csv.hpp"

// What stands on the lines of a file for accountants (docs/money.md, 5). Pure; one thread.
namespace payments::http {

class ExportLines {
public:
    // `request` and `zone` outlive it.
    ExportLines(const ExportRequest& request, const TimeZone& zone)
        : request_(request), csv_(request.form, zone) {}

    void add_head();
    // What of the payment is asked for, which may be nothing; with its entries.
    void add(const Transaction& transaction);
    // A line of daily_totals, if it is asked for. `row` is kept apart by processor, fee type and
    // reason.
    void add(Time day, const SumRow& row);

    // No more lines are wanted; what is added is left out.
    bool is_full() const { return request_.lines_max && count_ >= *request_.lines_max; }
    std::int64_t count() const { return count_; }  // of lines, without the head
    bool is_empty() const { return csv_.size() == 0; }
    // What was written since it was called last.
    std::string taken() { return csv_.taken(); }

private:
    void add_payment(const Transaction& of);
    void add_movements(const Transaction& of);
    void end_line();

    const ExportRequest& request_;
    CsvWriter csv_;
    std::int64_t count_ = 0;
};

}  // namespace payments::http
