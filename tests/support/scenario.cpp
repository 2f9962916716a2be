#include "support/scenario.hpp"

#include "flow/reconcile.hpp"
#include "http/api.hpp"
#include "http/body_source.hpp"
#include "http/key_making.hpp"
#include "storage/sqlite_database.hpp"
#include "support/assets.hpp"
#include "support/log.hpp"

namespace payments::testing_support {
namespace {

namespace asio = boost::asio;

constexpr auto patience = 20s;  // for one step of the loop; nothing here takes a second

struct Keys {
    json::object user = http::new_key(http::Algorithm::es256);
    json::object service = http::new_key(http::Algorithm::eddsa);
};
const Keys& keys() {
    static const Keys made;
    return made;
}

Task<Result<std::string>> public_half(json::object key) {
    json::array list{http::public_jwk(key)};
    const json::object set{
        {"keys", std::move(list)}
    };
    co_return json::write(set);
}

http::KeySource source_of(const json::object& key) {
    return {"a key of this test", [&key] { return public_half(key); }, {}};
}

std::string bearer(const json::object& key, json::object claims, Time now) {
    const auto signing = *http::Key::read(key, http::Key::Use::sign).value();
    return "Bearer " + http::mint(signing, std::move(claims), now);
}

json::object to_json(const Privileges& privileges) {
    json::object object;
    for (const auto& [name, value] : privileges) object[name] = value;
    return object;
}

TemplateOption option(std::string code, std::string amount) {
    TemplateOption made;
    made.code = std::move(code);
    made.amount = std::move(amount);
    return made;
}

Ticket usual_ticket() {
    Ticket ticket;
    ticket.status = "registered";
    ticket.flag = "HU";
    ticket.year = "2026";
    ticket.event = "OZORA";
    ticket.email = "eva@example.org";
    ticket.name = "Éva";
    ticket.language = "hu";
    ticket.options = {
        option("FULL-FEE-EUR-SIMPLE", "220"),        option("FULL-FEE-EUR-STRIPE-INTENTS", "220"),
        option("FULL-FEE-HUF-SIMPLE", "88000"),      option("FULL-FEE-HUF-STRIPE-INTENTS", "88000"),
        option("CAMPING-FEE-EUR-SIMPLE", "40"),      option("GUEST-FEE-EUR-SIMPLE", "0"),
        option("GUEST-FEE-EUR-STRIPE-INTENTS", "0"),
    };
    return ticket;
}

Rules rules_of_this_world() {
    Rules rules;
    rules.accounts[Processor::simplepay] = {"EUR", "HUF"};
    rules.accounts[Processor::stripe] = {"EUR", "HUF"};
    rules.transfer_statuses = {"transferred"};
    rules.payment_time = 30min;
    rules.simplepay_timeout = 10s;
    rules.stripe_timeout = 10s;
    return rules;
}

Task<std::string> whole(std::shared_ptr<http::BodySource> source) {
    std::string body;
    std::string piece;
    do {
        piece = co_await source->next_piece();
        body += piece;
    } while (!piece.empty());
    co_return body;
}

}  // namespace

// -------------------------------------------------------------------------------------- answers

Answer::Answer(http::Response response)
    : status(response.status),
      type(std::move(response.content_type)),
      text(response.payload()),
      headers(std::move(response.headers)) {
    if (auto parsed = json::parse(text); parsed && parsed->is_object())
        body = std::move(parsed->get_object());
}

std::string Answer::header(std::string_view name) const {
    for (const auto& [known, value] : headers)
        if (known == name) return value;
    return "";
}

const json::value& Answer::at(std::string_view member) const {
    const auto* value = body.if_contains(member);
    if (value == nullptr) throw std::runtime_error("no " + std::string{member} + " in " + text);
    return *value;
}

std::int64_t Answer::number(std::string_view member) const { return at(member).as_int64(); }

std::string Answer::string(std::string_view member) const {
    const auto& value = at(member);
    return value.is_null() ? "" : std::string{value.as_string()};
}

std::string Answer::problem() const {
    constexpr std::string_view prefix = "/problems/";
    const auto uri = json::string_or(body, "type", "");
    return uri.starts_with(prefix) ? uri.substr(prefix.size()) : "";
}

// -------------------------------------------------------------------------------------- the door

struct Scenario::Door {
    explicit Door(World& world)
        : api({routes, pages, proxies, origins, no_limit, 256 * 1024},
              {world, metrics, no_ticket_limit, nullptr}, {user_keys, {}, service_keys, {}}) {}

    const http::RouteTable routes{{}};
    const http::Pages pages{{}, build_info(), "", {}};
    const http::TrustedProxies proxies{{}};
    const std::set<std::string, std::less<>> origins;
    http::RateLimiter no_limit{http::Rate{}}, no_ticket_limit{http::Rate{}};
    http::KeyRing user_keys{source_of(keys().user)}, service_keys{source_of(keys().service)};
    Metrics metrics;
    http::Api api;
};

Scenario::Scenario() : rules(rules_of_this_world()), door_(std::make_unique<Door>(world)) {
    testing::internal::CaptureStderr();
    for (const auto id : {42, 43, 44, 45, 46, 47, 48, 49}) {
        tickets.tickets[id] = usual_ticket();
        tickets.tickets[id].id = id;
    }
    for (auto* ring : {&door_->user_keys, &door_->service_keys})
        EXPECT_TRUE(await(ring->load(clock.time)));
}

Scenario::~Scenario() {
    database.reset();
    stores.drop_place(place);
    testing::internal::GetCapturedStderr();
}

// ------------------------------------------------------------------------------ what callers do

http::Request Scenario::request(
    std::string method, std::string path, std::string body, Headers headers
) {
    http::Request made;
    made.method = std::move(method);
    made.path = path.substr(0, path.find('?'));
    if (made.path.size() < path.size()) made.query = path.substr(made.path.size() + 1);
    made.body = std::move(body);
    made.headers = std::move(headers);
    if (!made.body.empty()) made.headers.emplace_back("content-type", "application/json");
    made.peer = "192.0.2.7";
    made.id = "request-of-a-test";
    return made;
}

std::shared_ptr<Running> Scenario::begin(http::Request request) {
    auto running = std::make_shared<Running>();
    running->request = std::move(request);
    asio::co_spawn(
        loop, door_->api.answer(running->request),
        [running](std::exception_ptr thrown, http::Response response) {
            running->failure = thrown;
            running->response = std::move(response);
            running->done = true;
        }
    );
    return running;
}

Answer Scenario::end(const std::shared_ptr<Running>& running) {
    until([&] { return running->done; });
    if (running->failure) std::rethrow_exception(running->failure);
    auto& response = *running->response;
    if (response.source) response.body = await(whole(response.source));
    return Answer{std::move(response)};
}

Answer Scenario::get(std::string path, Headers headers) {
    return end(begin(request("GET", std::move(path), "", std::move(headers))));
}

Answer Scenario::post(std::string path, std::string body, Headers headers) {
    return end(begin_post(std::move(path), std::move(body), std::move(headers)));
}

std::shared_ptr<Running> Scenario::begin_post(std::string path, std::string body, Headers headers) {
    return begin(request("POST", std::move(path), std::move(body), std::move(headers)));
}

std::string Scenario::order(const std::string& code, std::int64_t ticket_id) {
    return R"({"ticket_id":)" + std::to_string(ticket_id) + R"(,"code":")" + code + R"("})";
}

Answer Scenario::start(const std::string& code, std::int64_t ticket_id) {
    return post("/payments/start", order(code, ticket_id));
}

std::shared_ptr<Running> Scenario::begin_start(const std::string& code) {
    return begin_post("/payments/start", order(code));
}

std::int64_t Scenario::started(const std::string& code, std::int64_t ticket_id) {
    const auto answer = start(code, ticket_id);
    EXPECT_EQ(answer.status, 200) << answer.text;
    return answer.number("transaction_id");
}

Answer Scenario::notify(Processor from, std::string identity, Heard heard) {
    const bool is_stripe = from == Processor::stripe;
    const auto body = "{\"message\": \"" + identity + "\"}\n";
    heard.message = RawMessage{from, identity, "good", body};
    auto& gateway = is_stripe ? stripe : simplepay;
    gateway.messages.insert_or_assign(body, std::move(heard));
    return post(
        is_stripe ? "/payments/stripe/webhook" : "/payments/simplepay/ipn", body,
        {
            {is_stripe ? "stripe-signature" : "signature", "good"}
    }
    );
}

Answer Scenario::ipn(std::int64_t id, std::vector<Fact> facts, std::string identity) {
    if (identity.empty()) identity = "ipn-" + std::to_string(++messages_);
    Subject subject{id, "", Processor::simplepay};
    subject.account = read(id).account;
    Heard heard{std::move(subject), Source::ipn, clock.time, std::move(facts)};
    heard.check_now = true;
    return notify(Processor::simplepay, std::move(identity), std::move(heard));
}

Answer Scenario::webhook(std::int64_t id, std::vector<Fact> facts, std::string identity) {
    if (identity.empty()) identity = "evt_" + std::to_string(++messages_);
    Subject subject{id, "pi_" + std::to_string(id), Processor::stripe};
    subject.opened_at = read(id).created_at;
    Heard heard{std::move(subject), Source::webhook, clock.time, std::move(facts)};
    return notify(Processor::stripe, std::move(identity), std::move(heard));
}

Return Scenario::return_of(std::int64_t id, std::string event) {
    const auto attempt = read(id);
    Return back;
    back.transaction_id = id;
    back.provider_id = std::stoll(simplepay.id_of(attempt));
    back.account = attempt.account;
    back.event = std::move(event);
    return back;
}

Answer Scenario::come_back(Return back) {
    const auto r = "return-" + std::to_string(++messages_);
    returns.returns[r] = std::move(back);
    return post("/payments/simplepay/backref", R"({"r":")" + r + R"(","s":"good"})");
}

Headers Scenario::as_service(const Privileges& on_behalf_of) {
    json::object claims{
        {"service", "tickets"}
    };
    if (!on_behalf_of.empty()) claims["servicePrivs"] = to_json(on_behalf_of);
    return {
        {"authorization", bearer(keys().service, std::move(claims), clock.time)}
    };
}

Headers Scenario::as_user(const Privileges& privileges) {
    json::object claims{
        {"sub",   "anna"             },
        {"privs", to_json(privileges)}
    };
    return {
        {"authorization", bearer(keys().user, std::move(claims), clock.time)}
    };
}

// ------------------------------------------------------------------------- what is known of it

Transaction Scenario::read(std::int64_t id) { return await(database->transaction(id)).value(); }

std::string Scenario::status(std::int64_t id) { return std::string{name(read(id).status)}; }

std::vector<Transaction> Scenario::attempts(std::int64_t ticket_id) {
    return await(database->transactions_of(ticket_id));
}

std::string Scenario::story(std::int64_t id) {
    std::string words;
    for (const auto& event : read(id).events)
        words += (words.empty() ? "" : " ") + std::string{name(event.fact.kind)};
    return words;
}

std::string Scenario::review_reason_of(std::int64_t id) {
    const auto attempt = read(id);
    std::vector<Fact> facts;
    for (const auto& event : attempt.events) facts.push_back(event.fact);
    return review_reason(learn_all(facts, attempt.terms()));
}

std::vector<std::string> Scenario::outbox() {
    std::vector<std::string> types;
    for (auto& row : stores.outbox(place)) types.push_back(std::move(row.type));
    return types;
}

std::int64_t Scenario::messages_kept() { return stores.messages_kept(place); }

std::vector<std::string> Scenario::unmatched_reasons() { return stores.unmatched_reasons(place); }

std::string Scenario::logged() {
    auto text = testing::internal::GetCapturedStderr();
    testing::internal::CaptureStderr();
    return text;
}

// ----------------------------------------------------------------------------- the world's time

std::size_t Scenario::reconcile() { return await(reconcile_due(world)); }

void Scenario::wait(std::chrono::milliseconds time) {
    const auto end_of_waiting = clock.time + time;
    while (true) {
        reconcile();
        const auto due = await(database->next_due());
        if (!due || *due > end_of_waiting) break;
        clock.time = std::max(clock.time, *due);
    }
    clock.time = end_of_waiting;
}

void Scenario::until(const std::function<bool()>& is_so) {
    loop.restart();
    while (!is_so())
        if (loop.run_one_for(patience) == 0) throw std::runtime_error("it never came to pass");
}

// ------------------------------------------------------------------- what a provider says of it

Fact Scenario::word_of(const Transaction& attempt, FactKind kind, std::string subject) const {
    auto made = fact(kind, std::move(subject));
    made.account = attempt.account;
    const bool is_stripe = attempt.code.processor == Processor::stripe;
    made.provider_id = (is_stripe ? stripe : simplepay).id_of(attempt);
    return made;
}

Fact Scenario::word(std::int64_t id, FactKind kind, std::string subject) {
    return word_of(read(id), kind, std::move(subject));
}

Fact Scenario::claim_of(std::int64_t id) { return word(id, FactKind::claimed); }

Fact Scenario::capture_of(std::int64_t id) {
    auto made = word(id, FactKind::captured);
    made.amount = read(id).amount;
    return made;
}

Said Scenario::silence() { return {}; }

Said Scenario::said(std::vector<Fact> facts) {
    Said made;
    made.answered = true;
    made.facts = std::move(facts);
    return made;
}

Started Scenario::answered(Started::Kind how) {
    using enum Started::Kind;
    Started made;
    made.kind = how;
    made.facts = {
        fact(how == refused || how == unreachable ? FactKind::failed : FactKind::unanswered)};
    made.reason = "in the provider's own words";
    return made;
}

}  // namespace payments::testing_support
