#include <algorithm>

#include "sandbox/stripe/objects.hpp"
#include "sandbox/stripe/parameters.hpp"
#include "sandbox/stripe/stripe.hpp"
#include "support/crypto.hpp"
#include "support/json.hpp"
#include "support/text.hpp"

// Stripe's PaymentIntent calls.
namespace payments::sandbox {

using namespace stripe;

namespace {

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

// Those a new PaymentIntent has. The account's dashboard offers cards; a filter takes away from
// that and adds nothing.
json::array method_types(const Form& form) {
    const auto listed = form.list("payment_method_types");
    if (!listed.empty()) return json::array(listed.begin(), listed.end());
    const auto allowed = form.list("allowed_payment_method_types");
    const bool fits =
        allowed.empty() || std::find(allowed.begin(), allowed.end(), "card") != allowed.end();
    return fits ? json::array{"card"} : json::array{};
}

struct SearchTerm {
    bool in_metadata = false;
    std::string field, value;
};
// metadata['key']:'value' terms joined by AND; status:'…' and currency:'…' too. Nothing for a query
// that is not made of them.
std::optional<std::vector<SearchTerm>> search_terms(std::string_view query) {
    std::vector<SearchTerm> terms;
    while (!query.empty()) {
        const auto end = std::min(query.find(" AND "), query.size());
        const auto text = query.substr(0, end);
        query.remove_prefix(std::min(end + 5, query.size()));
        const auto colon = text.rfind(":'");
        if (colon == text.npos || !text.ends_with('\'')) return std::nullopt;
        SearchTerm term;
        term.value = text.substr(colon + 2, text.size() - colon - 3);
        auto field = text.substr(0, colon);
        term.in_metadata = field.starts_with("metadata['") && field.ends_with("']");
        if (term.in_metadata) field = field.substr(10, field.size() - 12);
        term.field = field;
        terms.push_back(std::move(term));
    }
    return terms;
}

// "/v1/payment_intents" lists "payment_intent".
json::object no_such_cursor(std::string_view url, std::string_view id, std::string_view cursor) {
    const auto kind = url.substr(4, url.size() - 5);
    const auto message = "No such " + std::string{kind} + ": '" + std::string{id} + "'";
    return invalid("resource_missing", message, cursor);
}

bool redirects_are_possible(const json::object& intent) {
    const auto* methods = intent.at("automatic_payment_methods").if_object();
    return methods && methods->at("enabled") == true &&
           is(methods->at("allow_redirects"), "always");
}

}  // namespace

void stripe::set_metadata(json::object& object, const Form& form) {
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

Stripe::Answer Stripe::create_intent(const Call& call) {
    const auto& form = call.form;
    const auto refuse = [](json::object body) { return Answer{400, std::move(body), false}; };
    const auto currency = text::lower(form.get("currency"));
    if (const auto problem = check_amount(form.integer("amount", 0), currency)) {
        return refuse(invalid(problem->code, problem->message, problem->param));
    }
    const auto types = method_types(form);
    if (types.empty()) {
        return refuse(invalid("", "No valid payment method types for this PaymentIntent."));
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
    object["payment_method_types"] = types;
    const auto allowed = form.list("allowed_payment_method_types");
    if (!allowed.empty()) {
        object["allowed_payment_method_types"] = json::array(allowed.begin(), allowed.end());
    }
    const auto redirects = form.get("automatic_payment_methods[allow_redirects]");
    const bool named = !allowed.empty() || !form.list("payment_method_types").empty();
    if (!named && form.get("automatic_payment_methods[enabled]") != "false") {
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
    Card card;
    if (form.find("payment_method") || form.find("payment_method_data[card][number]")) {
        json::object error;
        const auto read = read_card(form, error);
        if (!read) return {400, std::move(error), false};
        card = *read;
        object["payment_method"] = add_payment_method(card);
        object["status"] = "requires_confirmation";
    }
    const std::string id{object["id"].as_string()};
    auto& intent = intents_[id];
    intent.card = card;
    intent.object = std::move(object);
    intent_order_.push_back(id);
    emit("payment_intent.created", intent.object);
    return form.is_true("confirm") ? confirm_intent(call, intent) : show(call, intent.object);
}

Stripe::Answer Stripe::show(const Call& call, const json::object& intent) const {
    return {200, call.publishable ? reduced(intent) : intent};
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
    const bool names_none =
        !call.form.find("payment_method") && !call.form.find("payment_method_data[card][number]");
    if (names_none && status_is(intent.object, {"requires_confirmation"})) {
        return attempt(call, intent, Card{intent.card});
    }
    json::object error;
    const auto card = read_card(call.form, error);
    if (!card) return {400, std::move(error), false};
    intent.object["payment_method"] = add_payment_method(*card);
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
    const auto capturable = object.at("amount_capturable").get_int64();
    const auto amount = call.form.integer("amount_to_capture", capturable);
    if (amount < 1 || amount > capturable) {
        return {
            400,
            invalid(
                amount < 1 ? "parameter_invalid_integer" : "amount_too_large",
                amount < 1 ? "This value must be greater than or equal to 1."
                           : "The amount_to_capture must be no more than the amount_capturable.",
                "amount_to_capture"
            ),
            false};
    }
    set_metadata(object, call.form);
    auto& charge = charges_.at(std::string{object.at("latest_charge").as_string()});
    succeed(intent, charge, amount);
    emit("charge.captured", charge);
    return show(call, object);
}

Stripe::Answer Stripe::retrieve_intent(const Call& call, Intent& intent) {
    return show(call, intent.object);
}

std::vector<const json::object*> Stripe::all_intents() const {
    std::vector<const json::object*> newest_first;
    for (auto id = intent_order_.rbegin(); id != intent_order_.rend(); ++id) {
        newest_first.push_back(&intents_.at(*id).object);
    }
    return newest_first;
}

Stripe::Answer Stripe::list_intents(const Call& call) {
    const auto customer = call.form.get("customer");
    const auto wanted = [&](const json::object& intent) {
        return customer.empty() || is(intent.at("customer"), customer);
    };
    return answer_of(page_of(all_intents(), wanted, call.form, "/v1/payment_intents"));
}

// Pages of a search are found again by a token: here the last id of the page before, in Base64.
Stripe::Answer Stripe::search_intents(const Call& call) {
    const auto terms = search_terms(*call.form.find("query"));
    if (!terms) {
        return {400, invalid("", "We were unable to parse your search query.", "query"), false};
    }
    auto form = call.form;
    if (const auto* token = form.find("page")) {
        const auto last = crypto::unbase64(*token).value_or("");
        if (!intents_.contains(last)) {
            return {400, invalid("", "Invalid page: '" + *token + "'", "page"), false};
        }
        form.fields.emplace_back("starting_after", last);
    }
    const auto wanted = [&](const json::object& intent) {
        return std::all_of(terms->begin(), terms->end(), [&](const SearchTerm& term) {
            const auto& in = term.in_metadata ? intent.at("metadata").get_object() : intent;
            const auto* member = in.if_contains(term.field);
            return member && is(*member, term.value);
        });
    };
    const auto all = all_intents();
    auto page = page_of(all, wanted, form, "/v1/payment_intents/search").body;
    const auto& data = page.at("data").as_array();
    json::value next_page;
    if (page.at("has_more").as_bool()) {
        next_page = crypto::base64(data.back().at("id").as_string());
    }
    page["object"] = "search_result";
    page["next_page"] = next_page;
    const auto expanded = form.list("expand");
    if (std::find(expanded.begin(), expanded.end(), "total_count") != expanded.end()) {
        page["total_count"] = std::count_if(all.begin(), all.end(), [&](const json::object* one) {
            return wanted(*one);
        });
    }
    return {200, std::move(page)};
}

bool stripe::is_in_range(const Form& form, const std::string& name, std::int64_t time_s) {
    return time_s >= form.integer(name + "[gte]", time_s) &&
           time_s <= form.integer(name + "[lte]", time_s) &&
           time_s > form.integer(name + "[gt]", time_s - 1) &&
           time_s < form.integer(name + "[lt]", time_s + 1) && time_s == form.integer(name, time_s);
}

stripe::Page stripe::page_of(
    const std::vector<const json::object*>& newest_first,
    const std::function<bool(const json::object&)>& wanted, const Form& form, std::string_view url
) {
    const auto in_range = [&](const json::object& object) {
        return is_in_range(form, "created", object.at("created").get_int64());
    };
    const auto position_of = [&](const std::string& id) {
        return std::find_if(
            newest_first.begin(), newest_first.end(),
            [&](const json::object* object) { return is(object->at("id"), id); }
        );
    };
    auto from = newest_first.begin();
    auto until = newest_first.end();
    for (const auto cursor : {"starting_after", "ending_before"}) {
        const auto* id = form.find(cursor);
        if (!id) continue;
        const auto at = position_of(*id);
        if (at == newest_first.end()) return {no_such_cursor(url, *id, cursor), true};
        if (cursor == std::string_view{"starting_after"})
            from = at + 1;
        else
            until = at;
    }
    std::vector<const json::object*> eligible;
    for (auto it = from; it < until; ++it) {
        if (wanted(**it) && in_range(**it)) eligible.push_back(*it);
    }
    const auto limit = static_cast<std::size_t>(form.integer("limit", 10));
    const bool has_more = eligible.size() > limit;
    // Before an object: those next to it, not the newest of all.
    if (has_more && form.find("ending_before"))
        eligible.erase(eligible.begin(), eligible.end() - static_cast<std::ptrdiff_t>(limit));
    if (eligible.size() > limit) eligible.resize(limit);
    json::array data;
    for (const auto* object : eligible) data.push_back(*object);
    Page page;
    page.body = {
        {"object", "list"}, {"url", url}, {"has_more", has_more}, {"data", std::move(data)}};
    return page;
}

}  // namespace payments::sandbox
