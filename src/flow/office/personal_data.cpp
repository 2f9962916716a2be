#include "flow/office/personal_data.hpp"

#include "payment/movements.hpp"
#include "payment/story.hpp"

namespace payments {
namespace {

bool is_under_way(const Transaction& transaction) {
    const auto facts = facts_of(transaction);
    return is_live(transaction.status) || reserved_minor(facts) > 0 ||
           has_dispute(facts, DisputeState::open) || has_dispute(facts, DisputeState::inquiry) ||
           has_dispute(facts, DisputeState::unclear);
}

}  // namespace

std::string_view name(DataFate fate) {
    constexpr std::string_view names[] = {"goes", "kept_for_accounts", "waits"};
    return names[static_cast<std::size_t>(fate)];
}

Fate data_fate(const Transaction& transaction) {
    if (is_under_way(transaction)) return {DataFate::waits};
    const auto moved = movements(transaction);
    if (moved.empty() || transaction.amount.is_zero()) return {DataFate::goes};
    return {DataFate::kept_for_accounts, moved.back().at};
}

std::string Person::about() const {
    return ticket_id ? "ticket " + std::to_string(*ticket_id) : mask_email(email);
}

std::string_view name(DataState state) {
    constexpr std::string_view names[] = {"held", "waiting", "restricted", "erased"};
    return names[static_cast<std::size_t>(state)];
}

}  // namespace payments
