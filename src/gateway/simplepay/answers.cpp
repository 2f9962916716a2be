#include "gateway/simplepay/answers.hpp"

#include <algorithm>
#include <array>
#include <iterator>

#include "gateway/simplepay/fields.hpp"

namespace payments::simplepay {
namespace {

template <std::size_t n>
bool any_of(const std::vector<std::int64_t>& codes, const std::array<std::int64_t, n>& known) {
    return std::ranges::any_of(codes, [&](auto code) { return std::ranges::count(known, code); });
}
template <std::size_t n>
bool all_of(const std::vector<std::int64_t>& codes, const std::array<std::int64_t, n>& known) {
    return std::ranges::all_of(codes, [&](auto code) { return std::ranges::count(known, code); });
}

// These do not say that nothing was created: general and internal errors, a time-out inside
// SimplePay, a payment in progress or paid.
constexpr std::array<std::int64_t, 8> unclear_codes{999, 1529, 2004, 2999, 5000, 5015, 5018, 5304};

// The orderRef exists already. A start is sent once, so it was not this one that made it.
constexpr std::array<std::int64_t, 1> spent_codes{5013};

// SimplePay could not tell who we are or check our signature, so its answer is unsigned, or signed
// with a secret that is not the one we hold. No payment can come of such a call, and only a wrong
// setting of ours causes it: these alone are believed without a signature that we can check.
constexpr std::array<std::int64_t, 4> stranger_codes{5010, 5201, 5302, 5303};

// The payment may exist: its attempt becomes `unknown` and holds the fee until SimplePay has spoken
// (docs/design.md, 3.2).
StartResult unusable(Outcome outcome, std::string why) {
    StartResult started;
    started.outcome = outcome;
    Fact fact;
    fact.kind = FactKind::unanswered;
    fact.detail = std::move(why);
    started.facts.push_back(std::move(fact));
    started.reason =
        outcome == Outcome::garbled
            ? "SimplePay's answer could not be understood; the payment is being checked"
            : "SimplePay did not answer; the payment is being checked";
    return started;
}

// What SimplePay says of the payer's data (docs/providers/simplepay.md, 12.2), and the member of a
// start's body that holds it.
constexpr struct PayerFault {
    std::int64_t code;
    std::string_view pointer, detail;
} payer_faults[] = {
    {5057, "/metas/phone", "is no phone number that SimplePay takes"},
    {5219, "/metas/email", "is no e-mail address that SimplePay takes"},
    {5220, "/metas/language", "is no language that SimplePay takes"},
    {5309, "/metas/name", "is needed by SimplePay, or a company"},
    {5310, "/metas/city", "is needed by SimplePay"},
    {5311, "/metas/zip", "is needed by SimplePay"},
    {5312, "/metas/address", "is needed by SimplePay"},
    {5322, "/metas/country", "is no country that SimplePay takes"},
};

// Empty when anything else was refused as well: then mending these would not help.
std::vector<Wrong> wrong_members(const std::vector<std::int64_t>& codes) {
    std::vector<Wrong> wrong;
    for (const auto code : codes) {
        const auto* fault = std::ranges::find(payer_faults, code, &PayerFault::code);
        if (fault == std::end(payer_faults)) return {};
        wrong.push_back({std::string{fault->pointer}, std::string{fault->detail}});
    }
    return wrong;
}

StartResult refusal(const std::vector<std::int64_t>& codes) {
    StartResult started;
    started.outcome = Outcome::refused;
    Fact fact;
    fact.kind = FactKind::failed;
    fact.subject = listed(codes);
    fact.detail = "SimplePay refused to start the payment, error " + listed(codes);
    started.facts.push_back(std::move(fact));
    started.wrong = wrong_members(codes);
    started.reason = started.wrong.empty() ? "SimplePay refused to start the payment"
                                           : "SimplePay does not take the payer's data";
    return started;
}

StartResult spent() {
    StartResult started;
    started.outcome = Outcome::refused;
    started.is_number_spent = true;
    Fact fact;
    fact.kind = FactKind::foreign_payment;
    fact.detail = "SimplePay has had this orderRef before, error 5013";
    started.facts.push_back(std::move(fact));
    started.reason = "SimplePay has had this number before";
    return started;
}

// The visitor's browser is sent there, so no other scheme: simple:// would open an app
// (docs/providers/simplepay.md, 4.4).
bool is_payment_url(std::string_view url, bool plain_http) {
    const bool scheme = url.starts_with("https://") || (plain_http && url.starts_with("http://"));
    return scheme && url.size() <= 2048 &&
           std::ranges::all_of(url, [](unsigned char c) { return c > 0x20 && c < 0x7f; });
}

// What in the answer is not about our order; "" when all is.
std::string difference(
    const Transaction& attempt, const Account& account, const json::object& answer, bool plain_http
) {
    // As decimals: neither text (25.0 is 25) nor a double can be compared
    // (docs/providers/simplepay.md, 3.3).
    const auto total = decimal_at(answer, "total");
    const auto amount = total && !total->negative
                            ? Money::parse(total->digits, attempt.amount.currency())
                            : Result<Money>{Errc::invalid_request};

    if (json::string_or(answer, "merchant", "") != account.merchant) return "another merchant";
    if (json::string_or(answer, "orderRef", "") != attempt.reference()) return "another orderRef";
    if (json::string_or(answer, "currency", "") != attempt.amount.currency().code())
        return "another currency";
    if (!amount || *amount != attempt.amount) return "another total";
    if (id_at(answer, "transactionId").empty()) return "no transactionId";
    if (!is_payment_url(json::string_or(answer, "paymentUrl", ""), plain_http))
        return "no usable paymentUrl";
    return {};
}

}  // namespace

StartResult read_start(
    const Transaction& attempt, const Account& account, const ProviderResponse& answer,
    bool plain_http
) {
    using enum Outcome;
    // First who says no, then what leaves it open; `accepted` needs a signature and every member
    // right.
    const bool trusted = is_signed(answer.body, answer.signature, account.secret);
    const auto body = object_of(answer.body);
    const auto codes = body ? error_codes(*body) : std::vector<std::int64_t>{};

    if (trusted && any_of(codes, spent_codes)) return spent();
    if (!codes.empty() && !any_of(codes, unclear_codes) && !any_of(codes, spent_codes) &&
        (trusted || all_of(codes, stranger_codes)))
        return refusal(codes);
    if (trusted && !codes.empty())
        return unusable(unanswered, "SimplePay's error " + listed(codes) + " leaves it open");
    // Somebody in between: SimplePay itself answers 200 even when it refuses
    // (docs/providers/simplepay.md, 3.1).
    if (!trusted && answer.status >= 500)
        return unusable(unanswered, "SimplePay answered " + std::to_string(answer.status));
    if (!trusted) return unusable(garbled, "the answer to start is not signed by SimplePay");
    if (!body || answer.status != 200) return unusable(garbled, "the answer to start is malformed");
    if (const auto what = difference(attempt, account, *body, plain_http); !what.empty())
        return unusable(garbled, "the answer to start is about " + what);

    StartResult started;
    started.outcome = accepted;
    Fact fact;
    fact.kind = FactKind::accepted;
    fact.provider_id = id_at(*body, "transactionId");
    fact.account = account.merchant;
    started.facts.push_back(std::move(fact));
    started.redirect_url = json::string_or(*body, "paymentUrl", "");
    return started;
}

QueryResult read_cancel(
    const Transaction& attempt, const Account& account, const ProviderResponse& answer
) {
    QueryResult said;
    said.transaction_id = attempt.id;
    const auto body = object_of(answer.body);
    if (!is_signed(answer.body, answer.signature, account.secret) || !body) return said;

    if (const auto codes = error_codes(*body); !codes.empty()) {
        // Which codes say that there is none, and which say nothing: docs/providers/simplepay.md,
        // 12.1.
        constexpr std::array<std::int64_t, 1> not_found{5011};
        constexpr std::array<std::int64_t, 6> no_answer{999, 1529, 2004, 2999, 5000, 5304};
        said.answered = !any_of(codes, no_answer);
        said.is_unknown = any_of(codes, not_found);
        return said;
    }
    const bool ours = json::string_or(*body, "merchant", "") == account.merchant &&
                      json::string_or(*body, "orderRef", "") == attempt.reference() &&
                      may_be_made_for(attempt, {id_at(*body, "transactionId")});
    if (!ours || json::string_or(*body, "status", "") != "CANCELLED") return said;

    said.answered = true;
    Fact fact;
    fact.kind = FactKind::cancelled;
    fact.provider_id = id_at(*body, "transactionId");
    fact.account = account.merchant;
    said.facts.push_back(std::move(fact));
    return said;
}

}  // namespace payments::simplepay
