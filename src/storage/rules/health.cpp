#include "storage/rules/health.hpp"

#include <algorithm>
#include <sstream>

namespace payments::ledger {

std::string times_text(const CallCounts& counts) {
    auto last = counts.by_time.size();
    while (last > 0 && counts.by_time[last - 1] == 0) --last;
    std::string text;
    for (std::size_t i = 0; i < last; ++i)
        text += (i == 0 ? "" : " ") + std::to_string(counts.by_time[i]);
    return text;
}

CallCounts call_counts(std::int64_t calls, std::int64_t unanswered, std::string_view times) {
    CallCounts counts{calls, unanswered};
    std::istringstream in{std::string{times}};
    std::size_t place = 0;
    for (std::int64_t count = 0; in >> count; ++place)
        counts.by_time[std::min(place, counts.by_time.size() - 1)] += count;
    return counts;
}

void add_calls(HealthRecord& record, std::string outside, const CallCounts& counts) {
    const auto known = std::ranges::find(record.calls, outside, &OutsideCalls::outside);
    if (known == record.calls.end())
        record.calls.push_back({std::move(outside), counts});
    else
        known->counts += counts;
}

}  // namespace payments::ledger
