#include "payment/exports.hpp"

#include <algorithm>
#include <map>

namespace payments {
namespace {

using What = ExportRequest::What;

constexpr std::string_view form_names[] = {"rfc4180", "excel-hu"};
static_assert(std::size(form_names) == static_cast<std::size_t>(CsvForm::excel_hu) + 1);

constexpr std::string_view what_names[] = {"movements", "payments", "refunds", "daily_totals"};
static_assert(std::size(what_names) == static_cast<std::size_t>(What::daily_totals) + 1);

template <class T>
bool holds(const std::vector<T>& list, const T& value) {
    return list.empty() || std::ranges::find(list, value) != list.end();
}

bool is_of_amount(const ExportRequest& request, const Money& agreed) {
    if (!request.amount_from_minor && !request.amount_to_minor) return true;
    return agreed.currency() == request.currency &&
           agreed.minor() >= request.amount_from_minor.value_or(0) &&
           agreed.minor() <= request.amount_to_minor.value_or(agreed.minor());
}

// All that is asked of the payment itself.
bool is_asked_for(const ExportRequest& request, const Transaction& transaction) {
    return holds(request.statuses, transaction.status) &&
           holds(request.processors, transaction.code.processor) &&
           holds(request.fee_types, transaction.code.fee_type) &&
           is_of_amount(request, transaction.amount) &&
           (!request.ticket_id || *request.ticket_id == transaction.ticket_id);
}

// And of money that moved.
bool is_asked_for(
    const ExportRequest& request, const Transaction& transaction, const Movement& movement
) {
    const auto when = request.by_creation ? transaction.created_at : movement.at;
    return when >= request.from && when < request.to &&
           (!request.currency || *request.currency == movement.amount.currency());
}

bool is_about_refund(const Movement& movement) {
    return movement.kind == MovementKind::given_back || movement.kind == MovementKind::came_back;
}

std::string row_id(const Transaction& transaction, const Movement& movement) {
    if (movement.kind == MovementKind::taken) return transaction.reference();
    const auto whose = movement.refund.empty() ? transaction.reference() + "-" + movement.subject
                                               : movement.refund;
    if (movement.kind == MovementKind::came_back) return whose + "-back";
    return movement.kind == MovementKind::dispute_won ? whose + "-won" : whose;
}

}  // namespace

std::string_view name(CsvForm form) { return form_names[static_cast<std::size_t>(form)]; }
std::string_view name(What what) { return what_names[static_cast<std::size_t>(what)]; }

std::vector<ExportedMovement> movements_for(
    const ExportRequest& request, const Transaction& transaction
) {
    if (!is_asked_for(request, transaction)) return {};
    std::vector<ExportedMovement> list;
    std::map<std::string, int> counts;
    for (auto& movement : movements(transaction)) {
        auto id = row_id(transaction, movement);
        if (const auto count = ++counts[id]; count > 1) id += "-" + std::to_string(count);
        const bool is_of_sort = request.what != What::refunds || is_about_refund(movement);
        if (is_of_sort && is_asked_for(request, transaction, movement))
            list.push_back({std::move(id), std::move(movement)});
    }
    return list;
}

std::optional<ExportedPayment> payment_for(
    const ExportRequest& request, const Transaction& transaction
) {
    if (!is_asked_for(request, transaction)) return {};
    const auto all = movements(transaction);
    const auto taken = std::ranges::find(all, MovementKind::taken, &Movement::kind);
    if (taken == all.end() || !is_asked_for(request, transaction, *taken)) return {};
    ExportedPayment payment{taken->at, taken->amount};
    for (const auto& movement : all) {
        if (&movement == &*taken || movement.amount.currency() != taken->amount.currency())
            continue;
        auto& sum = is_about_refund(movement) ? payment.refunded_minor : payment.disputed_minor;
        sum -= sign_of(movement.kind) * movement.amount.minor();
    }
    return payment;
}

}  // namespace payments
