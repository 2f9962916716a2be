#pragma once

#include <string_view>

#include "flow/messages.hpp"

namespace payments::gateway {

// The ticket in an answer of the tickets service. Errc::tickets_unavailable for a body that is no
// ticket, or another one than `ticket_id`. An option of its template that cannot be read is kept
// with what is wrong with it (TemplateOption::unreadable). Pure; safe on any thread.
Result<Ticket> read_ticket(std::int64_t ticket_id, std::string_view body);

}  // namespace payments::gateway
