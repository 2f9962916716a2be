#pragma once

#include <string>
#include <string_view>

#include "flow/messages.hpp"
#include "gateway/simplepay/signature.hpp"
#include "support/json.hpp"

// What SimplePay sends by itself: notifications (IPN) and the visitor's return. Pure; safe on any
// thread.
namespace payments::simplepay {

// Errc::malformed_json, invalid_request (not an object, no merchant named), invalid_signature. Only
// the key of the account that the notification names may sign it. One with something else that
// strict JSON forbids is read as far as it goes; when it is the merchant that cannot be read, it is
// unmatchable and the key of any account may have signed it.
Result<Notification> read_ipn(
    const Accounts& accounts, std::string_view signature, std::string_view body, Time now
);
// The same of one that was verified when it came, whatever its signature is worth now: a secret may
// have been changed since. Errc::malformed_json, invalid_request.
Result<Notification> read_kept_ipn(const UnmatchedMessage& unmatched, Time now);
// What a notice of a merchant says that is none of `accounts`, so that nobody can verify it;
// nothing of any other text. Its identity is made of what it is about, so that whoever makes such
// notices up gets few of them kept.
std::optional<Heard> read_unverifiable_ipn(
    const Accounts& accounts, std::string_view signature, std::string_view body, Time now
);
// The received text with `receiveDate` inserted before its last '}', so that every other byte goes
// back as it came (docs/providers/simplepay.md, 7.3); "" for a text without one.
std::string with_receive_date(std::string_view body, std::string_view date);
// The answer to `notice`, which `body` is the text of: the text as it is when it has a receiveDate
// already, or no place for one. `date` is ISO 8601 with a colon offset.
Acknowledgement acknowledge(
    const json::object& notice, std::string_view body, const Account& account, std::string_view date
);

// `r` and `s` as in the query, percent-decoded once; blanks in them are taken for the '+' that a
// form decoder made of them (docs/providers/simplepay.md, 5.3). Errc::invalid_request,
// invalid_signature.
Result<Return> read_return(const Accounts& accounts, std::string_view r, std::string_view s);

}  // namespace payments::simplepay
