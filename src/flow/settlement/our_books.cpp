#include "flow/settlement/our_books.hpp"

#include <limits>

#include "flow/when_all.hpp"
#include "settlement/our_side.hpp"

namespace payments {
namespace {

// Of which reading takes the loop half a millisecond, and others wait for so long.
constexpr int transactions_together = 250;
// Some 0.1 ms: then the loop sends the next question to the database, and does others' work.
constexpr std::size_t heard_together = 50;
constexpr auto no_end = std::numeric_limits<std::int64_t>::max();

// Who hears what, and how far that is.
struct Hearing {
    OurSideRequest asked;
    OurSideListener hear;
    std::int64_t count = 0, numbers = 0;
};

// Hears those behind `after` up to `last`.
Task<void> hear_range(Store* store, std::int64_t after, std::int64_t last, Hearing* hearing) {
    const auto& asked = hearing->asked;
    PageRequest request;
    request.after_id = after;
    request.limit = transactions_together;
    request.is_of_money = !asked.needs_status;
    for (bool has_more = true; has_more;) {
        const auto page = co_await store->page(request);
        has_more = std::ssize(page) == request.limit && page.back().id < last;
        std::size_t together = 0;
        for (const auto& transaction : page) {
            if (transaction.id > last) break;
            if (together++ % heard_together == 0) co_await give_way();
            for (std::size_t part = 0; part < asked.moments.size(); ++part)
                hearing->hear(
                    part, settlement::our_side_of(transaction, asked.begins, asked.moments[part])
                );
            ++hearing->count;
            hearing->numbers += transaction.id - request.after_id;
            request.after_id = transaction.id;
        }
        if (asked.passed) asked.passed(hearing->numbers);
    }
}

}  // namespace

Task<std::int64_t> hear_our_side(Store& store, OurSideRequest asked, OurSideListener hear) {
    Hearing hearing{std::move(asked), std::move(hear)};
    const auto newest = co_await store.newest_attempt();
    if (!newest) co_return 0;
    // The database works for one half while what it gave of the other is read and heard.
    const auto middle = hearing.asked.in_order ? no_end : newest->id / 2;
    std::vector<Task<void>> work;
    work.push_back(hear_range(&store, 0, middle, &hearing));
    if (middle != no_end) work.push_back(hear_range(&store, middle, no_end, &hearing));
    co_await when_all(std::move(work));
    co_return hearing.count;
}

}  // namespace payments
