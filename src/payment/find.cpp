#include "payment/find.hpp"

#include <algorithm>
#include <charconv>

#include "payment/email.hpp"

namespace payments {
namespace {

bool is_figure(char c) { return c >= '0' && c <= '9'; }

std::string_view trim(std::string_view text) {
    constexpr std::string_view blanks = " \t\r\n";
    const auto from = text.find_first_not_of(blanks);
    if (from == text.npos) return {};
    return text.substr(from, text.find_last_not_of(blanks) - from + 1);
}

std::string upper(std::string_view text) {
    std::string made{text};
    for (auto& c : made)
        if (c >= 'a' && c <= 'z') c = static_cast<char>(c - 'a' + 'A');
    return made;
}

// Ids of Stripe's: letters of its alphabet behind a prefix that says what they are of.
bool is_stripe_id(std::string_view text, std::initializer_list<std::string_view> prefixes) {
    const bool has_prefix = std::ranges::any_of(prefixes, [&](std::string_view prefix) {
        return text.starts_with(prefix) && text.size() > prefix.size();
    });
    return has_prefix && std::ranges::all_of(text, [](char c) {
               return is_figure(c) || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
           });
}

// "104 000", "220,50": blanks between the digits, of any sort that is typed, and a comma or a dot.
std::optional<Money> amount_of(std::string_view number, std::string_view code) {
    const auto currency = Currency::of(upper(trim(code)));
    if (!currency) return {};
    std::string plain;
    for (number = trim(number); !number.empty();) {
        constexpr std::string_view no_break[] = {"\xc2\xa0", "\xe2\x80\xaf"};
        if (number.starts_with(no_break[0]) || number.starts_with(no_break[1])) {
            number.remove_prefix(number.starts_with(no_break[0]) ? 2 : 3);
            continue;
        }
        if (number.front() != ' ') plain += number.front() == ',' ? '.' : number.front();
        number.remove_prefix(1);
    }
    const auto amount = Money::parse(plain, *currency);
    if (!amount) return {};
    return *amount;
}

std::optional<Money> amount_in(std::string_view text) {
    constexpr std::size_t letters = 3;
    if (text.size() <= letters) return {};
    if (is_figure(text.front()))
        return amount_of(text.substr(0, text.size() - letters), text.substr(text.size() - letters));
    return amount_of(text.substr(letters), text.substr(0, letters));
}

// "TR123", in any case, and the name of a refund of it.
std::optional<std::int64_t> id_in(const std::string& text) {
    const auto dash = text.find("-R");
    if (dash == text.npos) return id_of_reference(text);
    const auto number = std::string_view{text}.substr(dash + 2);
    if (number.empty() || !std::ranges::all_of(number, is_figure)) return {};
    return id_of_reference(std::string_view{text}.substr(0, dash));
}

}  // namespace

std::string fold_email(std::string_view address) {
    std::string folded{address};
    for (auto& c : folded)
        if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
    return folded;
}

std::vector<std::string_view> SearchText::read_as() const {
    std::vector<std::string_view> names;
    if (transaction_id) names.emplace_back("transaction");
    if (ticket_id) names.emplace_back("ticket");
    if (!provider_id.empty()) names.emplace_back("provider_id");
    if (!refund_or_dispute.empty()) names.emplace_back("refund_or_dispute");
    if (!email.empty()) names.emplace_back("email");
    if (amount) names.emplace_back("amount");
    return names;
}

bool SearchText::names_payments() const { return !amount; }

SearchText read_search_text(std::string_view text) {
    SearchText read;
    text = trim(text);
    if (!text.empty() && std::ranges::all_of(text, is_figure)) {
        read.transaction_id = read.ticket_id = id_of_reference("TR" + std::string{text});
        read.provider_id = read.refund_or_dispute = text;
    } else if (is_stripe_id(text, {"pi_"})) {
        read.provider_id = text;
    } else if (is_stripe_id(text, {"re_", "pyr_", "dp_", "du_"})) {
        read.refund_or_dispute = text;
    } else if (is_email(text)) {
        read.email = fold_email(text);
    } else if (const auto id = id_in(upper(text))) {
        read.transaction_id = id;
    } else {
        read.amount = amount_in(text);
    }
    return read;
}

}  // namespace payments
