#include "messages.hpp"

#include "support/crypto.hpp"

namespace payments::bench {
namespace {

std::string salt(std::string_view kind, std::int64_t id) {
    const auto text = std::string{kind} + std::to_string(id);
    return crypto::hex(crypto::sha256(text)).substr(0, 32);
}

std::string reference(std::int64_t id) { return "TR" + std::to_string(id); }

// `text` with every {id} and {now} filled in.
std::string filled(std::string_view text, std::int64_t id, std::int64_t now_s) {
    std::string out;
    for (auto brace = text.find('{'); brace != text.npos; brace = text.find('{')) {
        out += text.substr(0, brace);
        text.remove_prefix(brace);
        if (text.starts_with("{id}")) {
            out += std::to_string(id);
            text.remove_prefix(4);
        } else if (text.starts_with("{now}")) {
            out += std::to_string(now_s);
            text.remove_prefix(5);
        } else {
            out += '{';
            text.remove_prefix(1);
        }
    }
    return out.append(text);
}

constexpr std::string_view event_text =
    R"({"id":"evt_bench{id}","object":"event","api_version":"2024-04-10","created":{now},)"
    R"("data":{"object":{"id":"pi_bench{id}","object":"payment_intent","amount":22000,)"
    R"("amount_capturable":0,"amount_details":{"tip":{}},"amount_received":22000,)"
    R"("application":null,"application_fee_amount":null,"automatic_payment_methods":null,)"
    R"("canceled_at":null,"cancellation_reason":null,"capture_method":"automatic",)"
    R"("client_secret":"pi_bench{id}_secret_XeXo8Ee1ITOJzjVWEtPoWG5ha",)"
    R"("confirmation_method":"automatic","created":{now},"currency":"eur","customer":null,)"
    R"("description":"TR{id}","invoice":null,"last_payment_error":null,)"
    R"("latest_charge":"ch_bench{id}","livemode":false,"metadata":{"reference":"TR{id}",)"
    R"("ticket_id":"{id}","transaction_id":"{id}"},"next_action":null,"on_behalf_of":null,)"
    R"("payment_method":"pm_bench{id}","payment_method_configuration_details":null,)"
    R"("payment_method_options":{"card":{"installments":null,"mandate_options":null,)"
    R"("network":null,"request_three_d_secure":"automatic"}},)"
    R"("payment_method_types":["card"],"processing":null,"receipt_email":null,"review":null,)"
    R"("setup_future_usage":null,"shipping":null,"source":null,"statement_descriptor":null,)"
    R"("statement_descriptor_suffix":null,"status":"succeeded","transfer_data":null,)"
    R"("transfer_group":null}},"livemode":false,"pending_webhooks":1,)"
    R"("request":{"id":"req_bench{id}","idempotency_key":"bench-{id}"},)"
    R"("type":"payment_intent.succeeded"})";

}  // namespace

std::string simplepay_id(std::int64_t transaction_id) {
    return std::to_string(500'000'000 + transaction_id);
}

std::string intent_id(std::int64_t transaction_id) {
    return "pi_bench" + std::to_string(transaction_id);
}

std::string ipn_body(std::int64_t transaction_id) {
    return R"({"salt":")" + salt("ipn", transaction_id) + R"(","orderRef":")" +
           reference(transaction_id) + R"(","method":"CARD","merchant":")" + std::string{merchant} +
           R"(","finishDate":"2026-03-02T10:21:07+01:00",)" +
           R"("paymentDate":"2026-03-02T10:18:41+01:00","transactionId":)" +
           simplepay_id(transaction_id) + R"(,"status":"FINISHED"})";
}

std::string event_body(std::int64_t transaction_id, std::int64_t now_s) {
    return filled(event_text, transaction_id, now_s);
}

std::string charge_event_body(std::int64_t transaction_id, std::int64_t now_s) {
    return filled(charge_event_text, transaction_id, now_s);
}

std::string event_signature(std::string_view body, std::int64_t now_s) {
    const auto signed_text = std::to_string(now_s) + "." + std::string{body};
    return "t=" + std::to_string(now_s) +
           ",v1=" + crypto::hex(crypto::hmac_sha256(webhook_secret, signed_text));
}

std::string start_body(std::int64_t ticket_id) {
    return R"({"ticket_id":)" + std::to_string(ticket_id) + R"(,"code":")" +
           std::string{code_text} +
           R"(","metas":{"email":"visitor@example.com","name":"A Visitor","country":"HU",)" +
           R"("city":"Budapest","zip":"1051","address":"Sas utca 1","language":"EN"}})";
}

std::string search_body(std::int64_t transaction_id) {
    return R"({"search_term":)" + std::to_string(transaction_id) + "}";
}

std::string ticket_request_body(std::int64_t ticket_id) {
    return R"({"ticket_id":)" + std::to_string(ticket_id) + "}";
}

std::string simplepay_start_body(std::int64_t transaction_id) {
    return R"({"salt":")" + salt("start", transaction_id) + R"(","merchant":")" +
           std::string{merchant} + R"(","orderRef":")" + reference(transaction_id) +
           R"(","currency":"EUR","customerEmail":"visitor@example.com","language":"EN",)" +
           R"("sdkVersion":"bench","methods":["CARD"],"total":"220",)" +
           R"("timeout":"2030-03-02T11:18:41+01:00","url":"http://127.0.0.1/return"})";
}

}  // namespace payments::bench
