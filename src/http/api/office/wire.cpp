#include "http/api/office/wire.hpp"

#include <algorithm>

#include "http/api/members.hpp"
#include "support/times.hpp"

namespace payments::http {
namespace {

constexpr std::size_t text_max = 254;  // the longest e-mail address
constexpr std::size_t word_max = 64;
constexpr std::int64_t limit_max = 200;

// Words of a list, each as `read` understands it.
template <class T, class Read>
std::vector<T> read_list(Members& members, std::string_view name, Read read) {
    std::vector<T> list;
    const auto* words = members.optional_array(name);
    if (words == nullptr) return list;
    for (std::size_t i = 0; i < words->size(); ++i) {
        const auto* word = (*words)[i].if_string();
        const auto one = word ? read(std::string_view{*word}) : std::optional<T>{};
        if (one)
            list.push_back(*one);
        else
            members.add(
                name, "has an item that is none of those there are: number " + std::to_string(i + 1)
            );
    }
    return list;
}

template <class T>
std::optional<T> value_of(Result<T> result) {
    if (!result) return {};
    return std::move(*result);
}

std::optional<Time> read_moment(Members& members, std::string_view name) {
    if (members.find(name) == nullptr) return {};
    const auto text = members.text(name, word_max);
    if (text.empty()) return {};
    const auto moment = parse_time(text);
    if (!moment) members.add(name, "must be a time such as 2026-03-02T12:00:00+01:00");
    return moment;
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
    if (!currency) {
        members.add("currency", "is needed with an amount");
        return {};
    }
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

Result<std::int64_t> read_id(const json::object& body, std::string_view name) {
    std::vector<Wrong> wrong;
    Members members{body, wrong};
    const auto id = members.id(name);
    if (auto error = error_of(std::move(wrong))) return std::move(*error);
    return id;
}

json::value write_scope(const Transaction& t, const ScopesById& scopes) {
    const auto found = t.scope_id ? scopes.find(*t.scope_id) : scopes.end();
    if (found == scopes.end()) return nullptr;
    const auto& [flag, year, event] = found->second;
    return json::object{{"flag", flag}, {"year", year}, {"event", event}};
}

}  // namespace

Result<FindQuery> read_find(const json::object& body) {
    std::vector<Wrong> wrong;
    Members members{body, wrong};
    FindQuery query;
    const auto text = members.optional_text("text", text_max);
    if (text.find_first_not_of(' ') != text.npos) query.text = read_search_text(text);
    query.statuses = read_list<Status>(members, "status", [](std::string_view word) {
        return value_of(status_of(word));
    });
    query.processors = read_list<Processor>(members, "processor", [](std::string_view word) {
        return value_of(processor_of(word));
    });
    query.fee_types = read_list<std::string>(members, "fee_type", [](std::string_view word) {
        const bool is_sound = Code::parse(std::string{word} + "-EUR-SIMPLE").has_value();
        return is_sound ? std::optional{std::string{word}} : std::nullopt;
    });
    const auto currency = members.optional_text("currency", word_max);
    if (!currency.empty()) {
        query.currency = value_of(Currency::of(currency));
        if (!query.currency) members.add("currency", "must be a currency such as EUR");
    }
    query.amount_from_minor = read_amount(members, "amount_from", query.currency);
    query.amount_to_minor = read_amount(members, "amount_to", query.currency);
    query.created_from = read_moment(members, "created_from");
    query.created_to = read_moment(members, "created_to");
    query.paid_from = read_moment(members, "paid_from");
    query.paid_to = read_moment(members, "paid_to");
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

json::object write_summary(const Transaction& t, const ScopesById& scopes) {
    const auto processor = name(t.code.processor);
    const auto refunded = Money::of(t.refunded_minor, t.amount.currency());
    const auto provider_id =
        t.provider_id.empty() ? json::value(nullptr) : json::value(t.provider_id);
    return json::object{
        {"id", t.id},
        {"ticket_id", t.ticket_id},
        {"reference", t.reference()},
        {"code", t.code.text()},
        {"fee_type", t.code.fee_type},
        {"currency", t.amount.currency().code()},
        {"amount", json::amount(t.amount)},
        {"amount_refunded", refunded ? json::amount(*refunded) : json::value(t.refunded_minor)},
        {"processor", processor},
        {"payment_mode", processor},
        {"status", name(t.status)},
        {"provider_transaction_id", provider_id},
        {"created_at", rfc3339(t.created_at)},
        {"updated_at", rfc3339(t.updated_at)},
        {"paid_at", t.paid_at ? json::value(rfc3339(*t.paid_at)) : json::value(nullptr)},
        {"expires_at", rfc3339(t.expires_at)},
        {"scope", write_scope(t, scopes)},
    };
}

}  // namespace payments::http
