#pragma once

#include <chrono>
#include <functional>
#include <map>
#include <string>

#include "sandbox/http.hpp"
#include "sandbox/tickets/service_tokens.hpp"

namespace payments::sandbox {

// The platform at which the sample persons of the demo sign in (docs/console.md, handoff): a page
// where one chooses who to be, and where the payment service exchanges the code that follows.
class Staff : public Handler {
public:
    // Throws std::runtime_error when a key in the directory is missing or unreadable.
    Staff(
        boost::asio::io_context& loop, boost::asio::ip::tcp::endpoint at,
        const std::string& keys_directory, std::string payments_url
    );

    std::string page_url() const { return listener_.url() + "/sign-in"; }
    std::string exchange_url() const { return listener_.url() + "/exchange"; }
    void start() { listener_.start(); }
    Task<Reply> answer(Request request) override;

private:
    using Clock = std::chrono::steady_clock;
    struct Waiting {
        std::size_t person;
        Clock::time_point until;
    };

    Reply page(const Request& request) const;
    Reply hand_over(const Request& request);
    Reply exchange(const Request& request);

    std::string payments_url_;
    ServiceTokens tokens_;
    std::function<std::string(boost::json::object claims)> mint_;  // user tokens
    std::map<std::string, Waiting> waiting_;                       // by code
    Listener listener_;
};

}  // namespace payments::sandbox
