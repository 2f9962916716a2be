#include "gateway/tickets_reading.hpp"

#include "support/json.hpp"
#include "support/log.hpp"
#include "support/text.hpp"
#include "support/times.hpp"

namespace payments::gateway {
namespace {

// Text as it stands, a whole number as its digits: a year is written either way.
std::optional<std::string> text_of(const json::value& value) {
    if (value.is_string()) return std::string{std::string_view{value.as_string()}};
    if (value.is_int64()) return std::to_string(value.as_int64());
    return std::nullopt;
}

std::string text_at(const json::object& o, std::string_view name) {
    const auto* value = json::find(o, name);
    return value ? text_of(*value).value_or("") : std::string{};
}

// The service's list form, [{"keyword","value"}]; numbers are taken as their decimal text.
// What cannot be read is passed over: metas are for many programs, and few of them concern
// payments.
TicketMetas metas_of(const json::object& ticket) {
    TicketMetas metas;
    const auto* list = json::find(ticket, "metas");
    if (!list || !list->is_array()) return metas;
    for (const auto& item : list->as_array()) {
        const auto* meta = item.if_object();
        const auto keyword = meta ? json::string_or(*meta, "keyword", "") : std::string{};
        const auto* value = meta ? json::find(*meta, "value") : nullptr;
        if (keyword.empty() || !value) continue;
        if (value->is_string())
            metas.emplace(keyword, std::string_view{value->as_string()});
        else if (auto text = json::decimal_text(*value))
            metas.emplace(keyword, std::move(*text));
    }
    return metas;
}

// ------------------------------------------------------------------------ an option

void note_wrong(TemplateOption& option, std::string_view member, std::string_view must) {
    if (!option.unreadable.empty()) option.unreadable += ", ";
    option.unreadable += std::string{member} + " " + std::string{must};
}

void read_text(
    TemplateOption& option, const json::object& from, std::string_view name, std::string& into
) {
    const auto* value = json::find(from, name);
    if (!value) return;
    if (value->is_string())
        into = std::string_view{value->as_string()};
    else
        note_wrong(option, name, "must be text");
}

void read_time(
    TemplateOption& option, const json::object& from, std::string_view name,
    std::optional<Time>& into
) {
    const auto* value = json::find(from, name);
    if (!value) return;
    if (value->is_string()) into = parse_time(std::string_view{value->as_string()});
    if (!into) note_wrong(option, name, "must be an RFC 3339 time");
}

void read_statuses(TemplateOption& option, const json::object& from) {
    const auto* value = json::find(from, "ticket_statuses");
    if (!value) return;
    option.ticket_statuses.clear();
    if (!value->is_array()) return note_wrong(option, "ticket_statuses", "must be a list");
    for (const auto& status : value->as_array()) {
        if (!status.is_string()) return note_wrong(option, "ticket_statuses", "must hold text");
        option.ticket_statuses.emplace_back(std::string_view{status.as_string()});
    }
}

// A member that cannot be read spoils its option alone: not offered, and told to the operator.
TemplateOption option_of(const json::value& value) {
    TemplateOption option;
    const auto* from = value.if_object();
    if (!from) {
        option.unreadable = "must be an object";
        return option;
    }
    read_text(option, *from, "code", option.code);
    read_text(option, *from, "title", option.title);
    read_text(option, *from, "note", option.note);
    if (const auto* amount = json::find(*from, "amount")) {
        option.amount = json::decimal_text(*amount);
        if (!option.amount) note_wrong(option, "amount", "must be a number");
    }
    read_statuses(option, *from);
    read_time(option, *from, "valid_from", option.valid_from);
    read_time(option, *from, "valid_until", option.valid_until);
    return option;
}

Error no_ticket(std::string_view why) {
    log::warning("the tickets service answered with what is no ticket", "why", why);
    return Error{Errc::tickets_unavailable, "the tickets service gave no usable answer"};
}

}  // namespace

Result<Ticket> read_ticket(std::int64_t ticket_id, std::string_view body) {
    const auto parsed = json::parse(body);
    const auto* outer = parsed ? parsed->if_object() : nullptr;
    const auto* inner = outer ? json::find(*outer, "ticket") : nullptr;
    const auto* from = inner ? inner->if_object() : nullptr;
    if (!from) return no_ticket("no ticket in it");

    Ticket ticket;
    const auto* id = json::find(*from, "id");
    ticket.id = id && id->is_int64() ? id->as_int64() : 0;
    // Whoever mixed two answers up, a cache or a proxy: nobody pays by the offer of another ticket.
    if (ticket.id != ticket_id) return no_ticket("another id");
    ticket.status = text_at(*from, "status");
    // Every option asks for it. The rest may be missing: an empty flag, year or event lies in no
    // scope but *, and who needs an e-mail asks for one.
    if (ticket.status.empty()) return no_ticket("no status");
    ticket.flag = text_at(*from, "flag");
    ticket.year = text_at(*from, "year");
    ticket.event = text_at(*from, "event");
    ticket.email = text::trim(text_at(*from, "email"));
    ticket.name = text_at(*from, "name");
    ticket.language = text_at(*from, "language");
    ticket.metas = metas_of(*from);

    const auto* value = json::find(*from, "template");
    const auto* list_item = value ? value->if_object() : nullptr;
    const auto* options = list_item ? json::find(*list_item, "payment_options") : nullptr;
    if (options && options->is_array())
        for (const auto& option : options->as_array()) ticket.options.push_back(option_of(option));
    return ticket;
}

}  // namespace payments::gateway
