#include "payment/action.hpp"

#include <iterator>

namespace payments {
namespace {

constexpr std::string_view action_names[] = {
    "note",         "reveal", "refund",       "close",         "ask",
    "review",       "replay", "skip",         "sign_in",       "sign_out",
    "search_email", "export", "ask_close",    "retry_message", "test_event",
    "refund_run",   "erase",  "erase_person", "export_person"};
static_assert(std::size(action_names) == static_cast<std::size_t>(ActionKind::export_person) + 1);

}  // namespace

std::string_view name(ActionKind kind) { return action_names[static_cast<std::size_t>(kind)]; }

}  // namespace payments
