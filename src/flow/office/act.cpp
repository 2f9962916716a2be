#include "flow/office/act.hpp"

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

}  // namespace payments
