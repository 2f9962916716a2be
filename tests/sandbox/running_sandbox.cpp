#include "running_sandbox.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/use_future.hpp>

#include "support/json.hpp"

namespace payments::sandbox {

Receiver::Receiver(boost::asio::io_context& loop)
    : script_([](const Request& request) {
          return request.path.ends_with("/ipn") ? echo_of(request)
                                                : Reply{200, "application/json", "{}"};
      }),
      listener_(loop, {boost::asio::ip::make_address("127.0.0.1"), 0}, *this) {}

void Receiver::answer_with(Script script) {
    const std::lock_guard lock{mutex_};
    script_ = std::move(script);
}

std::vector<Request> Receiver::received(std::string_view path) const {
    const std::lock_guard lock{mutex_};
    std::vector<Request> found;
    for (const auto& request : received_) {
        if (request.path == path) found.push_back(request);
    }
    return found;
}

Task<Reply> Receiver::answer(Request request) {
    Script script;
    {
        const std::lock_guard lock{mutex_};
        received_.push_back(request);
        script = script_;
    }
    co_return script(request);
}

RunningSandbox::RunningSandbox(double speed) : receiver_(std::make_unique<Receiver>(loop_)) {
    SandboxSettings settings;
    settings.payments_url = receiver_->url();
    settings.seed = 7;
    settings.speed = speed;
    sandbox_ = std::make_unique<Sandbox>(loop_, settings);
    const auto addresses = sandbox_->addresses();
    const auto at = [&](const char* name) { return std::string{addresses.at(name).as_string()}; };
    simplepay_ = at("simplepay");
    stripe_ = at("stripe");
    tickets_ = at("tickets");
    shop_ = at("shop");
    bank_ = at("bank");
    receiver_->start();
    sandbox_->start();
    thread_ = std::thread{[this] { loop_.run(); }};
}

RunningSandbox::~RunningSandbox() {
    loop_.stop();
    thread_.join();
}

Fetched RunningSandbox::call(
    std::string method, std::string url, std::string body, Headers headers,
    std::chrono::milliseconds deadline
) {
    boost::asio::io_context loop{1};
    Outgoing request{std::move(method), std::move(url), std::move(body)};
    request.headers = std::move(headers);
    request.deadline = deadline;
    request.answer_limit_bytes = 16 * 1024 * 1024;
    auto answer = boost::asio::co_spawn(loop, fetch(std::move(request)), boost::asio::use_future);
    loop.run();
    return answer.get();
}

boost::json::value RunningSandbox::parsed(const std::string& text) {
    auto value = json::parse(text);
    EXPECT_TRUE(value.has_value()) << text;
    return value ? *value : boost::json::value{};
}

boost::json::value RunningSandbox::control(
    const std::string& base, const std::string& path, std::string body
) {
    const auto method = body.empty() ? "GET" : "POST";
    const auto answer = call(method, base + "/control/" + path, std::move(body));
    EXPECT_EQ(answer.status, 200) << path << ": " << answer.body;
    return parsed(answer.body);
}

void RunningSandbox::order_fault(
    const std::string& base, const std::string& operation, const std::string& fault, int times,
    int delay_ms
) {
    control(
        base, "faults",
        json::write(boost::json::object{
            {"operation", operation}, {"fault", fault}, {"times", times}, {"delay_ms", delay_ms}})
    );
}

boost::json::array RunningSandbox::log_of(
    const std::string& base, const std::string& operation, int count
) {
    const auto log = control(
        base, "log?operation=" + operation + "&wait_ms=5000&count=" + std::to_string(count)
    );
    const auto& entries = log.at("log").as_array();
    EXPECT_GE(entries.size(), static_cast<std::size_t>(count)) << operation;
    return entries;
}

std::vector<Request> RunningSandbox::wait_for(const std::string& path, std::size_t count) {
    const auto until = std::chrono::steady_clock::now() + std::chrono::seconds{5};
    while (receiver_->received(path).size() < count && std::chrono::steady_clock::now() < until) {
        std::this_thread::sleep_for(std::chrono::milliseconds{2});
    }
    auto found = receiver_->received(path);
    EXPECT_GE(found.size(), count) << path;
    found.resize(std::max(found.size(), count));
    return found;
}

Reply echo_of(const Request& ipn, std::string_view key) {
    auto body = ipn.body;
    body.insert(body.rfind('}'), R"(,"receiveDate":"2026-03-02T10:21:09+01:00")");
    Reply reply{200, "application/json", body};
    reply.headers.emplace_back("Signature", simplepay::signature(key, body));
    return reply;
}

}  // namespace payments::sandbox
