#include "http/api/wire.hpp"

#include "http/api/members.hpp"
#include "http/api/office/masking.hpp"
#include "payment/email.hpp"
#include "support/text.hpp"
#include "support/times.hpp"

namespace payments::http {
namespace {

// Characters, as the contract's maxLength counts them.
constexpr std::size_t text_max = 255;      // of one billing member, title, status
constexpr std::size_t reason_max = 200;    // of the reason of a refund
constexpr std::size_t address_max = 4096;  // of r or s

std::optional<Time> read_time(Members& members, std::string_view name) {
    const auto text = members.optional_text(name, text_max);
    if (text.empty()) return {};
    const auto time = parse_time(text);
    if (!time) members.add(name, "must be a time such as 2026-03-02T12:00:00+01:00");
    return time;
}

std::vector<std::string> read_statuses(Members& members, std::vector<std::string> otherwise) {
    const auto* list = members.optional_array("ticket_statuses");
    if (list == nullptr) return otherwise;
    std::vector<std::string> statuses;
    for (const auto& status : *list) {
        if (status.is_string())
            statuses.emplace_back(status.get_string());
        else
            members.add("ticket_statuses", "must hold strings only");
    }
    return statuses;
}

TemplateOption read_option(Members members) {
    TemplateOption option;
    // An empty code spoils its option alone, as any other that cannot be read does.
    const bool is_there = members.find("code") != nullptr;
    option.code =
        is_there ? members.optional_text("code", text_max) : members.text("code", text_max);
    option.title = members.optional_text("title", text_max);
    option.note = members.optional_text("note", 4 * text_max);
    option.ticket_statuses = read_statuses(members, std::move(option.ticket_statuses));
    option.valid_from = read_time(members, "valid_from");
    option.valid_until = read_time(members, "valid_until");
    if (const auto* amount = members.find("amount")) {
        if (amount->is_number())
            option.amount = json::decimal_text(*amount);
        else
            members.add("amount", "must be a number");
    }
    return option;
}

std::vector<TemplateOption> read_options(const json::object& templ, std::vector<Wrong>& wrong) {
    Members members{templ, wrong, "/template"};
    std::vector<TemplateOption> options;
    const auto* list = members.array("payment_options");
    if (list == nullptr) return options;
    for (std::size_t i = 0; i < list->size(); ++i) {
        const auto place = "/template/payment_options/" + std::to_string(i);
        if (const auto* option = (*list)[i].if_object())
            options.push_back(read_option({*option, wrong, place}));
        else
            wrong.push_back({place, "must be an object"});
    }
    return options;
}

// [{"keyword": ..., "value": ...}]; a number as a value is taken as its decimal text.
TicketMetas read_ticket_metas(Members& members, std::vector<Wrong>& wrong) {
    TicketMetas metas;
    const auto* list = members.optional_array("metas");
    if (list == nullptr) return metas;
    for (std::size_t i = 0; i < list->size(); ++i) {
        const auto place = "/metas/" + std::to_string(i);
        const auto* meta = (*list)[i].if_object();
        if (meta == nullptr) {
            wrong.push_back({place, "must be an object"});
            continue;
        }
        Members pair{*meta, wrong, place};
        const auto keyword = pair.text("keyword", text_max);
        const auto* value = pair.find("value");
        if (value == nullptr) continue;
        if (value->is_string())
            metas[keyword] = std::string{value->get_string()};
        else if (const auto number = json::decimal_text(*value))
            metas[keyword] = *number;
        else
            pair.add("value", "must be a string or a number");
    }
    return metas;
}

Payer read_payer(Members& metas) {
    Payer payer;
    const std::pair<std::string_view, std::string*> members[] = {
        {"email", &payer.email},     {"name", &payer.name},
        {"company", &payer.company}, {"tax_number", &payer.tax_number},
        {"country", &payer.country}, {"state", &payer.state},
        {"city", &payer.city},       {"zip", &payer.zip},
        {"address", &payer.address}, {"address2", &payer.address2},
        {"phone", &payer.phone},     {"language", &payer.language},
    };
    for (const auto& [name, member] : members) *member = metas.optional_text(name, text_max);
    payer.email = std::string{text::trim(payer.email)};
    if (!payer.email.empty() && !is_email(payer.email))
        metas.add("email", "must be an e-mail address");
    return payer;
}

// One line for people: which refund, the fact's subject, its amount, details.
std::string detail_of(const Fact& fact) {
    std::string text;
    const auto add = [&](const std::string& part) {
        if (!part.empty()) text += (text.empty() ? "" : ", ") + part;
    };
    add(fact.refund);
    // Its subject is the caller's Idempotency-Key, which is nobody else's business.
    if (fact.kind != FactKind::refund_requested) add(fact.subject);
    if (fact.amount)
        add(fact.amount->decimal() + " " + std::string{fact.amount->currency().code()});
    add(fact.detail);
    return text;
}

json::value or_null(const std::string& text) {
    return text.empty() ? json::value(nullptr) : json::value(text);
}

// They were checked when they were stored; a row that is damaged must not hide its transaction.
json::object parse_metas(const std::string& text) {
    const auto metas = json::parse(text);
    return metas && metas->is_object() ? metas->get_object() : json::object{};
}

// 0 is nothing refunded yet; more than the limit cannot be, for refunds are sums of Money.
json::value refunded(const Transaction& transaction) {
    const auto money = Money::of(transaction.refunded_minor, transaction.amount.currency());
    return money ? json::amount(*money) : json::value(transaction.refunded_minor);
}

}  // namespace

Result<Ticket> read_ticket(const json::object& body) {
    std::vector<Wrong> wrong;
    Members members{body, wrong};
    Ticket ticket;
    ticket.id = members.id("ticket_id");
    ticket.status = members.text("ticket_status", text_max);
    if (const auto* templ = members.object("template"))
        ticket.options = read_options(*templ, wrong);
    ticket.metas = read_ticket_metas(members, wrong);
    if (auto error = error_of(std::move(wrong))) return std::move(*error);
    return ticket;
}

Result<std::int64_t> read_ticket_id(const json::object& body) {
    std::vector<Wrong> wrong;
    const auto id = Members{body, wrong}.id("ticket_id");
    if (auto error = error_of(std::move(wrong))) return std::move(*error);
    return id;
}

Result<std::int64_t> read_search_term(const json::object& body) {
    std::vector<Wrong> wrong;
    const auto term = Members{body, wrong}.id("search_term");
    if (auto error = error_of(std::move(wrong))) return std::move(*error);
    return term;
}

Result<StartRequest> read_start(const json::object& body) {
    std::vector<Wrong> wrong;
    Members members{body, wrong};
    StartRequest request;
    request.ticket_id = members.id("ticket_id");
    request.code = members.text("code", text_max);
    request.metas = "{}";
    if (const auto* metas = members.optional_object("metas")) {
        Members billing{*metas, wrong, "/metas"};
        request.payer = read_payer(billing);
        // All of it, also what we do not know (docs/design.md, 2.1).
        request.metas = json::write(*metas);
    }
    if (auto error = error_of(std::move(wrong))) return std::move(*error);
    return request;
}

Result<RefundRequest> read_refund(const json::object& body) {
    std::vector<Wrong> wrong;
    Members members{body, wrong};
    RefundRequest request;
    request.transaction_id = members.id("transaction_id");
    request.reason = members.optional_text("reason", reason_max);
    if (const auto* amount = members.find("amount")) {
        if (amount->is_number())
            request.amount = json::decimal_text(*amount);
        else
            members.add("amount", "must be a number");
    }
    if (auto error = error_of(std::move(wrong))) return std::move(*error);
    return request;
}

Result<CloseRequest> read_close(const json::object& body) {
    std::vector<Wrong> wrong;
    Members members{body, wrong};
    CloseRequest request;
    request.transaction_id = members.id("transaction_id");
    request.details.reason = members.text("reason", reason_max);
    if (auto error = error_of(std::move(wrong))) return std::move(*error);
    return request;
}

Result<ReturnAddress> read_return_address(const json::object& body) {
    std::vector<Wrong> wrong;
    Members members{body, wrong};
    ReturnAddress address;
    address.r = members.text("r", address_max);
    address.s = members.text("s", address_max);
    if (auto error = error_of(std::move(wrong))) return std::move(*error);
    return address;
}

json::value write(const LedgerEntry& event) {
    return json::object{
        {"at", rfc3339(event.at)},
        {"source", name(event.source)},
        {"kind", name(event.fact.kind)},
        {"detail", detail_of(event.fact)},
    };
}

json::value write(const Transaction& t, Metas how) {
    json::array events;
    events.reserve(t.entries.size());
    for (const auto& event : t.entries) events.push_back(write(event));
    const auto processor = name(t.code.processor);
    return json::object{
        {"id", t.id},
        {"ticket_id", t.ticket_id},
        {"reference", t.reference()},
        {"code", t.code.text()},
        {"fee_type", t.code.fee_type},
        {"currency", t.amount.currency().code()},
        {"amount", json::amount(t.amount)},
        {"amount_refunded", refunded(t)},
        {"processor", processor},
        {"payment_mode", processor},
        {"status", name(t.status)},
        {"provider_transaction_id", or_null(t.provider_id)},
        {"metas", how == Metas::whole ? parse_metas(t.metas) : mask_metas(parse_metas(t.metas))},
        {"created_at", rfc3339(t.created_at)},
        {"updated_at", rfc3339(t.updated_at)},
        {"paid_at", t.paid_at ? json::value(rfc3339(*t.paid_at)) : json::value(nullptr)},
        {"expires_at", rfc3339(t.expires_at)},
        {"events", std::move(events)},
    };
}

json::value write(const Offer& offer) {
    return json::object{
        {"code", offer.code.text()},
        {"title", offer.title},
        {"note", offer.note},
        {"amount", json::amount(offer.amount)},
        {"currency", offer.amount.currency().code()},
        {"payment_mode", name(offer.code.processor)},
    };
}

json::value write(const StartReply& reply) {
    return json::object{
        {"required_additional_action", reply.required_additional_action},
        {"redirect_url", or_null(reply.redirect_url)},
        {"client_secret", or_null(reply.client_secret)},
        {"transaction_id", reply.transaction_id},
    };
}

json::value write(const RefundReply& given) {
    const auto& transaction = given.transaction;
    std::string provider_id;
    for (const auto& event : transaction.entries)
        if (is_refund(event.fact.kind) && event.fact.refund == given.refund.reference)
            provider_id = event.fact.subject;
    return json::object{
        {"refund_id", given.refund.reference},
        {"transaction_id", transaction.id},
        {"amount", json::amount(given.refund.amount)},
        {"currency", given.refund.amount.currency().code()},
        {"provider_refund_id", or_null(provider_id)},
        {"refund_status", is_on_its_way(transaction, given.refund.reference) ? "pending" : "made"},
        {"amount_refunded", refunded(transaction)},
        {"status", name(transaction.status)},
    };
}

json::value write(const ReturnReply& returned) {
    return json::object{
        {"message", returned.message},
        {"transaction_id", returned.transaction.id},
        {"ticket_id", returned.transaction.ticket_id},
        {"provider_transaction_id", or_null(returned.provider_transaction_id)},
        {"status", name(returned.transaction.status)},
    };
}

}  // namespace payments::http
