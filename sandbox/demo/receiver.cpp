#include "sandbox/demo/receiver.hpp"

#include <cstdlib>

#include "sandbox/stand_in.hpp"
#include "support/clock.hpp"
#include "support/crypto.hpp"
#include "support/json.hpp"

namespace payments::sandbox {
namespace {

constexpr std::int64_t oldest_s = 300;

std::string header_or_empty(const Request& request, std::string_view name) {
    const auto* value = request.header(name);
    return value ? *value : "";
}

std::string text_of(const json::object& data, std::string_view name) {
    const auto* value = json::find(data, name);
    if (!value) return "";
    return value->is_string() ? std::string{value->get_string()} : json::write(*value);
}

std::string line_of(const json::object& event) {
    const auto* found = json::find(event, "data");
    const auto data = found && found->is_object() ? found->get_object() : json::object{};
    return json::string_or(event, "type", "") + "  " + text_of(data, "reference") + "  " +
           text_of(data, "amount") + " " + text_of(data, "currency") + "  " +
           text_of(data, "status");
}

}  // namespace

Receiver::Receiver(
    boost::asio::io_context& loop, boost::asio::ip::tcp::endpoint at,
    std::function<void(const std::string& line)> told
)
    : key_(crypto::random_bytes(32)),
      secret_("whsec_" + crypto::base64(key_)),
      told_(std::move(told)),
      listener_(loop, at, *this) {}

bool Receiver::is_signed(const Request& request) const {
    const auto id = header_or_empty(request, "webhook-id");
    const auto timestamp = header_or_empty(request, "webhook-timestamp");
    const auto now = std::chrono::floor<std::chrono::seconds>(SystemClock{}.now());
    const auto age_s = now.time_since_epoch().count() - std::atoll(timestamp.c_str());
    if (std::llabs(age_s) > oldest_s) return false;
    const auto wanted =
        "v1," +
        crypto::base64(crypto::hmac_sha256(key_, id + "." + timestamp + "." + request.body));
    return crypto::equal_in_constant_time(header_or_empty(request, "webhook-signature"), wanted);
}

Task<Reply> Receiver::answer(Request request) {
    const auto event = json::parse(request.body);
    if (!is_signed(request)) co_return refusal(401, "not signed, or long ago");
    if (!event || !event->is_object()) co_return refusal(400, "not an event");
    if (seen_.insert(header_or_empty(request, "webhook-id")).second)
        told_(line_of(event->get_object()));
    co_return Reply{204, "", ""};
}

}  // namespace payments::sandbox
