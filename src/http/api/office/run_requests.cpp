#include "http/api/office/run_requests.hpp"

#include <set>

#include "http/api/office/reading.hpp"
#include "http/api/office/requests.hpp"

namespace payments::http {
namespace {

constexpr std::size_t named_max = 5'000;
constexpr std::size_t name_max = 100;
constexpr std::size_t reason_max = 200;
constexpr std::size_t run_word_max = 64;
constexpr std::size_t sums_max = 50;
constexpr std::int64_t items_limit_max = 1'000;

// Wrong members of what stands inside of another one.
void add_all(std::vector<Wrong>& wrong, const std::string& pointer, const Error& error) {
    for (const auto& one : error.wrong) wrong.push_back({pointer + one.pointer, one.detail});
}

void read_refund_filter(
    Members& members, std::vector<Wrong>& wrong, const std::optional<TimeZone>& zone,
    RefundChoice& choice
) {
    const auto* filter = members.optional_object("filter");
    if (filter == nullptr) return;
    Members inner{*filter, wrong, members.pointer_to("filter")};
    choice.where.flag = inner.optional_text("flag", scope_bytes_max);
    choice.where.year = inner.optional_text("year", scope_bytes_max);
    choice.where.event = inner.optional_text("event", scope_bytes_max);
    if (filter->empty()) members.add("filter", "must not be empty: it would be every payment");
    for (const auto* name : {"text", "limit", "after"})
        if (inner.find(name) != nullptr) inner.add(name, "is not for a refund run");
    auto query = read_find(*filter, zone);
    if (query)
        choice.query = std::move(*query);
    else
        add_all(wrong, members.pointer_to("filter"), query.error());
}

void read_named(Members& members, RefundChoice& choice) {
    const auto* ids = members.optional_array("transaction_ids");
    if (ids == nullptr) return;
    if (ids->empty() || ids->size() > named_max) {
        members.add("transaction_ids", "must be 1 to " + std::to_string(named_max) + " numbers");
        return;
    }
    std::set<std::int64_t> named;
    for (std::size_t i = 0; i < ids->size(); ++i) {
        const auto& value = (*ids)[i];
        const auto id = value.is_int64() ? value.get_int64() : 0;
        if (id < 1) members.add_to_item("transaction_ids", i, "must be an integer of at least 1");
        named.insert(id);
    }
    choice.transaction_ids.assign(named.begin(), named.end());
}

std::optional<Money> read_money(Members& members) {
    const auto code = members.text("currency", run_word_max);
    const auto* value = members.find("amount");
    const auto text = value && value->is_number() ? json::decimal_text(*value) : std::nullopt;
    if (!text) members.add("amount", "must be a number");
    if (code.empty()) return {};
    const auto currency = Currency::of(code);
    if (!currency) members.add("currency", "must be a currency such as EUR");
    if (!currency || !text) return {};
    const auto amount = Money::parse(*text, *currency);
    if (!amount) members.add("amount", amount.error().detail);
    return amount ? std::optional{*amount} : std::nullopt;
}

// Of each payment, so as whole a step as a refund of it.
std::optional<Money> read_amount_of_each(Members& members) {
    const auto amount = read_money(members);
    if (!amount) return {};
    if (amount->is_zero()) members.add("amount", "must be more than 0");
    if (!amount->is_in_steps())
        members.add("amount", "must be in whole " + std::string{amount->currency().code()});
    return amount;
}

Give read_give(Members& members, std::vector<Wrong>& wrong) {
    Give give;
    const auto* object = members.object("give");
    if (object == nullptr) return give;
    Members inner{*object, wrong, members.pointer_to("give")};
    const auto* all = inner.find("all");
    const bool has_percent = inner.find("percent") != nullptr;
    const bool has_amount = inner.find("amount") != nullptr;
    if ((all != nullptr) + has_percent + has_amount != 1) {
        members.add("give", "must have one of all, percent and amount");
        return give;
    }
    if (all != nullptr && (!all->is_bool() || !all->get_bool())) inner.add("all", "must be true");
    if (has_percent) {
        give.kind = Give::Kind::percent;
        const auto percent = inner.integer("percent");
        if (percent < 1 || percent > 99) inner.add("percent", "must be 1 to 99");
        give.percent = static_cast<int>(std::clamp<std::int64_t>(percent, 1, 99));
    }
    if (has_amount) {
        give.kind = Give::Kind::amount;
        give.amount = read_amount_of_each(inner);
    }
    return give;
}

RefundChoice read_choice(
    Members& members, std::vector<Wrong>& wrong, const std::optional<TimeZone>& zone
) {
    RefundChoice choice;
    read_refund_filter(members, wrong, zone, choice);
    read_named(members, choice);
    const bool has_filter = members.find("filter") != nullptr;
    if (has_filter == (members.find("transaction_ids") != nullptr))
        members.add("filter", "is needed, or else transaction_ids, and not both");
    choice.give = read_give(members, wrong);
    return choice;
}

std::vector<TypedSum> read_typed(Members& members, std::vector<Wrong>& wrong) {
    std::vector<TypedSum> typed;
    const auto* list = members.array("typed_sums");
    if (list == nullptr) return typed;
    if (list->size() > sums_max) members.add("typed_sums", "has too many items");
    for (std::size_t i = 0; i < list->size() && i < sums_max; ++i) {
        const auto* one = (*list)[i].if_object();
        if (one == nullptr) {
            members.add_to_item("typed_sums", i, "must be an object");
            continue;
        }
        const auto pointer = members.pointer_to("typed_sums") + "/" + std::to_string(i);
        Members inner{*one, wrong, pointer};
        const auto processor = processor_of(inner.text("processor", run_word_max));
        if (!processor) inner.add("processor", "must be SIMPLE or STRIPE-INTENTS");
        const auto amount = read_money(inner);
        if (processor && amount) typed.push_back({*processor, *amount});
    }
    return typed;
}

}  // namespace

Result<RefundChoice> read_refund_choice(
    const json::object& body, const std::optional<TimeZone>& zone
) {
    std::vector<Wrong> wrong;
    Members members{body, wrong};
    auto choice = read_choice(members, wrong, zone);
    if (auto error = error_of(std::move(wrong))) return std::move(*error);
    return choice;
}

Result<RunOrder> read_run_order(const json::object& body, const std::optional<TimeZone>& zone) {
    std::vector<Wrong> wrong;
    Members members{body, wrong};
    RunOrder order;
    order.choice = read_choice(members, wrong, zone);
    order.digest = members.text("digest", run_word_max);
    order.name = read_words(members, "name", name_max);
    order.reason = read_words(members, "reason", reason_max);
    order.typed = read_typed(members, wrong);
    if (auto error = error_of(std::move(wrong))) return std::move(*error);
    return order;
}

Result<RunsQuery> read_runs_query(const json::object& body) {
    std::vector<Wrong> wrong;
    Members members{body, wrong};
    RunsQuery query;
    query.limit = read_limit(members, query.limit);
    query.after = read_optional_id(members, "after");
    if (auto error = error_of(std::move(wrong))) return std::move(*error);
    return query;
}

Result<ItemsQuery> read_items_query(const json::object& body) {
    std::vector<Wrong> wrong;
    Members members{body, wrong};
    ItemsQuery query;
    query.run_id = members.id("run_id");
    const auto state = members.optional_text("state", run_word_max);
    if (!state.empty()) {
        query.state = item_state_of(state);
        if (!query.state)
            members.add("state", "must be waiting, asked, unknown, done, refused or left_out");
    }
    query.after = read_optional_id(members, "after").value_or(0);
    if (members.find("limit") != nullptr) {
        const auto limit = members.id("limit");
        if (limit > items_limit_max) members.add("limit", "must be at most 1000");
        query.limit = static_cast<std::size_t>(std::max<std::int64_t>(limit, 1));
    }
    if (auto error = error_of(std::move(wrong))) return std::move(*error);
    return query;
}

Result<SteeringOrder> read_steering(const json::object& body) {
    std::vector<Wrong> wrong;
    Members members{body, wrong};
    SteeringOrder order;
    order.run_id = members.id("run_id");
    const auto what = members.text("do", run_word_max);
    const auto steering = steering_of(what);
    if (!steering && !what.empty())
        members.add("do", "must be release, pause, go_on, stop or again");
    if (auto error = error_of(std::move(wrong))) return std::move(*error);
    order.steering = *steering;
    return order;
}

}  // namespace payments::http
