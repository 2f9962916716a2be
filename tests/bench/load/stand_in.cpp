#include <boost/asio/signal_set.hpp>
#include <cstdio>

#include "commands.hpp"
#include "gateway/simplepay/signature.hpp"
#include "http/api/problem.hpp"
#include "http/server/server.hpp"
#include "messages.hpp"
#include "support/json.hpp"

namespace payments::bench {
namespace {

constexpr auto json_type = "application/json";

const json::value& at(const json::value& body, std::string_view name) {
    const auto* found = json::find(body.as_object(), name);
    if (!found) throw std::runtime_error{"a call lacks " + std::string{name}};
    return *found;
}

http::Response ticket(const json::value& call) {
    json::object option{{"code", code_text}, {"amount", 220}};
    json::object list_item{
        {"id", 1},
        {"title", "Early bird"},
        {"year", 2026},
        {"event", "OZORA"},
        {"payment_options", json::array{option}},
    };
    json::object ticket{
        {"id", at(call, "ticket_id")},
        {"status", "registered"},
        {"flag", "HU"},
        {"year", 2026},
        {"event", "OZORA"},
        {"email", "visitor@example.com"},
        {"name", "A Visitor"},
        {"language", "en"},
        {"template", std::move(list_item)},
        {"metas", json::array{}},
    };
    json::object reply{{"ticket", std::move(ticket)}};
    return {200, json_type, json::write(reply)};
}

http::Response signed_by_simplepay(json::object said) {
    said["salt"] = "c1ca0d5e2f3b4a69788796a5b4c3d2e1";
    said["merchant"] = merchant;
    http::Response response{200, json_type, json::write(said)};
    response.headers.emplace_back("Signature", simplepay::sign(response.body, merchant_secret));
    return response;
}

std::int64_t simplepay_number(const json::value& order_ref) {
    const std::string reference{order_ref.as_string()};
    return std::stoll(simplepay_id(id_of_reference(reference).value_or(0)));
}

http::Response started(const json::value& call) {
    const auto& order_ref = at(call, "orderRef");
    return signed_by_simplepay({
        {"orderRef", order_ref},
        {"currency", at(call, "currency")},
        {"transactionId", simplepay_number(order_ref)},
        {"timeout", at(call, "timeout")},
        {"total", 220},
        {"paymentUrl", "http://127.0.0.1/pay/0123456789a"},
    });
}

// Every payment that is asked about was paid.
http::Response queried(const json::value& call) {
    json::array list;
    for (const auto& order_ref : at(call, "orderRefs").as_array())
        list.push_back(json::object{
            {"merchant", merchant},
            {"orderRef", order_ref},
            {"transactionId", simplepay_number(order_ref)},
            {"currency", "EUR"},
            {"total", 220},
            {"status", "FINISHED"},
        });
    const auto count = list.size();
    return signed_by_simplepay({{"transactions", std::move(list)}, {"totalCount", count}});
}

struct StandIn : http::Application {
    std::size_t body_limit(std::string_view, std::string_view) const override { return 0; }
    http::Response refuse(const Error& error, const std::string& request_id) const override {
        return http::to_response(error, request_id);
    }
    http::Answer answer(http::Request& request) override {
        const auto call = json::parse(request.body).value();
        if (request.path == "/tickets/get") return ticket(call);
        if (request.path.ends_with("/start")) return started(call);
        if (request.path.ends_with("/query")) return queried(call);
        return http::Response{404, json_type, "{}"};
    }
};

}  // namespace

void stand_in() {
    boost::asio::io_context loop{1};
    StandIn application;
    boost::asio::ip::tcp::endpoint address{boost::asio::ip::address_v4::loopback(), 0};
    const auto connections = std::make_shared<std::atomic<std::size_t>>(0);
    http::Server server{loop, address, {}, application, connections};
    server.start();
    std::printf("{\"port\":%d}\n", server.address().port());
    std::fflush(stdout);

    boost::asio::signal_set signals{loop, SIGTERM, SIGINT};
    signals.async_wait([&](auto, auto) { loop.stop(); });
    loop.run();
}

}  // namespace payments::bench
