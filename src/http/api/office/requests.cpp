#include "http/api/office/requests.hpp"

#include <algorithm>

#include "http/api/office/reading.hpp"

namespace payments::http {
namespace {

constexpr std::size_t text_max = 254;  // the longest e-mail address
constexpr std::size_t word_max = 64;
// As many as there are, and of fee types more than anybody chooses among.
constexpr std::size_t statuses_max = static_cast<std::size_t>(Status::review) + 1;
constexpr std::size_t processors_max = static_cast<std::size_t>(Processor::stripe) + 1;
constexpr std::size_t fee_types_max = 50;
constexpr std::size_t fee_type_max = 64;
constexpr std::size_t why_max = 200;

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
    query.limit = read_limit(members, query.limit);
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

}  // namespace payments::http
