#include <algorithm>

#include "fuzz.hpp"
#include "gateway/simplepay/answers.hpp"
#include "gateway/simplepay/query.hpp"
#include "gateway/simplepay/refunds.hpp"
#include "gateway/simplepay/signature.hpp"

// Any body as SimplePay's answer to start, query and cancel: rightly signed, so that it is read to
// the end, and as a stranger's.
namespace {

using namespace payments;
using namespace payments::simplepay;
using fuzz::require;

const Account account{"PUBLICTESTHUF", "a secret for the fuzzer alone"};

std::vector<Transaction> made_attempts() {
    std::vector<Transaction> attempts{
        fuzz::attempt(42, "FULL-FEE-HUF-SIMPLE", "12990", account.merchant),
        fuzz::attempt(43, "EARLY-FEE-HUF-SIMPLE", "25", account.merchant)};
    LedgerEntry claim;
    claim.fact.kind = FactKind::claimed;
    attempts[1].entries.push_back(claim);
    return attempts;
}
const std::vector<Transaction> attempts = made_attempts();

ProviderResponse signed_answer(const std::string& body, int status = 200) {
    return {status, sign(body, account.secret), body};
}

Facts learned(const QueryResult& said, const Transaction& attempt) {
    return learn_all(said.facts, attempt.terms());
}

void judge_accepted(const StartResult& started, const std::string& body, bool plain_http) {
    const auto said = json::parse_leniently(body).value().tree.get_object();
    require(json::string_or(said, "merchant", "") == account.merchant);
    require(json::string_or(said, "orderRef", "") == "TR42");
    require(json::string_or(said, "currency", "") == "HUF");
    const auto total =
        Money::parse(json::decimal_text(said.at("total")).value(), attempts[0].amount.currency());
    require(total && *total == attempts[0].amount);
    require(plain_http || started.redirect_url.starts_with("https://"));
    require(started.redirect_url.find_first_of(" \r\n") == std::string::npos);
    require(status(learn_all(started.facts, attempts[0].terms())) == Status::pending);
    require(started.facts[0].provider_id.find_first_not_of("0123456789") == std::string::npos);
}

void judge_start(const std::string& body) {
    using Kind = Outcome;
    for (const bool plain_http : {false, true}) {
        const auto started = read_start(attempts[0], account, signed_answer(body), plain_http);
        const bool accepted = started.outcome == Kind::accepted;
        require(started.facts.size() == 1 && started.outcome != Kind::unreachable);
        require(accepted == !started.redirect_url.empty());
        require(accepted == started.reason.empty());
        require((started.outcome == Kind::refused) == (started.facts[0].kind == FactKind::failed));
        if (accepted) judge_accepted(started, body, plain_http);
    }
    // Without a signature nothing is believed but that SimplePay did not know us.
    const auto stranger = read_start(attempts[0], account, {200, "", body}, true);
    require(stranger.outcome == Kind::garbled || stranger.outcome == Kind::refused);
    const auto broken = read_start(attempts[0], account, {503, "", body}, true);
    require(broken.outcome == Kind::unanswered || broken.outcome == Kind::refused);
}

// The same answer with its list of payments turned round.
std::string reversed(const std::string& body) {
    auto tree = json::parse(body);
    auto* object = tree ? tree->if_object() : nullptr;
    auto* list = object ? object->if_contains("transactions") : nullptr;
    if (!list || !list->is_array()) return body;
    std::ranges::reverse(list->get_array());
    return json::write(*tree);
}

void judge_query(const std::string& body) {
    const auto all = read_query(attempts, account, signed_answer(body));
    const auto turned = read_query(attempts, account, signed_answer(reversed(body)));
    const auto forged = read_query(attempts, account, {200, sign(body, "another"), body});
    require(all.size() == attempts.size());
    for (std::size_t i = 0; i < all.size(); ++i) {
        const auto& said = all[i];
        require(said.transaction_id == attempts[i].id);
        require(!said.is_unknown || said.answered);
        for (const auto& fact : said.facts) {
            const bool is_foreign = fact.kind == FactKind::foreign_payment;
            require(is_foreign || fact.account == account.merchant);
            require(!said.is_unknown || fact.kind == FactKind::contradicted);
            require(fact.kind != FactKind::captured || fact.amount);
        }
        // Order means nothing, and nobody is told of another's payment.
        require(learned(said, attempts[i]) == learned(turned[i], attempts[i]));
        require(said.answered == turned[i].answered);
        require(said.is_cancellable == turned[i].is_cancellable);
        const auto alone = read_query({&attempts[i], 1}, account, signed_answer(body));
        require(learned(said, attempts[i]) == learned(alone[0], attempts[i]));

        require(!forged[i].answered && !forged[i].is_unknown && forged[i].facts.empty());
    }
}

void judge_cancel(const std::string& body) {
    const auto said = read_cancel(attempts[0], account, signed_answer(body));
    require(said.facts.size() <= 1 && (said.answered || said.facts.empty()));
    for (const auto& fact : said.facts) require(fact.kind == FactKind::cancelled);
    const auto forged = read_cancel(attempts[0], account, {200, "", body});
    require(!forged.answered && !forged.is_unknown && forged.facts.empty());
}

void judge_refund(const std::string& body) {
    static const Refund wanted{
        "TR42-R1", Money::of(500'000, attempts[0].amount.currency()).value()};
    const auto refunded = read_refund(attempts[0], wanted, account, signed_answer(body));
    const bool accepted = refunded.outcome == Outcome::accepted;
    require(refunded.facts.size() == 1 && refunded.outcome != Outcome::unreachable);
    require(accepted == refunded.reason.empty());
    const auto& fact = refunded.facts[0];
    require(fact.refund == wanted.reference);
    require(accepted == (fact.kind == FactKind::refunded));
    require((refunded.outcome == Outcome::refused) == (fact.kind == FactKind::refund_refused));
    require(!accepted || (fact.amount == wanted.amount && !fact.subject.empty()));

    // Without a signature nothing is believed but that SimplePay did not know us.
    const auto stranger = read_refund(attempts[0], wanted, account, {200, "", body});
    require(stranger.outcome == Outcome::garbled || stranger.outcome == Outcome::refused);
    const auto broken = read_refund(attempts[0], wanted, account, {500, "", body});
    require(broken.outcome == Outcome::unanswered);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string body{fuzz::text_of(data, size)};
    judge_start(body);
    judge_query(body);
    judge_cancel(body);
    judge_refund(body);
    return 0;
}
