#pragma once

#include <map>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "flow/messages.hpp"
#include "payment/refunds.hpp"
#include "support/json.hpp"

// SimplePay API v2 as bytes: bodies we send, answers and notices we read. Pure, without I/O.
// A signature is Base64(HMAC-SHA384(secret, the exact bytes of the body)), always over the text
// that travels and never over one that was parsed and written again (docs/providers/simplepay.md,
// 3.2).
namespace payments::simplepay {

// One merchant account takes one currency (docs/providers/simplepay.md, 2.2).
struct Account {
    std::string merchant;
    std::string secret;
};
using Accounts = std::map<std::string, Account, std::less<>>;  // by ISO 4217 code

const Account* account_of_merchant(const Accounts& accounts, std::string_view merchant);

std::string sign(std::string_view body, std::string_view secret);
// White space around the signature is let go; anything but 64 characters of standard Base64 fails,
// and so does every signature when the secret is blank.
bool is_signed(std::string_view body, std::string_view signature, std::string_view secret);

// ------------------------------------------------------------------------------ sent

// What every request carries besides the order.
struct Envelope {
    std::string salt;         // 32 to 64 characters, new for each request
    std::string sdk_version;  // names us to SimplePay
};

// What a start carries besides the order and its payer.
struct StartPage {
    std::string timeout;     // ISO 8601 with a colon offset: last moment to start paying
    std::string return_url;  // where the visitor comes back to
    std::string language;    // when the payer's is none that SimplePay speaks
};

std::string start_body(
    const Transaction& attempt, const Payer& payer, const StartPage& page, const Envelope& envelope
);
// At most 50 attempts of one merchant; asks for details (currency) and refunds.
std::string query_body(
    const std::string& merchant, std::span<const std::string> order_refs, const Envelope& envelope
);
std::string cancel_body(const Transaction& attempt, const Envelope& envelope);
std::string refund_body(const Transaction& attempt, const Refund& refund, const Envelope& envelope);

// ------------------------------------------------------------------------------ heard

struct ProviderResponse {
    int status = 0;
    std::string signature;
    std::string body;
};

// `plain_http` allows a paymentUrl without TLS, for a stand-in on this machine.
StartResult read_start(
    const Transaction& attempt, const Account& account, const ProviderResponse& answer,
    bool plain_http
);
// One for each attempt, in their order. `answered` is false for all when the answer is not
// SimplePay's word: badly signed, unreadable, about another merchant.
std::vector<QueryResult> read_query(
    std::span<const Transaction> attempts, const Account& account, const ProviderResponse& answer
);
QueryResult read_cancel(
    const Transaction& attempt, const Account& account, const ProviderResponse& answer
);
RefundResult read_refund(
    const Transaction& attempt, const Refund& refund, const Account& account,
    const ProviderResponse& answer
);

// Errc::malformed_json, invalid_request (no merchant named), invalid_signature.
Result<Notification> read_ipn(
    const Accounts& accounts, std::string_view signature, std::string_view body, Time now
);
// The same of a notice that was verified when it came, whatever its signature is worth now.
Result<Notification> read_kept_ipn(const UnmatchedMessage& kept, Time now);
// The received text with `receiveDate` inserted before its last '}' (docs/providers/simplepay.md,
// 7.3).
std::string with_receive_date(std::string_view body, std::string_view date);
// The answer to `notice`, which `body` is the text of. `date` is ISO 8601 with a colon offset.
Acknowledgement acknowledge(
    const json::object& notice, std::string_view body, const Account& account, std::string_view date
);

// `r` and `s` as in the query, percent-decoded once; blanks in them are taken for the '+' that a
// form decoder made of them (docs/providers/simplepay.md, 5.3).
Result<Return> read_return(const Accounts& accounts, std::string_view r, std::string_view s);

}  // namespace payments::simplepay
