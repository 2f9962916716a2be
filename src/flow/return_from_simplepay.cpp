#include "flow/return_from_simplepay.hpp"

#include "flow/record_facts.hpp"

namespace payments {
namespace {

// One account's key cannot speak for another's payment, nor one payment's return for another. An
// attempt without an id at SimplePay has sent nobody there.
bool is_about(const Return& back, const Transaction& attempt) {
    return attempt.code.processor == Processor::simplepay && attempt.account == back.account &&
           is_made_for(attempt, {std::to_string(back.provider_id)});
}

Fact hint(const Return& back) {
    Fact fact;
    fact.kind = FactKind::returned;
    fact.subject = back.result;
    if (back.response_code != 0)
        fact.detail = "response code " + std::to_string(back.response_code);
    return fact;
}

}  // namespace

Task<Result<ReturnReply>> return_from_simplepay(
    FlowContext& context, std::string r, std::string s
) {
    const auto back = context.returns.read_return(r, s);
    if (!back) co_return back.error();
    const auto attempt = co_await context.store.transaction(back->transaction_id);
    if (!attempt)
        co_return Error{Errc::unknown_transaction, "no payment of ours has this order reference"};
    if (!is_about(*back, *attempt))
        co_return Error{Errc::invalid_signature, "this return belongs to another payment"};

    std::vector<Fact> facts{hint(*back)};
    auto heard = Heard::about(attempt->id, Source::visitor, context.clock.now(), std::move(facts))
                     .and_check(is_live(attempt->status));
    const auto recorded = co_await record_facts(context, std::move(heard));

    ReturnReply returned{recorded.transaction.value_or(*attempt)};
    // What is known for certain outranks an address that may be reloaded days later.
    const auto& now = returned.transaction;
    const bool was_paid = now.paid_at && now.status != Status::review;
    returned.message = was_paid ? "SUCCESS" : back->result;
    if (returned.message == "SUCCESS" || returned.message == "FAIL")
        returned.provider_transaction_id = std::to_string(back->provider_id);
    co_return returned;
}

}  // namespace payments
