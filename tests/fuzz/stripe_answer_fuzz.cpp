#include <algorithm>

#include "fuzz.hpp"
#include "gateway/stripe/refunds.hpp"
#include "gateway/stripe/requests.hpp"

// Any body as Stripe's answer, under each status that is read differently.
namespace {

using namespace payments;
using namespace payments::stripe;
using fuzz::require;

Transaction made_attempt() {
    auto attempt = fuzz::attempt(42, "FULL-FEE-HUF-STRIPE-INTENTS", "17490", "test");
    attempt.provider_id = "pi_1";
    return attempt;
}
const Transaction ours = made_attempt();
constexpr std::int64_t units = 1'749'000;

bool is_2xx(const ProviderResponse& answer) { return answer.status / 100 == 2; }

json::object object_in(const ProviderResponse& answer) {
    return json::parse_leniently(answer.body).value().tree.get_object();
}

void judge_created(const ProviderResponse& answer) {
    using Kind = Outcome;
    const auto started = read_created(ours, answer);
    const bool accepted = started.outcome == Kind::accepted;
    require(started.facts.size() == 1 && started.outcome != Kind::unreachable);
    require(accepted == !started.client_secret.empty() && accepted == started.reason.empty());
    require((started.outcome == Kind::refused) == (started.facts[0].kind == FactKind::failed));
    require(!is_2xx(answer) || started.outcome != Kind::refused);
    if (!accepted) return;

    const auto said = object_in(answer);
    require(is_2xx(answer));
    require(said.at("amount") == json::value(units) && said.at("currency") == "huf");
    require(said.at("metadata").at("attempt") == json::value(creation_key(ours)));
    require(!said.contains("livemode") || said.at("livemode") != json::value(true));
    require(status(learn_all(started.facts, ours.terms())) == Status::pending);
}

void judge_intent(const ProviderResponse& answer) {
    auto unknown = ours;
    unknown.provider_id.clear();  // not heard of before: its id is taken as it is
    const auto said = read_intent(unknown, answer);
    require(said.answered || (said.facts.empty() && !said.is_payable && !said.is_cancellable));
    require(!said.is_unknown || (said.answered && said.facts.empty() && answer.status == 404));
    require(!said.is_payable || said.is_cancellable);
    require(said.client_secret.empty() || said.is_payable);
    for (const auto& fact : said.facts) require(fact.account == ours.account);

    // Paid is what was asked for, to the last unit.
    if (status(learn_all(said.facts, ours.terms())) != Status::paid) return;
    const auto intent = object_in(answer);
    require(is_2xx(answer) && intent.at("status") == "succeeded");
    require(intent.at("amount_received") == json::value(units));

    // Another intent than the one we know of says nothing about ours.
    auto known = ours;
    known.provider_id = intent_id(answer) + "x";
    require(!read_intent(known, answer).answered);
}

// Whether an intent says that it was made by our creation.
bool is_of_ours(const json::object& intent) {
    const auto* metadata = intent.if_contains("metadata");
    if (!metadata || !metadata->is_object()) return false;
    const auto* attempt = metadata->get_object().if_contains("attempt");
    return attempt && *attempt == json::value(creation_key(ours));
}

void judge_found(const ProviderResponse& answer) {
    const auto id = read_found(ours, answer);
    if (!id || id->empty()) return;
    const auto list = object_in(answer).at("data").get_array();
    require(std::ranges::any_of(list, [&](const json::value& item) {
        const auto* intent = item.if_object();
        return intent && json::string_or(*intent, "id", "") == *id && is_of_ours(*intent);
    }));
}

// The same list turned round.
ProviderResponse reversed(const ProviderResponse& answer) {
    auto tree = json::parse(answer.body);
    auto* object = tree ? tree->if_object() : nullptr;
    auto* list = object ? object->if_contains("data") : nullptr;
    if (!list || !list->is_array()) return answer;
    std::ranges::reverse(list->get_array());
    return {answer.status, {}, json::write(*tree)};
}

void judge_refunds(const ProviderResponse& answer) {
    const auto page = read_refunds(ours, answer);
    const auto turned = read_refunds(ours, reversed(answer));
    require(page.has_value() == turned.has_value());
    require(!has_refunds(answer) || !intent_id(answer).empty());
    if (!page) return;
    require(is_2xx(answer) && (!page->has_more || !page->last_id.empty()));
    for (const auto& fact : page->facts) {
        require(fact.account == ours.account && !fact.subject.empty());
        require(
            is_refund(fact.kind) || fact.kind == FactKind::refund_failed ||
            fact.kind == FactKind::mismatched
        );
        require(!is_refund(fact.kind) || fact.amount);
    }
    require(learn_all(page->facts, ours.terms()) == learn_all(turned->facts, ours.terms()));
}

// Whatever is answered, the order is settled by what is about it, or it stays open.
void judge_refund(const ProviderResponse& answer, bool sent_before) {
    static const Refund wanted{"TR42-R1", Money::of(500'000, ours.amount.currency()).value()};
    const auto refunded = read_refund(ours, wanted, answer, sent_before);
    const bool accepted = refunded.outcome == Outcome::accepted;
    require(!refunded.facts.empty() && refunded.outcome != Outcome::unreachable);
    require(accepted == refunded.reason.empty() && (!accepted || is_2xx(answer)));
    for (const auto& fact : refunded.facts) {
        const bool made = is_refund(fact.kind);
        require(fact.refund == wanted.reference || fact.kind == FactKind::refund_failed);
        require(!made || (fact.amount == wanted.amount && !fact.subject.empty()));
        require(made || !accepted);
        const bool open = fact.kind == FactKind::refund_unanswered;
        require(
            open ==
            (refunded.outcome == Outcome::unanswered || refunded.outcome == Outcome::garbled)
        );
    }
}

int digit(char c) { return c <= '9' ? c - '0' : c - 'A' + 10; }

void judge_encoding(std::string_view text) {
    const auto encoded = encode({{"q", std::string{text}}});
    require(encoded.starts_with("q="));
    std::string decoded;
    for (std::size_t i = 2; i < encoded.size(); ++i) {
        if (encoded[i] == '%') {
            decoded += static_cast<char>(digit(encoded[i + 1]) * 16 + digit(encoded[i + 2]));
            i += 2;
        } else {
            require(encoded[i] > ' ' && encoded[i] < 0x7f && encoded[i] != '&');
            decoded += encoded[i];
        }
    }
    require(decoded == text);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string body{fuzz::text_of(data, size)};
    for (const int status : {200, 400, 402, 404, 409, 500}) {
        const ProviderResponse answer{status, {}, body};
        judge_created(answer);
        judge_intent(answer);
        judge_found(answer);
        judge_refunds(answer);
        judge_refund(answer, false);
        judge_refund(answer, true);
        require(!is_unexpected_state(answer) || json::parse_leniently(body).has_value());
    }
    judge_encoding(body);
    return 0;
}
