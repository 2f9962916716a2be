#include "gateway/stripe/requests.hpp"

#include <algorithm>

#include "gateway/stripe/units.hpp"
#include "support/text.hpp"

namespace payments::stripe {
namespace {

// Byte by byte, with ' ( ) * ! as Stripe's own library does it (docs/providers/stripe.md, 2.3).
void escape(std::string& into, std::string_view text, std::string_view also_plain) {
    constexpr std::string_view hex = "0123456789ABCDEF";
    for (const char c : text) {
        const auto byte = static_cast<unsigned char>(c);
        const bool plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
                           (c >= '0' && c <= '9') || c == '-' || c == '_' || c == '.' || c == '~';
        if (plain || also_plain.find(c) != std::string_view::npos) {
            into += c;
        } else {
            into += '%';
            into += hex[byte >> 4U];
            into += hex[byte & 15U];
        }
    }
}

std::optional<json::object> intent_in(const ProviderResponse& answer) {
    auto body = is_success(answer) ? object_of(answer.body) : std::nullopt;
    const bool is_intent = body && json::string_or(*body, "object", "") == "payment_intent" &&
                           !json::string_or(*body, "id", "").empty();
    return is_intent ? std::move(body) : std::nullopt;
}

std::string account_of(const json::object& o) { return flag_at(o, "livemode") ? "live" : "test"; }

// The object was made for this very attempt, not for one that had its number in an older database.
bool is_for(const Transaction& attempt, const json::object& intent) {
    return metadata_at(intent, "transaction_id") == std::to_string(attempt.id) &&
           metadata_at(intent, "attempt") == creation_key(attempt);
}

// What in a new PaymentIntent is not as we asked; "" when all is.
std::string difference(const Transaction& attempt, const json::object& intent) {
    const auto units = to_units(attempt.amount);
    const auto currency = text::lower(attempt.amount.currency().code());
    if (!units || integer_at(intent, "amount") != *units) return "another amount";
    if (json::string_or(intent, "currency", "") != currency) return "another currency";
    if (account_of(intent) != attempt.account) return "the other mode (live or test)";
    if (!is_for(attempt, intent)) return "another order";
    if (json::string_or(intent, "client_secret", "").empty()) return "no client secret";
    return {};
}

StartResult unusable(Outcome outcome, std::string why) {
    StartResult started;
    started.outcome = outcome;
    Fact fact;
    fact.kind = FactKind::unanswered;
    fact.detail = std::move(why);
    started.facts.push_back(std::move(fact));
    started.reason = outcome == Outcome::garbled
                         ? "Stripe's answer could not be understood; the payment is being checked"
                         : "Stripe did not answer; the payment is being checked";
    return started;
}

StartResult refusal(int status, const Complaint& complaint) {
    StartResult started;
    started.outcome = Outcome::refused;
    Fact fact;
    fact.kind = FactKind::failed;
    fact.subject = complaint.word();
    fact.detail = "Stripe refused to start the payment, status " + std::to_string(status);
    started.facts.push_back(std::move(fact));
    started.reason = "Stripe refused to start the payment";
    return started;
}

}  // namespace

std::string account_of_key(std::string_view secret_key) {
    const bool live = secret_key.starts_with("sk_live_") || secret_key.starts_with("rk_live_");
    return live ? "live" : "test";
}

std::string encode(const Form& form) {
    std::string text;
    for (const auto& [name, value] : form) {
        if (!text.empty()) text += '&';
        escape(text, name, "[]");
        text += '=';
        escape(text, value, "");
    }
    return text;
}

std::string creation_key(const Transaction& attempt) {
    const auto opened_ms = attempt.created_at.time_since_epoch().count();
    return "pi-create-" + attempt.reference() + "-" + std::to_string(opened_ms);
}

Result<std::string> create_body(const Transaction& attempt) {
    const auto units = to_units(attempt.amount);
    if (!units) return units.error();
    const auto ticket = std::to_string(attempt.ticket_id);
    const auto what = attempt.code.title() + ", ticket " + ticket + ", " + attempt.reference();
    const std::string methods = "automatic_payment_methods";
    Form form;
    form.emplace_back("amount", std::to_string(*units));
    form.emplace_back("currency", text::lower(attempt.amount.currency().code()));
    form.emplace_back(methods + "[enabled]", "true");
    // Without methods that leave the page: they would need an address to come back to. 3-D Secure
    // stays, in a dialog of Stripe.js (docs/providers/stripe.md, 6.1).
    form.emplace_back(methods + "[allow_redirects]", "never");
    form.emplace_back("description", what);
    form.emplace_back("metadata[transaction_id]", std::to_string(attempt.id));
    form.emplace_back("metadata[reference]", attempt.reference());
    form.emplace_back("metadata[ticket_id]", ticket);
    form.emplace_back("metadata[attempt]", creation_key(attempt));
    return encode(form);
}

std::string cancel_body() { return encode({{"cancellation_reason", "abandoned"}}); }

std::string find_query(const Transaction& attempt) {
    // The key is ours and holds no apostrophe.
    return encode({{"query", "metadata['attempt']:'" + creation_key(attempt) + "'"}});
}

bool is_worth_repeating(const ProviderResponse& answer) {
    // Stripe's own word first (docs/providers/stripe.md, 2.2), then the status.
    if (answer.should_retry == "true") return true;
    return answer.should_retry != "false" && is_unclear(answer);
}

StartResult read_created(
    const Transaction& attempt, const ProviderResponse& answer, bool sent_before
) {
    using enum Outcome;
    const auto status = std::to_string(answer.status);
    if (const auto complaint = complaint_in(answer); complaint && !is_success(answer)) {
        // The key was used with other parameters: something exists that we do not know.
        const bool leaves_open = complaint->type == "idempotency_error" || is_unclear(answer) ||
                                 (sent_before && is_of_this_call_only(answer.status));
        if (leaves_open) return unusable(unanswered, "Stripe: " + status + " " + complaint->word());
        return refusal(answer.status, *complaint);
    }
    if (is_unclear(answer)) return unusable(unanswered, "Stripe answered " + status);

    const auto intent = intent_in(answer);
    if (!intent) return unusable(garbled, "the answer, status " + status + ", is no PaymentIntent");
    if (const auto what = difference(attempt, *intent); !what.empty())
        return unusable(garbled, "the PaymentIntent has " + what);

    StartResult started;
    started.outcome = accepted;
    Fact fact;
    fact.kind = FactKind::accepted;
    fact.provider_id = json::string_or(*intent, "id", "");
    fact.account = attempt.account;
    started.facts.push_back(std::move(fact));
    started.client_secret = json::string_or(*intent, "client_secret", "");
    return started;
}

QueryResult read_intent(const Transaction& attempt, const ProviderResponse& answer) {
    QueryResult said;
    said.transaction_id = attempt.id;
    if (const auto complaint = complaint_in(answer)) {
        // Of this account and mode. Any other complaint is about our call and says nothing of the
        // payment.
        said.is_unknown = answer.status == 404 && complaint->code == "resource_missing";
        // Stripe forgets none: what has an id is at another account than our key's.
        said.answered = said.is_unknown && attempt.provider_id.empty();
        return said;
    }
    const auto intent = intent_in(answer);
    if (!intent || account_of(*intent) != attempt.account) return said;
    const auto id = json::string_or(*intent, "id", "");
    if (!attempt.provider_id.empty() && attempt.provider_id != id) return said;

    said.answered = true;
    said.facts = facts_of_intent(*intent, attempt.account);
    const bool is_open = is_payable(*intent);
    // One with another amount would be paid as it stands: nobody is handed its secret.
    said.is_payable = is_open && difference(attempt, *intent).empty();
    said.is_cancellable = is_open || json::string_or(*intent, "status", "") == "requires_capture";
    if (said.is_payable) said.client_secret = json::string_or(*intent, "client_secret", "");
    return said;
}

std::optional<std::string> read_found(const Transaction& attempt, const ProviderResponse& answer) {
    const auto body = is_success(answer) ? object_of(answer.body) : std::nullopt;
    const auto* data = body ? data_of(*body) : nullptr;
    if (!data) return std::nullopt;
    for (const auto& item : *data)
        // Looked at again: who searched for us may have compared otherwise than we do.
        if (const auto* intent = item.if_object(); intent && is_for(attempt, *intent))
            return json::string_or(*intent, "id", "");
    return std::string{};
}

bool has_refunds(const ProviderResponse& answer) {
    const auto intent = intent_in(answer);
    const auto* charge = intent ? member(*intent, "latest_charge") : nullptr;
    return charge && integer_at(*charge, "amount_refunded").value_or(0) > 0;
}

std::string intent_id(const ProviderResponse& answer) {
    const auto intent = intent_in(answer);
    return intent ? json::string_or(*intent, "id", "") : std::string{};
}

bool is_unexpected_state(const ProviderResponse& answer) {
    const auto complaint = complaint_in(answer);
    return complaint && complaint->code == "payment_intent_unexpected_state";
}

}  // namespace payments::stripe
