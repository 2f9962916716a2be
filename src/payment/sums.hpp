#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "payment/contributions.hpp"

// What is asked of sums of money, and what they are (docs/money.md, 3). Values; safe on any thread.
namespace payments {

// A stretch of time: `from` counts, `to` does not.
struct Bucket {
    Time from, to;

    friend bool operator==(const Bucket&, const Bucket&) = default;
};

// How finely totals are kept. Every time zone of our days is whole quarters of an hour off UTC, so
// that hours, days and months of any are made of those.
enum class Grain : std::uint8_t { minute = 1, quarter = 15 };  // in minutes
constexpr std::chrono::minutes length_of(Grain grain) {
    return std::chrono::minutes{static_cast<int>(grain)};
}
// Sums of single minutes are kept for so long.
inline constexpr std::chrono::days minutes_kept_for{40};

struct SumsQuery {
    // Where the caller may look: everywhere, which is also where the scope is not known, or else
    // among these scopes (Store::scopes).
    bool is_everywhere = false;
    std::vector<std::int64_t> scope_ids{};

    std::vector<Bucket> buckets{};  // ascending, without overlaps, in whole grains
    // What the buckets are made of where they are days or longer: buckets and days that are added
    // up already (OfficeRecords::keep_days) are not added up again. None when empty.
    std::vector<Bucket> days{};
    Grain grain = Grain::quarter;
    std::vector<Measure> measures{};     // any when empty
    std::optional<Currency> currency{};  // any without one
    // What rows are kept apart by besides their bucket, measure and currency.
    bool by_processor = false, by_fee_type = false, by_scope = false, by_reason = false;
};

// Whole months, and behind them whole days, as people count them: from those in which `from` lies
// to the last that are over at `until`. May be called on any thread.
using DaysBetween = std::function<std::vector<Bucket>(Time from, Time until)>;

struct SumRow {
    std::size_t bucket;  // of SumsQuery::buckets
    Measure measure;
    std::string currency;
    // Empty where the query does not keep rows apart by it.
    std::string processor{}, fee_type{};
    std::optional<std::int64_t> scope_id{};  // nothing also where it is not known
    std::string reason{};
    std::int64_t n = 0;      // more than 0
    std::int64_t minor = 0;  // in the currency's minor units
};

struct Sums {
    std::vector<SumRow> rows;  // by bucket, measure and the rest; none that is 0
    // False while payments from before totals were kept are still to be counted.
    bool is_complete = true;
};

}  // namespace payments
