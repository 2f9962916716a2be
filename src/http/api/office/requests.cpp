#include "http/api/office/requests.hpp"

#include <algorithm>
#include <set>

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
constexpr std::size_t tag_max = 64;
constexpr std::size_t dimensions_max = 4;
constexpr std::size_t ticket_scopes_max = 1000;
constexpr std::chrono::days export_longest{400};
constexpr std::int64_t looked_at_lines_max = 20;

// What a page can show, and a database add up at once.
struct BucketLimit {
    std::string_view name;
    BucketSize size;
    std::chrono::days longest;
    std::string_view too_long;
};
constexpr BucketLimit bucket_limits[] = {
    {"minute", BucketSize::minute, std::chrono::days{1}, "must be at most 24 hours after from"},
    {"hour", BucketSize::hour, std::chrono::days{31}, "must be at most 31 days after from"},
    {"day", BucketSize::day, std::chrono::days{400}, "must be at most 400 days after from"},
    {"month", BucketSize::month, std::chrono::days{3'660}, "must be at most 10 years after from"},
};

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

std::optional<Currency> read_currency(Members& members) {
    const auto text = members.optional_text("currency", word_max);
    if (text.empty()) return {};
    const auto currency = value_of(Currency::of(text));
    if (!currency) members.add("currency", "must be a currency such as EUR");
    return currency;
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

// What a search and a file choose payments by alike.
template <class Query>
void read_filter(Members& members, Query& query) {
    const auto status = [](std::string_view word) { return value_of(status_of(word)); };
    const auto processor = [](std::string_view word) { return value_of(processor_of(word)); };
    query.statuses = read_list<Status>(members, "status", statuses_max, status);
    query.processors = read_list<Processor>(members, "processor", processors_max, processor);
    query.fee_types = read_list<std::string>(members, "fee_type", fee_types_max, fee_type);
    query.currency = read_currency(members);
    const bool has_amount = members.find("amount_from") || members.find("amount_to");
    if (has_amount && members.find("currency") == nullptr)
        members.add("currency", "is needed with an amount");
    query.amount_from_minor = read_amount(members, "amount_from", query.currency);
    query.amount_to_minor = read_amount(members, "amount_to", query.currency);
    query.ticket_id = read_optional_id(members, "ticket_id");
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
    read_filter(members, query);
    query.created_from = read_moment(members, "created_from", zone);
    query.created_to = read_moment(members, "created_to", zone);
    query.paid_from = read_moment(members, "paid_from", zone);
    query.paid_to = read_moment(members, "paid_to", zone);
    query.after = read_optional_id(members, "after");
    query.limit = read_limit(members, query.limit);
    if (auto error = error_of(std::move(wrong))) return std::move(*error);
    return query;
}

namespace {

Time read_needed_moment(
    Members& members, std::string_view name, const std::optional<TimeZone>& zone
) {
    const auto moment = read_moment(members, name, zone);
    if (members.find(name) == nullptr) members.add(name, "is missing");
    return moment.value_or(Time{});
}

const BucketLimit* read_bucket(Members& members) {
    const auto text = members.text("bucket", word_max);
    const auto* found = std::ranges::find(bucket_limits, text, &BucketLimit::name);
    if (found != std::end(bucket_limits)) return found;
    if (!text.empty()) members.add("bucket", "must be minute, hour, day or month");
    return nullptr;
}

void read_dimensions(Members& members, SumsQuery& query) {
    const std::pair<std::string_view, bool*> dimensions[] = {
        {"processor", &query.by_processor},
        {"fee_type", &query.by_fee_type},
        {"scope", &query.by_scope},
        {"reason", &query.by_reason}};
    const auto one = [&](std::string_view word) -> std::optional<bool*> {
        for (const auto& [name, flag] : dimensions)
            if (name == word) return flag;
        return {};
    };
    for (auto* flag : read_list<bool*>(members, "by", dimensions_max, one)) *flag = true;
}

// Taken down to the whole grain.
Time whole(Time at, Grain grain) { return at - at.time_since_epoch() % length_of(grain); }

}  // namespace

Result<SumsRequest> read_sums(
    const json::object& body, const std::optional<TimeZone>& zone, Time now
) {
    std::vector<Wrong> wrong;
    Members members{body, wrong};
    SumsRequest request;
    request.from = read_needed_moment(members, "from", zone);
    request.to = read_needed_moment(members, "to", zone);
    const auto* bucket = read_bucket(members);
    const auto measure = [](std::string_view word) { return value_of(measure_of(word)); };
    auto& query = request.query;
    query.measures = read_list<Measure>(members, "measures", measure_count, measure);
    query.currency = read_currency(members);
    read_dimensions(members, query);
    request.known = members.optional_text("known", tag_max);
    if (bucket != nullptr) {
        request.size = bucket->size;
        const bool by_minute = bucket->size == BucketSize::minute;
        if (by_minute) query.grain = Grain::minute;
        request.from = whole(request.from, query.grain);
        request.to = whole(request.to, query.grain);
        // An hour more, for a day in autumn.
        if (request.to - request.from > bucket->longest + std::chrono::hours{1})
            members.add("to", std::string{bucket->too_long});
        if (by_minute && request.from < now - minutes_kept_for)
            members.add("from", "must be in the last 40 days, for so long minutes are kept");
        if (!by_minute && !zone)
            members.add("bucket", "must be minute, for this service does not know its time zone");
    }
    if (auto error = error_of(std::move(wrong))) return std::move(*error);
    return request;
}

namespace {

// One of a few words; the first when it is missing, unless it is needed.
template <class T>
T read_word(
    Members& members, std::string_view name,
    std::initializer_list<std::pair<std::string_view, T>> words, bool is_needed
) {
    const auto first = words.begin()->second;
    const auto text =
        is_needed ? members.text(name, word_max) : members.optional_text(name, word_max);
    if (text.empty()) return first;
    for (const auto& [word, value] : words)
        if (word == text) return value;
    members.add(name, "is none of those there are");
    return first;
}

bool read_flag(Members& members, std::string_view name) {
    const auto* value = members.find(name);
    if (value == nullptr) return false;
    if (!value->is_bool()) members.add(name, "must be true or false");
    return value->is_bool() && value->get_bool();
}

// What there is of some files alone.
void check_fit(Members& members, Members& filter, const ExportRequest& request) {
    if (request.is_personal && request.what != ExportRequest::What::payments)
        members.add("personal", "is for payments alone");
    if (request.is_personal && request.lines_max)
        members.add("personal", "is for a whole file alone");
    if (request.what != ExportRequest::What::daily_totals) return;
    if (request.by_creation) members.add("by", "must be taken for daily_totals");
    for (const auto* name : {"status", "amount_from", "amount_to", "ticket_id"})
        if (filter.find(name) != nullptr) filter.add(name, "is not for daily_totals");
}

}  // namespace

Result<ExportRequest> read_export(const json::object& body, const TimeZone& zone) {
    using What = ExportRequest::What;
    std::vector<Wrong> wrong;
    Members members{body, wrong};
    ExportRequest request;
    request.what = read_word<What>(
        members, "what",
        {{"movements", What::movements},
         {"payments", What::payments},
         {"refunds", What::refunds},
         {"daily_totals", What::daily_totals}},
        true
    );
    request.from = read_needed_moment(members, "from", zone);
    request.to = read_needed_moment(members, "to", zone);
    // An hour more, for a day in autumn.
    if (request.to - request.from > export_longest + std::chrono::hours{1})
        members.add("to", "must be at most 400 days after from");
    if (request.what == What::daily_totals)
        for (const auto& [name, at] :
             {std::pair{"from", request.from}, std::pair{"to", request.to}})
            if (members.find(name) != nullptr && zone.start_of(zone.day_of(at)) != at)
                members.add(name, "must be where a day begins, for daily_totals");
    request.by_creation =
        read_word<bool>(members, "by", {{"taken", false}, {"created", true}}, false);
    request.form = read_word<CsvForm>(
        members, "form", {{"rfc4180", CsvForm::rfc4180}, {"excel-hu", CsvForm::excel_hu}}, false
    );
    request.is_personal = read_flag(members, "personal");
    if (members.find("limit") != nullptr) {
        const auto limit = members.integer("limit");
        if (limit < 1 || limit > looked_at_lines_max) members.add("limit", "must be 1 to 20");
        request.lines_max =
            static_cast<int>(std::clamp<std::int64_t>(limit, 1, looked_at_lines_max));
    }
    const json::object none;
    const auto* chosen = members.optional_object("filter");
    Members filter{chosen ? *chosen : none, wrong, "/filter"};
    read_filter(filter, request);
    check_fit(members, filter, request);
    if (auto error = error_of(std::move(wrong))) return std::move(*error);
    return request;
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
