#include "sandbox/demo/staff.hpp"

#include <algorithm>
#include <stdexcept>

#include "http/auth/jwt.hpp"
#include "sandbox/stand_in.hpp"
#include "support/assets.hpp"
#include "support/clock.hpp"
#include "support/crypto.hpp"
#include "support/json.hpp"

namespace payments {
std::span<const Asset> person_assets();  // generated from sandbox/persons/persons.json
}

namespace payments::sandbox {
namespace {

using namespace std::chrono_literals;

constexpr auto code_lasts = 60s;
constexpr std::size_t codes_max = 1000;

struct Person {
    std::string sub, name, work, does;
    json::object privileges;
};

Person read_person(const json::object& from) {
    Person person{
        json::string_or(from, "sub", ""),
        json::string_or(from, "name", ""),
        json::string_or(from, "work", ""),
        json::string_or(from, "does", ""),
        {}};
    for (const auto& privilege : from.at("may").as_array())
        person.privileges["payments_" + std::string{privilege.as_string()}] = "true";
    person.privileges["tickets_search_flags"] = json::string_or(from, "flags", "");
    person.privileges["tickets_search_years"] = "*";
    person.privileges["tickets_search_events"] = "*";
    return person;
}

const std::vector<Person>& persons() {
    static const auto list = [] {
        std::vector<Person> read;
        const auto parsed = json::parse(person_assets().front().bytes);
        if (!parsed) throw std::runtime_error("persons.json: " + parsed.error().detail);
        for (const auto& each : parsed->as_array()) read.push_back(read_person(each.as_object()));
        return read;
    }();
    return list;
}

constexpr std::string_view page_head = R"(<!doctype html><html lang="en"><meta charset="utf-8">
<meta name="viewport" content="width=device-width"><title>Who are you?</title>
<style>body{font:1rem/1.5 system-ui,sans-serif;max-width:34rem;margin:3rem auto;padding:0 1rem}
a{display:block;margin:.75rem 0;padding:.75rem 1rem;border:1px solid #8888;border-radius:.5rem;
color:inherit;text-decoration:none}a:hover,a:focus{outline:2px solid}span{display:block}</style>
<h1>Who are you?</h1><p>Sample persons of the demo; each may do something else.</p>)";

Reply redirect(std::string to) {
    Reply reply{303, "", ""};
    reply.headers.emplace_back("Location", std::move(to));
    return reply;
}

}  // namespace

Staff::Staff(
    boost::asio::io_context& loop, boost::asio::ip::tcp::endpoint at,
    const std::string& keys_directory, std::string payments_url
)
    : payments_url_(std::move(payments_url)),
      tokens_(read_service_tokens(keys_directory)),
      listener_(loop, at, *this) {
    const auto text = http::read_key_file(keys_directory + "/user.jwk");
    if (!text) throw std::runtime_error(text.error().detail);
    const auto key = http::read_signing_key(*text);
    if (!key) throw std::runtime_error(key.error().detail);
    mint_ = [key = *key](json::object claims) {
        return http::mint(key, std::move(claims), SystemClock{}.now());
    };
}

Task<Reply> Staff::answer(Request request) {
    if (request.method == "POST" && request.path == "/exchange") co_return exchange(request);
    if (request.method != "GET" || request.path != "/sign-in")
        co_return refusal(404, "no such page");
    if (request.parameter("person").empty()) co_return page(request);
    co_return hand_over(request);
}

// Nothing of the request is written into the page but `to`, and that is encoded.
Reply Staff::page(const Request& request) const {
    std::string html{page_head};
    for (const auto& person : persons())
        html += "<a href=\"/sign-in?person=" + person.sub +
                "&amp;to=" + percent_encode(request.parameter("to")) + "\"><b>" + person.name +
                "</b> " + person.work + "<span>" + person.does + "</span></a>";
    return Reply{200, "text/html; charset=utf-8", html + "</html>"};
}

Reply Staff::hand_over(const Request& request) {
    const auto sub = request.parameter("person");
    const auto& all = persons();
    const auto found =
        std::find_if(all.begin(), all.end(), [&](const Person& each) { return each.sub == sub; });
    if (found == all.end()) return refusal(404, "no such person");
    std::erase_if(waiting_, [](const auto& each) { return each.second.until < Clock::now(); });
    if (waiting_.size() >= codes_max) return refusal(503, "too many sign in");
    auto code = crypto::base64url(crypto::random_bytes(32));
    waiting_[code] = {static_cast<std::size_t>(found - all.begin()), Clock::now() + code_lasts};
    return redirect(
        payments_url_ + "/console/handoff?code=" + code +
        "&to=" + percent_encode(request.parameter("to"))
    );
}

// A code is good for one token, and only the payment service gets it.
Reply Staff::exchange(const Request& request) {
    const auto* authorization = request.header("authorization");
    constexpr std::string_view scheme = "Bearer ";
    const bool has_token = authorization && authorization->starts_with(scheme);
    if (!has_token || !tokens_.check(std::string_view{*authorization}.substr(scheme.size())))
        return refusal(401, "a service token is needed");
    const auto body = json::parse(request.body);
    if (!body || !body->is_object()) return refusal(400, "not a JSON object");
    const auto waiting = waiting_.extract(json::string_or(body->get_object(), "code", ""));
    if (waiting.empty() || waiting.mapped().until < Clock::now())
        return refusal(404, "no such code");
    const auto& person = persons()[waiting.mapped().person];
    const auto now =
        std::chrono::duration_cast<std::chrono::seconds>(SystemClock{}.now().time_since_epoch());
    json::object claims{
        {"sub", person.sub},
        {"name", person.name},
        {"privs", person.privileges},
        {"auth_time", now.count()},
        {"exp", (now + 8h).count()}};
    return json_reply(200, {{"token", mint_(std::move(claims))}});
}

}  // namespace payments::sandbox
