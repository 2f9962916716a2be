#include "http/api/office/work_requests.hpp"

#include <array>
#include <charconv>
#include <variant>

#include "http/api/office/reading.hpp"
#include "support/text.hpp"

namespace payments::http {
namespace {

constexpr std::size_t short_word_max = 64;
constexpr std::size_t about_max = 254;  // the longest e-mail address
constexpr std::size_t kinds_max = 30;
constexpr std::size_t events_max = 200;

template <class Value, class Read>
Value read_word(Members& members, std::string_view name, Read read, std::string_view wrong) {
    const auto word = members.text(name, short_word_max);
    if (word.empty()) return {};
    if (const auto value = read(std::string_view{word})) return *value;
    members.add(name, std::string{wrong});
    return {};
}

std::optional<std::int64_t> number_of(std::string_view text) {
    std::int64_t number = 0;
    const auto* end = text.data() + text.size();
    const auto [rest, error] = std::from_chars(text.data(), end, number);
    if (error != std::errc{} || rest != end || number < 1) return {};
    return number;
}

// "TR123" and "123" name a transaction.
void read_about(Members& members, ActionsQuery& query) {
    const auto given = members.optional_text("about", about_max);
    const auto text = text::trim(given);
    const bool is_reference = text.starts_with("TR") || text.starts_with("tr");
    query.transaction_id = number_of(is_reference ? text.substr(2) : text);
    if (!query.transaction_id) query.about = text;
}

void read_event_ids(Members& members, EventsOrder& order) {
    using AnyId = std::variant<EventId, SettlementEventId>;
    const auto event_id = [](std::string_view word) -> std::optional<AnyId> {
        if (const auto id = EventId::parse(word)) return *id;
        if (const auto id = SettlementEventId::parse(word)) return *id;
        return {};
    };
    for (const auto& id : read_list<AnyId>(members, "event_ids", events_max, event_id)) {
        if (const auto* of_payment = std::get_if<EventId>(&id))
            order.ids.push_back(*of_payment);
        else
            order.settlement_ids.push_back(std::get<SettlementEventId>(id));
    }
    const auto* given = members.optional_array("event_ids");
    if (given != nullptr && given->empty()) members.add("event_ids", "must not be empty");
}

}  // namespace

std::optional<EventState> event_state_of(std::string_view word) {
    constexpr std::array states{"waiting", "told", "dead", "skipped"};
    for (std::size_t i = 0; i < states.size(); ++i)
        if (word == states[i]) return static_cast<EventState>(i);
    return {};
}

Result<ReviewOrder> read_review_order(
    const json::object& body, const std::optional<TimeZone>& zone
) {
    std::vector<Wrong> wrong;
    Members members{body, wrong};
    ReviewOrder order;
    order.entry.kind = read_word<ReviewKind>(
        members, "kind", review_kind, "must be a kind of the list of reviews"
    );
    order.entry.number = members.id("number");
    order.as = read_word<Handling>(
        members, "as", handling_of, "must be mine, released, snoozed or closed"
    );
    order.until = read_moment(members, "until", zone);
    const bool is_snoozed = order.as == Handling::snoozed;
    if (is_snoozed && members.find("until") == nullptr) members.add("until", "is missing");
    if (!is_snoozed && order.until) members.add("until", "is for snoozed alone");
    if (order.as == Handling::closed || members.find("note") != nullptr)
        order.note = read_words(members, "note", note_max);
    if (auto error = error_of(std::move(wrong))) return std::move(*error);
    return order;
}

Result<ActionsQuery> read_actions_query(
    const json::object& body, const std::optional<TimeZone>& zone
) {
    std::vector<Wrong> wrong;
    Members members{body, wrong};
    ActionsQuery query;
    query.by = members.optional_text("by", about_max);
    read_about(members, query);
    const auto kind = [](std::string_view word) {
        const bool is_sound = !word.empty() && word.size() <= short_word_max;
        return is_sound ? std::optional{std::string{word}} : std::nullopt;
    };
    query.kinds = read_list<std::string>(members, "kind", kinds_max, kind);
    query.from = read_moment(members, "from", zone);
    query.to = read_moment(members, "to", zone);
    query.limit = read_limit(members, query.limit);
    const auto after = members.optional_text("after", short_word_max);
    if (!after.empty()) {
        query.after = ActionPlace::parse(after);
        if (!query.after) members.add("after", "must be `next` of an earlier answer");
    }
    if (auto error = error_of(std::move(wrong))) return std::move(*error);
    return query;
}

Result<EventsQuery> read_events_query(const json::object& body) {
    std::vector<Wrong> wrong;
    Members members{body, wrong};
    EventsQuery query;
    if (members.find("state") != nullptr)
        query.state = read_word<std::optional<EventState>>(
            members, "state", event_state_of, "must be waiting, told, dead or skipped"
        );
    query.transaction_id = read_optional_id(members, "transaction_id");
    query.limit = read_limit(members, query.limit);
    const auto after = members.optional_text("after", short_word_max);
    if (!after.empty()) {
        const auto last = EventId::parse(after);
        if (last) query.after = last->number;
        if (!last) members.add("after", "must be `next` of an earlier answer");
    }
    if (auto error = error_of(std::move(wrong))) return std::move(*error);
    return query;
}

Result<EventsOrder> read_replay(const json::object& body) {
    std::vector<Wrong> wrong;
    Members members{body, wrong};
    EventsOrder order;
    read_event_ids(members, order);
    if (const auto* all = members.find("all_dead")) {
        if (!all->is_bool()) members.add("all_dead", "must be true or false");
        order.all_dead = all->is_bool() && all->get_bool();
    }
    const bool names_some = members.find("event_ids") != nullptr;
    if (names_some == order.all_dead)
        members.add("event_ids", "is needed, or else all_dead, and not both");
    if (auto error = error_of(std::move(wrong))) return std::move(*error);
    return order;
}

Result<EventsOrder> read_skip(const json::object& body) {
    std::vector<Wrong> wrong;
    Members members{body, wrong};
    EventsOrder order;
    order.skips = true;
    members.array("event_ids");
    read_event_ids(members, order);
    order.note = read_words(members, "note", note_max);
    if (auto error = error_of(std::move(wrong))) return std::move(*error);
    return order;
}

Result<MessagesQuery> read_messages_query(const json::object& body) {
    std::vector<Wrong> wrong;
    Members members{body, wrong};
    MessagesQuery query;
    const auto show = members.optional_text("show", short_word_max);
    if (!show.empty() && show != "unmatched" && show != "all")
        members.add("show", "must be unmatched or all");
    query.is_unmatched_only = show != "all";
    query.limit = read_limit(members, query.limit);
    const auto after = members.optional_text("after", short_word_max);
    if (!after.empty()) {
        query.after = number_of(after);
        if (!query.after) members.add("after", "must be `next` of an earlier answer");
    }
    if (auto error = error_of(std::move(wrong))) return std::move(*error);
    return query;
}

}  // namespace payments::http
