#pragma once

#include <map>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "sandbox/bank/transfer.hpp"
#include "sandbox/delivery.hpp"
#include "sandbox/json_text.hpp"
#include "sandbox/simplepay/model.hpp"
#include "sandbox/simplepay/reports.hpp"
#include "sandbox/simplepay/start.hpp"
#include "sandbox/stand_in.hpp"

namespace payments::sandbox {

// SimplePay API v2 as docs/providers/simplepay.md, 14 describes it: /payment/v2/<endpoint>, a payer
// page under /trx/<token>, the worker that sends IPNs, and the weekly reports under /reports. All
// requests are answered with 200; refusals carry errorCodes.
class SimplePay : public StandIn {
public:
    // IPNs go to `ipn_url` until a merchant's setting says otherwise.
    SimplePay(SandboxContext& world, boost::asio::ip::tcp::endpoint at, std::string ipn_url);

    void set_ipn_url(std::string ipn_url);
    // Where the sums of the weekly reports are transferred to.
    void pay_to(PayTo bank) { pay_to_ = std::move(bank); }

protected:
    std::string operation_of(const Request& request) const override;
    std::span<const KnownFaults> known_faults() const override;
    Task<Reply> serve(Request request, std::string operation, std::optional<Fault> fault) override;
    Task<std::optional<Reply>> control(Request request, boost::json::object body) override;
    void reset() override;

private:
    using Payment = simplepay::Payment;
    using Merchant = simplepay::Merchant;
    using State = simplepay::State;
    using Codes = simplepay::Codes;

    // A request of a known merchant whose signature was right.
    struct Call {
        const Merchant* merchant;
        boost::json::object request;
        std::optional<Fault> fault;
    };
    // What a call ends in: members of the answer, or codes with the echo of
    // docs/providers/simplepay.md, 3.5.
    struct Outcome {
        Members members;
        Codes codes;
    };

    // simplepay.cpp: the envelope
    Reply serve_api(
        const Request& request, const std::string& operation, std::optional<Fault> fault
    );
    Outcome run(const std::string& operation, const Call& call);
    Reply refuse(Members echo, const Codes& codes, const Merchant* merchant, bool is_start);
    Reply sign(Members members, const Merchant* merchant, const std::optional<Fault>& fault);
    Merchant* find_merchant(std::string_view id);

    // simplepay_calls.cpp: the endpoints
    Outcome call_start(const Call& call);
    Outcome call_query(const Call& call);
    Outcome call_refund(const Call& call);
    Outcome call_finish(const Call& call);
    Outcome call_cancel(const Call& call);
    Members describe(const Payment& payment, bool detailed, bool with_refunds);
    Payment* find_payment(
        std::string_view merchant, const boost::json::object& request, Codes& codes
    );
    Payment* find_by_reference(std::string_view merchant, std::string_view order_ref);

    // simplepay_payer.cpp: the payment page and what its buttons do
    Task<Reply> serve_page(Request request);
    Task<Reply> act(Payment& payment, boost::json::object body);
    void apply(Payment& payment, std::string_view action, std::int64_t code);
    void authorize(Payment& payment);
    void finish(std::int64_t id);
    void end(Payment& payment, State state, std::string_view back_event, std::int64_t code);
    std::string redirect_url(const Payment& payment, const std::optional<Fault>& fault) const;
    boost::json::object page_state(const Payment& payment) const;

    // simplepay_ipn.cpp: notifications
    struct Ipn {
        std::string merchant, order_ref, method, refund_status, status, ipn_url, key;
        std::int64_t transaction_id = 0;
        Time finished{}, created{};
    };
    void notify(const Payment& payment);
    void send_ipn(Ipn ipn, const std::optional<Fault>& fault, std::chrono::milliseconds delay);
    Notice notice_of(const Ipn& ipn, std::string_view fault);
    std::string ipn_body(const Ipn& ipn, std::string_view fault);

    // reports.cpp: what is transferred
    void plan_report();
    void make_reports(std::chrono::sys_days end);
    void transfer(simplepay::WeeklyReport report);
    Reply serve_reports(const Request& request) const;
    Reply list_reports() const;

    // simplepay_control.cpp
    Reply change_settings(const boost::json::object& body);
    Reply resend(const boost::json::object& body);
    Reply forge(const boost::json::object& body);
    simplepay::Payment* named_in(const boost::json::object& body);
    Reply refund_by_hand(simplepay::Payment& payment, const boost::json::object& body);
    Reply list_payments() const;

    struct Settings {
        std::chrono::milliseconds fraud_check{1500};   // from the return to FINISHED
        std::chrono::milliseconds refund_notice{200};  // from the refund to its IPN
        std::chrono::milliseconds ipn_deadline{20'000};
        bool strict_answers = false;  // refuse extra members and another order in IPN answers
        bool positive_refund_total = false;  // `query` shows refunds without the minus sign
        bool total_in_plain_query = true;
        bool sign_errors = true;
        bool shows_refunds_positive = false;  // reports show refunds without the minus sign
    };

    std::string ipn_url_;
    Settings settings_;
    std::map<std::string, Merchant, std::less<>> merchants_;
    std::map<std::int64_t, Payment> payments_;
    std::map<std::pair<std::string, std::string>, std::int64_t> ids_;  // by merchant, order_ref
    std::int64_t next_id_;
    PayTo pay_to_;
    std::vector<simplepay::WeeklyReport> reports_;     // oldest first
    std::set<std::chrono::sys_days> planned_reports_;  // by the end of their week
    std::map<std::string, std::int64_t, std::less<>>
        left_;  // by merchant: 0, or less after a bad week
    Deliveries deliveries_;
};

namespace simplepay {

// Base64 of HMAC-SHA384 over the exact bytes (docs/providers/simplepay.md, 3.2).
std::string signature(std::string_view key, std::string_view bytes);

// SimplePay's verdict on the answer to an IPN (docs/providers/simplepay.md, 7.3 and 7.4): OK,
// NOT200, CONTENTNOTMATCH, IPNTOOBIG, NO_SIGNATURE, and our own BAD_SIGNATURE, TIMEOUT,
// NO_CONNECTION.
Judgement judge_ipn_answer(
    std::string_view sent, std::string_view key, const Fetched& answer, bool strict
);

// The payment as an answer with this fault shows it: of another order, another amount, ...
Payment seen_through(Payment payment, const std::optional<Fault>& fault);

}  // namespace simplepay
}  // namespace payments::sandbox
