#include "flow/office/act.hpp"

#include "payment/story.hpp"

namespace payments {

Task<Result<Action>> add_note(FlowContext& context, NoteRequest request) {
    ActionDetails details{{"text", std::move(request.text)}};
    NewAction note{
        ActionKind::note, std::move(request.by), context.clock.now(), request.transaction_id,
        std::move(details)};
    note.key = std::move(request.key);
    co_return co_await context.store.record_action(std::move(note));
}

Task<Result<Action>> record_reveal(FlowContext& context, RevealRequest request) {
    ActionDetails details{{"why", std::move(request.why)}};
    NewAction shown{
        ActionKind::reveal, std::move(request.by), context.clock.now(), request.transaction_id,
        std::move(details)};
    co_return co_await context.store.record_action(std::move(shown));
}

Task<void> record_email_search(FlowContext& context, Actor by, std::string email, std::string key) {
    ActionDetails details{{"email", mask_email(email)}};
    NewAction search{
        ActionKind::search_email, std::move(by), context.clock.now(), {}, std::move(details)};
    search.key = std::move(key);
    const auto recorded = co_await context.store.record_action(std::move(search));
    recorded.value();
}

Task<void> record_sign(FlowContext& context, ActionKind kind, Actor by, std::string address) {
    ActionDetails details;
    if (!address.empty()) details.emplace("address", std::move(address));
    NewAction sign{kind, std::move(by), context.clock.now(), {}, std::move(details)};
    const auto recorded = co_await context.store.record_action(std::move(sign));
    recorded.value();
}

}  // namespace payments
