#include <algorithm>
#include <set>

#include "fuzz.hpp"
#include "gateway/simplepay/answers.hpp"
#include "gateway/simplepay/notifications.hpp"
#include "gateway/simplepay/refunds.hpp"
#include "gateway/simplepay/requests.hpp"
#include "gateway/simplepay/signature.hpp"
#include "gateway/tickets_reading.hpp"
#include "http/api/wire.hpp"
#include "support/log.hpp"
#include "support/times.hpp"

// Any JSON as the body of each operation, and as a ticket told by the tickets service.
namespace {

using namespace payments;
using fuzz::require;

// The value that a pointer (RFC 6901) names, nothing when there is none.
const json::value* at(const json::value& from, std::string_view pointer) {
    const auto* node = &from;
    while (node && !pointer.empty()) {
        const auto end = std::min(pointer.find('/', 1), pointer.size());
        const std::string token{pointer.substr(1, end - 1)};
        pointer.remove_prefix(end);
        const auto* object = node->if_object();
        const auto* list = node->if_array();
        node = object ? object->if_contains(token)
               : list ? list->if_contains(std::stoull(token))
                      : nullptr;
    }
    return node;
}

// Every complaint names a member of this body, or one that is missing from an object of it.
void judge(const Error& error, const json::value& body) {
    require(error.code == Errc::invalid_request && !error.wrong.empty());
    fuzz::require_sendable(error, "");
    for (const auto& [pointer, detail] : error.wrong) {
        require(pointer.starts_with('/') && !detail.empty());
        const auto* parent = at(body, std::string_view{pointer}.substr(0, pointer.rfind('/')));
        require(parent && parent->is_structured());
        const auto* member = at(body, pointer);
        require(detail == "is missing" ? !member || member->is_null() : member != nullptr);
    }
}

// The order of members means nothing, however the result is compared.
template <class Read, class Tell>
void judge(Read read, const json::object& body, Tell tell) {
    const auto result = read(body);
    const auto sorted = json::parse(json::canonical(body)).value();
    const auto again = read(sorted.get_object());
    require(result.has_value() == again.has_value());
    if (result)
        require(tell(*result) == tell(*again));
    else
        judge(result.error(), body);
}

void judge_start(const StartRequest& request) {
    require(request.ticket_id >= 1 && !request.code.empty());
    const auto metas = json::parse(request.metas);
    require(metas && metas->is_object());
    require(json::string_or(metas->get_object(), "email", "") == request.payer.email);

    // What we make of it for SimplePay is JSON again and about our order, whatever the payer says.
    static const auto attempt = fuzz::attempt(42, "FULL-FEE-EUR-SIMPLE", "220.5", "PUBLICTESTEUR");
    static const simplepay::Envelope envelope{std::string(32, 'a'), "fuzz"};
    static const simplepay::StartPage page{
        "2026-03-02T09:30:00+00:00", "https://example.com", "EN"};
    const auto sent = json::parse(simplepay::start_body(attempt, request.payer, page, envelope));
    require(sent.has_value());
    require(json::string_or(sent->get_object(), "orderRef", "") == "TR42");
    require(json::string_or(sent->get_object(), "total", "") == "220.5");
    require(json::string_or(sent->get_object(), "customerEmail", "") == request.payer.email);
}

void judge_offers(const Ticket& ticket) {
    const TicketSituation situation{
        ticket.status, ticket.metas, {}, ticket.status == "transferred"};
    const Accounts accounts{
        {Processor::simplepay, {"EUR", "HUF"}}, {Processor::stripe, {"EUR", "JPY"}}};
    const Time now{std::chrono::seconds{1'772'443'269}};
    std::set<std::string> codes;
    for (const auto& offer : offers(ticket.options, situation, accounts, now).offers) {
        const auto code = offer.code.text();
        require(codes.insert(code).second);
        require(std::ranges::count(ticket.options, code, &TemplateOption::code) > 0);
        require(accounts.at(offer.code.processor).contains(offer.amount.currency().code()));
        const auto told = json::parse(json::write(http::write(offer)));
        require(told && json::decimal_text(told->at("amount")) == offer.amount.decimal());
    }
    for (const auto& option : ticket.options)
        for (const auto& time : {option.valid_from, option.valid_until})
            if (time && *time >= Time{}) require(parse_time(rfc3339(*time)) == *time);
}

std::string tell(const Ticket& ticket) {
    std::string text = std::to_string(ticket.id) + ticket.status + ticket.email + ticket.year;
    for (const auto& [keyword, value] : ticket.metas) text += '|' + keyword + '=' + value;
    for (const auto& option : ticket.options)
        text += '|' + option.code + option.title + option.amount.value_or("-") + option.unreadable;
    return text;
}

void judge_told_ticket(std::string_view text, const json::object& body) {
    log::set_level(log::Level::error);  // each body that is no ticket is a warning
    const auto* inner = body.if_contains("ticket");
    const auto* id = inner && inner->is_object() ? inner->get_object().if_contains("id") : nullptr;
    const auto expected = id && id->is_int64() ? id->get_int64() : 1;
    const auto ticket = gateway::read_ticket(expected, text);
    require(!gateway::read_ticket(expected == 1 ? 2 : 1, text));
    if (!ticket) {
        require(ticket.error().code == Errc::tickets_unavailable);
        return;
    }
    require(ticket->id == expected && !ticket->status.empty());
    judge_offers(*ticket);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const auto text = fuzz::text_of(data, size);
    const auto parsed = json::parse(text);
    if (!parsed || !parsed->is_object()) return 0;
    const auto& body = parsed->get_object();
    const auto number = [](std::int64_t id) { return id; };

    judge(http::read_ticket_id, body, number);
    judge(http::read_search_term, body, number);
    judge(http::read_return_address, body, [](const auto& a) { return a.r + '\n' + a.s; });
    judge(http::read_refund, body, [](const RefundRequest& r) {
        return std::to_string(r.transaction_id) + '\n' + r.amount.value_or("all") + '\n' + r.reason;
    });
    judge(http::read_ticket, body, tell);
    judge(http::read_start, body, [](const StartRequest& r) {
        return r.code + '\n' + r.payer.email + '\n' + json::canonical(*json::parse(r.metas));
    });
    if (const auto request = http::read_start(body)) judge_start(*request);
    if (const auto ticket = http::read_ticket(body)) judge_offers(*ticket);
    judge_told_ticket(text, body);
    return 0;
}
