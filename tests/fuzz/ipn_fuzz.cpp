#include <cstddef>
#include <cstdint>
#include <cstdlib>

#include "gateway/simplepay_messages.hpp"
#include "support/json.hpp"

// Any bytes as a SimplePay notice or answer, rightly signed so that they are read to the end.
namespace {

using namespace payments;

const simplepay::Account account{"PUBLICTESTHUF", "a secret for the fuzzer alone"};
const simplepay::Accounts accounts{
    {"HUF", account}
};

void require(bool holds) {
    if (!holds) std::abort();
}

Transaction attempt() {
    const auto code = Code::parse("FULL-FEE-HUF-SIMPLE").value();
    const auto amount = Money::parse("12990", code.currency).value();
    return {
        .id = 42,
        .ticket_id = 1,
        .code = code,
        .amount = amount,
        .account = account.merchant,
        .email = {},
        .metas = {},
        .created_at = {},
        .expires_at = {},
        .provider_id = {},
        .paid_at = {},
        .events = {},
    };
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string body{reinterpret_cast<const char*>(data), size};
    const auto signature = simplepay::sign(body, account.secret);

    const auto notice = simplepay::read_ipn(accounts, signature, body, {});
    if (notice) {
        require(notice->heard.message->body == body);
        require(!notice->heard.facts.empty() && !notice->heard.facts[0].amount);
        const auto answer = simplepay::acknowledge(accounts, body, "2026-03-02T10:21:09+01:00");
        const auto echo = json::parse(answer.body);
        require(echo && json::find(echo->as_object(), "receiveDate"));
        require(simplepay::is_signed(answer.body, answer.signature, account.secret));
        require(!simplepay::read_ipn(accounts, "", body, {}));
    }

    const simplepay::Answer answer{200, signature, body};
    const std::vector<Transaction> attempts{attempt()};
    const auto started = simplepay::read_start(attempts[0], account, answer, false);
    require(started.redirect_url.empty() || started.redirect_url.starts_with("https://"));
    require((started.kind == Started::Kind::accepted) == !started.redirect_url.empty());
    require(simplepay::read_query(attempts, account, answer).size() == 1);
    simplepay::read_cancel(attempts[0], account, answer);
    return 0;
}
