#include <algorithm>

#include "flow/checks/check_attempt.hpp"
#include "flow/ticket_scope.hpp"
#include "http/api/api_resources.hpp"
#include "http/api/handlers.hpp"
#include "http/api/office/card.hpp"
#include "http/api/office/requests.hpp"
#include "http/api/office/wire.hpp"

// One payment: its story, its messages, its provider's word (docs/finding.md, 3).
namespace payments::http {
namespace {

std::string why_no_refund(
    const FlowContext& flow, const Privileges& caller, const Transaction& transaction
) {
    if (const auto allowed = may_refund(caller); !allowed) return allowed.error().detail;
    const RefundDetails everything;
    if (const auto possible = request_refund(transaction, everything); !possible)
        return possible.error().detail;
    if (!flow.gateway(transaction.code.processor).has_account(transaction.account))
        return "account " + transaction.account + ", which took the payment, is not set up";
    return "";
}

constexpr auto is_being_started = "the payment is being started at its provider";

std::string why_no_asking(const FlowContext& flow, const Transaction& transaction) {
    if (transaction.amount.is_zero()) return "nothing is to be paid, so no provider knows of it";
    if (!flow.gateway(transaction.code.processor).has_account(transaction.account))
        return "account " + transaction.account + ", which knows the payment, is not set up";
    return "";
}

std::string why_no_asking_now(const FlowContext& flow, const Transaction& transaction) {
    auto why_not = why_no_asking(flow, transaction);
    if (why_not.empty() && seconds_until_started(flow, transaction) > 0) return is_being_started;
    return why_not;
}

// Bodies may be large and a page asks again and again: what was paid with is in one of the last.
constexpr std::size_t messages_searched = 3;

Task<std::string> card_of(FlowContext& flow, const std::vector<KeptMessage>& messages) {
    const auto first = messages.size() - std::min(messages.size(), messages_searched);
    for (auto i = messages.size(); i > first; --i) {
        const auto whole = co_await flow.store.message(messages[i - 1].number);
        if (!whole || !whole->body) continue;
        auto card = card_in(*whole->body);
        if (!card.empty()) co_return card;
    }
    co_return "";
}

}  // namespace

Task<Result<Response>> get_transaction(ApiContext& context, RequestContext& request) {
    const auto id = read_transaction_id(request.body);
    if (!id) co_return id.error();
    const auto story =
        co_await open_payment(context.flow, request.privileges, *id, request.traceparent);
    if (!story) co_return story.error();
    std::vector<Permission> may;
    may.push_back({"refund", why_no_refund(context.flow, request.privileges, story->transaction)});
    may.push_back({"ask", why_no_asking_now(context.flow, story->transaction)});
    may.push_back({"note", ""});  // who may open it
    const auto seeing = may_reveal(request.privileges);
    may.push_back({"reveal", seeing ? "" : seeing.error().detail});
    const auto card = co_await card_of(context.flow, story->messages);
    const auto body = write_story(*story, may, card, context.flow.clock.now());
    co_return json_reply(body);
}

Task<Result<Response>> read_message(ApiContext& context, RequestContext& request) {
    const auto id = read_message_id(request.body);
    if (!id) co_return id.error();
    const auto message =
        co_await read_kept_message(context.flow, request.privileges, *id, request.traceparent);
    if (!message) co_return message.error();
    co_return json_reply(write_kept_message(*message));
}

Task<Result<Response>> post_ask(ApiContext& context, RequestContext& request) {
    const auto id = read_transaction_id(request.body);
    if (!id) co_return id.error();
    const auto known =
        co_await find_transaction(context.flow, request.privileges, *id, request.traceparent);
    if (!known) co_return known.error();
    if (const auto why_not = why_no_asking(context.flow, *known); !why_not.empty())
        co_return Error{
            Errc::not_askable, known->reference() + " cannot be asked about: " + why_not}
            .about(known->id);
    // Behind the look at what the caller may see: to be told to wait would tell that it is there.
    if (const auto wait_s = seconds_until_started(context.flow, *known); wait_s > 0)
        co_return Error{Errc::rate_limited, is_being_started}.retry_after(wait_s).about(known->id);
    const auto wait_s = context.resources.asks_per_payment.seconds_to_wait(
        std::to_string(*id), context.flow.clock.steady()
    );
    if (wait_s > 0)
        co_return Error{Errc::rate_limited, "the provider was asked about this payment just now"}
            .retry_after(wait_s);
    auto by = request.actor();
    const auto asked = co_await ask_provider(context.flow, *known, std::move(by));
    if (!asked) co_return asked.error();
    const json::object body{
        {"transaction_id", asked->id},
        {"status", name(asked->status)},
        {"learned", write_entries(*asked, known->entries.size())},
    };
    co_return json_reply(body);
}

}  // namespace payments::http
