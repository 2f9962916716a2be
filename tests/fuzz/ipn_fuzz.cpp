#include "fuzz.hpp"
#include "gateway/simplepay/notifications.hpp"
#include "gateway/simplepay/signature.hpp"

// Any bytes as a SimplePay notice, rightly signed so that they are read to the end.
namespace {

using namespace payments;
using fuzz::require;

const simplepay::Account account{"PUBLICTESTHUF", "a secret for the fuzzer alone"};
const simplepay::Accounts accounts{{"EUR", {"PUBLICTESTEUR", "another secret"}}, {"HUF", account}};
constexpr std::string_view date = "1970-01-01T00:00:00+00:00";  // of Time{}

void judge_meaning(const Heard& heard, std::string_view body) {
    require(heard.message->body == body && heard.message->identity.size() == 64);
    if (!heard.unmatched_reason.empty()) {
        require(!heard.subject.transaction_id && heard.facts.empty() && !heard.check_now);
        return;
    }
    require(heard.subject.account == account.merchant && heard.check_now);
    require(heard.subject.transaction_id.has_value());
    require(heard.facts.size() == 1 && heard.facts[0].account == account.merchant);

    // A notice has no amount: alone it makes nothing paid, authorized or refunded.
    require(!heard.facts[0].amount);
    const auto attempt = fuzz::attempt(42, "FULL-FEE-HUF-SIMPLE", "12990", account.merchant);
    const auto facts = learn_all(heard.facts, attempt.terms());
    require(facts.captures_minor.empty() && refunded_minor(facts) == 0);
    require(status(facts) != Status::paid && status(facts) != Status::review);
}

// The received text with one member more, nothing else changed, and signed.
void judge_answer(const std::string& body, const Acknowledgement& answer) {
    require(simplepay::is_signed(answer.body, answer.signature, account.secret));
    const auto read = json::parse_leniently(body);
    if (!read || !read->tree.is_object()) return;
    const auto& notice = read->tree.get_object();
    if (notice.contains("receiveDate")) {
        require(answer.body == body);
        return;
    }
    const auto end = body.rfind('}');
    require(answer.body.starts_with(std::string_view{body}.substr(0, end)));
    require(answer.body.substr(end) == ",\"receiveDate\":\"" + std::string{date} + "\"}");
    auto echo = json::parse_leniently(answer.body).value().tree.get_object();
    require(json::string_or(echo, "receiveDate", "") == date);
    echo.erase("receiveDate");
    require(json::canonical(echo) == json::canonical(notice));
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string body{fuzz::text_of(data, size)};
    const auto signature = simplepay::sign(body, account.secret);
    require(!simplepay::read_ipn(accounts, "", body, {}));
    require(!simplepay::read_ipn(accounts, body, body, {}));
    require(!simplepay::read_ipn(accounts, simplepay::sign(body, "a guess"), body, {}));

    const auto notice = simplepay::read_ipn(accounts, signature, body, {});
    if (!notice) {
        if (notice.error().code == Errc::invalid_request) require(!notice.error().wrong.empty());
        return 0;
    }
    judge_meaning(notice->heard, body);
    judge_answer(body, notice->acknowledgement);
    // One more byte, and the signature is another's.
    require(!simplepay::read_ipn(accounts, signature, body + " ", {}));
    return 0;
}
