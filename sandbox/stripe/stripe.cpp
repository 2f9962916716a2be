#include "sandbox/stripe/stripe.hpp"

#include "sandbox/json_text.hpp"
#include "sandbox/pages.hpp"
#include "sandbox/stripe/objects.hpp"
#include "sandbox/stripe/parameters.hpp"
#include "sandbox/stripe/versions.hpp"
#include "support/crypto.hpp"
#include "support/json.hpp"

namespace payments::sandbox {

using namespace stripe;

namespace {

constexpr std::size_t idempotency_key_length_max = 255;
constexpr auto keys_are_kept = std::chrono::hours{24};

// Retries of webhooks, counted from the first attempt: growing gaps, three days in all.
std::vector<std::chrono::seconds> webhook_offsets() {
    std::vector<std::chrono::seconds> offsets;
    for (const int s : {10, 60, 300, 1800, 7200, 18000, 36000, 86400, 172800, 259200}) {
        offsets.emplace_back(s);
    }
    return offsets;
}

std::vector<std::string> segments(std::string_view path) {
    std::vector<std::string> parts;
    while (!path.empty()) {
        path.remove_prefix(1);
        const auto end = std::min(path.find('/'), path.size());
        parts.emplace_back(path.substr(0, end));
        path.remove_prefix(end);
    }
    return parts;
}

struct Route {
    std::string_view method, resource;
    std::size_t segments;
    std::string_view last, operation;
};
constexpr Route routes[] = {
    {"POST", "payment_intents", 2, "", "create"},
    {"GET", "payment_intents", 2, "", "list"},
    {"GET", "payment_intents", 3, "search", "search"},
    {"GET", "payment_intents", 3, "", "retrieve"},
    {"POST", "payment_intents", 3, "", "update"},
    {"POST", "payment_intents", 4, "confirm", "confirm"},
    {"POST", "payment_intents", 4, "cancel", "cancel"},
    {"POST", "payment_intents", 4, "capture", "capture"},
    {"POST", "refunds", 2, "", "refund"},
    {"GET", "refunds", 2, "", "list-refunds"},
    {"GET", "refunds", 3, "", "get-refund"},
    {"POST", "refunds", 3, "", "update-refund"},
    {"GET", "charges", 3, "", "get-charge"},
    {"GET", "balance_transactions", 2, "", "list-balance"},
    {"GET", "balance_transactions", 3, "", "get-balance"},
    {"GET", "payouts", 2, "", "list-payouts"},
    {"GET", "payouts", 3, "", "get-payout"},
    {"GET", "events", 2, "", "list-events"},
    {"GET", "events", 3, "", "get-event"},
    {"POST", "events", 4, "retry", "retry-event"},
};

std::string key_of(const Request& request) {
    const auto* value = request.header("authorization");
    if (!value) return {};
    if (value->starts_with("Bearer ")) return value->substr(7);
    if (!value->starts_with("Basic ")) return {};
    const auto pair = crypto::unbase64(value->substr(6)).value_or("");
    return pair.substr(0, pair.find(':'));
}

// What the restricted key reads.
bool is_of_balance(std::string_view operation) {
    return operation.ends_with("payout") || operation.ends_with("payouts") ||
           operation.ends_with("balance");
}

json::object no_permission() {
    return error_body(
        "invalid_request_error", "more_permissions_required_for_application",
        "The provided key does not have the required permissions for this endpoint."
    );
}

}  // namespace

bool stripe::is(const json::value& value, std::string_view text) {
    const auto* string = value.if_string();
    return string && std::string_view{*string} == text;
}

json::object stripe::error_body(
    std::string_view type, std::string_view code, std::string_view message, std::string_view param
) {
    json::object error{{"type", type}, {"message", message}};
    if (!code.empty()) {
        error["code"] = code;
        error["doc_url"] = "https://stripe.com/docs/error-codes/" + std::string{code};
    }
    if (!param.empty()) error["param"] = param;
    return {{"error", error}};
}

json::object stripe::missing(std::string_view kind, std::string_view id) {
    const auto message = "No such " + std::string{kind} + ": '" + std::string{id} + "'";
    return error_body("invalid_request_error", "resource_missing", message, "id");
}

Stripe::Stripe(SandboxContext& world, boost::asio::ip::tcp::endpoint at, StripeKeys keys)
    : StandIn(world, at), keys_(std::move(keys)), deliveries_(world, journal_, webhook_offsets()) {}

void Stripe::reset() {
    intents_.clear();
    charges_.clear();
    refunds_.clear();
    disputes_.clear();
    payment_methods_.clear();
    balance_ = {};
    payout_settings_ = {};
    intent_order_.clear();
    refund_order_.clear();
    events_.clear();
    kept_.clear();
    held_back_.reset();
    refunds_pending_ = false;
    deliveries_.clear();
}

std::int64_t Stripe::now_s() const {
    return std::chrono::floor<std::chrono::seconds>(world_.clock.now()).time_since_epoch().count();
}

json::object* Stripe::find_object(std::map<std::string, json::object>& in, const std::string& id) {
    const auto found = in.find(id);
    return found == in.end() ? nullptr : &found->second;
}

std::string Stripe::operation_of(const Request& request) const {
    const auto parts = segments(request.path);
    if (parts.size() < 2 || parts[0] != "v1") return "";
    for (const auto& route : routes) {
        const bool fits = route.method == request.method && route.resource == parts[1] &&
                          route.segments == parts.size() &&
                          (route.last.empty() || route.last == parts.back());
        if (fits) return std::string{route.operation};
    }
    return "";
}

Task<Reply> Stripe::serve(Request request, std::string operation, std::optional<Fault> fault) {
    Reply reply;
    if (request.path.starts_with("/3ds/")) {
        reply = serve_challenge(request);
    } else if (request.method == "GET" && is_dashboard(request)) {
        reply = serve_dashboard(request);
    } else if (is_page_file(request)) {
        reply = page_reply(request, request.path);
    } else if (request.method == "OPTIONS") {
        reply = Reply{204, "", ""};
        reply.headers.emplace_back("Access-Control-Allow-Methods", "GET, POST");
        reply.headers.emplace_back(
            "Access-Control-Allow-Headers",
            "Authorization, Content-Type, Idempotency-Key, Stripe-Version"
        );
        reply.headers.emplace_back("Access-Control-Max-Age", "600");
    } else {
        Call call;
        call.operation = std::move(operation);
        call.fault = std::move(fault);
        const auto parts = segments(request.path);
        if (parts.size() > 2) call.id = parts[2];
        call.request_id = "req_" + world_.random.letters_and_digits(14);
        const auto* version = request.header("stripe-version");
        call.version = version ? *version : default_version;
        call.form = Form::read(request.method == "GET" ? request.query : request.body);
        const auto refused = authenticate(request, call);
        if (refused)
            reply = reply_of(call, *refused);
        else if (request.method == "POST")
            reply = co_await serve_post(request, std::move(call));
        else
            reply = reply_of(call, execute(call));
    }
    reply.headers.emplace_back("Access-Control-Allow-Origin", "*");
    reply.headers.emplace_back("Access-Control-Expose-Headers", "Request-Id, Stripe-Version");
    if (verdict_.empty()) verdict_ = std::to_string(reply.status);
    co_return reply;
}

// Who calls, and whether there is such a call. A publishable key may confirm and read, and only
// what it has the client secret of.
std::optional<Stripe::Answer> Stripe::authenticate(const Request& request, Call& call) const {
    const auto refuse = [](int status, json::object body) {
        return Answer{status, std::move(body), false};
    };
    const auto key = key_of(request).empty() ? call.form.get("key") : key_of(request);
    call.publishable = key == keys_.publishable;
    std::erase_if(call.form.fields, [](const auto& field) { return field.first == "key"; });
    if (key != keys_.secret && !call.publishable && key != keys_.restricted) {
        const auto message =
            key.empty() ? "You did not provide an API key." : "Invalid API Key provided.";
        return refuse(401, error_body("invalid_request_error", "", message));
    }
    if (call.operation.empty()) {
        const auto message =
            "Unrecognized request URL (" + request.method + ": " + request.path + ").";
        return refuse(404, error_body("invalid_request_error", "", message));
    }
    if (!is_version(call.version)) {
        const auto message = "Invalid Stripe API version: " + call.version;
        call.version = default_version;
        return refuse(400, error_body("invalid_request_error", "", message));
    }
    const bool for_browsers = call.operation == "confirm" || call.operation == "retrieve";
    if (call.publishable && !for_browsers) {
        return refuse(
            403, error_body(
                     "invalid_request_error", "secret_key_required",
                     "This API call cannot be made with a publishable API key."
                 )
        );
    }
    if (key == keys_.restricted && !is_of_balance(call.operation))
        return refuse(403, no_permission());
    const auto* type = request.header("content-type");
    const bool is_form = !type || type->starts_with("application/x-www-form-urlencoded");
    if (request.method == "POST" && !request.body.empty() && !is_form) {
        return refuse(
            400, error_body(
                     "invalid_request_error", "",
                     "Invalid request: only form-encoded bodies are accepted."
                 )
        );
    }
    const auto* idempotency_key = request.header("idempotency-key");
    if (idempotency_key) call.idempotency_key = *idempotency_key;
    if (call.idempotency_key.size() > idempotency_key_length_max) {
        return refuse(
            400, error_body(
                     "invalid_request_error", "", "Idempotency-Key is longer than 255 characters."
                 )
        );
    }
    if (call.fault && call.fault->name == "429") {
        return refuse(429, error_body("invalid_request_error", "rate_limit", "Too many requests."));
    }
    if (call.fault && call.fault->name == "lock-timeout") {
        return refuse(
            429,
            error_body(
                "invalid_request_error", "lock_timeout", "This object cannot be accessed right now."
            )
        );
    }
    return std::nullopt;
}

// docs/providers/stripe.md, 4.1: what is kept for a key, and what a repeat hears.
Task<Reply> Stripe::serve_post(Request request, Call call) {
    const bool slow = call.fault && call.fault->name == "slow";
    if (call.idempotency_key.empty()) {
        if (slow) co_await pause(call.fault->delay);
        co_return reply_of(call, execute(call));
    }
    const auto fingerprint = request.path + '?' + call.form.fingerprint();
    const auto found = kept_.find(call.idempotency_key);
    if (found != kept_.end() && found->second.since + keys_are_kept > world_.clock.now()) {
        const auto& kept = found->second;
        if (kept.fingerprint != fingerprint) {
            co_return reply_of(
                call, {400,
                       error_body(
                           "idempotency_error", "",
                           "Keys for idempotent requests can only be used with the same parameters "
                           "they were "
                           "first used with."
                       ),
                       false}
            );
        }
        if (kept.running) {
            co_return reply_of(
                call,
                {409,
                 error_body(
                     "invalid_request_error", "idempotency_key_in_use",
                     "There is currently another in-progress request using this Idempotent Key."
                 ),
                 false}
            );
        }
        Reply replay{kept.status, "application/json", kept.body};
        replay.headers = {
            {"Request-Id", call.request_id},
            {"Stripe-Version", call.version},
            {"Idempotency-Key", call.idempotency_key},
            {"Idempotent-Replayed", "true"},
            {"Original-Request", kept.request_id}};
        verdict_ = "replayed " + std::to_string(kept.status);
        co_return replay;
    }
    StoredResponse running;
    running.fingerprint = fingerprint;
    running.request_id = call.request_id;
    running.since = world_.clock.now();
    kept_[call.idempotency_key] = running;
    if (slow) co_await pause(call.fault->delay);
    const auto answer = execute(call);
    auto reply = reply_of(call, answer);
    if (!answer.executed) {
        kept_.erase(call.idempotency_key);
        co_return reply;
    }
    auto& kept = kept_[call.idempotency_key];
    kept.running = false;
    kept.status = reply.status;
    kept.body = reply.body;
    co_return reply;
}

Stripe::Answer Stripe::execute(const Call& call) {
    auto problem = check(call.form, parameters_of(call.operation));
    if (!problem) problem = check_method_types(call.form, call.version);
    if (!problem) problem = check_expand(call.form, call.operation);
    if (problem) {
        return {
            400,
            error_body("invalid_request_error", problem->code, problem->message, problem->param),
            false};
    }
    request_id_ = call.request_id;
    idempotency_key_ = call.idempotency_key;
    auto answer = run(call);
    request_id_.clear();
    idempotency_key_.clear();
    if (answer.status == 200) {
        for (const auto& path : call.form.list("expand")) {
            expand(answer.body.as_object(), expand_path(path));
        }
        as_of_version(answer.body, call.version);
    }
    if (call.fault) spoil(call, answer);
    return answer;
}

Stripe::Answer Stripe::run(const Call& call) {
    const auto& operation = call.operation;
    if (operation == "create") return create_intent(call);
    if (operation == "list") return list_intents(call);
    if (operation == "search") return search_intents(call);
    if (operation == "refund") return create_refund(call);
    if (operation == "list-refunds") return list_refunds(call);
    if (operation == "list-events") return list_events(call);
    if (operation == "list-payouts") return list_payouts(call);
    if (operation == "list-balance") return list_balance(call);
    if (operation == "update-refund") return update_refund(call);
    if (operation == "retry-event") return retry_event(call);
    const auto shown = [&](json::object* object, std::string_view kind) -> Answer {
        if (!object) return {404, missing(kind, call.id)};
        return {200, *object};
    };
    if (operation == "get-refund") return shown(find_object(refunds_, call.id), "refund");
    if (operation == "get-charge") return shown(find_object(charges_, call.id), "charge");
    if (operation == "get-balance")
        return shown(find_object(balance_.lines, call.id), "balance_transaction");
    if (operation == "get-payout") {
        const auto found = balance_.payouts.find(call.id);
        return shown(found == balance_.payouts.end() ? nullptr : &found->second.object, "payout");
    }
    if (operation == "get-event") {
        for (auto& event : events_) {
            if (is(event.at("id"), call.id)) return shown(&event, "event");
        }
        return shown(nullptr, "event");
    }
    const auto found = intents_.find(call.id);
    const bool secret_fits = found != intents_.end() &&
                             (!call.publishable || is(found->second.object.at("client_secret"),
                                                      call.form.get("client_secret")));
    if (!secret_fits) return {404, missing("payment_intent", call.id)};
    auto& intent = found->second;
    if (operation == "update") return update_intent(call, intent);
    if (operation == "confirm") return confirm_intent(call, intent);
    if (operation == "cancel") return cancel_intent(call, intent);
    if (operation == "capture") return capture_intent(call, intent);
    return retrieve_intent(call, intent);
}

// Answers that are wrong on purpose; the objects behind them stay right.
void Stripe::spoil(const Call& call, Answer& answer) const {
    const auto& name = call.fault->name;
    if (name == "500-stored") {
        answer.status = 500;
        answer.body = error_body("api_error", "", "Something went wrong on our end.");
    }
    auto* object = answer.body.if_object();
    if (!object || answer.status != 200) return;
    if (name == "wrong-amount" && object->contains("amount")) {
        for (const auto member : {"amount", "amount_received"}) {
            if (auto* sum = object->if_contains(member); sum && *sum != 0) {
                *sum = sum->get_int64() + 100;
            }
        }
    }
    if (name == "wrong-currency") (*object)["currency"] = "chf";
    if (name == "other-livemode") (*object)["livemode"] = true;
    if (name == "other-order") {
        (*object)["id"] = "pi_someoneelses";
        (*object)["metadata"] = json::object{};
    }
    if (name == "unknown-status") (*object)["status"] = "requires_patience";
    if (name == "extra-members") (*object)["presentment_details"] = json::object{{"x", 1.5}};
}

Reply Stripe::reply_of(const Call& call, const Answer& answer) const {
    Reply reply{answer.status, "application/json", pretty(answer.body)};
    reply.headers = {{"Request-Id", call.request_id}, {"Stripe-Version", call.version}};
    if (!call.idempotency_key.empty()) {
        reply.headers.emplace_back("Idempotency-Key", call.idempotency_key);
    }
    if (answer.status == 429) {
        reply.headers.emplace_back("Stripe-Rate-Limited-Reason", "global-rate");
    }
    return reply;
}

}  // namespace payments::sandbox
