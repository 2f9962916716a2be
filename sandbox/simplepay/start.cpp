#include "sandbox/simplepay/start.hpp"

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <regex>

#include "sandbox/json_text.hpp"
#include "support/clock.hpp"
#include "support/json.hpp"
#include "support/text.hpp"

namespace payments::sandbox::simplepay {
namespace {

bool one_of(std::string_view value, std::initializer_list<std::string_view> allowed) {
    return std::find(allowed.begin(), allowed.end(), value) != allowed.end();
}

// Digits, as a number or as text, at most `digits_max` of them.
std::optional<std::int64_t> read_count(
    const json::object& in, std::string_view member, std::size_t digits_max
) {
    const auto* value = json::find(in, member);
    const auto text = value ? json::decimal_text(*value) : std::nullopt;
    if (!text || text->empty() || text->size() > digits_max) return std::nullopt;
    if (text->find_first_not_of("0123456789") != std::string::npos) return std::nullopt;
    return std::stoll(*text);
}

// In units of the currency. Shops send prices that are quotients of many digits, also in HUF, so
// what is read here is exact to more digits than a sum has; only the total is rounded.
std::optional<long double> read_fine(const json::object& in, std::string_view member) {
    constexpr long double units_max = 1e12L;
    const auto* value = json::find(in, member);
    const auto text = value ? json::decimal_text(*value) : std::nullopt;
    if (!text) return std::nullopt;
    const auto units = std::strtold(text->c_str(), nullptr);
    return units >= 0 && units < units_max ? std::optional{units} : std::nullopt;
}

std::int64_t hundredths(long double units) { return std::llround(units * 100); }

// Collects codes while members are read.
class Reader {
public:
    Reader(const json::object& request, ReadOrder& out) : request_(request), out_(out) {}

    void code(std::int64_t code) {
        if (std::find(out_.codes.begin(), out_.codes.end(), code) == out_.codes.end()) {
            out_.codes.push_back(code);
        }
    }
    void wrong_type() {
        out_.wrong_type = true;
        code(5321);
    }
    // A string member; missing or empty is `missing` (0: allowed).
    std::string text(const json::object& in, std::string_view member, std::int64_t missing) {
        const auto* value = json::find(in, member);
        if (value && !value->is_string()) {
            wrong_type();
            return {};
        }
        auto found = value ? std::string{value->get_string()} : std::string{};
        if (found.empty() && missing != 0) code(missing);
        return found;
    }
    std::optional<bool> flag(std::string_view member) {
        const auto* value = json::find(request_, member);
        if (!value) return std::nullopt;
        if (!value->is_bool()) {
            wrong_type();
            return std::nullopt;
        }
        return value->get_bool();
    }

    void identity();
    void methods();
    void total();
    void deadline(Time now);
    void return_urls();
    void address(std::string_view member, std::initializer_list<std::int64_t> codes);

private:
    std::optional<std::int64_t> sum_of_items(const json::array& items);
    std::optional<std::int64_t> item_sum(const json::object& item);
    std::int64_t extra(std::string_view member);

    const json::object& request_;
    ReadOrder& out_;
};

void Reader::identity() {
    auto& order = out_.order;
    order.order_ref = text(request_, "orderRef", 5213);
    order.currency = text(request_, "currency", 5223);
    if (!order.currency.empty() && !one_of(order.currency, {"HUF", "EUR", "USD"})) code(5223);
    static const std::regex email{R"([^@\s]+@[^@\s]+\.[^@\s.]+)"};
    const bool payer_types_it = flag("maySelectEmail").value_or(false);
    order.email = text(request_, "customerEmail", payer_types_it ? 0 : 5219);
    if (!order.email.empty() && !std::regex_match(order.email, email)) code(5219);
    order.language = text::upper(text(request_, "language", 5220));
    const bool known = one_of(
        order.language, {"AR", "BG", "CS", "DE", "EN", "ES", "FR", "HR", "HU", "IT", "PL", "RO",
                         "RU", "SK", "TR", "ZH"}
    );
    if (!order.language.empty() && !known) code(5220);
    order.customer = text(request_, "customer", 0);
    order.two_step = flag("twoStep");
}

void Reader::methods() {
    const auto* methods = json::find(request_, "methods");
    if (methods && !methods->is_array()) return wrong_type();
    if (!methods || methods->get_array().empty()) return code(5014);
    std::string seen;
    for (const auto& method : methods->get_array()) {
        if (!method.is_string()) return wrong_type();
        const std::string_view text = method.get_string();
        if (!one_of(text, {"CARD", "WIRE", "EAM"})) return code(5014);
        seen += text;
    }
    const bool both = seen.find("EAM") != seen.npos && seen.find("WIRE") != seen.npos;
    // Transfers and qvik exist for forints only.
    if (both || (seen.find("CARD") == seen.npos && out_.order.currency != "HUF")) code(5014);
    out_.order.method = std::string{methods->get_array().at(0).get_string()};
}

std::optional<std::int64_t> Reader::item_sum(const json::object& item) {
    text(item, "title", 5313);
    const auto pieces = read_count(item, "amount", 6).value_or(0);
    if (pieces <= 0) code(5315);
    const auto price = read_fine(item, "price");
    if (!price) code(5314);
    if (price && *price == 0) code(5346);
    const auto tax = json::find(item, "tax") ? read_count(item, "tax", 3) : std::optional{0L};
    if (!tax) code(5208);
    if (pieces <= 0 || price.value_or(0) <= 0 || !tax) return std::nullopt;
    return hundredths(static_cast<long double>(pieces * (100 + *tax)) * *price / 100);
}

// `shippingCost` or `discount`: 0 when there is none.
std::int64_t Reader::extra(std::string_view member) {
    if (!json::find(request_, member)) return 0;
    const auto units = read_fine(request_, member);
    if (!units) wrong_type();
    return hundredths(units.value_or(0));
}

std::optional<std::int64_t> Reader::sum_of_items(const json::array& items) {
    std::int64_t sum = 0;
    bool whole = true;
    for (const auto& item : items) {
        if (!item.is_object()) {
            wrong_type();
            return std::nullopt;
        }
        const auto part = item_sum(item.get_object());
        whole = whole && part;
        sum += part.value_or(0);
    }
    return whole ? std::optional{sum} : std::nullopt;
}

void Reader::total() {
    auto& order = out_.order;
    const auto extras = extra("shippingCost") - extra("discount");
    const auto* items = json::find(request_, "items");
    if (items && !items->is_array()) return wrong_type();
    if (items && !items->get_array().empty()) {
        const auto sum = sum_of_items(items->get_array());
        if (!sum) return;
        order.total = *sum + extras;
        if (order.currency == "HUF") order.total = (order.total + 50) / 100 * 100;
        if (order.total <= 0) code(5346);
        return;
    }
    const auto* total = json::find(request_, "total");
    if (!total) return code(5324);
    const auto sum = read_sum(request_, "total", order.currency);
    if (!sum) return wrong_type();
    if (*sum <= 0) return code(5324);
    order.total = *sum;
}

void Reader::deadline(Time now) {
    const auto timeout = text(request_, "timeout", 0);
    if (timeout.empty()) return;
    out_.order.deadline = parse_time(timeout);
    if (!out_.order.deadline || *out_.order.deadline <= now) code(5094);
}

void Reader::return_urls() {
    out_.order.url = text(request_, "url", 0);
    const auto* urls = json::find(request_, "urls");
    if (urls && !urls->is_object()) return wrong_type();
    if (urls) {
        for (const auto event : {"success", "fail", "cancel", "timeout"}) {
            auto url = text(urls->get_object(), event, 0);
            if (!url.empty()) out_.order.urls[event] = std::move(url);
        }
    }
    const auto usable = [](const std::string& url) {
        return url.starts_with("http://") || url.starts_with("https://");
    };
    bool all_usable = out_.order.url.empty() || usable(out_.order.url);
    for (const auto& [event, url] : out_.order.urls) all_usable = all_usable && usable(url);
    const bool none = out_.order.url.empty() && out_.order.urls.empty();
    if ((none && !out_.wrong_type) || !all_usable) code(5325);
}

// `codes`: for recipient, city, zip, first address line.
void Reader::address(std::string_view member, std::initializer_list<std::int64_t> codes) {
    const auto* value = json::find(request_, member);
    if (!value) return;
    if (!value->is_object()) return wrong_type();
    const auto& in = value->get_object();
    auto expected = codes.begin();
    if (text(in, "name", 0).empty() && text(in, "company", 0).empty()) code(*expected);
    for (const auto part : {"city", "zip", "address"}) text(in, part, *++expected);
    const auto country = text(in, "country", 0);
    const bool letters =
        country.size() == 2 && std::isalpha(country[0]) && std::isalpha(country[1]);
    if (!letters) code(5322);
    const auto phone = text(in, "phone", 0);
    if (phone.find_first_not_of("+0123456789 ()/-") != std::string::npos) code(5057);
}

}  // namespace

std::optional<std::int64_t> read_sum(
    const json::object& request, std::string_view member, std::string_view currency
) {
    const auto* value = json::find(request, member);
    if (!value) return std::nullopt;
    const auto text = json::decimal_text(*value);
    std::int64_t sum = 0;
    if (!text || !read_hundredths(*text, sum)) return std::nullopt;
    if (currency == "HUF" && sum % 100 != 0) return std::nullopt;
    return sum;
}

ReadOrder read_order(const json::object& request, Time now) {
    ReadOrder read;
    read.order.request = request;
    Reader reader{request, read};
    reader.identity();
    reader.methods();
    reader.total();
    reader.deadline(now);
    reader.return_urls();
    reader.address("invoice", {5309, 5310, 5311, 5312});
    reader.address("delivery", {5316, 5317, 5318, 5319});
    return read;
}

}  // namespace payments::sandbox::simplepay
