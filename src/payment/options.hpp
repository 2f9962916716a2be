#pragma once

#include <functional>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "payment/transaction.hpp"

namespace payments {

// One entry of a ticket template's payment_options, as the tickets service wrote it.
struct TemplateOption {
    std::string code;
    std::string title;  // "" when absent
    std::string note;
    std::optional<std::string> amount;  // decimal text in major units
    std::vector<std::string> ticket_statuses{"registered"};
    std::optional<Time> valid_from;   // inclusive
    std::optional<Time> valid_until;  // exclusive
    std::string unreadable;           // what is wrong with a member, "" when all were readable
};

// A ticket's metas are keyword-value pairs.
using TicketMetas = std::map<std::string, std::string>;

// What a merchant can take: currencies by processor.
using Accounts = std::map<Processor, std::set<std::string, std::less<>>>;

// Why a processor would not take an amount of more than 0, for people; "" when it would.
using Objection = std::function<std::string(Processor, Money)>;

struct Offer {
    Code code;
    std::string title;
    std::string note;
    Money amount;
};

// Why an option of the template is not offered although it looks as if it was meant to be: a
// mistake in the template that someone should mend. Logged, never shown to the visitor.
struct Defect {
    std::string code;
    std::string reason;
};

struct Offers {
    std::vector<Offer> offers;
    std::vector<Defect> defects;
};

struct TicketSituation {
    std::string status;
    TicketMetas metas;
    std::set<std::string, std::less<>> fees_held;  // fee types that count as paid for this ticket
    bool transferred = false;  // its status is one of PAYMENTS_TRANSFER_STATUSES
};

// What a ticket may pay at `now` (docs/design.md, 5.2), in the template's order. A transferred
// ticket pays its meta transfer_price_eur / transfer_price_huf (transfer_price_<currency>) instead
// of the option's amount. The same code twice: the first counts. Without an `objection` there is
// none to any amount. Pure; safe on any thread.
Offers offers(
    const std::vector<TemplateOption>& options, const TicketSituation& ticket,
    const Accounts& accounts, Time now, const Objection& objection = {}
);

}  // namespace payments
