#include "sandbox/simplepay/simplepay.hpp"

#include <boost/algorithm/string/replace.hpp>

#include "sandbox/pages.hpp"
#include "support/crypto.hpp"
#include "support/json.hpp"
#include "support/text.hpp"

namespace payments::sandbox {

using namespace simplepay;

namespace {

constexpr std::string_view base_path = "/payment/v2/";

// Retries after the first attempt, counted from it (docs/providers/simplepay.md, 7.5).
std::vector<std::chrono::seconds> ipn_offsets() {
    std::vector<std::chrono::seconds> offsets;
    for (const int s :
         {300, 600, 900, 1800, 2700, 3600, 7200, 10800, 21600, 32400, 43200, 64800, 86400, 129600,
          172800, 216000, 259200}) {
        offsets.emplace_back(s);
    }
    return offsets;
}

std::string flipped(std::string signature) {
    signature[0] = signature[0] == 'A' ? 'B' : 'A';
    return signature;
}

std::string url_safe(std::string signature) {
    boost::replace_all(signature, "+", "-");
    boost::replace_all(signature, "/", "_");
    return signature;
}

bool is(const std::optional<Fault>& fault, std::string_view name) {
    return fault && fault->name == name;
}

}  // namespace

std::string simplepay::signature(std::string_view key, std::string_view bytes) {
    return crypto::base64(crypto::hmac_sha384(key, bytes));
}

Payment simplepay::seen_through(Payment payment, const std::optional<Fault>& fault) {
    if (is(fault, "other-order")) payment.order.order_ref += "0";
    if (is(fault, "other-transaction")) ++payment.id;
    if (is(fault, "wrong-amount")) {
        payment.order.total += 100;
        if (!payment.refunds.empty()) payment.refunds.back().total += 100;
    }
    if (is(fault, "wrong-merchant")) payment.merchant = "SOMEONEELSE";
    if (is(fault, "wrong-currency")) {
        payment.order.currency = payment.order.currency == "EUR" ? "USD" : "EUR";
    }
    return payment;
}

SimplePay::SimplePay(SandboxContext& world, boost::asio::ip::tcp::endpoint at, std::string ipn_url)
    : StandIn(world, at),
      ipn_url_(std::move(ipn_url)),
      // Far apart for every seed, so that a service which kept its database meets new ids.
      next_id_(500'000'000 + static_cast<std::int64_t>(world.random.seed() % 9'000) * 10'000),
      deliveries_(world, journal_, ipn_offsets()) {
    reset();
}

void SimplePay::reset() {
    settings_ = Settings{};
    payments_.clear();
    ids_.clear();
    reports_.clear();
    planned_reports_.clear();
    left_.clear();
    deliveries_.clear();
    merchants_.clear();
    for (auto& merchant : demo_merchants(ipn_url_)) merchants_[merchant.id] = merchant;
}

void SimplePay::set_ipn_url(std::string ipn_url) {
    ipn_url_ = std::move(ipn_url);
    for (auto& [id, merchant] : merchants_) merchant.ipn_url = ipn_url_;
}

Merchant* SimplePay::find_merchant(std::string_view id) {
    const auto found = merchants_.find(id);
    return found == merchants_.end() ? nullptr : &found->second;
}

std::string SimplePay::operation_of(const Request& request) const {
    const auto path = text::lower(request.path);
    if (path.starts_with("/trx/")) return path.ends_with("/act") ? "act" : "";
    if (!path.starts_with(base_path)) return "";
    const auto endpoint = path.substr(base_path.size());
    return endpoint == "transactioncancel" ? "cancel" : endpoint;
}

Task<Reply> SimplePay::serve(Request request, std::string operation, std::optional<Fault> fault) {
    if (request.path.starts_with("/trx/")) co_return co_await serve_page(std::move(request));
    if (request.path == "/" || request.path.starts_with("/reports"))
        co_return serve_reports(request);
    if (is_page_file(request)) co_return page_reply(request, request.path);
    const bool known = operation == "start" || operation == "query" || operation == "refund" ||
                       operation == "finish" || operation == "cancel";
    if (!known) co_return Reply{404, "text/html", "<h1>Not found</h1>"};
    if (request.method != "POST") co_return Reply{405, "text/html", "<h1>POST only</h1>"};
    co_return serve_api(request, operation, std::move(fault));
}

// The checks in the order of docs/providers/simplepay.md, 14.1.
Reply SimplePay::serve_api(
    const Request& request, const std::string& operation, std::optional<Fault> fault
) {
    const bool is_start = operation == "start";
    const auto parsed = json::parse(request.body);
    if (!parsed || !parsed->is_object()) return refuse({}, {5321}, nullptr, is_start);
    Call call{nullptr, parsed->get_object(), fault};
    const auto merchant = json::string_or(call.request, "merchant", "");
    if (merchant.empty()) return refuse({}, {5201}, nullptr, is_start);
    call.merchant = find_merchant(merchant);
    if (!call.merchant) return refuse({}, {5010}, nullptr, is_start);
    const auto* sent = request.header("signature");
    const auto expected = signature(call.merchant->key, request.body);
    if (!sent || !crypto::equal_in_constant_time(text::trim(*sent), expected)) {
        return refuse({}, {5302}, call.merchant, is_start);
    }
    Members echo;
    echo.text("merchant", merchant);
    const auto salt = json::string_or(call.request, "salt", "");
    if (salt.size() < 32 || salt.size() > 64) return refuse(echo, {5401}, call.merchant, is_start);
    if (json::string_or(call.request, "sdkVersion", "").empty()) {
        return refuse(echo, {5320}, call.merchant, is_start);
    }
    if (is(fault, "refuse")) {
        return refuse(echo, {fault->code == 0 ? 5000 : fault->code}, call.merchant, is_start);
    }
    auto outcome = run(operation, call);
    if (!outcome.codes.empty()) {
        return refuse(std::move(outcome.members), outcome.codes, call.merchant, is_start);
    }
    verdict_ = "OK";
    return sign(std::move(outcome.members), call.merchant, fault);
}

SimplePay::Outcome SimplePay::run(const std::string& operation, const Call& call) {
    if (operation == "start") return call_start(call);
    if (operation == "query") return call_query(call);
    if (operation == "refund") return call_refund(call);
    if (operation == "finish") return call_finish(call);
    return call_cancel(call);
}

Reply SimplePay::refuse(Members echo, const Codes& codes, const Merchant* merchant, bool is_start) {
    std::vector<std::string> numbers;
    for (const auto code : codes) numbers.push_back(std::to_string(code));
    verdict_ = "refused " + array_of(numbers);
    Members members;
    members.raw("errorCodes", array_of(numbers));
    members.append(echo);
    members.text("salt", world_.random.letters_and_digits(32));
    if (is_start) members.raw("total", "0.0");
    return sign(std::move(members), settings_.sign_errors ? merchant : nullptr, std::nullopt);
}

// The answer's bytes and their signature; unsigned without a merchant.
Reply SimplePay::sign(
    Members members, const Merchant* merchant, const std::optional<Fault>& fault
) {
    if (is(fault, "extra-members")) {
        members.raw("loyalty", R"({"points":12,"tier":{"name":"gold"}})").raw("hint", "null");
    }
    if (is(fault, "old-order")) {
        members = members.ordered(
            {"salt", "merchant", "orderRef", "currency", "transactionId", "timeout", "total",
             "paymentUrl"}
        );
    }
    auto body = members.compact();
    if (is(fault, "escaped-slashes")) boost::replace_all(body, "/", "\\/");
    if (is(fault, "pretty")) boost::replace_all(body, ",\"", ",\n  \"");
    Reply reply{200, "application/json;charset=UTF-8", std::move(body)};
    if (!merchant || is(fault, "no-signature")) return reply;
    auto value = signature(merchant->key, reply.body);
    if (is(fault, "bad-signature")) value = flipped(value);
    if (is(fault, "url-safe-signature")) value = url_safe(value);
    if (is(fault, "changed-after-signing")) reply.body.insert(reply.body.size() - 1, " ");
    reply.headers.emplace_back("Signature", std::move(value));
    return reply;
}

}  // namespace payments::sandbox
