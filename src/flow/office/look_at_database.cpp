#include "flow/office/look_at_database.hpp"

#include "flow/office/keep_beating.hpp"

namespace payments {

Task<void> look_at_database(
    Store& store, HealthRecords& records, const Clock& clock, std::shared_ptr<DatabaseLook> look
) {
    try {
        const auto began = clock.steady();
        co_await store.check_ready();
        look->answered_in = clock.steady() - began;
        look->backlog = co_await store.backlog();
        const auto before = clock.now();
        if (const auto there = co_await records.database_time())
            look->ahead = before + (clock.now() - before) / 2 - *there;
        const auto now = clock.now();
        look->record =
            co_await records.health_record(now - calls_judged_for, now - heartbeats_kept_for);
        SumsQuery of_nothing;
        const auto sums = co_await store.sums(std::move(of_nothing));
        look->is_every_payment_summed = sums.is_complete;
    } catch (const std::exception& broken) {
        look->failure = broken.what();
    }
}

}  // namespace payments
