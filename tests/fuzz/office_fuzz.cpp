#include <algorithm>
#include <set>

#include "fuzz.hpp"
#include "http/api/office/masking.hpp"
#include "http/api/office/requests.hpp"
#include "support/times.hpp"
#include "support/utf8.hpp"

// Any bytes as the body of the operations by which staff find and understand payments, as what they
// type into a search box, and as a provider's message that is masked for them.
namespace {

using namespace payments;
using fuzz::require;

const std::optional<TimeZone>& zone() {
    static const auto budapest = TimeZone::load("Europe/Budapest");
    require(budapest.has_value());
    return budapest;
}

// Every complaint names a member of this body or an item of its lists, or one that is missing.
void judge(const Error& error, const json::object& body) {
    require(error.code == Errc::invalid_request && !error.wrong.empty());
    fuzz::require_sendable(error, "");
    std::set<std::string> pointers;
    for (const auto& [pointer, detail] : error.wrong) {
        require(pointer.starts_with('/') && pointers.insert(pointer).second);
        const auto slash = std::min(pointer.find('/', 1), pointer.size());
        const auto* member = json::find(body, pointer.substr(1, slash - 1));
        const bool is_missing = detail == "is missing" || detail == "is needed with an amount";
        require(is_missing == (member == nullptr));
        if (slash == pointer.size()) continue;
        require(member->is_array());
        require(std::stoul(pointer.substr(slash + 1)) < member->get_array().size());
    }
}

template <class T>
void require_each_once(const std::vector<T>& list, std::size_t items_max) {
    require(list.size() <= items_max);
    for (const auto& item : list) require(std::ranges::count(list, item) == 1);
}

std::string tell(const std::optional<Time>& time) { return time ? rfc3339(*time) : "-"; }
std::string tell(const std::optional<std::int64_t>& number) {
    return number ? std::to_string(*number) : "-";
}

std::string tell(const FindQuery& query) {
    std::string text;
    if (query.text) {
        for (const auto word : query.text->read_as()) text += std::string{word} + ',';
        text += tell(query.text->transaction_id) + tell(query.text->ticket_id) +
                query.text->provider_id + query.text->refund_or_dispute + query.text->email;
    }
    for (const auto status : query.statuses) text += '|' + std::string{name(status)};
    for (const auto processor : query.processors) text += '|' + std::string{name(processor)};
    for (const auto& fee_type : query.fee_types) text += '|' + fee_type;
    if (query.currency) text += query.currency->code();
    for (const auto& amount : {query.amount_from_minor, query.amount_to_minor})
        text += tell(amount) + ';';
    for (const auto& time : {query.created_from, query.created_to, query.paid_from, query.paid_to})
        text += tell(time) + ';';
    return text + tell(query.ticket_id) + ';' + tell(query.after) + ';' +
           std::to_string(query.limit);
}

void judge_find(const json::object& body) {
    const auto query = http::read_find(body, zone());
    // The order of members means nothing.
    const auto sorted = json::parse(json::canonical(body)).value();
    const auto again = http::read_find(sorted.get_object(), zone());
    require(query.has_value() == again.has_value());
    if (!query) return judge(query.error(), body);
    require(tell(*query) == tell(*again));
    require_each_once(query->statuses, 12);
    require_each_once(query->processors, 2);
    require_each_once(query->fee_types, 50);
    require(query->limit >= 1 && query->limit <= 200);
    require(!query->is_everywhere && query->scope_ids.empty());
    const bool has_amount = query->amount_from_minor || query->amount_to_minor;
    require(!has_amount || query->currency.has_value());
}

// Each member by itself, for one of the filter is named below it.
void judge_export(const json::object& body) {
    const auto request = http::read_export(body, *zone());
    if (!request) {
        require(request.error().code == Errc::invalid_request && !request.error().wrong.empty());
        return fuzz::require_sendable(request.error(), "");
    }
    require(request->to - request->from <= std::chrono::hours{401 * 24});
    require_each_once(request->statuses, 12);
    require_each_once(request->processors, 2);
    require_each_once(request->fee_types, 50);
    require(!request->is_personal || request->what == ExportRequest::What::payments);
    const bool has_amount = request->amount_from_minor || request->amount_to_minor;
    require(!has_amount || request->currency.has_value());
}

template <class Read>
void judge_id(Read read, const json::object& body) {
    const auto id = read(body);
    if (id)
        require(*id >= 1);
    else
        judge(id.error(), body);
}

// A text that people are to read.
void judge_words(
    const std::string& text, std::size_t length_max, const json::object& body, const char* member
) {
    require(!text.empty() && utf8::length(text) <= length_max);
    const std::string_view blanks = " \t\r\n";
    require(blanks.find(text.front()) == blanks.npos && blanks.find(text.back()) == blanks.npos);
    require(json::string_or(body, member, "").find(text) != std::string::npos);
}

void judge_acts(const json::object& body) {
    if (const auto note = http::read_note(body))
        judge_words(note->text, 2000, body, "text");
    else
        judge(note.error(), body);
    if (const auto reveal = http::read_reveal(body))
        judge_words(reveal->why, 200, body, "why");
    else
        judge(reveal.error(), body);
}

// What is left of an address is at most what mask_email() leaves.
void judge_masked(const json::value& value) {
    if (value.is_array())
        for (const auto& item : value.get_array()) judge_masked(item);
    if (value.is_object())
        for (const auto& [name, member] : value.get_object()) {
            require(name.find('@') == name.npos);
            judge_masked(member);
        }
    if (!value.is_string()) return;
    const std::string_view text{value.get_string()};
    const auto at = text.find('@');
    require(at == text.npos || (text.find("***") < at && text.find("***", at) != text.npos));
}

void judge_message(std::string_view text) {
    const auto masked = http::mask_message(text);
    const auto is_readable = json::parse_leniently(text).has_value();
    require(masked.empty() != is_readable);
    if (masked.empty()) return;
    const auto read = json::parse_leniently(masked);
    require(read && read->wrong.empty());
    judge_masked(read->tree);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const auto text = fuzz::text_of(data, size);
    judge_message(text);
    const auto typed = read_search_text(text);
    require(typed.names_payments() || !typed.read_as().empty());
    const auto parsed = json::parse(text);
    if (!parsed || !parsed->is_object()) return 0;
    const auto& body = parsed->get_object();
    judge_find(body);
    judge_export(body);
    judge_id(http::read_transaction_id, body);
    judge_id(http::read_message_id, body);
    judge_acts(body);
    return 0;
}
