#pragma once

#include <string_view>

#include "flow/messages.hpp"

namespace payments::gateway {

// What the tickets service says, or why it is none of what we asked for.
// Errc::tickets_unavailable for a body that is no ticket.
Result<Ticket> read_ticket(std::int64_t ticket_id, std::string_view body);

}  // namespace payments::gateway
