#include <algorithm>

#include "sandbox/stripe/objects.hpp"
#include "sandbox/stripe/parameters.hpp"
#include "sandbox/stripe/stripe.hpp"
#include "support/json.hpp"
#include "support/text.hpp"

// Stripe's PaymentIntent calls.
namespace payments::sandbox {

using namespace stripe;

namespace {

constexpr std::string_view types_no_longer_an_input = "2026-09-30";

json::object invalid(std::string_view code, std::string_view message, std::string_view param = {}) {
    return error_body("invalid_request_error", code, message, param);
}

json::object unexpected_state(const json::object& intent, std::string_view verb) {
    const std::string status{intent.at("status").as_string()};
    auto body = invalid(
        "payment_intent_unexpected_state", "You cannot " + std::string{verb} +
                                               " this PaymentIntent because it has a status of " +
                                               status + "."
    );
    body["error"].get_object()["payment_intent"] = intent;
    return body;
}

bool status_is(const json::object& intent, std::initializer_list<std::string_view> statuses) {
    const std::string_view status = intent.at("status").as_string();
    return std::find(statuses.begin(), statuses.end(), status) != statuses.end();
}

void set_text(json::object& object, const Form& form, std::string_view name) {
    if (const auto* value = form.find(name)) {
        if (value->empty())
            object[name] = nullptr;
        else
            object[name] = *value;
    }
}

// Empty values remove their key; an empty "metadata" removes all.
void set_metadata(json::object& object, const Form& form) {
    if (const auto* all = form.find("metadata"); all && all->empty()) {
        object["metadata"] = json::object{};
    }
    auto& metadata = object["metadata"].get_object();
    for (const auto& [key, value] : form.map("metadata")) {
        if (value.empty())
            metadata.erase(key);
        else
            metadata[key] = value;
    }
}

void set_shipping(json::object& object, const Form& form) {
    json::object shipping, address;
    for (const auto& [name, value] : form.map("shipping")) shipping[name] = value;
    for (const auto part : {"city", "country", "line1", "line2", "postal_code", "state"}) {
        address[part] = nullptr;
        set_text(address, form, std::string{"shipping[address]["} + part + "]");
    }
    if (shipping.empty()) return;
    shipping["address"] = address;
    object["shipping"] = shipping;
}

bool is_security_code(std::string_view text) {
    return text.size() >= 3 && text.find_first_not_of("0123456789") == text.npos;
}

// The card a form names, or why it names none.
std::optional<Card> read_card(const Form& form, json::object& error) {
    const auto name = form.get("payment_method");
    const auto number = form.get("payment_method_data[card][number]");
    if (!name.empty()) {
        auto card = named_card(name);
        if (!card) error = missing("PaymentMethod", name);
        return card;
    }
    if (number.empty()) {
        error = invalid(
            "payment_intent_unexpected_state",
            "You cannot confirm this PaymentIntent because it's missing a payment method.",
            "payment_method"
        );
        return std::nullopt;
    }
    auto card = card_of(number);
    const auto month = form.integer("payment_method_data[card][exp_month]", 0);
    const auto year = form.integer("payment_method_data[card][exp_year]", 0);
    const auto cvc = form.get("payment_method_data[card][cvc]");
    const auto today = std::chrono::year_month_day{
        std::chrono::floor<std::chrono::days>(std::chrono::system_clock::now())};
    const auto full_year = year < 100 ? year + 2000 : year;
    if (card.error_code == "incorrect_number") return card;
    if (month < 1 || month > 12) {
        card.error_code = "invalid_expiry_month";
        card.message = "Your card's expiration month is invalid.";
    } else if (full_year < static_cast<int>(today.year())) {
        card.error_code = "invalid_expiry_year";
        card.message = "Your card's expiration year is invalid.";
    } else if (!cvc.empty() && !is_security_code(cvc)) {
        card.error_code = "invalid_cvc";
        card.message = "Your card's security code is invalid.";
    }
    return card;
}

bool redirects_are_possible(const json::object& intent) {
    const auto* methods = intent.at("automatic_payment_methods").if_object();
    return methods && methods->at("enabled") == true &&
           is(methods->at("allow_redirects"), "always");
}

}  // namespace

Stripe::Answer Stripe::create_intent(const Call& call) {
    const auto& form = call.form;
    const auto refuse = [](json::object body) { return Answer{400, std::move(body), false}; };
    const auto currency = text::lower(form.get("currency"));
    if (const auto problem = check_amount(form.integer("amount", 0), currency)) {
        return refuse(invalid(problem->code, problem->message, problem->param));
    }
    const auto types = form.list("payment_method_types");
    if (!types.empty() && call.version >= types_no_longer_an_input) {
        return refuse(invalid(
            "payment_method_types_no_longer_supported",
            "payment_method_types is no longer supported.", "payment_method_types"
        ));
    }
    const auto automatic = form.get("automatic_payment_methods[enabled]");
    if (!types.empty() && automatic == "true") {
        return refuse(invalid(
            "",
            "You may only specify one of these parameters: automatic_payment_methods, "
            "payment_method_types.",
            "automatic_payment_methods"
        ));
    }
    const auto email = form.get("receipt_email");
    if (!email.empty() && email.find('@') == email.npos) {
        return refuse(invalid("email_invalid", "Invalid email address: " + email, "receipt_email"));
    }
    if (call.fault && call.fault->name == "refuse") {
        return {400, invalid("payment_method_unactivated", "The account cannot do that.")};
    }
    auto object = new_payment_intent();
    object["id"] = new_id("pi_");
    object["client_secret"] =
        std::string{object["id"].as_string()} + "_secret_" + world_.random.letters_and_digits(25);
    object["amount"] = form.integer("amount", 0);
    object["currency"] = currency;
    object["created"] = now_s();
    const auto redirects = form.get("automatic_payment_methods[allow_redirects]");
    if (types.empty() && automatic != "false") {
        object["automatic_payment_methods"] = json::object{
            {"allow_redirects", redirects.empty() ? "always" : redirects}, {"enabled", true}};
    }
    for (const auto name :
         {"capture_method", "confirmation_method", "customer", "description", "receipt_email",
          "setup_future_usage", "statement_descriptor", "statement_descriptor_suffix",
          "transfer_group"}) {
        set_text(object, form, name);
    }
    set_metadata(object, form);
    set_shipping(object, form);
    const std::string id{object["id"].as_string()};
    auto& intent = intents_[id];
    intent.object = std::move(object);
    intent_order_.push_back(id);
    emit("payment_intent.created", intent.object);
    return form.is_true("confirm") ? confirm_intent(call, intent) : show(call, intent.object);
}

Stripe::Answer Stripe::show(const Call& call, const json::object& intent) const {
    auto shown = call.publishable ? reduced(intent) : intent;
    for (const auto& path : call.form.list("expand")) {
        const auto* charge = shown.if_contains("latest_charge");
        if (path != "latest_charge" || !charge || !charge->is_string()) continue;
        shown["latest_charge"] = charges_.at(std::string{charge->get_string()});
    }
    return {200, std::move(shown)};
}

Stripe::Answer Stripe::update_intent(const Call& call, Intent& intent) {
    if (status_is(intent.object, {"succeeded", "canceled", "processing"})) {
        return {400, unexpected_state(intent.object, "update")};
    }
    if (call.form.find("amount")) {
        const auto amount = call.form.integer("amount", 0);
        const std::string currency{intent.object.at("currency").as_string()};
        if (const auto problem = check_amount(amount, currency)) {
            return {400, invalid(problem->code, problem->message, problem->param), false};
        }
        intent.object["amount"] = amount;
    }
    for (const auto name : {"description", "receipt_email", "statement_descriptor_suffix"}) {
        set_text(intent.object, call.form, name);
    }
    set_metadata(intent.object, call.form);
    return show(call, intent.object);
}

Stripe::Answer Stripe::confirm_intent(const Call& call, Intent& intent) {
    if (!status_is(intent.object, {"requires_payment_method", "requires_confirmation"})) {
        return {400, unexpected_state(intent.object, "confirm")};
    }
    if (redirects_are_possible(intent.object) && call.form.get("return_url").empty()) {
        return {
            400,
            invalid(
                "",
                "This PaymentIntent is configured to accept payment methods enabled in your "
                "Dashboard. Because some of these methods might redirect your customer off of your "
                "page, you must provide a `return_url`.",
                "return_url"
            ),
            false};
    }
    json::object error;
    const auto card = read_card(call.form, error);
    if (!card) return {400, std::move(error), false};
    return attempt(call, intent, *card);
}

Stripe::Answer Stripe::cancel_intent(const Call& call, Intent& intent) {
    auto& object = intent.object;
    const bool open = status_is(
        object,
        {"requires_payment_method", "requires_confirmation", "requires_action", "requires_capture"}
    );
    if (!open) return {400, unexpected_state(object, "cancel")};
    object["status"] = "canceled";
    object["canceled_at"] = now_s();
    set_text(object, call.form, "cancellation_reason");
    object["next_action"] = nullptr;
    object["amount_capturable"] = 0;
    emit("payment_intent.canceled", object);
    return show(call, object);
}

Stripe::Answer Stripe::capture_intent(const Call& call, Intent& intent) {
    auto& object = intent.object;
    if (!status_is(object, {"requires_capture"})) return {400, unexpected_state(object, "capture")};
    auto& charge = charges_.at(std::string{object.at("latest_charge").as_string()});
    succeed(intent, charge);
    emit("charge.captured", charge);
    return show(call, object);
}

Stripe::Answer Stripe::retrieve_intent(const Call& call, Intent& intent) {
    return show(call, intent.object);
}

Stripe::Answer Stripe::list_intents(const Call& call) {
    std::vector<json::object> newest_first;
    for (auto id = intent_order_.rbegin(); id != intent_order_.rend(); ++id) {
        const auto& object = intents_.at(*id).object;
        const auto customer = call.form.get("customer");
        if (customer.empty() || is(object.at("customer"), customer)) newest_first.push_back(object);
    }
    return {200, page_of(newest_first, call.form, "/v1/payment_intents")};
}

// metadata['key']:'value' terms joined by AND; status:'…' and currency:'…' too.
Stripe::Answer Stripe::search_intents(const Call& call) {
    std::vector<json::object> found;
    for (auto id = intent_order_.rbegin(); id != intent_order_.rend(); ++id) {
        const auto& object = intents_.at(*id).object;
        std::string_view rest = *call.form.find("query");
        bool matches = true;
        while (!rest.empty()) {
            const auto end = std::min(rest.find(" AND "), rest.size());
            const auto term = rest.substr(0, end);
            rest.remove_prefix(std::min(end + 5, rest.size()));
            const auto colon = term.rfind(":'");
            if (colon == term.npos || !term.ends_with('\'')) {
                return {
                    400, invalid("", "We were unable to parse your search query.", "query"), false};
            }
            const auto value = term.substr(colon + 2, term.size() - colon - 3);
            auto field = term.substr(0, colon);
            const auto* in = &object;
            if (field.starts_with("metadata['") && field.ends_with("']")) {
                in = &object.at("metadata").get_object();
                field = field.substr(10, field.size() - 12);
            }
            const auto* member = in->if_contains(field);
            matches = matches && member && is(*member, value);
        }
        if (matches) found.push_back(object);
    }
    auto page = page_of(found, call.form, "/v1/payment_intents/search");
    page["object"] = "search_result";
    page["next_page"] = nullptr;
    return {200, std::move(page)};
}

json::object stripe::page_of(
    const std::vector<json::object>& newest_first, const Form& form, std::string_view url
) {
    const auto in_range = [&](const json::object& object) {
        const auto created = object.at("created").get_int64();
        return created >= form.integer("created[gte]", created) &&
               created <= form.integer("created[lte]", created) &&
               created > form.integer("created[gt]", created - 1) &&
               created < form.integer("created[lt]", created + 1) &&
               created == form.integer("created", created);
    };
    const auto after = form.get("starting_after");
    const auto before = form.get("ending_before");
    const auto limit =
        static_cast<std::size_t>(std::clamp<std::int64_t>(form.integer("limit", 10), 1, 100));
    std::vector<json::object> eligible;
    bool reached = after.empty();
    for (const auto& object : newest_first) {
        if (!before.empty() && is(object.at("id"), before)) break;
        if (reached && in_range(object)) eligible.push_back(object);
        if (is(object.at("id"), after)) reached = true;
    }
    const bool has_more = eligible.size() > limit;
    // Before an object: those next to it, not the newest of all.
    if (has_more && !before.empty())
        eligible.erase(eligible.begin(), eligible.end() - static_cast<std::ptrdiff_t>(limit));
    if (eligible.size() > limit) eligible.resize(limit);
    return {
        {"object", "list"},
        {"url", url},
        {"has_more", has_more},
        {"data", json::array(eligible.begin(), eligible.end())}};
}

}  // namespace payments::sandbox
