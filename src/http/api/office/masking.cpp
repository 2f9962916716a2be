#include "http/api/office/masking.hpp"

#include <algorithm>
#include <array>

#include "payment/story.hpp"

namespace payments::http {
namespace {

constexpr std::string_view hidden = "***";

// What becomes of a member's value, and of all that it holds: the strictest counts.
enum class Treatment : std::uint8_t {
    show,
    abbreviate_unless_id,  // "customer" is a person, or an id at the provider
    abbreviate,            // to initials, or what a masked address has
    hide,                  // "***"
};

// A member is known by how its name ends, without regard to case, "_", "-" and digits behind it:
// providers put words before it at will (refund_account_holder_address_line1).
constexpr std::array endings{
    "address",   "addresses", "street",   "zipcode",    "postcode",  "postalcode", "phone",
    "phonelast", "mobile",    "number",   "taxid",      "taxids",    "vatid",      "birth",
    "birthdate", "birthday",  "location", "latitude",   "longitude", "useragent",  "fingerprint",
    "sortcode",  "iban",      "deviceid", "payerid",    "buyerid",   "cashtag",    "secret",
    "token",     "tokens",    "password", "cryptogram", "url",       "urls",       "signature",
    "evidence",  "clientip",
};
// As whole words at the end, being parts of others: "tip", "deadline".
constexpr std::array last_words{"ip", "line", "zip", "fax", "vat", "bic", "dob", "pan", "clabe"};
constexpr std::array people{"customer", "company", "owner", "payer", "buyer", "cardholder"};
constexpr std::array names{"name", "holder", "recipient", "beneficiary", "email"};
// Where somebody lives, but not at which door.
constexpr std::array places{"country", "state", "city"};

bool is_letter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }
bool is_upper(char c) { return c >= 'A' && c <= 'Z'; }

// "_address_line" of "address_line_1", "addressLine1" and "address-line1".
std::string spelled(std::string_view name) {
    while (!name.empty() && !is_letter(name.back()) && static_cast<unsigned char>(name.back()) < 128
    )
        name.remove_suffix(1);
    std::string made = "_";
    char before = '_';
    for (const char c : name) {
        const bool begins = is_upper(c) && !is_upper(before);
        if ((begins || c == '_' || c == '-') && made.back() != '_') made += '_';
        if (c != '_' && c != '-') made += is_upper(c) ? static_cast<char>(c - 'A' + 'a') : c;
        before = c;
    }
    return made;
}

std::string plain(std::string_view name) {
    auto made = spelled(name);
    std::erase(made, '_');
    return made;
}

bool is_one_of(std::string_view name, const auto& list) {
    return std::ranges::find(list, name) != list.end();
}

bool ends_with_one_of(std::string_view name, const auto& list) {
    return std::ranges::any_of(list, [&](std::string_view end) { return name.ends_with(end); });
}

Treatment treatment_of(std::string_view name) {
    const auto words_of_it = spelled(name), all = plain(name);
    if (ends_with_one_of(all, endings)) return Treatment::hide;
    const bool has_word = std::ranges::any_of(last_words, [&](const char* word) {
        return words_of_it.ends_with(std::string{"_"} + word);
    });
    if (has_word) return Treatment::hide;
    if (ends_with_one_of(all, names)) return Treatment::abbreviate;
    if (ends_with_one_of(all, people)) return Treatment::abbreviate_unless_id;
    return Treatment::show;
}

bool is_address(std::string_view text) { return text.find('@') != text.npos; }

// A name of a member may be an address too.
std::string_view shown_name(std::string_view name) { return is_address(name) ? hidden : name; }

json::value hide(const json::value& value) {
    if (value.is_null()) return nullptr;
    if (value.is_string() && value.get_string().empty()) return "";
    return json::value(hidden);
}

// Whatever a member is called, an e-mail address in it is one: "paid by eva@example.org" is hidden
// as a whole.
json::value mask_text(std::string_view text) {
    if (!is_address(text)) return json::value(text);
    return json::value(mask_email(text));
}

json::value mask_name(std::string_view text) {
    return is_address(text) ? mask_text(text) : json::value(initials(text));
}

constexpr std::array kinds_of_people{"cus", "gcus", "acct", "ich"};

bool is_digit(char c) { return c >= '0' && c <= '9'; }

// Of Stripe's form: "cus_QXg1hqf4jFNsqG". Letters alone behind a word that Stripe does not use may
// be somebody's name: "eva_kovacs".
bool is_provider_id(std::string_view text) {
    const auto is_small = [](char c) { return c >= 'a' && c <= 'z'; };
    const auto kind = text.substr(0, text.find('_'));
    const auto rest = text.substr(std::min(text.size(), kind.size() + 1));
    return kind.size() >= 2 && kind.size() <= 6 && std::ranges::all_of(kind, is_small) &&
           !rest.empty() &&
           (is_one_of(kind, kinds_of_people) || std::ranges::any_of(rest, is_digit)) &&
           std::ranges::all_of(rest, [](char c) { return is_letter(c) || is_digit(c); });
}

bool is_name(Treatment treatment) {
    return treatment == Treatment::abbreviate || treatment == Treatment::abbreviate_unless_id;
}

json::value mask_scalar(const json::value& value, Treatment treatment) {
    if (treatment == Treatment::hide && !value.is_bool()) return hide(value);
    // True and false say nothing of a person: "has_evidence".
    if (!value.is_string())
        return value.is_number() && treatment != Treatment::show ? hide(value) : value;
    const std::string_view text{value.get_string()};
    const bool may_be_id = treatment == Treatment::abbreviate_unless_id;
    if (treatment == Treatment::show || (may_be_id && is_provider_id(text))) return mask_text(text);
    return mask_name(text);
}

json::value mask(const json::value& value, Treatment treatment) {
    if (value.is_array()) {
        json::array list;
        for (const auto& item : value.get_array()) list.push_back(mask(item, treatment));
        return list;
    }
    if (!value.is_object()) return mask_scalar(value, treatment);
    json::object masked;
    for (const auto& [name, member] : value.get_object()) {
        const bool is_place = member.is_string() && is_one_of(plain(name), places);
        const auto how = is_place ? Treatment::show : std::max(treatment, treatment_of(name));
        masked[shown_name(name)] = mask(member, how);
    }
    return masked;
}

}  // namespace

json::object mask_metas(const json::object& metas) {
    json::object masked;
    for (const auto& [name, member] : metas) {
        const bool is_text = member.is_string();
        const auto known_as = plain(name);
        auto& shown = masked[shown_name(name)];
        if (is_text && (is_one_of(known_as, places) || known_as == "language"))
            shown = mask_text(member.get_string());
        else if (is_text && is_name(treatment_of(name)))
            shown = mask_name(member.get_string());
        else
            shown = hide(member);
    }
    return masked;
}

std::string mask_message(std::string_view body) {
    // As it is read when it comes in: what others have signed may break our rules of JSON.
    const auto read = json::parse_leniently(body);
    return read ? json::write(mask(read->tree, Treatment::show)) : "";
}

}  // namespace payments::http
