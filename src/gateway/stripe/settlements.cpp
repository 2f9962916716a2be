#include "gateway/stripe/settlements.hpp"

#include <algorithm>
#include <set>

#include "gateway/stripe/requests.hpp"
#include "support/log.hpp"
#include "support/times.hpp"

namespace payments::gateway {
namespace {

using stripe::Form;

// An expanded line has some kilobytes; a page of more than we read is asked for in parts.
constexpr int lines_on_page[] = {100, 20, 1};
// Of a hundred lines: more than a payout has. No list may go on for ever.
constexpr std::size_t items_max = 1'000'000;
// After a call and its repetitions have come to nothing; Stripe counts by the second.
constexpr std::chrono::seconds pauses[] = {
    std::chrono::seconds{2}, std::chrono::seconds{10}, std::chrono::seconds{30}};
// A payout may fail days after it was called paid.
constexpr std::chrono::days failing_takes{30};

std::string seconds_of(Time time) {
    const auto seconds = std::chrono::floor<std::chrono::seconds>(time).time_since_epoch();
    return std::to_string(seconds.count());
}

void keep(
    const json::object& from, json::object& to, std::initializer_list<std::string_view> names
) {
    for (const auto name : names)
        if (const auto* member = from.if_contains(name)) to[name] = *member;
}

// What caused a line, without the person who paid.
json::value source_of(const json::value& source) {
    const auto* object = source.if_object();
    if (!object) return source;
    json::object kept;
    keep(*object, kept, {"id", "object", "amount", "currency", "charge", "payment_intent"});
    if (const auto* metadata = stripe::member(*object, "metadata")) {
        json::object names;
        keep(*metadata, names, {"transaction_id", "reference"});
        kept["metadata"] = std::move(names);
    }
    return kept;
}

json::object line_of(const json::object& line) {
    json::object kept;
    keep(
        line, kept,
        {"id", "object", "amount", "available_on", "balance_type", "created", "currency",
         "exchange_rate", "fee", "fee_details", "net", "reporting_category", "status", "type"}
    );
    const auto* source = line.if_contains("source");
    kept["source"] = source ? source_of(*source) : json::value{};
    // Of a bill of Stripe's own it says what for; else it may be anything.
    if (!source || source->is_null()) keep(line, kept, {"description"});
    return kept;
}

json::object payout_of(const json::object& payout) {
    json::object kept;
    keep(
        payout, kept,
        {"id", "object", "amount", "arrival_date", "automatic", "balance_transaction", "created",
         "currency", "failure_balance_transaction", "failure_code", "livemode", "method",
         "original_payout", "reconciliation_status", "reversed_by", "statement_descriptor",
         "status", "trace_id", "type"}
    );
    return kept;
}

PayoutLines lines_of_payout(const json::object& payout) {
    const auto word = json::string_or(payout, "reconciliation_status", "");
    if (word == "completed") return PayoutLines::complete;
    return word == "not_applicable" ? PayoutLines::never_told : PayoutLines::not_yet;
}

std::string document_of(std::string_view url, json::array items) {
    return json::write(json::object{
        {"object", "list"}, {"url", url}, {"has_more", false}, {"data", std::move(items)}});
}

Error refusal_of(const HttpsResponse& heard, const std::string& what) {
    const auto complaint = stripe::complaint_in(answer_of(heard));
    auto detail = "Stripe did not give " + what + ": status " + std::to_string(heard.status);
    if (complaint && !complaint->word().empty()) detail += ", " + complaint->word();
    if (heard.status == 401 || heard.status == 403)
        detail += ". The key must be allowed to read payouts and balance transactions";
    return Error{Errc::provider_refused, std::move(detail)};
}

Error silence_of(const HttpsResponse& heard, const std::string& what) {
    const bool is_unreachable = heard.kind == HttpsResponse::Kind::unreachable;
    return Error{
        is_unreachable ? Errc::provider_unavailable : Errc::provider_timeout,
        "Stripe gave no answer for " + what + ": " + heard.why};
}

Error garbled(const std::string& what) {
    return Error{Errc::provider_garbled, "Stripe's answer for " + what + " is no list of its own"};
}

}  // namespace

// A list that is being read.
struct StripeSettlements::List {
    std::string path, what;  // "/v1/payouts"; in words
    Form form;
    std::string_view operation;
    json::object (*trim)(const json::object&);
    json::array items{};
    std::set<std::string> ids{};
    std::string last_id{};

    List(
        std::string p, std::string w, Form f, std::string_view o,
        json::object (*t)(const json::object&)
    )
        : path(std::move(p)), what(std::move(w)), form(std::move(f)), operation(o), trim(t) {}

    // False when the page is no continuation: who trusted it would go on for ever.
    bool add(const json::array& page) {
        for (const auto& value : page) {
            const auto* item = value.if_object();
            auto id = item ? json::string_or(*item, "id", "") : std::string{};
            if (id.empty()) return false;
            last_id = id;
            if (!ids.insert(std::move(id)).second) return false;
            items.push_back(trim(*item));
        }
        return items.size() <= items_max;
    }
};

StripeSettlements::StripeSettlements(
    HttpsClient& client, Clock& clock, const StripeSettings& settings
)
    : clock_(clock),
      account_(stripe::account_of_key(settings.secret_key)),
      api_(client, settings.url, settings.secret_key, settings.timeout) {}

Task<Result<json::object>> StripeSettlements::read_page(const List& list) {
    HttpsResponse heard;
    for (const int limit : lines_on_page) {
        auto form = list.form;
        form.emplace_back("limit", std::to_string(limit));
        if (!list.last_id.empty()) form.emplace_back("starting_after", list.last_id);
        const auto path = list.path + "?" + stripe::encode(form);
        for (std::size_t tried = 0;; ++tried) {
            heard = co_await api_.get(path, list.operation);
            const bool is_final =
                heard.is_too_large || heard.kind == HttpsResponse::Kind::unreachable ||
                (is_answered(heard) && !stripe::is_worth_repeating(answer_of(heard)));
            if (is_final || tried == std::size(pauses)) break;
            log::warning(
                "Stripe is asked again for settlements", "status", std::int64_t{heard.status},
                "in_s", std::int64_t{pauses[tried].count()}
            );
            co_await clock_.sleep_until(clock_.now() + pauses[tried]);
        }
        if (!heard.is_too_large) break;
    }
    if (!is_answered(heard)) co_return silence_of(heard, list.what);
    if (!stripe::is_success(answer_of(heard))) co_return refusal_of(heard, list.what);
    // Strictly: a member that had to be guessed could be an amount.
    auto page = json::parse(heard.body);
    if (!page || !page->is_object()) co_return garbled(list.what);
    co_return std::move(page->get_object());
}

Task<Result<void>> StripeSettlements::read_list(List& list) {
    while (true) {
        const auto page = co_await read_page(list);
        if (!page) co_return page.error();
        const auto* data = stripe::data_of(*page);
        const bool has_more = stripe::flag_at(*page, "has_more");
        const bool is_list = data && (!data->empty() || !has_more) && list.add(*data);
        if (!is_list) co_return garbled(list.what);
        if (!has_more) co_return Result<void>{};
    }
}

Task<Result<PayoutList>> StripeSettlements::payouts(Time since) {
    const std::string path = "/v1/payouts";
    Form made{{"created[gte]", seconds_of(since)}};
    List list{
        path, "payouts of the " + account_ + " account", std::move(made), "payouts", payout_of};
    auto read = co_await read_list(list);
    if (!read) co_return read.error();
    list.form = {
        {"status", "failed"},
        {"created[gte]", seconds_of(since - failing_takes)},
        {"created[lt]", seconds_of(since)}};
    list.last_id.clear();
    read = co_await read_list(list);
    if (!read) co_return read.error();

    const auto now = rfc3339(clock_.now());
    auto name = "stripe-payouts-" + account_ + "-" + now + ".json";
    std::erase(name, ':');
    std::vector<ListedPayout> listed;
    for (const auto& item : list.items) {
        const auto& payout = item.get_object();
        listed.push_back({json::string_or(payout, "id", ""), lines_of_payout(payout)});
    }
    SettlementDocument document{
        std::move(name), "stripe-payouts", account_, "", document_of(path, std::move(list.items))};
    co_return PayoutList{std::move(document), std::move(listed)};
}

Task<Result<SettlementDocument>> StripeSettlements::lines_of(std::string payout) {
    const std::string path = "/v1/balance_transactions";
    Form form{{"payout", payout}, {"expand[]", "data.source"}};
    List list{
        path, "what is in " + payout + " of the " + account_ + " account", std::move(form),
        "balance", line_of};
    const auto read = co_await read_list(list);
    if (!read) co_return read.error();
    auto name = "stripe-" + payout + ".json";
    // It becomes the name of a file.
    std::erase_if(name, [](char c) { return c == '/' || c == '\\'; });
    co_return SettlementDocument{
        std::move(name), "stripe-json", account_, std::move(payout),
        document_of(path, std::move(list.items))};
}

std::vector<std::unique_ptr<StripeSettlements>> stripe_settlements(
    HttpsClient& client, Clock& clock, StripeSettings settings
) {
    auto keys = settings.settlement_keys;
    if (keys.empty()) {
        keys = settings.retired_keys;
        keys.insert(keys.begin(), settings.secret_key);
    }
    std::vector<std::unique_ptr<StripeSettlements>> sources;
    for (auto& key : keys) {
        settings.secret_key = std::move(key);
        sources.push_back(std::make_unique<StripeSettlements>(client, clock, settings));
    }
    return sources;
}

}  // namespace payments::gateway
