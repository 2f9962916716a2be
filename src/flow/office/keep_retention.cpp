#include "flow/office/keep_retention.hpp"

#include "flow/office/personal_data.hpp"
#include "flow/poll.hpp"

namespace payments {
namespace {

using namespace std::chrono_literals;

// So that payments are not kept waiting by a long row of small steps.
constexpr auto between_steps = 100ms;
constexpr auto looks_every = 30s;

Task<std::chrono::milliseconds> retention_round(FlowContext& context) {
    const auto step = co_await context.personal->keep(context.clock.now());
    co_return step == RetentionStep::more ? between_steps : std::chrono::milliseconds{looks_every};
}

}  // namespace

Task<void> keep_retention(FlowContext& context) {
    return poll(context, "erasing personal data", retention_round);
}

}  // namespace payments
