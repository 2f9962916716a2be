#include "settlement/readers/misread.hpp"

#include <algorithm>

#include "payment/quoted_text.hpp"
#include "support/json.hpp"
#include "support/text.hpp"

namespace payments::settlement {
namespace {

bool is_letter(char c) {
    const char lower = text::to_lower(c);
    return (lower >= 'a' && lower <= 'z') || static_cast<unsigned char>(c) >= 0x80;
}

}  // namespace

std::string Place::text() const {
    if (line == 0) return {};
    return "line " + std::to_string(line) +
           (column > 0 ? ", column " + std::to_string(column) : std::string{});
}

void Mistakes::add_at(std::string place, std::string_view why) {
    if (!are_enough()) wrong_.push_back({std::move(place), std::string{why}});
}

void Mistakes::add(const Error& error) {
    for (const auto& [place, why] : error.wrong) add_at(place, why);
}

bool Mistakes::are_enough() const { return wrong_.size() >= json::wrong_max; }

Error Mistakes::error() const {
    const auto& [place, why] = wrong_.front();
    Error error{Errc::invalid_request, place.empty() ? why : place + ": " + why};
    error.wrong = wrong_;
    return error;
}

Error misread(Place place, std::string_view why) {
    Mistakes mistakes;
    mistakes.add(place, why);
    return mistakes.error();
}

std::string shown(std::string_view text) { return quoted(text, 64); }

std::string shown_number(std::string_view text) {
    return std::ranges::any_of(text, is_letter) || text.size() > 24 ? "a text" : quoted(text, 24);
}

Result<Currency> read_currency(std::string_view code) {
    const bool is_code = code.size() == 3 && std::ranges::all_of(code, is_letter);
    if (auto currency = Currency::of(text::upper(code)); is_code && currency) return currency;
    return Error{
        Errc::invalid_request, (is_code ? shown(code) : shown_number(code)) + " is no currency"};
}

}  // namespace payments::settlement
