#include "payment/closing.hpp"

namespace payments {
namespace {

Error not_closable(const Transaction& transaction, const std::string& why) {
    return Error{Errc::not_closable, transaction.reference() + " cannot be closed: " + why}.about(
        transaction.id
    );
}

// Without money, and yet a person has to look at it, or nobody can pay its fee.
bool is_open(const Facts& facts) {
    return is_live(status(facts)) || holds_fee(facts) || is_payable_after_its_end(facts) ||
           !facts.foreign_captures.empty();
}

}  // namespace

Result<Fact> request_close(const Transaction& transaction, const CloseDetails& details, Time now) {
    if (details.reason.empty()) {
        Error error{Errc::invalid_request, "a reason is needed"};
        error.wrong.push_back({"/reason", "is needed"});
        return error;
    }
    const auto facts = facts_of(transaction);
    if (!facts.captures_minor.empty())
        return not_closable(transaction, "money was taken with it; give it back instead");
    if (facts.is_closed || !is_open(facts)) return not_closable(transaction, "it is over");
    if (is_live(status(facts)) && now <= transaction.expires_at)
        return not_closable(transaction, "the visitor may still pay it");

    Fact fact;
    fact.kind = FactKind::closed;
    fact.detail = "by " + (details.by.empty() ? "an operator" : details.by) + ": " + details.reason;
    return fact;
}

}  // namespace payments
