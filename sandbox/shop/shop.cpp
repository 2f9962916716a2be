#include "sandbox/shop/shop.hpp"

#include "sandbox/pages.hpp"
#include "support/json.hpp"

namespace payments::sandbox {
namespace {

constexpr std::string_view plain_shop = R"(<!doctype html><html lang="en"><meta charset="utf-8">
<title>Demo shop</title><h1>Demo shop</h1>
<p>The shop's pages were not built into this program. Its data is at
<a href="/api/tickets">/api/tickets</a>.</p></html>)";

constexpr KnownFaults faults_of_shop[] = {
    {"api/*", true, ""},
};

std::int64_t id_after(std::string_view path, std::string_view prefix) {
    const auto text = std::string{path.substr(prefix.size())};
    const bool digits =
        !text.empty() && text.size() < 16 && text.find_first_not_of("0123456789") == text.npos;
    return digits ? std::stoll(text) : 0;
}

}  // namespace

Shop::Shop(
    SandboxContext& world, boost::asio::ip::tcp::endpoint at, const Tickets& tickets,
    ShopSettings settings, ServiceTokens tokens
)
    : StandIn(world, at),
      tickets_(tickets),
      settings_(std::move(settings)),
      tokens_(std::move(tokens)) {}

std::string Shop::operation_of(const Request& request) const {
    return request.path.starts_with("/api/") ? request.path.substr(1) : "";
}

std::span<const KnownFaults> Shop::known_faults() const { return faults_of_shop; }

Task<Reply> Shop::serve(Request request, std::string, std::optional<Fault>) {
    const auto& path = request.path;
    const auto under = [&](std::string_view prefix) {
        return path.starts_with(prefix) ? id_after(path, prefix) : 0;
    };
    if (request.method != "GET" && request.method != "HEAD") co_return refusal(405, "GET only");
    if (path == "/api/config") co_return config();
    if (path == "/api/tickets") co_return list_tickets();
    if (const auto id = under("/api/tickets/")) co_return co_await show_ticket(id);
    if (const auto id = under("/api/transactions/")) co_return co_await show_transaction(id);
    if (path.starts_with("/api/")) co_return refusal(404, "no such path");
    co_return page(request);
}

Task<std::optional<Reply>> Shop::control(Request, json::object) { co_return std::nullopt; }

Reply Shop::config() const {
    return json_reply(
        200,
        {{"payments_url", settings_.payments_url},
         {"stripe_url", settings_.stripe_url},
         {"stripe_publishable_key", settings_.stripe_publishable_key},
         {"simplepay", true},
         {"merchant",
          {{"name", "O.Z.O.R.A. demo shop"}, {"seat", "Dádpuszta, Hungary"}, {"website", url()}}}}
    );
}

Reply Shop::list_tickets() const {
    json::array list;
    for (const auto& [id, ticket] : tickets_.all()) {
        json::object shown;
        for (const auto name : {"id", "name", "event", "year", "flag", "status"}) {
            if (const auto* value = json::find(ticket, name)) shown[name] = *value;
        }
        const auto* form = json::find(ticket, "template");
        shown["title"] =
            form && form->is_object() ? json::string_or(form->get_object(), "title", "") : "";
        list.push_back(std::move(shown));
    }
    return json_reply(200, {{"tickets", list}});
}

Task<Reply> Shop::ask(std::string path, json::object body, json::object privileges) {
    Outgoing request{"POST", settings_.payments_url + path, json::write(body)};
    request.headers = {{"Content-Type", "application/json"}};
    request.answer_limit_bytes = 1024 * 1024;
    if (tokens_.mint) {
        json::object claims{{"service", "shop"}};
        if (!privileges.empty()) claims["servicePrivs"] = privileges;
        request.headers.emplace_back("Authorization", "Bearer " + tokens_.mint(claims));
    }
    const auto answer = co_await fetch(std::move(request));
    if (answer.kind != Fetched::Kind::answered) {
        co_return refusal(502, "the payment service did not answer");
    }
    const auto* type = answer.header("content-type");
    co_return Reply{answer.status, type ? *type : "application/json", answer.body};
}

Task<Reply> Shop::show_ticket(std::int64_t id) {
    const auto found = tickets_.all().find(id);
    if (found == tickets_.all().end()) co_return refusal(404, "unknown ticket");
    const auto ticket = found->second;
    json::object body{{"ticket_id", id}};
    for (const auto& [name, member] :
         {std::pair{"ticket_status", "status"}, std::pair{"template", "template"},
          std::pair{"metas", "metas"}}) {
        if (const auto* value = json::find(ticket, member)) body[name] = *value;
    }
    auto answer = co_await ask("/payments/options", std::move(body), {});
    if (answer.status != 200) co_return answer;
    const auto options = json::parse(answer.body);
    if (!options || !options->is_object()) co_return refusal(502, "options are not JSON");
    const auto* offered = json::find(options->get_object(), "payment_options");
    co_return json_reply(
        200, {{"ticket", ticket}, {"payment_options", offered ? *offered : json::array{}}}
    );
}

Task<Reply> Shop::show_transaction(std::int64_t id) {
    json::object body{{"search_term", id}};
    json::object privileges{{"payments_search", "true"}};
    auto answer = co_await ask("/payments/search", std::move(body), std::move(privileges));
    if (answer.status != 200) co_return answer;
    const auto found = json::parse(answer.body);
    if (!found || !found->is_object()) co_return refusal(502, "transactions are not JSON");
    const auto* list = json::find(found->get_object(), "transactions");
    const bool any = list && list->is_array() && !list->get_array().empty();
    co_return json_reply(200, {{"transaction", any ? list->get_array().at(0) : json::value{}}});
}

// Files by their path; every other path is the page, which reads the address itself.
Reply Shop::page(const Request& request) const {
    auto reply = page_reply(request, request.path);
    if (reply.status == 404) reply = page_reply(request, "/index.html", plain_shop);
    const auto policy = "default-src 'self'; connect-src 'self' " + settings_.payments_url + " " +
                        settings_.stripe_url + "; frame-src " + settings_.stripe_url +
                        "; img-src 'self' data:; style-src 'self' 'unsafe-inline'; "
                        "base-uri 'none'; form-action 'self'; frame-ancestors 'none'";
    reply.headers.emplace_back("Content-Security-Policy", policy);
    reply.headers.emplace_back("X-Content-Type-Options", "nosniff");
    reply.headers.emplace_back("Referrer-Policy", "no-referrer");
    return reply;
}

}  // namespace payments::sandbox
