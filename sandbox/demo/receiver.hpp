#pragma once

#include <functional>
#include <set>
#include <string>

#include "sandbox/http.hpp"

namespace payments::sandbox {

// A service that is told of payments: takes events as Standard Webhooks asks, each once.
class Receiver : public Handler {
public:
    // `told` hears a line for people: "payment.paid  TR1  220 EUR  paid".
    Receiver(
        boost::asio::io_context& loop, boost::asio::ip::tcp::endpoint at,
        std::function<void(const std::string& line)> told
    );

    std::string url() const { return listener_.url() + "/events"; }
    const std::string& secret() const { return secret_; }  // whsec_...
    void start() { listener_.start(); }
    Task<Reply> answer(Request request) override;

private:
    bool is_signed(const Request& request) const;

    std::string key_, secret_;
    std::function<void(const std::string& line)> told_;
    std::set<std::string> seen_;
    Listener listener_;
};

}  // namespace payments::sandbox
