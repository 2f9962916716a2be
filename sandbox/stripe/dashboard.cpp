#include "sandbox/budapest.hpp"
#include "sandbox/download.hpp"
#include "sandbox/stripe/stripe.hpp"
#include "support/json.hpp"

// What a merchant downloads from the dashboard: the payout reconciliation report
// (docs/providers/stripe.md, 14.5).
namespace payments::sandbox {

using namespace stripe;

namespace {

constexpr std::string_view report_path = "/dashboard/payout_reconciliation.itemized.5.csv";

constexpr std::string_view columns =
    "automatic_payout_id,automatic_payout_effective_at,balance_transaction_id,created_utc,created,"
    "available_on_utc,available_on,currency,gross,fee,net,reporting_category,source_id,description,"
    "customer_facing_amount,customer_facing_currency,payment_intent_id,charge_id,trace_id,"
    "trace_id_status,payment_metadata[transaction_id],refund_metadata[transaction_id]\n";

// One line of the table; empty texts make empty cells.
class Line {
public:
    Line& cell(std::string_view text) {
        if (!is_first_) line_ += ',';
        is_first_ = false;
        line_ += table_cell(text, ',');
        return *this;
    }
    // A text or null.
    Line& member(const json::object* object, std::string_view name) {
        return cell(object ? json::string_or(*object, name, "") : std::string{});
    }
    Line& minor(std::int64_t amount) { return cell(with_two_decimals(amount)); }
    std::string ended() const { return line_ + '\n'; }

private:
    std::string line_;
    bool is_first_ = true;
};

Time time_of(const json::value& seconds) { return Time{std::chrono::seconds{seconds.get_int64()}}; }

// "2026-07-08 02:00:00" in UTC, or in Budapest.
std::string utc_text(Time time) {
    const auto day = std::chrono::floor<std::chrono::days>(time);
    const std::chrono::hh_mm_ss clock{std::chrono::floor<std::chrono::seconds>(time - day)};
    char text[16];
    std::snprintf(
        text, sizeof text, " %02d:%02d:%02d", static_cast<int>(clock.hours().count()),
        static_cast<int>(clock.minutes().count()), static_cast<int>(clock.seconds().count())
    );
    return text_of_day(day) + text;
}

std::string budapest_text(Time time) {
    auto text = budapest_time(time).substr(0, 19);
    text[10] = ' ';
    return text;
}

std::string metadata_of(const json::object* object) {
    const auto* metadata = object ? json::find(*object, "metadata") : nullptr;
    return metadata ? json::string_or(metadata->get_object(), "transaction_id", "") : "";
}

}  // namespace

bool Stripe::is_dashboard(const Request& request) {
    return request.path == "/dashboard" || request.path == "/" || request.path == report_path;
}

// The report of one payout, `?payout=po_...`, or of those that arrive in `from` to `to`, the latter
// not included; of all without either. The page names the payouts there are.
Reply Stripe::serve_dashboard(const Request& request) const {
    if (request.path != report_path) {
        std::vector<std::pair<std::string, std::string>> links;
        for (const auto& id : balance_.payout_order) {
            const auto& payout = balance_.payouts.at(id).object;
            const auto amount = with_two_decimals(payout.at("amount").get_int64()) + " " +
                                json::string_or(payout, "currency", "");
            links.emplace_back(
                std::string{report_path} + "?payout=" + id,
                utc_text(time_of(payout.at("arrival_date"))).substr(0, 10) + " " + amount + ", " +
                    json::string_or(payout, "status", "")
            );
        }
        if (!links.empty()) links.emplace_back(report_path, "All of them in one report");
        return page_of_links(
            "Stripe stand-in: payouts",
            "The payout reconciliation report of each payout, as the dashboard gives it.", links
        );
    }
    const auto wanted = request.parameter("payout");
    const auto from = day_in(request.parameter("from")), to = day_in(request.parameter("to"));
    std::string table{columns};
    for (const auto& id : balance_.payout_order) {
        const auto& payout = balance_.payouts.at(id);
        const auto arrival =
            std::chrono::floor<std::chrono::days>(time_of(payout.object.at("arrival_date")));
        const bool is_wanted = (wanted.empty() || wanted == id) && (!from || arrival >= *from) &&
                               (!to || arrival < *to) && payout.object.at("automatic") == true;
        if (!is_wanted) continue;
        for (const auto& line : payout.lines) table += report_line(payout.object, line);
    }
    return download("payout_reconciliation.itemized.5.csv", "text/csv; charset=utf-8", table);
}

// Reports have the lines that a payout is made of, and not its own.
std::string Stripe::report_line(const json::object& payout, const std::string& id) const {
    const auto& entry = balance_.lines.at(id);
    if (is(entry.at("reporting_category"), "payout")) return {};
    const auto source_id = json::string_or(entry, "source", "");
    const auto* source = source_id.empty() ? nullptr : object_of("source", source_id);
    const bool is_charge = source_id.starts_with("ch_");
    const auto charge_id = is_charge ? source_id
                           : source  ? json::string_or(*source, "charge", "")
                                     : std::string{};
    const auto* charge = charge_id.empty() ? nullptr : object_of("charge", charge_id);
    const auto& trace = payout.at("trace_id").get_object();
    const auto created = time_of(entry.at("created")),
               available = time_of(entry.at("available_on"));
    Line line;
    line.member(&payout, "id").cell(budapest_text(time_of(payout.at("arrival_date"))));
    line.cell(id).cell(utc_text(created)).cell(budapest_text(created));
    line.cell(utc_text(available)).cell(budapest_text(available)).member(&entry, "currency");
    line.minor(entry.at("amount").get_int64()).minor(entry.at("fee").get_int64());
    line.minor(entry.at("net").get_int64()).member(&entry, "reporting_category");
    line.cell(source_id).member(&entry, "description");
    const auto paid = charge ? source->at("amount").get_int64() : 0;
    const bool is_out = entry.at("amount").get_int64() < 0;
    line.cell(charge ? with_two_decimals(is_out ? -paid : paid) : "");
    line.member(charge, "currency").member(charge, "payment_intent").cell(charge_id);
    line.member(&trace, "value").member(&trace, "status").cell(metadata_of(charge));
    line.cell(source_id.starts_with("re_") ? metadata_of(source) : "");
    return line.ended();
}

}  // namespace payments::sandbox
