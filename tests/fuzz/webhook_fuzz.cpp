#include "fuzz.hpp"
#include "gateway/stripe/events.hpp"
#include "support/crypto.hpp"

// Any bytes as Stripe's signature header, beside one, and, rightly signed, as an event.
namespace {

using namespace payments;
using fuzz::require;

const std::vector<std::string> secrets{"whsec_for_the_fuzzer_alone", "whsec_the_next_one"};
const std::string signed_at = "1772443269";
const Time now{std::chrono::seconds{1'772'443'269}};

std::string header_for(const std::string& body) {
    return "t=" + signed_at +
           ",v1=" + crypto::hex(crypto::hmac_sha256(secrets[1], signed_at + "." + body));
}

void judge_header(const std::string& bytes) {
    require(!stripe::is_signed(bytes, "{}", secrets, now));
    // What stands beside a good signature makes it no other body's.
    const auto good = header_for("{}");
    require(!stripe::is_signed(good + "," + bytes, "[]", secrets, now));
    require(!stripe::is_signed(bytes + "," + good, "[]", secrets, now));
    require(!stripe::is_signed(good + "," + bytes, "{}", secrets, now + std::chrono::hours{1}));
}

void judge_meaning(const Heard& heard, const std::string& body) {
    require(heard.message->body == body && !heard.message->identity.empty());
    for (const auto& fact : heard.facts) {
        require(fact.account == "test");
        require(fact.kind != FactKind::captured || fact.amount);
    }
    const auto& subject = heard.subject;
    require(!subject.transaction_id || (*subject.transaction_id > 0 && subject.opened_at));
    const bool known = subject.transaction_id || !subject.provider_id.empty();
    require(known ? subject.processor == Processor::stripe : !heard.unmatched_reason.empty());

    // Paid is what was asked for, to the last unit.
    const auto attempt = fuzz::attempt(42, "FULL-FEE-HUF-STRIPE-INTENTS", "17490", "test");
    if (status(learn_all(heard.facts, attempt.terms())) != Status::paid) return;
    const auto event = json::parse_leniently(body).value().tree;
    const auto& object = event.at("data").at("object").get_object();
    const bool is_charge = object.at("object") == "charge";
    require(event.at("livemode") == json::value(false));
    require(object.at(is_charge ? "amount_captured" : "amount_received") == json::value(1'749'000));
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string body{fuzz::text_of(data, size)};
    judge_header(body);

    const auto header = header_for(body);
    require(!stripe::read_event(header, body + " ", secrets, "test", now));
    require(!stripe::read_event(header, body, {secrets.data(), 1}, "test", now));
    const auto event = stripe::read_event(header, body, secrets, "test", now);
    if (event)
        judge_meaning(event->heard, body);
    else
        require(event.error().code != Errc::invalid_signature);
    return 0;
}
