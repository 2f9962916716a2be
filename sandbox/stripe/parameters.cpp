#include "sandbox/stripe/parameters.hpp"

#include <algorithm>
#include <array>

namespace payments::sandbox::stripe {
namespace {

constexpr std::string_view capture_methods = "automatic|automatic_async|manual";
constexpr std::string_view usages = "on_session|off_session";

constexpr Rule create[] = {
    {"amount", Kind::integer, true},
    {"currency", Kind::text, true, 3},
    {"allowed_payment_method_types", Kind::list},
    {"application_fee_amount", Kind::integer},
    {"automatic_payment_methods[enabled]", Kind::boolean},
    {"automatic_payment_methods[allow_redirects]", Kind::choice, false, 0, "always|never"},
    {"capture_method", Kind::choice, false, 0, capture_methods},
    {"confirm", Kind::boolean},
    {"confirmation_method", Kind::choice, false, 0, "automatic|manual"},
    {"customer"},
    {"description", Kind::text, false, 1000},
    {"error_on_requires_action", Kind::boolean},
    {"expand", Kind::list},
    {"mandate"},
    {"metadata", Kind::map},
    {"off_session", Kind::boolean},
    {"on_behalf_of"},
    {"payment_method"},
    {"payment_method_configuration", Kind::text, false, 100},
    {"payment_method_data[type]", Kind::choice, false, 0, "card"},
    {"payment_method_data[card][number]"},
    {"payment_method_data[card][exp_month]", Kind::integer},
    {"payment_method_data[card][exp_year]", Kind::integer},
    {"payment_method_data[card][cvc]", Kind::text, false, 4},
    {"payment_method_options[card][request_three_d_secure]", Kind::choice, false, 0,
     "automatic|any|challenge"},
    {"payment_method_options[card][capture_method]", Kind::choice, false, 0, "manual"},
    {"payment_method_options[card][setup_future_usage]", Kind::choice, false, 0, usages},
    {"payment_method_options[card][statement_descriptor_suffix_kana]"},
    {"payment_method_types", Kind::list},
    {"radar_options[session]"},
    {"receipt_email", Kind::text, false, 800},
    {"return_url"},
    {"setup_future_usage", Kind::choice, false, 0, usages},
    {"shipping[name]"},
    {"shipping[phone]"},
    {"shipping[carrier]"},
    {"shipping[tracking_number]"},
    {"shipping[address][line1]"},
    {"shipping[address][line2]"},
    {"shipping[address][city]"},
    {"shipping[address][country]"},
    {"shipping[address][postal_code]"},
    {"shipping[address][state]"},
    {"statement_descriptor", Kind::text, false, 22},
    {"statement_descriptor_suffix", Kind::text, false, 22},
    {"transfer_group"},
    {"use_stripe_sdk", Kind::boolean},
};
constexpr Rule confirm[] = {
    {"capture_method", Kind::choice, false, 0, capture_methods},
    {"client_secret"},
    {"error_on_requires_action", Kind::boolean},
    {"expand", Kind::list},
    {"mandate"},
    {"off_session", Kind::boolean},
    {"payment_method"},
    {"payment_method_data[type]", Kind::choice, false, 0, "card"},
    {"payment_method_data[card][number]"},
    {"payment_method_data[card][exp_month]", Kind::integer},
    {"payment_method_data[card][exp_year]", Kind::integer},
    {"payment_method_data[card][cvc]", Kind::text, false, 4},
    {"payment_method_data[billing_details][name]"},
    {"payment_method_data[billing_details][email]"},
    {"payment_method_data[billing_details][phone]"},
    {"payment_method_data[billing_details][address][line1]"},
    {"payment_method_data[billing_details][address][line2]"},
    {"payment_method_data[billing_details][address][city]"},
    {"payment_method_data[billing_details][address][country]"},
    {"payment_method_data[billing_details][address][postal_code]"},
    {"payment_method_data[billing_details][address][state]"},
    {"payment_method_options[card][request_three_d_secure]", Kind::choice, false, 0,
     "automatic|any|challenge"},
    {"payment_method_types", Kind::list},
    {"radar_options[session]"},
    {"receipt_email", Kind::text, false, 800, {}, true},
    {"return_url"},
    {"setup_future_usage", Kind::choice, false, 0, usages},
    {"use_stripe_sdk", Kind::boolean},
};
constexpr Rule update[] = {
    {"amount", Kind::integer},
    {"currency", Kind::text, false, 3},
    {"description", Kind::text, false, 1000, {}, true},
    {"expand", Kind::list},
    {"metadata", Kind::map},
    {"receipt_email", Kind::text, false, 800, {}, true},
    {"statement_descriptor_suffix", Kind::text, false, 22, {}, true},
};
constexpr Rule cancel[] = {
    {"cancellation_reason", Kind::choice, false, 0,
     "abandoned|duplicate|fraudulent|requested_by_customer"},
    {"expand", Kind::list},
};
constexpr Rule capture[] = {
    {"amount_to_capture", Kind::integer},
    {"final_capture", Kind::boolean},
    {"metadata", Kind::map},
    {"expand", Kind::list},
};
constexpr Rule retrieve[] = {{"client_secret"}, {"expand", Kind::list}};
constexpr Rule expand_only[] = {{"expand", Kind::list}};
constexpr Rule list[] = {
    {"created", Kind::time_range}, {"customer"},       {"ending_before"}, {"expand", Kind::list},
    {"limit", Kind::page_size},    {"starting_after"},
};
constexpr Rule search[] = {
    {"query", Kind::text, true},
    {"expand", Kind::list},
    {"limit", Kind::page_size},
    {"page"},
};
constexpr Rule refund[] = {
    {"amount", Kind::integer},
    {"charge"},
    {"expand", Kind::list},
    {"instructions_email"},
    {"metadata", Kind::map, false, 0, {}, true},
    {"payment_intent"},
    {"reason", Kind::choice, false, 0, "duplicate|fraudulent|requested_by_customer"},
    {"refund_application_fee", Kind::boolean},
    {"reverse_transfer", Kind::boolean},
};
constexpr Rule update_refund[] = {
    {"expand", Kind::list},
    {"metadata", Kind::map, false, 0, {}, true},
};
constexpr Rule list_refunds[] = {
    {"charge"},
    {"created", Kind::time_range},
    {"ending_before"},
    {"expand", Kind::list},
    {"limit", Kind::page_size},
    {"payment_intent"},
    {"starting_after"},
};
constexpr Rule list_events[] = {
    {"created", Kind::time_range},
    {"delivery_success", Kind::boolean},
    {"ending_before"},
    {"expand", Kind::list},
    {"limit", Kind::page_size},
    {"starting_after"},
    {"type"},
    {"types", Kind::list},
};

constexpr Rule list_payouts[] = {
    {"arrival_date", Kind::time_range},
    {"created", Kind::time_range},
    {"destination"},
    {"ending_before"},
    {"expand", Kind::list},
    {"limit", Kind::page_size},
    {"starting_after"},
    {"status"},
};
constexpr Rule list_balance[] = {
    {"created", Kind::time_range},
    {"currency"},
    {"ending_before"},
    {"expand", Kind::list},
    {"limit", Kind::page_size},
    {"payout"},
    {"source"},
    {"starting_after"},
    {"type"},
};

// What the command-line tool sends for `events resend`: not in Stripe's published data.
constexpr Rule retry_event[] = {
    {"account"},
    {"expand", Kind::list},
    {"for_stripecli", Kind::boolean},
    {"webhook_endpoint"},
};

struct Minimum {
    std::string_view currencies;
    std::int64_t amount;
};
constexpr Minimum minimums[] = {
    {"usd eur chf cad aud nzd sgd brl inr", 50},
    {"gbp", 30},
    {"aed myr pln ron", 200},
    {"dkk", 250},
    {"nok sek", 300},
    {"hkd", 400},
    {"mxn thb", 1000},
    {"czk", 1500},
    {"jpy krw", 50},
    {"huf", 17500},
    {"isk ugx bif clp djf gnf kmf mga pyg rwf vnd vuv xaf xof xpf", 1},
    {"bhd jod kwd omr tnd twd ils php zar try bgn uah rsd", 1},
};
constexpr std::int64_t amount_max = 99'999'999;

constexpr std::string_view types_no_longer_an_input = "2026-09-30";
constexpr std::string_view allowed_types_are_an_input = "2026-07-29";

}  // namespace

std::span<const Rule> parameters_of(std::string_view operation) {
    if (operation == "create") return create;
    if (operation == "confirm") return confirm;
    if (operation == "update") return update;
    if (operation == "cancel") return cancel;
    if (operation == "capture") return capture;
    if (operation == "retrieve") return retrieve;
    if (operation == "list") return list;
    if (operation == "search") return search;
    if (operation == "refund") return refund;
    if (operation == "list-refunds") return list_refunds;
    if (operation == "list-events") return list_events;
    if (operation == "list-payouts") return list_payouts;
    if (operation == "list-balance") return list_balance;
    if (operation == "update-refund") return update_refund;
    if (operation == "retry-event") return retry_event;
    return expand_only;
}

std::optional<FormProblem> check_method_types(const Form& form, std::string_view version) {
    const std::string listed = "payment_method_types", allowed = "allowed_payment_method_types";
    const bool lists = !form.list(listed).empty();
    const bool filters = !form.list(allowed).empty();
    if (lists && version >= types_no_longer_an_input) {
        return FormProblem{
            "payment_method_types_no_longer_supported",
            "payment_method_types is no longer supported.", listed};
    }
    if (filters && version < allowed_types_are_an_input) {
        return FormProblem{"parameter_unknown", "Received unknown parameter: " + allowed, allowed};
    }
    const bool configured = form.find("payment_method_configuration") != nullptr;
    const bool automatic = form.is_true("automatic_payment_methods[enabled]");
    if ((lists && automatic) || (filters && (lists || automatic || configured))) {
        const std::string other = automatic ? "automatic_payment_methods"
                                  : lists   ? listed
                                            : "payment_method_configuration";
        return FormProblem{
            "",
            "You may only specify one of these parameters: " + other + ", " +
                (filters ? allowed : listed) + ".",
            other};
    }
    return std::nullopt;
}

std::optional<FormProblem> check_amount(std::int64_t amount, const std::string& currency) {
    const auto* row = std::find_if(std::begin(minimums), std::end(minimums), [&](const auto& m) {
        return currency.size() == 3 && m.currencies.find(currency) != m.currencies.npos;
    });
    if (row == std::end(minimums)) {
        return FormProblem{"", "Invalid currency: " + currency + ".", "currency"};
    }
    if (amount < 1) {
        return FormProblem{
            "parameter_invalid_integer", "This value must be greater than or equal to 1.",
            "amount"};
    }
    if (amount < row->amount) {
        return FormProblem{
            "amount_too_small", "Amount must be at least " + std::to_string(row->amount) + ".",
            "amount"};
    }
    if (amount > amount_max) {
        return FormProblem{"amount_too_large", "Amount must be no more than 99999999.", "amount"};
    }
    if ((currency == "isk" || currency == "ugx") && amount % 100 != 0) {
        return FormProblem{
            "invalid_charge_amount_no_decimal_compatible",
            "The amount must be divisible by 100 in this currency.", "amount"};
    }
    return std::nullopt;
}

}  // namespace payments::sandbox::stripe
