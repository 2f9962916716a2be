#pragma once

#include <map>
#include <set>
#include <string>
#include <string_view>

#include "payment/error.hpp"

namespace payments {

// Privilege name to value: "true", or a comma list such as "HU,INT"; "*" alone matches all.
// They come from a token that was verified (http/auth), and are judged here alone (docs/design.md,
// 4.4). All functions are pure; safe on any thread.
using Privileges = std::map<std::string, std::string, std::less<>>;

// Whose token it was. A user token carries the user's privileges; a service token those of the
// user on whose behalf it calls.
struct Caller {
    enum class Kind : std::uint8_t { user, service } kind = Kind::user;
    std::string name;  // `sub` of a user token, `service` of a service token
    Privileges privileges;
    std::string shown_name{};  // `name` of a user token, to be shown; "" without one
};

bool has(const Privileges& privileges, std::string_view name);  // its value is "true"
bool allows(std::string_view list, std::string_view value);     // comma list, or "*" alone

// The members of a ticket that a scope speaks of.
struct TicketScope {
    std::string flag, year, event;

    friend bool operator==(const TicketScope&, const TicketScope&) = default;
};
// Whether it can be put on record: no member is longer than scope_bytes_max or has a zero byte.
inline constexpr std::size_t scope_bytes_max = 255;
bool can_be_kept(const TicketScope& scope);

// payments_search, and all three of tickets_search_* or all three of tickets_get_*.
// Errc::forbidden names the privilege that is missing, or all six when neither set is whole.
Result<void> may_list_transactions(const Privileges& privileges);
// All three of tickets_search_*, or all three of tickets_get_*: without, no ticket is visible.
bool has_scope(const Privileges& privileges);
// Each of the three is "*" alone, so that no ticket lies outside.
bool may_see_every_ticket(const Privileges& privileges);
// The ticket lies inside one of the scopes that the privileges open; Errc::ticket_out_of_scope.
// Each of the two sets counts as a whole: the flags of one with the years of the other would open
// what neither does.
Result<void> may_see_ticket(const Privileges& privileges, const TicketScope& ticket);
// payments_search.
Result<void> may_search(const Privileges& privileges);
// payments_search, for messages about payments, or payments_operate, for those about none.
Result<void> may_read_messages(const Privileges& privileges);
// payments_refund.
Result<void> may_refund(const Privileges& privileges);
// payments_refund_bulk.
Result<void> may_refund_in_bulk(const Privileges& privileges);
// payments_personal.
Result<void> may_reveal(const Privileges& privileges);
// payments_erase.
Result<void> may_erase(const Privileges& privileges);
// payments_review.
Result<void> may_review(const Privileges& privileges);
// payments_audit.
Result<void> may_audit(const Privileges& privileges);
// payments_operate.
Result<void> may_operate(const Privileges& privileges);
// payments_operate, and every ticket: of what is about settlements.
Result<void> may_operate_settlements(const Privileges& privileges);
// payments_export.
Result<void> may_export(const Privileges& privileges);
// payments_settlement, and every ticket: settlements are of the whole festival.
Result<void> may_settle(const Privileges& privileges);
// payments_settlement or payments_export, and every ticket.
Result<void> may_see_settlements(const Privileges& privileges);
// payments_export, and every ticket: books of settlements are of the whole festival.
Result<void> may_export_books(const Privileges& privileges);
// payments_close.
Result<void> may_close(const Privileges& privileges);

}  // namespace payments
