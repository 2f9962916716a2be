#include "sandbox/stand_in.hpp"

#include <algorithm>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>

#include "support/clock.hpp"
#include "support/json.hpp"

namespace payments::sandbox {
namespace {

constexpr std::size_t journal_entries_max = 20'000;
constexpr std::string_view hidden = "…";

Reply spoilt(const Fault& fault, Reply reply) {
    const std::string_view name = fault.name;
    if (name.starts_with("no-answer")) reply.manner = Manner::silent;
    if (name.starts_with("reset")) reply.manner = Manner::reset;
    if (name == "truncated") reply.manner = Manner::truncated;
    if (name == "garbage") reply.body = "<html><body>It works!</body></html>";
    if (name == "empty") reply.body.clear();
    if (name.starts_with("500") || name == "503") {
        Reply error{name == "503" ? 503 : 500, "text/html", "<h1>Server error</h1>"};
        return error;
    }
    if (name == "redirect") {
        reply.status = 302;
        reply.headers.emplace_back("Location", "/elsewhere");
    }
    return reply;
}

json::object headers_object(const Headers& headers) {
    json::object object;
    for (const auto& [name, value] : headers) {
        object[name] = name == "authorization" ? hidden : std::string_view{value};
    }
    return object;
}

}  // namespace

std::optional<Fault> Faults::take(std::string_view operation) {
    for (auto it = ordered_.begin(); it != ordered_.end(); ++it) {
        if (it->operation != operation) continue;
        Fault fault = *it;
        if (it->times > 0 && --it->times == 0) ordered_.erase(it);
        return fault;
    }
    return std::nullopt;
}

std::optional<Fault> Faults::take(
    std::string_view operation, std::initializer_list<std::string_view> names
) {
    for (const auto& fault : ordered_) {
        if (fault.operation != operation) continue;
        if (std::find(names.begin(), names.end(), fault.name) == names.end()) return std::nullopt;
        return take(operation);
    }
    return std::nullopt;
}

json::array Faults::list() const {
    json::array faults;
    for (const auto& fault : ordered_) {
        faults.push_back(json::object{
            {"operation", fault.operation},
            {"fault", fault.name},
            {"times", fault.times},
            {"delay_ms", fault.delay.count()},
            {"code", fault.code}});
    }
    return faults;
}

void Journal::heard(
    std::string_view operation, const Request& request, const Reply& reply,
    std::string_view verdict, std::string_view fault
) {
    json::object entry{{"direction", "in"}, {"operation", operation}, {"method", request.method}};
    entry["path"] = request.path;
    entry["query"] = request.query;
    entry["headers"] = headers_object(request.headers);
    entry["body"] = request.body;
    entry["status"] = reply.status;
    entry["answer_headers"] = headers_object(reply.headers);
    entry["answer"] = reply.body;
    entry["verdict"] = verdict;
    entry["fault"] = fault;
    keep(std::move(entry));
}

void Journal::called(
    std::string_view operation, const Outgoing& request, const Fetched& answer,
    std::string_view verdict, std::string_view fault
) {
    json::object entry{{"direction", "out"}, {"operation", operation}, {"method", request.method}};
    entry["url"] = request.url;
    entry["headers"] = headers_object(request.headers);
    entry["body"] = request.body;
    entry["status"] = answer.status;
    entry["answer_headers"] = headers_object(answer.headers);
    entry["answer"] = answer.body;
    entry["verdict"] = verdict;
    entry["fault"] = fault;
    keep(std::move(entry));
}

void Journal::keep(json::object entry) {
    entry["n"] = next_++;
    entry["at"] = rfc3339(world_.clock.now());
    entries_.push_back(std::move(entry));
    if (entries_.size() > journal_entries_max) entries_.pop_front();
}

json::array Journal::list(std::string_view operation, std::int64_t after) const {
    json::array found;
    for (const auto& entry : entries_) {
        if (entry.at("n").to_number<std::int64_t>() <= after) continue;
        if (operation.empty() || entry.at("operation").as_string() == operation) {
            found.push_back(entry);
        }
    }
    return found;
}

StandIn::StandIn(SandboxContext& world, boost::asio::ip::tcp::endpoint at)
    : world_(world), journal_(world), listener_(world.loop, at, *this) {}

Task<Reply> StandIn::answer(Request request) {
    if (request.path.starts_with("/control/"))
        co_return co_await answer_control(std::move(request));
    auto operation = operation_of(request);
    co_return co_await answer_operation(std::move(request), std::move(operation));
}

Task<Reply> StandIn::answer_operation(Request request, std::string operation) {
    const auto fault = operation.empty() ? std::nullopt : faults_.take(operation);
    const auto* kind = fault ? general_fault(fault->name) : nullptr;
    const std::string fault_name = fault ? fault->name : "";
    const auto raw = request;
    Reply reply;
    if (fault && fault->name == "late-before") co_await pause(fault->delay);
    if (kind && kind->when == When::before && fault->name != "late-before") {
        reply = spoilt(*fault, Reply{});
        journal_.heard(operation, raw, reply, "not carried out", fault_name);
        co_return reply;
    }
    verdict_.clear();
    std::optional<Fault> special;
    if (!kind) special = fault;
    reply = co_await serve(std::move(request), operation, std::move(special));
    const auto verdict = verdict_;
    if (kind) {
        if (fault->name == "late") co_await pause(fault->delay);
        reply = spoilt(*fault, std::move(reply));
    }
    if (!operation.empty()) journal_.heard(operation, raw, reply, verdict, fault_name);
    co_return reply;
}

Task<Reply> StandIn::answer_control(Request request) {
    json::object body;
    if (!request.body.empty()) {
        const auto parsed = json::parse(request.body);
        if (!parsed || !parsed->is_object()) co_return refusal(400, "the body is no JSON object");
        body = parsed->get_object();
    }
    const auto is = [&](std::string_view method, std::string_view path) {
        return request.method == method && request.path == path;
    };
    if (is("POST", "/control/faults")) co_return order_fault(body);
    if (is("GET", "/control/faults")) co_return json_reply(200, {{"faults", faults_.list()}});
    if (is("DELETE", "/control/faults")) {
        faults_.clear();
        co_return json_reply(200, json::object{});
    }
    if (is("GET", "/control/log")) co_return co_await list_log(std::move(request));
    if (is("POST", "/control/clock")) co_return set_clock(body);
    if (is("GET", "/control/clock")) co_return set_clock({});
    if (is("POST", "/control/reset")) {
        faults_.clear();
        journal_.clear();
        reset();
        co_return json_reply(200, json::object{});
    }
    auto own = co_await control(std::move(request), std::move(body));
    co_return own ? std::move(*own) : refusal(404, "no such control call");
}

// With `count` and `wait_ms` the call waits until that many entries are there.
Task<Reply> StandIn::list_log(Request request) {
    const auto operation = request.parameter("operation");
    const auto number = [&](std::string_view name) {
        const auto text = request.parameter(name);
        return text.empty() ? 0L : std::strtol(text.c_str(), nullptr, 10);
    };
    const auto count = static_cast<std::size_t>(std::max(0L, number("count")));
    const auto after = number("after");
    const auto until = std::chrono::steady_clock::now() +
                       std::chrono::milliseconds{std::clamp(number("wait_ms"), 0L, 60'000L)};
    auto found = journal_.list(operation, after);
    while (found.size() < count && std::chrono::steady_clock::now() < until) {
        co_await pause(std::chrono::milliseconds{5});
        found = journal_.list(operation, after);
    }
    co_return json_reply(200, {{"log", std::move(found)}});
}

Reply StandIn::order_fault(const json::object& body) {
    Fault fault;
    fault.operation = json::string_or(body, "operation", "");
    fault.name = json::string_or(body, "fault", "");
    fault.times = static_cast<int>(integer_or(body, "times", 1));
    fault.delay = std::chrono::milliseconds{integer_or(body, "delay_ms", 0)};
    fault.code = integer_or(body, "code", 0);
    if (fault.operation.empty() || fault.name.empty() || fault.times == 0) {
        return refusal(400, "operation and fault are needed, times is not 0");
    }
    const auto unknown = refusal_of_fault(known_faults(), fault.operation, fault.name);
    if (!unknown.empty()) return refusal(400, unknown);
    faults_.order(fault);
    return json_reply(200, {{"faults", faults_.list()}});
}

Reply StandIn::set_clock(const json::object& body) {
    if (const auto* speed = json::find(body, "speed")) {
        if (!speed->is_number() || speed->to_number<double>() < 0) {
            return refusal(400, "speed is a number, 0 or more");
        }
        world_.clock.set_speed(speed->to_number<double>());
    }
    if (const auto* set = json::find(body, "now")) {
        const auto time = set->is_string() ? parse_time(set->get_string()) : std::nullopt;
        if (!time) return refusal(400, "now is a time such as 2026-03-29T00:59:00Z");
        world_.clock.set(*time);
    }
    if (const auto* advance = json::find(body, "advance_s")) {
        if (!advance->is_number()) return refusal(400, "advance_s is a number");
        const auto ms = advance->to_number<double>() * 1000;
        world_.clock.advance(std::chrono::milliseconds{static_cast<std::int64_t>(ms)});
    }
    return json_reply(200, {{"now", rfc3339(world_.clock.now())}, {"speed", world_.clock.speed()}});
}

Reply json_reply(int status, const json::value& body) {
    return Reply{status, "application/json", json::write(body)};
}

Reply refusal(int status, std::string_view message) {
    return json_reply(status, {{"message", message}});
}

std::int64_t integer_or(const json::object& o, std::string_view name, std::int64_t otherwise) {
    const auto* member = json::find(o, name);
    return member && member->is_int64() ? member->get_int64() : otherwise;
}

Task<void> pause(std::chrono::milliseconds real_time) {
    boost::asio::steady_timer timer{co_await boost::asio::this_coro::executor};
    timer.expires_after(real_time);
    co_await timer.async_wait(boost::asio::use_awaitable);
}

}  // namespace payments::sandbox
