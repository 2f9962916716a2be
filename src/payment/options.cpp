#include "payment/options.hpp"

#include <algorithm>

namespace payments {
namespace {

// transfer_price_eur for EUR.
std::string transfer_price_keyword(Currency currency) {
    std::string keyword = "transfer_price_";
    for (const char c : currency.code()) keyword += static_cast<char>(c - 'A' + 'a');
    return keyword;
}

bool can_take(const Accounts& accounts, const Code& code) {
    const auto currencies = accounts.find(code.processor);
    return currencies != accounts.end() && currencies->second.contains(code.currency.code());
}

bool is_open(const TemplateOption& option, Time now) {
    return (!option.valid_from || *option.valid_from <= now) &&
           (!option.valid_until || now < *option.valid_until);
}

// The amount text that counts: the ticket's transfer price, or the option's own. Nothing when a
// transferred ticket has no price in this currency, which is no defect of the template.
std::optional<std::string> amount_text(
    const TemplateOption& option, const TicketSituation& ticket, const Code& code
) {
    if (!ticket.transferred) return option.amount.value_or("");
    const auto price = ticket.metas.find(transfer_price_keyword(code.currency));
    if (price == ticket.metas.end()) return {};
    return price->second;
}

}  // namespace

Offers offers(
    const std::vector<TemplateOption>& options, const TicketSituation& ticket,
    const Accounts& accounts, Time now, const Objection& objection
) {
    Offers result;
    std::set<std::string> seen;
    const auto defect = [&](const TemplateOption& option, std::string reason) {
        result.defects.push_back({option.code, std::move(reason)});
    };

    for (const auto& option : options) {
        const auto code = Code::parse(option.code);
        if (!code) {
            defect(option, code.error().detail);
            continue;
        }
        // Behind the code, by which whoever mends the template finds the option.
        if (!option.unreadable.empty()) {
            defect(option, option.unreadable);
            continue;
        }
        if (!can_take(accounts, *code) || !is_open(option, now) ||
            ticket.fees_held.contains(code->fee_type))
            continue;
        if (std::ranges::find(option.ticket_statuses, ticket.status) ==
            option.ticket_statuses.end())
            continue;
        const auto text = amount_text(option, ticket, *code);
        if (!text) continue;
        const auto amount = Money::parse_price(*text, code->currency);
        if (!amount) {
            defect(option, text->empty() ? "the amount is missing" : amount.error().detail);
            continue;
        }
        if (auto why = objection && !amount->is_zero() ? objection(code->processor, *amount) : "";
            !why.empty()) {
            defect(option, std::move(why));
            continue;
        }
        // Behind all other conditions: one code may stand twice in a template with windows or
        // statuses that do not meet, as for a price that rises on a day.
        if (!seen.insert(option.code).second) {
            defect(option, "the same code stands twice in the template; the first counts");
            continue;
        }
        result.offers.push_back(
            {*code, option.title.empty() ? code->title() : option.title, option.note, *amount}
        );
    }
    return result;
}

}  // namespace payments
