#include "payment/privileges.hpp"

#include <algorithm>
#include <array>

namespace payments {
namespace {

constexpr std::array scope_members{"flags", "years", "events"};

// The value of {prefix}{member}, or nullptr.
const std::string* find(const Privileges& privileges, const std::string& name) {
    const auto found = privileges.find(name);
    return found == privileges.end() ? nullptr : &found->second;
}

bool has_all(const Privileges& privileges, const std::string& prefix) {
    for (const auto* member : scope_members)
        if (find(privileges, prefix + member) == nullptr) return false;
    return true;
}

bool opens(const Privileges& privileges, const std::string& prefix, const TicketScope& ticket) {
    const std::array values{&ticket.flag, &ticket.year, &ticket.event};
    for (std::size_t i = 0; i < scope_members.size(); ++i) {
        const auto* list = find(privileges, prefix + scope_members[i]);
        if (list == nullptr || !allows(*list, *values[i])) return false;
    }
    return true;
}

}  // namespace

bool has(const Privileges& privileges, std::string_view name) {
    const auto found = privileges.find(name);
    return found != privileges.end() && found->second == "true";
}

bool allows(std::string_view list, std::string_view value) {
    if (list == "*") return true;
    // A ticket without a flag, year or event is in no list, whatever empty items that has.
    if (value.empty()) return false;
    while (true) {
        const auto comma = list.find(',');
        auto item = list.substr(0, comma);
        while (item.starts_with(' ')) item.remove_prefix(1);
        while (item.ends_with(' ')) item.remove_suffix(1);
        if (item == value) return true;
        if (comma == std::string_view::npos) return false;
        list.remove_prefix(comma + 1);
    }
}

Result<void> may_search(const Privileges& privileges) {
    if (!has(privileges, "payments_search"))
        return Error{Errc::forbidden, "the privilege payments_search is needed"};
    return {};
}

Result<void> may_read_messages(const Privileges& privileges) {
    if (!has(privileges, "payments_search") && !has(privileges, "payments_operate"))
        return Error{
            Errc::forbidden, "the privilege payments_search or payments_operate is needed"};
    return {};
}

Result<void> may_refund(const Privileges& privileges) {
    if (!has(privileges, "payments_refund"))
        return Error{Errc::forbidden, "the privilege payments_refund is needed"};
    return {};
}

Result<void> may_refund_in_bulk(const Privileges& privileges) {
    if (!has(privileges, "payments_refund_bulk"))
        return Error{Errc::forbidden, "the privilege payments_refund_bulk is needed"};
    return {};
}

Result<void> may_reveal(const Privileges& privileges) {
    if (!has(privileges, "payments_personal"))
        return Error{Errc::forbidden, "the privilege payments_personal is needed"};
    return {};
}

Result<void> may_erase(const Privileges& privileges) {
    if (!has(privileges, "payments_erase"))
        return Error{Errc::forbidden, "the privilege payments_erase is needed"};
    return {};
}

Result<void> may_export(const Privileges& privileges) {
    if (!has(privileges, "payments_export"))
        return Error{Errc::forbidden, "the privilege payments_export is needed"};
    return {};
}

namespace {

Result<void> need_every_ticket(const Privileges& privileges) {
    if (may_see_every_ticket(privileges)) return {};
    return Error{
        Errc::forbidden,
        "settlements are of all tickets: * is needed in all of tickets_search_*, or of "
        "tickets_get_*"};
}

}  // namespace

Result<void> may_settle(const Privileges& privileges) {
    if (!has(privileges, "payments_settlement"))
        return Error{Errc::forbidden, "the privilege payments_settlement is needed"};
    return need_every_ticket(privileges);
}

Result<void> may_see_settlements(const Privileges& privileges) {
    if (!has(privileges, "payments_settlement") && !has(privileges, "payments_export"))
        return Error{
            Errc::forbidden, "the privilege payments_settlement or payments_export is needed"};
    return need_every_ticket(privileges);
}

Result<void> may_export_books(const Privileges& privileges) {
    if (const auto may = may_export(privileges); !may) return may.error();
    return need_every_ticket(privileges);
}

Result<void> may_close(const Privileges& privileges) {
    if (!has(privileges, "payments_close"))
        return Error{Errc::forbidden, "the privilege payments_close is needed"};
    return {};
}

Result<void> may_review(const Privileges& privileges) {
    if (!has(privileges, "payments_review"))
        return Error{Errc::forbidden, "the privilege payments_review is needed"};
    return {};
}

Result<void> may_audit(const Privileges& privileges) {
    if (!has(privileges, "payments_audit"))
        return Error{Errc::forbidden, "the privilege payments_audit is needed"};
    return {};
}

Result<void> may_operate(const Privileges& privileges) {
    if (!has(privileges, "payments_operate"))
        return Error{Errc::forbidden, "the privilege payments_operate is needed"};
    return {};
}

Result<void> may_operate_settlements(const Privileges& privileges) {
    if (const auto may = may_operate(privileges); !may) return may.error();
    return need_every_ticket(privileges);
}

bool can_be_kept(const TicketScope& scope) {
    return std::ranges::all_of(
        std::array{&scope.flag, &scope.year, &scope.event},
        [](const std::string* member) {
            return member->size() <= scope_bytes_max && member->find('\0') == member->npos;
        }
    );
}

Result<void> may_list_transactions(const Privileges& privileges) {
    if (const auto search = may_search(privileges); !search) return search.error();
    if (!has_scope(privileges))
        return Error{
            Errc::forbidden,
            "all of tickets_search_flags, tickets_search_years and tickets_search_events are "
            "needed, or all of "
            "tickets_get_flags, tickets_get_years and tickets_get_events"};
    return {};
}

bool has_scope(const Privileges& privileges) {
    return has_all(privileges, "tickets_search_") || has_all(privileges, "tickets_get_");
}

bool may_see_every_ticket(const Privileges& privileges) {
    const TicketScope of_nothing;  // which "*" alone opens
    return may_see_ticket(privileges, of_nothing).has_value();
}

Result<void> may_see_ticket(const Privileges& privileges, const TicketScope& ticket) {
    if (opens(privileges, "tickets_search_", ticket) || opens(privileges, "tickets_get_", ticket))
        return {};
    return Error{
        Errc::ticket_out_of_scope,
        "this ticket is outside the flags, years and events you may see"};
}

}  // namespace payments
