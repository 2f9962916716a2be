#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <utility>

#include "payment/privileges.hpp"

namespace payments {

// Which tickets callers were allowed to see when the tickets service was last asked, so that a page
// that asks again and again does not ask it each time (docs/finding.md, 1). It counts for a minute,
// for the same privileges, and only for what is on record where the ticket was then: who moves a
// payment on record, on whichever replica, ends it. Refusals and failures are not kept. One for
// each event loop; on its thread.
class SeenTickets {
public:
    static constexpr std::chrono::seconds lasts{60};
    static constexpr std::size_t most = 1'000;  // beyond that it begins anew

    // Whether the caller may see the ticket, whose payment is on record in this scope. Times are
    // those of Clock::steady.
    bool has(
        std::int64_t ticket_id, const Privileges& caller, std::int64_t scope_id,
        std::chrono::milliseconds now
    ) const;
    // `asked_at` is when the question was sent: the ticket may move while it is answered.
    void add(
        std::int64_t ticket_id, Privileges caller, std::int64_t scope_id,
        std::chrono::milliseconds asked_at
    );
    // The ticket is there now, or in no scope that could be put on record.
    void forget_elsewhere(std::int64_t ticket_id, std::optional<std::int64_t> scope_id);

private:
    struct Seen {
        std::int64_t scope_id;
        std::chrono::milliseconds until;
    };
    std::map<std::pair<std::int64_t, Privileges>, Seen> seen_;
};

}  // namespace payments
