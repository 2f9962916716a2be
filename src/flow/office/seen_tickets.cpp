#include "flow/office/seen_tickets.hpp"

namespace payments {

bool SeenTickets::has(
    std::int64_t ticket_id, const Privileges& caller, std::int64_t scope_id,
    std::chrono::milliseconds now
) const {
    const auto found = seen_.find({ticket_id, caller});
    return found != seen_.end() && found->second.scope_id == scope_id && now < found->second.until;
}

void SeenTickets::add(
    std::int64_t ticket_id, Privileges caller, std::int64_t scope_id,
    std::chrono::milliseconds asked_at
) {
    if (seen_.size() >= most)
        std::erase_if(seen_, [&](const auto& one) { return one.second.until <= asked_at; });
    if (seen_.size() >= most) seen_.clear();
    const Seen seen{scope_id, asked_at + lasts};
    seen_.insert_or_assign({ticket_id, std::move(caller)}, seen);
}

void SeenTickets::forget_elsewhere(std::int64_t ticket_id, std::optional<std::int64_t> scope_id) {
    auto one = seen_.lower_bound({ticket_id, Privileges{}});
    while (one != seen_.end() && one->first.first == ticket_id)
        one = one->second.scope_id == scope_id ? std::next(one) : seen_.erase(one);
}

}  // namespace payments
