#pragma once

#include <gtest/gtest.h>

#include <boost/asio/io_context.hpp>
#include <boost/json.hpp>
#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include "sandbox/sandbox.hpp"

// The whole sandbox on free ports, on a thread of its own, with a scripted payment service for its
// notifications to arrive at. Tests speak to it over real sockets.
namespace payments::sandbox {

// Where notifications arrive. Answers by `script`; keeps what came.
class Receiver : public Handler {
public:
    using Script = std::function<Reply(const Request&)>;

    explicit Receiver(boost::asio::io_context& loop);
    std::string url() const { return listener_.url(); }
    void start() { listener_.start(); }
    void answer_with(Script script);
    std::vector<Request> received(std::string_view path) const;
    Task<Reply> answer(Request request) override;

private:
    mutable std::mutex mutex_;
    Script script_;
    std::vector<Request> received_;
    Listener listener_;
};

class RunningSandbox : public testing::Test {
protected:
    explicit RunningSandbox(double speed = 1);
    ~RunningSandbox() override;

    // One exchange with any address.
    static Fetched call(
        std::string method, std::string url, std::string body = {}, Headers headers = {},
        std::chrono::milliseconds deadline = std::chrono::seconds{10}
    );
    static boost::json::value parsed(const std::string& text);

    const std::string& simplepay() const { return simplepay_; }
    const std::string& stripe() const { return stripe_; }
    const std::string& tickets() const { return tickets_; }
    const std::string& shop() const { return shop_; }
    const std::string& bank() const { return bank_; }
    Receiver& receiver() { return *receiver_; }

    // POST (or GET without a body) of a control call; fails the test unless it answers 200.
    boost::json::value control(
        const std::string& base, const std::string& path, std::string body = {}
    );
    void order_fault(
        const std::string& base, const std::string& operation, const std::string& fault,
        int times = 1, int delay_ms = 0
    );
    // The log entries of an operation, once there are `count`.
    boost::json::array log_of(const std::string& base, const std::string& operation, int count);
    // Waits until `count` requests came to `path` at the receiver.
    std::vector<Request> wait_for(const std::string& path, std::size_t count);

private:
    boost::asio::io_context loop_{1};
    std::unique_ptr<Receiver> receiver_;
    std::unique_ptr<Sandbox> sandbox_;
    std::string simplepay_, stripe_, tickets_, shop_, bank_;
    std::thread thread_;
};

constexpr std::string_view huf_key = "FxDa5w314kLlNseq2sKuVwaqZshZT5d6";

// What a well-behaved payment service answers to an IPN: the echo with receiveDate, signed.
Reply echo_of(const Request& ipn, std::string_view key = huf_key);

}  // namespace payments::sandbox
