#include "http/api/office/masking.hpp"

#include <algorithm>
#include <array>

#include "payment/story.hpp"

namespace payments::http {
namespace {

constexpr std::string_view hidden = "***";

// As members are called in messages, without regard to case, "_" and "-".
constexpr std::array kept_metas{"country", "state", "city", "language"};
constexpr std::array names{"name",     "firstname",    "lastname", "fullname",
                           "customer", "customername", "company",  "cardholdername"};
constexpr std::array hidden_members{
    "address",     "address1",    "address2", "line1",    "line2",         "line3",
    "street",      "zip",         "zipcode",  "postcode", "postalcode",    "phone",
    "phonenumber", "mobile",      "fax",      "ip",       "ipaddress",     "clientip",
    "taxnumber",   "taxid",       "vat",      "vatid",    "birthdate",     "dateofbirth",
    "useragent",   "fingerprint", "sortcode", "iban",     "accountnumber",
};

std::string plain(std::string_view name) {
    std::string made;
    for (const char c : name)
        if (c >= 'A' && c <= 'Z')
            made += static_cast<char>(c - 'A' + 'a');
        else if (c != '_' && c != '-')
            made += c;
    return made;
}

bool is_one_of(std::string_view name, const auto& list) {
    return std::ranges::find(list, plain(name)) != list.end();
}

bool is_address(std::string_view text) { return text.find('@') != text.npos; }

json::value hide(const json::value& value) {
    if (value.is_null()) return nullptr;
    if (value.is_string() && value.get_string().empty()) return "";
    return json::value(hidden);
}

// Whatever a member is called, an e-mail address in it is one: "paid by eva@example.org" is hidden
// as a whole.
json::value mask_text(std::string_view text) {
    if (!is_address(text)) return json::value(text);
    const bool is_whole = text.find(' ') == text.npos;
    return json::value(is_whole ? mask_email(text) : std::string{hidden});
}

json::value mask_name(const json::value& value) {
    if (!value.is_string()) return hide(value);
    const std::string_view text{value.get_string()};
    if (is_address(text)) return mask_text(text);
    return json::value(initials(text));
}

// Ids at the provider stand under the same words as people's names: "customer": "cus_1".
bool is_provider_id(const json::value& value) {
    if (!value.is_string()) return false;
    const std::string_view text{value.get_string()};
    const auto dash = text.find('_');
    return dash != text.npos && dash >= 2 && dash <= 6 && text.find(' ') == text.npos;
}

json::value mask(const json::value& value) {
    if (value.is_string()) return mask_text(value.get_string());
    if (value.is_array()) {
        json::array list;
        for (const auto& item : value.get_array()) list.push_back(mask(item));
        return list;
    }
    if (!value.is_object()) return value;
    json::object masked;
    for (const auto& [name, member] : value.get_object()) {
        const bool has_more = member.is_object() || member.is_array();
        if (has_more)
            masked[name] = mask(member);
        else if (is_one_of(name, hidden_members))
            masked[name] = hide(member);
        else if (is_one_of(name, names) && !is_provider_id(member))
            masked[name] = mask_name(member);
        else
            masked[name] = mask(member);
    }
    return masked;
}

}  // namespace

json::object mask_metas(const json::object& metas) {
    json::object masked;
    for (const auto& [name, member] : metas) {
        const bool is_text = member.is_string();
        if (is_text && is_one_of(name, kept_metas))
            masked[name] = mask(member);
        else if (is_text && plain(name) == "email")
            masked[name] = mask_email(member.get_string());
        else if (is_text && is_one_of(name, names))
            masked[name] = mask_name(member);
        else
            masked[name] = hide(member);
    }
    return masked;
}

std::string mask_message(std::string_view body) {
    // As it is read when it comes in: what others have signed may break our rules of JSON.
    const auto read = json::parse_leniently(body);
    return read ? json::write(mask(read->tree)) : "";
}

}  // namespace payments::http
