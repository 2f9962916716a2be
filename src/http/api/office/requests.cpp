#include "http/api/office/requests.hpp"

#include <algorithm>
#include <set>

#include "http/api/members.hpp"
#include "support/text.hpp"
#include "support/times.hpp"

namespace payments::http {
namespace {

constexpr std::size_t text_max = 254;  // the longest e-mail address
constexpr std::size_t word_max = 64;
constexpr std::int64_t limit_max = 200;
// As many as there are, and of fee types more than anybody chooses among.
constexpr std::size_t statuses_max = static_cast<std::size_t>(Status::review) + 1;
constexpr std::size_t processors_max = static_cast<std::size_t>(Processor::stripe) + 1;
constexpr std::size_t fee_types_max = 50;
constexpr std::size_t fee_type_max = 64;
constexpr std::size_t note_max = 2000;
constexpr std::size_t why_max = 200;
constexpr std::size_t ticket_scopes_max = 1000;

// Words of a list, each once and as `read` understands it; more than `items_max` are not looked at.
template <class T, class Read>
std::vector<T> read_list(
    Members& members, std::string_view name, std::size_t items_max, Read read
) {
    std::vector<T> list;
    const auto* words = members.optional_array(name);
    if (words == nullptr) return list;
    if (words->size() > items_max) {
        members.add(name, "must have at most " + std::to_string(items_max) + " items");
        return list;
    }
    for (std::size_t i = 0; i < words->size(); ++i) {
        const auto* word = (*words)[i].if_string();
        const auto one = word ? read(std::string_view{*word}) : std::optional<T>{};
        if (!one)
            members.add_to_item(name, i, "is none of those there are");
        else if (std::ranges::find(list, *one) == list.end())
            list.push_back(*one);
    }
    return list;
}

template <class T>
std::optional<T> value_of(Result<T> result) {
    if (!result) return {};
    return std::move(*result);
}

std::optional<std::string> fee_type(std::string_view word) {
    const bool is_sound =
        word.size() <= fee_type_max && Code::parse(std::string{word} + "-EUR-SIMPLE").has_value();
    return is_sound ? std::optional{std::string{word}} : std::nullopt;
}

// A time, or a day, which stands for its beginning in the zone.
std::optional<Time> read_moment(
    Members& members, std::string_view name, const std::optional<TimeZone>& zone
) {
    if (members.find(name) == nullptr) return {};
    const auto text = members.text(name, word_max);
    if (text.empty()) return {};
    constexpr std::string_view day = "2026-03-02";
    const bool is_day = text.size() == day.size();
    const auto moment = parse_time(is_day ? text + "T00:00:00Z" : text);
    if (!moment) {
        members.add(name, "must be a time such as 2026-03-02T12:00:00+01:00, or a day");
        return {};
    }
    if (!is_day) return moment;
    if (zone) return zone->start_of(std::chrono::floor<std::chrono::days>(*moment));
    members.add(name, "must be a time, for this service does not know its time zone's days");
    return {};
}

// A number of major units, whose currency must be told.
std::optional<std::int64_t> read_amount(
    Members& members, std::string_view name, const std::optional<Currency>& currency
) {
    const auto* value = members.find(name);
    if (value == nullptr) return {};
    const auto text = value->is_number() ? json::decimal_text(*value) : std::nullopt;
    if (!text) {
        members.add(name, "must be a number");
        return {};
    }
    if (!currency) return {};
    const auto amount = Money::parse(*text, *currency);
    if (!amount) {
        members.add(name, amount.error().detail);
        return {};
    }
    return amount->minor();
}

std::optional<std::int64_t> read_optional_id(Members& members, std::string_view name) {
    if (members.find(name) == nullptr) return {};
    return members.id(name);
}

void read_limit(Members& members, FindQuery& query) {
    if (members.find("limit") == nullptr) return;
    const auto limit = members.id("limit");
    if (limit > limit_max) members.add("limit", "must be at most 200");
    query.limit = static_cast<std::size_t>(std::clamp<std::int64_t>(limit, 1, limit_max));
}

// Of something that people are to read.
std::string read_words(Members& members, std::string_view name, std::size_t length_max) {
    const auto given = members.text(name, length_max);
    const auto words = text::trim(given);
    if (words.empty() && !given.empty()) members.add(name, "must not be blank");
    return std::string{words};
}

Result<std::int64_t> read_id(const json::object& body, std::string_view name) {
    std::vector<Wrong> wrong;
    Members members{body, wrong};
    const auto id = members.id(name);
    if (auto error = error_of(std::move(wrong))) return std::move(*error);
    return id;
}

}  // namespace

Result<FindQuery> read_find(const json::object& body, const std::optional<TimeZone>& zone) {
    std::vector<Wrong> wrong;
    Members members{body, wrong};
    FindQuery query;
    const auto text = members.optional_text("text", text_max);
    if (text.find_first_not_of(' ') != text.npos) query.text = read_search_text(text);
    const auto status = [](std::string_view word) { return value_of(status_of(word)); };
    const auto processor = [](std::string_view word) { return value_of(processor_of(word)); };
    query.statuses = read_list<Status>(members, "status", statuses_max, status);
    query.processors = read_list<Processor>(members, "processor", processors_max, processor);
    query.fee_types = read_list<std::string>(members, "fee_type", fee_types_max, fee_type);
    const auto currency = members.optional_text("currency", word_max);
    if (!currency.empty()) {
        query.currency = value_of(Currency::of(currency));
        if (!query.currency) members.add("currency", "must be a currency such as EUR");
    }
    const bool has_amount = members.find("amount_from") || members.find("amount_to");
    if (has_amount && members.find("currency") == nullptr)
        members.add("currency", "is needed with an amount");
    query.amount_from_minor = read_amount(members, "amount_from", query.currency);
    query.amount_to_minor = read_amount(members, "amount_to", query.currency);
    query.created_from = read_moment(members, "created_from", zone);
    query.created_to = read_moment(members, "created_to", zone);
    query.paid_from = read_moment(members, "paid_from", zone);
    query.paid_to = read_moment(members, "paid_to", zone);
    query.ticket_id = read_optional_id(members, "ticket_id");
    query.after = read_optional_id(members, "after");
    read_limit(members, query);
    if (auto error = error_of(std::move(wrong))) return std::move(*error);
    return query;
}

Result<std::int64_t> read_transaction_id(const json::object& body) {
    return read_id(body, "transaction_id");
}

Result<std::int64_t> read_message_id(const json::object& body) {
    return read_id(body, "message_id");
}

Result<NoteRequest> read_note(const json::object& body) {
    std::vector<Wrong> wrong;
    Members members{body, wrong};
    NoteRequest request;
    request.transaction_id = members.id("transaction_id");
    request.text = read_words(members, "text", note_max);
    if (auto error = error_of(std::move(wrong))) return std::move(*error);
    return request;
}

Result<RevealRequest> read_reveal(const json::object& body) {
    std::vector<Wrong> wrong;
    Members members{body, wrong};
    RevealRequest request;
    request.transaction_id = members.id("transaction_id");
    request.why = read_words(members, "why", why_max);
    if (auto error = error_of(std::move(wrong))) return std::move(*error);
    return request;
}

namespace {

std::string scope_member(Members& members, std::string_view name) {
    const auto* value = members.find(name);
    const auto* text = value ? value->if_string() : nullptr;
    if (value == nullptr) members.add(name, "is missing");
    if (value != nullptr && text == nullptr) members.add(name, "must be text");
    if (text == nullptr) return "";
    if (text->size() > scope_bytes_max)
        members.add(name, "must be at most " + std::to_string(scope_bytes_max) + " bytes");
    return std::string{std::string_view{*text}};
}

}  // namespace

Result<std::vector<TicketPlace>> read_ticket_scopes(const json::object& body) {
    std::vector<Wrong> wrong;
    Members members{body, wrong};
    std::vector<TicketPlace> places;
    std::set<std::int64_t> named;
    const auto* tickets = members.array("tickets");
    const auto count = tickets ? tickets->size() : 0;
    if (tickets && (count == 0 || count > ticket_scopes_max))
        members.add("tickets", "must be 1 to " + std::to_string(ticket_scopes_max) + " tickets");
    for (std::size_t i = 0; i < count && count <= ticket_scopes_max; ++i) {
        const auto* one = (*tickets)[i].if_object();
        if (one == nullptr) {
            members.add_to_item("tickets", i, "must be an object");
            continue;
        }
        Members ticket{*one, wrong, members.pointer_to("tickets") + "/" + std::to_string(i)};
        const auto id = ticket.id("id");
        if (id > 0 && !named.insert(id).second) ticket.add("id", "is named twice");
        TicketScope scope;
        scope.flag = scope_member(ticket, "flag");
        scope.year = scope_member(ticket, "year");
        scope.event = scope_member(ticket, "event");
        places.emplace_back(id, std::move(scope));
    }
    if (auto error = error_of(std::move(wrong))) return std::move(*error);
    return places;
}

}  // namespace payments::http
