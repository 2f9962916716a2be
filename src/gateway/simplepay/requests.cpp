#include "gateway/simplepay/requests.hpp"

#include <algorithm>

#include "gateway/simplepay/fields.hpp"
#include "support/json.hpp"
#include "support/text.hpp"

namespace payments::simplepay {
namespace {

constexpr std::string_view languages[] = {
    "AR", "BG", "CS", "DE", "EN", "ES", "FR", "HR", "HU", "IT", "PL", "RO", "RU", "SK", "TR", "ZH",
};

// "hu", "en-GB" and "EN_US" name a language by their first two letters.
std::string language_of(std::string_view wanted, std::string_view otherwise) {
    const bool two_letters =
        wanted.size() == 2 || (wanted.size() > 2 && (wanted[2] == '-' || wanted[2] == '_'));
    const auto language = text::upper(wanted.substr(0, 2));
    return two_letters && std::ranges::count(languages, language) ? language
                                                                  : std::string{otherwise};
}

bool is_country(std::string_view text) {
    return text.size() == 2 && std::ranges::all_of(text, [](char c) {
               return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
           });
}

// Another one would be refused, with 5057. Nobody shall be kept from paying by a phone number, so
// it is left out (docs/providers/simplepay.md, 4.3).
bool is_phone(std::string_view text) {
    return text.size() >= 6 && text.size() <= 20 &&
           text.find_first_not_of("+0123456789 ()-/") == std::string_view::npos;
}

void set_if_given(json::object& into, std::string_view name, std::string_view value) {
    if (!value.empty()) into[name] = value;
}

// A half-filled invoice is refused with 5309-5312 and 5322, while a start without one goes
// through (docs/providers/simplepay.md, 4.3): so it is sent whole or not at all.
json::object invoice_of(const Payer& payer) {
    const bool whole = !(payer.name.empty() && payer.company.empty()) &&
                       is_country(payer.country) && !payer.city.empty() && !payer.zip.empty() &&
                       !payer.address.empty();
    if (!whole) return {};

    json::object invoice;
    set_if_given(
        invoice, payer.company.empty() ? "name" : "company",
        payer.company.empty() ? payer.name : payer.company
    );
    set_if_given(invoice, "country", text::upper(payer.country));
    set_if_given(invoice, "state", payer.state);
    set_if_given(invoice, "city", payer.city);
    set_if_given(invoice, "zip", payer.zip);
    set_if_given(invoice, "address", payer.address);
    set_if_given(invoice, "address2", payer.address2);
    if (is_phone(payer.phone)) set_if_given(invoice, "phone", payer.phone);
    return invoice;
}

}  // namespace

json::object envelope_of(const std::string& merchant, const Envelope& envelope) {
    return {
        {"salt", envelope.salt},
        {"merchant", merchant},
        {"sdkVersion", envelope.sdk_version},
    };
}

std::string start_body(
    const Transaction& attempt, const Payer& payer, const StartPage& page, const Envelope& envelope
) {
    auto body = envelope_of(attempt.account, envelope);
    body["orderRef"] = attempt.reference();
    body["currency"] = attempt.amount.currency().code();
    // In text, which no JSON writer can round, and whole forints for HUF. Not as items, whose sum
    // SimplePay rounds in a way it does not tell (docs/providers/simplepay.md, 3.3 and 4.2).
    body["total"] = attempt.amount.decimal();
    body["customerEmail"] = payer.email;
    body["language"] = language_of(payer.language, page.language);
    body["methods"] = json::array{"CARD"};
    body["timeout"] = page.timeout;
    body["url"] = page.return_url;
    // An account with two steps would otherwise only block the amount, and let it go after 21 days.
    body["twoStep"] = false;
    if (auto invoice = invoice_of(payer); !invoice.empty())
        body["invoice"] = std::move(invoice);
    else
        set_if_given(body, "customer", payer.name.empty() ? payer.company : payer.name);
    return json::write(body);
}

std::string query_body(
    const std::string& merchant, std::span<const std::string> order_refs, const Envelope& envelope
) {
    auto body = envelope_of(merchant, envelope);
    json::array refs;
    for (const auto& ref : order_refs) refs.emplace_back(ref);
    body["orderRefs"] = std::move(refs);
    body["detailed"] = true;
    body["refunds"] = true;
    return json::write(body);
}

std::string cancel_body(const Transaction& attempt, const Envelope& envelope) {
    auto body = envelope_of(attempt.account, envelope);
    // By our own name: after a lost answer SimplePay's id is not known.
    body["orderRef"] = attempt.reference();
    if (!attempt.provider_id.empty()) body["transactionId"] = attempt.provider_id;
    body["currency"] = attempt.amount.currency().code();
    return json::write(body);
}

}  // namespace payments::simplepay
