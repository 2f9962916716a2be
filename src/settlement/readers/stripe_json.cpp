#include <algorithm>

#include "settlement/readers/misread.hpp"
#include "settlement/readers/readers.hpp"
#include "settlement/readers/stripe_words.hpp"
#include "support/json.hpp"
#include "support/times.hpp"

// Lists of Stripe's API: balance transactions and payouts (docs/providers/stripe.md, 14.1 to 14.4).
namespace payments::settlement {
namespace {

// The members of one object of a list, with their places for mistakes.
class Item {
public:
    Item(const json::object& object, std::string pointer, Mistakes& mistakes)
        : object_(object), pointer_(std::move(pointer)), mistakes_(mistakes) {}

    void mistake(std::string_view name, std::string_view why) const {
        mistakes_.add_at(pointer_ + '/' + std::string{name}, why);
    }
    // Without one, "" when it may be missing.
    std::string text(std::string_view name, bool is_needed = false) const {
        const auto* member = json::find(object_, name);
        if (member && !member->is_string()) mistake(name, "must be a text");
        if (!member && is_needed) mistake(name, "is missing");
        return member && member->is_string() ? std::string{member->get_string()} : std::string{};
    }
    std::optional<std::int64_t> whole(std::string_view name) const {
        const auto* member = json::find(object_, name);
        const auto* number = member ? member->if_int64() : nullptr;
        if (number && *number >= -amount_limit_minor && *number <= amount_limit_minor)
            return *number;
        mistake(name, member ? "must be a whole number, and not too large" : "is missing");
        return {};
    }
    std::optional<Currency> currency(std::string_view name = "currency") const {
        const auto code = text(name, true);
        const auto currency = read_currency(code);
        if (currency) return *currency;
        if (!code.empty()) mistake(name, currency.error().detail);
        return {};
    }
    // Seconds since 1970 in UTC.
    std::optional<Time> time(std::string_view name) const {
        const auto seconds = whole(name);
        constexpr std::int64_t year_9999 = 253'402'300'799;
        if (!seconds) return {};
        if (*seconds >= 0 && *seconds <= year_9999) return Time{std::chrono::seconds{*seconds}};
        mistake(name, "is no time");
        return {};
    }
    std::optional<Item> object(std::string_view name) const {
        const auto* member = json::find(object_, name);
        if (!member || !member->is_object()) return {};
        return Item{member->get_object(), pointer_ + '/' + std::string{name}, mistakes_};
    }
    const json::value* find(std::string_view name) const { return json::find(object_, name); }
    bool has(std::string_view name) const { return find(name) != nullptr; }
    Mistakes& mistakes() const { return mistakes_; }
    const std::string& pointer() const { return pointer_; }

private:
    const json::object& object_;
    const std::string pointer_;
    Mistakes& mistakes_;
};

// Reads each object of a list that is whole; `kind` is their `object`.
template <class Read>
Result<void> read_list(
    std::string_view bytes, std::string_view kind, const ReadOptions& options, Read read
) {
    Mistakes mistakes;
    const auto tree = json::parse(bytes);
    if (!tree) {
        if (tree.error().wrong.empty()) mistakes.add_at({}, tree.error().detail);
        mistakes.add(tree.error());
        return mistakes.error();
    }
    const auto* list = tree->if_object();
    const auto* data = list ? json::find(*list, "data") : nullptr;
    if (!data || !data->is_array()) return misread({}, "this is no list of Stripe's");
    const auto* more = json::find(*list, "has_more");
    if (more && *more != json::value(false))
        return misread({}, "the list goes on behind this page (has_more)");
    const auto& items = data->get_array();
    if (items.empty() && !options.may_be_empty) return misread({}, "the list is empty");
    for (std::size_t i = 0; i < items.size() && !mistakes.are_enough(); ++i) {
        const auto pointer = "/data/" + std::to_string(i);
        const auto* object = items[i].if_object();
        if (!object || json::string_or(*object, "object", "") != kind)
            mistakes.add_at(pointer, "this is no " + std::string{kind});
        else
            read(Item{*object, pointer, mistakes}, i + 1);
    }
    if (mistakes.are_there()) return mistakes.error();
    return {};
}

// ------------------------------------------------------------------- balance transactions

std::vector<FeePart> read_fee_parts(const Item& item) {
    const auto* details = item.find("fee_details");
    if (!details) return {};
    std::vector<FeePart> parts;
    if (!details->is_array()) item.mistake("fee_details", "must be a list");
    for (std::size_t i = 0; details->is_array() && i < details->get_array().size(); ++i) {
        const auto place = "fee_details/" + std::to_string(i);
        const auto* object = details->get_array()[i].if_object();
        if (!object) {
            item.mistake(place, "must be an object");
            continue;
        }
        const Item detail{*object, item.pointer() + '/' + place, item.mistakes()};
        const auto minor = detail.whole("amount");
        if (minor)
            parts.push_back({fee_part_of(detail.text("type"), detail.text("description")), *minor});
    }
    return parts;
}

// What caused a line: an id, or the object itself where it was expanded.
void read_source(const Item& item, SettlementLine& line) {
    const auto source = item.object("source");
    if (!source) {
        line.source_id = item.text("source");
        if (is_charge_id(line.source_id)) line.charge_id = line.source_id;
        return;
    }
    line.source_id = source->text("id", true);
    const auto kind = source->text("object");
    line.charge_id = kind == "charge" ? line.source_id : std::string{};
    // Either may be expanded, too.
    const auto id = [&](std::string_view name) {
        const auto object = source->object(name);
        return object ? object->text("id") : source->text(name);
    };
    if (kind != "charge" && source->has("charge")) line.charge_id = id("charge");
    if (source->has("payment_intent")) line.payment_id = id("payment_intent");
    if (const auto metadata = source->object("metadata"))
        line.reference = reference_of(metadata->text("transaction_id"));
    const bool has_facing = kind == "charge" || kind == "refund" || kind == "dispute";
    if (!has_facing || !source->has("amount")) return;
    const auto minor = source->whole("amount");
    const auto currency = source->currency();
    if (minor && currency) line.facing = Amount{signed_as(line.gross_minor, *minor), *currency};
}

void read_rate(const Item& item, SettlementLine& line) {
    const auto* number = item.find("exchange_rate");
    if (!number) return;
    const auto digits = json::decimal_text(*number);
    line.rate = digits ? Rate::parse(*digits) : std::nullopt;
    if (!line.rate) item.mistake("exchange_rate", "is no rate");
}

std::string account_of(const ReadOptions& options) {
    return options.account.empty() ? std::string{usual_stripe_account} : options.account;
}

void read_transaction(
    const Item& item, std::size_t row, const ReadOptions& options, ParsedFile& file
) {
    const auto id = item.text("id", true);
    const auto currency = item.currency();
    const auto gross = item.whole("amount"), fee = item.whole("fee"), net = item.whole("net");
    const auto category = item.text("reporting_category", true);
    const auto created = item.time("created");
    if (id.empty() || !currency || !gross || !fee || !net || category.empty() || !created) return;

    const auto balance = item.text("balance_type");
    if (!balance.empty() && balance != "payments") {
        ++file.skipped;
        return;
    }
    SettlementLine line{
        .processor = Processor::stripe,
        .account = account_of(options),
        .kind = kind_of_category(category),
        .kind_as_written = category,
        .line_id = id,
        .currency = *currency,
        .gross_minor = *gross,
        .fee_minor = *fee,
        .net_minor = *net,
        .fee_parts = read_fee_parts(item),
        .at = rfc3339(*created),
        .day = std::chrono::floor<std::chrono::days>(*created),
        .payout_id = options.payout,
        .row = row};
    read_source(item, line);
    read_rate(item, line);
    if (!is_own_line_of_payout(category, line.source_id)) {
        file.lines.push_back(std::move(line));
        return;
    }
    ++file.skipped;
    file.payouts.push_back(
        {.processor = Processor::stripe,
         .account = line.account,
         .payout_id = line.source_id,
         .currency = *currency,
         .amount_minor = -*net,
         .row = row}
    );
}

// ------------------------------------------------------------------------------- payouts

std::optional<PayoutStatus> status_of(std::string_view word) {
    if (word == "pending") return PayoutStatus::pending;
    if (word == "in_transit") return PayoutStatus::in_transit;
    if (word == "paid") return PayoutStatus::paid;
    if (word == "canceled") return PayoutStatus::cancelled;
    if (word == "failed") return PayoutStatus::failed;
    return {};
}

std::string account_of_payout(const Item& item, const ReadOptions& options) {
    const auto* livemode = item.find("livemode");
    if (!livemode || !livemode->is_bool()) return account_of(options);
    const std::string account = livemode->get_bool() ? "live" : "test";
    if (!options.account.empty() && options.account != account)
        item.mistake("livemode", "says that this is of the account '" + account + "'");
    return account;
}

void read_payout(const Item& item, std::size_t row, const ReadOptions& options, ParsedFile& file) {
    const auto id = item.text("id", true);
    const auto currency = item.currency();
    const auto minor = item.whole("amount");
    const auto word = item.text("status", true);
    const auto status = status_of(word);
    const auto arrival = item.time("arrival_date");
    if (!status && !word.empty()) item.mistake("status", shown(word) + " is no status of a payout");
    if (id.empty() || !currency || !minor || !status || !arrival) return;

    PayoutFact payout{
        .processor = Processor::stripe,
        .account = account_of_payout(item, options),
        .payout_id = id,
        .currency = *currency,
        .amount_minor = minor,
        .status = *status,
        .arrival = std::chrono::floor<std::chrono::days>(*arrival),
        .descriptor = item.text("statement_descriptor"),
        .row = row};
    if (const auto trace = item.object("trace_id")) payout.trace_id = trace->text("value");
    if (const auto* automatic = item.find("automatic"); automatic && automatic->is_bool())
        payout.is_automatic = automatic->get_bool();
    file.payouts.push_back(std::move(payout));
}

}  // namespace

Result<ParsedFile> read_stripe_json(std::string_view bytes, const ReadOptions& options) {
    ParsedFile file{.format = Format::stripe_json};
    const auto all =
        read_list(bytes, "balance_transaction", options, [&](const Item& item, std::size_t row) {
            read_transaction(item, row, options, file);
        });
    if (!all) return all.error();
    return file;
}

Result<ParsedFile> read_stripe_payouts(std::string_view bytes, const ReadOptions& options) {
    ParsedFile file{.format = Format::stripe_payouts};
    const auto all = read_list(bytes, "payout", options, [&](const Item& item, std::size_t row) {
        read_payout(item, row, options, file);
    });
    if (!all) return all.error();
    return file;
}

}  // namespace payments::settlement
