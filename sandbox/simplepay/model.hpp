#pragma once

#include <boost/json/object.hpp>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "payment/transaction.hpp"

// SimplePay's side of a payment (states: docs/providers/simplepay.md, 11). Sums are hundredths of
// the currency's unit, also for HUF.
namespace payments::sandbox::simplepay {

enum class State : std::uint8_t {
    init,
    inpayment,
    infraud,
    authorized,
    finished,
    notauthorized,
    cancelled,
    timeout,
    reversed,
};
std::string_view name(State state);  // as on the wire: "NOTAUTHORIZED"

struct Merchant {
    std::string id;
    std::string key;
    std::string currency;
    bool two_step = false;  // may block first and `finish` later
    bool forces_two_steps =
        false;                // blocks first, whatever `twoStep` says: an account set up wrongly
    bool failed_ipn = false;  // also notify of NOTAUTHORIZED, CANCELLED, TIMEOUT
    std::string ipn_url;
};
// The vendor's public demo accounts.
std::vector<Merchant> demo_merchants(const std::string& ipn_url);

struct Refund {
    std::int64_t id = 0;
    std::int64_t total = 0;
    Time at{};
    bool is_reported = false;  // in a weekly report
};

// What a valid `start` asks for.
struct Order {
    std::string order_ref, currency, email, language, customer, url, method;
    std::map<std::string, std::string> urls;  // success, fail, cancel, timeout
    std::int64_t total = 0;
    std::optional<Time> deadline;
    std::optional<bool> two_step;
    boost::json::object request;  // as it came, for `query` with details
};

struct Payment {
    Order order;
    std::int64_t id = 0;
    std::string merchant;
    std::string token;  // of the payer page
    State state = State::init;
    bool two_step = false;
    bool challenged = false;   // 3-D Secure is on the payer's screen
    std::int64_t charged = 0;  // less than the total after a partial `finish`
    std::int64_t response_code = 0;
    Time created{};
    Time deadline{};
    std::optional<Time> finished;
    std::string back_event;  // SUCCESS, FAIL, CANCEL, TIMEOUT once the payer was sent back
    std::vector<Refund> refunds;
    bool is_reported = false;  // in a weekly report

    std::int64_t refunded() const;
    std::string_view refund_status() const;  // "PARTIAL", "FULL", "" without refunds
};

}  // namespace payments::sandbox::simplepay
