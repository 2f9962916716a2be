#pragma once

#include "flow/flow_context.hpp"

namespace payments {

// What came of it.
struct RetriedMessage {
    // Which transaction the message is about; nothing when there is none, or when the caller may
    // not know of it.
    std::optional<std::int64_t> transaction_id{};
    bool is_matched = false;
    std::string why_not{};  // for people; "" when it is matched
};

// Reads a kept message once more that was about no transaction, as is done by itself for three days
// (flow/retry_unmatched): its payment may be known by now, after a restore, say. Who asks is on
// record before it is read. One that was never verified teaches nothing, whoever asks. Of one that
// is about a transaction already that is told, to those who see every ticket. Errc::unknown_message
// when there is none, and in the same words to others. Throws as the ports do. On the loop of
// `context`.
Task<Result<RetriedMessage>> retry_message(
    FlowContext& context, Privileges caller, std::int64_t number, Actor by
);

}  // namespace payments
