#include "sandbox/bank/bank.hpp"

#include "sandbox/budapest.hpp"
#include "sandbox/download.hpp"
#include "support/json.hpp"

namespace payments::sandbox {

using namespace bank;

namespace {

constexpr KnownFaults faults_of_bank[] = {
    {"statement", true, ""},
};

// Accounts whose numbers pass the check, and are invented.
std::string iban_of(const std::string& currency) {
    if (currency == "HUF") return "HU42117730161111101800000000";
    if (currency == "EUR") return "HU86117730161111101900000000";
    return "HU33117730161111102000000000";
}

std::chrono::sys_days day_in_budapest(Time time) {
    return *day_in(std::string_view{budapest_time(time)}.substr(0, 10));
}

Days days_of(const Request& request) {
    Days days;
    if (const auto from = day_in(request.parameter("from"))) days.from = *from;
    if (const auto to = day_in(request.parameter("to"))) days.to = *to;
    return days;
}

}  // namespace

Account& Bank::account(const std::string& currency) {
    auto& account = accounts_[currency];
    account.currency = currency;
    account.iban = iban_of(currency);
    return account;
}

void Bank::book(const Transfer& transfer) {
    Entry entry{transfer, day_in_budapest(world_.clock.now()), next_number_++};
    const auto charge = charges_.find(transfer.currency);
    const bool is_charged = transfer.minor > 0 && !transfer.is_reversal;
    if (is_charged && charge != charges_.end()) entry.charge_minor = charge->second;
    account(transfer.currency).entries.push_back(std::move(entry));
}

std::vector<Statement> bank::statements_of(const Account& account) {
    std::vector<Statement> statements;
    std::int64_t balance_minor = 100'000'000;
    for (const auto& entry : account.entries) {
        if (statements.empty() || statements.back().day != entry.day) {
            const auto number = static_cast<int>(statements.size()) + 1;
            statements.push_back({number, entry.day, balance_minor, {}});
        }
        statements.back().entries.push_back(&entry);
        balance_minor += entry.transfer.minor - entry.charge_minor;
    }
    return statements;
}

std::string Bank::operation_of(const Request& request) const {
    return request.path.starts_with("/statement") ? "statement" : "";
}

std::span<const KnownFaults> Bank::known_faults() const { return faults_of_bank; }

// `from` and `to` choose the days, the latter not included.
Task<Reply> Bank::serve(Request request, std::string, std::optional<Fault>) {
    const auto days = days_of(request);
    if (request.path == "/") co_return page();
    if (request.path == "/statement.camt053.xml")
        co_return download(
            "statement.camt053.xml", "application/xml",
            camt053(accounts_, days, world_.clock.now(), itemises_charges_)
        );
    if (request.path == "/statement.otp.csv") {
        const auto found = accounts_.find(request.parameter("currency"));
        if (found == accounts_.end()) co_return refusal(404, "no account in this currency");
        co_return download(
            "statement.otp.csv", "text/csv; charset=utf-8", otp_csv(found->second, days)
        );
    }
    co_return refusal(404, "no such path");
}

Reply Bank::page() const {
    std::vector<std::pair<std::string, std::string>> links;
    if (!accounts_.empty())
        links.emplace_back("/statement.camt053.xml", "All accounts as camt.053");
    for (const auto& [currency, account] : accounts_)
        links.emplace_back(
            "/statement.otp.csv?currency=" + currency,
            account.iban + ", " + currency + ", as OTP's table"
        );
    return page_of_links(
        "Bank stand-in: statements", "What the providers have paid to the merchant's accounts.",
        links
    );
}

// A booking that is none of a provider's: {"currency","amount","text","payer"}; an amount below 0
// leaves the account.
Task<std::optional<Reply>> Bank::control(Request request, json::object body) {
    if (request.path == "/control/entries") co_return list();
    if (request.method != "POST") co_return std::nullopt;
    if (request.path == "/control/entry") {
        Transfer transfer{json::string_or(body, "currency", "HUF"), integer_or(body, "amount", 0)};
        if (transfer.minor == 0) co_return refusal(400, "amount is a whole number, not 0");
        transfer.text = json::string_or(body, "text", "");
        transfer.payer = json::string_or(body, "payer", "");
        book(transfer);
        co_return json_reply(200, json::object{});
    }
    if (request.path != "/control/settings") co_return std::nullopt;
    const auto* itemises = json::find(body, "itemises_charges");
    if (itemises && itemises->is_bool()) itemises_charges_ = itemises->get_bool();
    const auto* charges = json::find(body, "charges");
    if (charges && !charges->is_object()) co_return refusal(400, "charges is an object");
    if (charges) charges_.clear();
    if (charges)
        for (const auto& [currency, minor] : charges->get_object())
            charges_[std::string{currency}] = integer_or(charges->get_object(), currency, 0);
    co_return json_reply(200, json::object{});
}

Reply Bank::list() const {
    json::array entries;
    for (const auto& [currency, account] : accounts_)
        for (const auto& entry : account.entries)
            entries.push_back(json::object{
                {"iban", account.iban},
                {"currency", currency},
                {"day", text_of_day(entry.day)},
                {"amount", entry.transfer.minor - entry.charge_minor},
                {"charge", entry.charge_minor},
                {"payer", entry.transfer.payer},
                {"text", entry.transfer.text},
                {"is_reversal", entry.transfer.is_reversal}});
    return json_reply(200, {{"entries", entries}});
}

void Bank::reset() {
    accounts_.clear();
    charges_.clear();
    itemises_charges_ = true;
}

}  // namespace payments::sandbox
