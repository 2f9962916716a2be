#include "storage/rules/erasures.hpp"

#include <algorithm>
#include <sstream>

#include "payment/find.hpp"
#include "support/crypto.hpp"
#include "support/json.hpp"

namespace payments::ledger {
namespace {

std::string text_of(const std::set<std::int64_t>& numbers) {
    std::string text;
    for (const auto number : numbers) text += (text.empty() ? "" : " ") + std::to_string(number);
    return text;
}

std::set<std::int64_t> numbers_in(const ActionDetails& details, std::string_view name) {
    const auto found = details.find(name);
    std::istringstream text{found == details.end() ? "" : found->second};
    std::set<std::int64_t> numbers;
    for (std::int64_t number = 0; text >> number;) numbers.insert(number);
    return numbers;
}

json::object object_of(std::string_view metas) {
    const auto read = json::parse(metas);
    return read && read->is_object() ? read->get_object() : json::object{};
}

}  // namespace

void ErasedRows::add(const ErasedRows& more) {
    messages.insert(more.messages.begin(), more.messages.end());
    actions.insert(more.actions.begin(), more.actions.end());
}

void write_to(ActionDetails& details, const ErasedRows& rows) {
    if (!rows.messages.empty()) details["messages"] = text_of(rows.messages);
    if (!rows.actions.empty()) details["actions"] = text_of(rows.actions);
}

ErasedRows erased_rows(const ActionDetails& details) {
    return {numbers_in(details, "messages"), numbers_in(details, "actions")};
}

std::string members_among(std::string_view metas, const std::vector<std::string>& wanted) {
    json::object kept;
    for (const auto& [name, value] : object_of(metas)) {
        const bool is_wanted = std::ranges::find(wanted, std::string_view{name}) != wanted.end();
        if (is_wanted && value.is_string() && !value.get_string().empty()) kept[name] = value;
    }
    return kept.empty() ? "" : json::canonical(kept);
}

std::vector<std::string> names_of_members(std::string_view metas) {
    std::vector<std::string> names;
    for (const auto& member : object_of(metas)) names.emplace_back(std::string_view{member.key()});
    return names;
}

std::string email_digest(const std::string& email) {
    return crypto::hex(crypto::sha256(fold_email(email)));
}

}  // namespace payments::ledger
