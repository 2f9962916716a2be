#include "sandbox/tickets/tickets.hpp"

#include <algorithm>

#include "support/json.hpp"

namespace payments::sandbox {
namespace {

constexpr KnownFaults faults_of_tickets[] = {
    {"get", true, "lenient other-ticket no-template"},
};

bool list_allows(std::string_view list, std::string_view value) {
    if (list == "*") return true;
    while (!list.empty()) {
        const auto end = std::min(list.find(','), list.size());
        if (list.substr(0, end) == value) return true;
        list.remove_prefix(std::min(end + 1, list.size()));
    }
    return false;
}

std::string text_of(const json::object& ticket, std::string_view member) {
    const auto* value = json::find(ticket, member);
    if (!value) return {};
    return value->is_string() ? std::string{value->get_string()} : json::write(*value);
}

std::int64_t id_in(std::string_view path) {
    const auto text = std::string{path.substr(path.rfind('/') + 1)};
    const bool digits =
        !text.empty() && text.size() < 16 && text.find_first_not_of("0123456789") == text.npos;
    return digits ? std::stoll(text) : 0;
}

}  // namespace

bool in_scope(const json::object& privileges, const json::object& ticket) {
    bool asked = false;
    for (const std::string way : {"tickets_search_", "tickets_get_"}) {
        bool inside = true;
        for (const std::string part : {"flag", "year", "event"}) {
            const auto* list = json::find(privileges, way + part + "s");
            asked = asked || list;
            inside = inside && list && list->is_string() &&
                     list_allows(list->get_string(), text_of(ticket, part));
        }
        if (inside) return true;
    }
    return !asked;
}

Tickets::Tickets(SandboxContext& world, boost::asio::ip::tcp::endpoint at, ServiceTokens tokens)
    : StandIn(world, at), tokens_(std::move(tokens)), tickets_(demo_tickets(world.clock.now())) {}

void Tickets::reset() { tickets_ = demo_tickets(world_.clock.now()); }

std::string Tickets::operation_of(const Request& request) const {
    return request.path == "/tickets/get" ? "get" : "";
}

std::span<const KnownFaults> Tickets::known_faults() const { return faults_of_tickets; }

Task<Reply> Tickets::serve(Request request, std::string operation, std::optional<Fault> fault) {
    if (operation == "get") co_return get(request, fault);
    if (request.path == "/tickets" && request.method == "GET") {
        json::array all;
        for (const auto& [id, ticket] : tickets_) all.push_back(ticket);
        co_return json_reply(200, {{"tickets", all}});
    }
    if (request.path.starts_with("/tickets/")) co_return change(request);
    co_return refusal(404, "no such path");
}

Reply Tickets::get(const Request& request, const std::optional<Fault>& fault) {
    const auto refuse = [&](int status, std::string_view why) {
        verdict_ = why;
        return refusal(status, why);
    };
    if (request.method != "POST") return refuse(405, "POST only");
    json::object claims;
    if (tokens_.check) {
        const auto* value = request.header("authorization");
        if (!value || !value->starts_with("Bearer "))
            return refuse(401, "a service token is needed");
        auto checked = tokens_.check(std::string_view{*value}.substr(7));
        if (!checked) return refuse(401, checked.error().detail);
        claims = std::move(*checked);
    }
    const auto body = json::parse(request.body);
    if (!body || !body->is_object()) return refuse(400, "the body is no JSON object");
    const auto found = tickets_.find(integer_or(body->get_object(), "ticket_id", 0));
    if (found == tickets_.end()) return refuse(404, "unknown ticket");
    const auto* privileges = json::find(claims, "servicePrivs");
    const bool lenient = fault && fault->name == "lenient";
    if (!lenient && privileges && privileges->is_object() &&
        !in_scope(privileges->get_object(), found->second)) {
        return refuse(403, "outside the scope");
    }
    verdict_ = "OK";
    auto ticket = found->second;
    if (fault && fault->name == "other-ticket") ticket["id"] = found->first + 1;
    if (fault && fault->name == "no-template") ticket.erase("template");
    return json_reply(200, {{"ticket", ticket}});
}

Reply Tickets::change(const Request& request) {
    const auto id = id_in(request.path);
    if (id < 1) return refusal(404, "no such path");
    if (request.method == "PUT") {
        const auto body = json::parse(request.body);
        if (!body || !body->is_object()) return refusal(400, "the body is no JSON object");
        auto& ticket = tickets_[id];
        for (const auto& [name, value] : body->get_object()) ticket[name] = value;
        ticket["id"] = id;
        return json_reply(200, {{"ticket", ticket}});
    }
    const auto found = tickets_.find(id);
    if (found == tickets_.end()) return refusal(404, "unknown ticket");
    auto reply = json_reply(200, {{"ticket", found->second}});
    if (request.method == "DELETE") tickets_.erase(found);
    return reply;
}

Task<std::optional<Reply>> Tickets::control(Request, json::object) { co_return std::nullopt; }

}  // namespace payments::sandbox
