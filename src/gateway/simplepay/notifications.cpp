#include "gateway/simplepay/notifications.hpp"

#include <algorithm>

#include "gateway/simplepay/fields.hpp"
#include "support/crypto.hpp"
#include "support/text.hpp"
#include "support/times.hpp"

namespace payments::simplepay {
namespace {

FactKind kind_of(State state) {
    switch (state) {
        case State::finished:
        case State::refund:
            return FactKind::claimed;
        case State::failed:
            return FactKind::failed;
        case State::cancelled:
            return FactKind::cancelled;
        case State::expired:
            return FactKind::expired;
        default:
            return FactKind::accepted;
    }
}

// A notice has no amount. FINISHED is a claim that a query must confirm; so is a refund notice,
// which has the same status and a refundStatus: a payment can be given back only after it was
// paid, and the query tells both. Every other state is no more than its name.
Fact fact_of_notice(const json::object& notice, const std::string& merchant) {
    const auto status = json::string_or(notice, "status", "");
    const auto refund = json::string_or(notice, "refundStatus", "");
    Fact fact;
    fact.kind = kind_of(state_of(status));
    fact.provider_id = id_at(notice, "transactionId");
    fact.account = merchant;
    if (fact.kind != FactKind::accepted && fact.kind != FactKind::claimed) fact.subject = status;
    if (!refund.empty()) fact.subject = "refund " + refund;
    fact.detail = "notice: " + status + (refund.empty() ? "" : ", refund " + refund);
    return fact;
}

constexpr std::string_view return_results[] = {"SUCCESS", "FAIL", "CANCEL", "TIMEOUT"};

std::string with_plus(std::string_view text) {
    std::string repaired{text};
    std::ranges::replace(repaired, ' ', '+');
    return repaired;
}

Error wrong(std::string_view pointer, std::string_view detail) {
    Error error{Errc::invalid_request, std::string{detail}};
    error.wrong.push_back({std::string{pointer}, std::string{detail}});
    return error;
}

// What a notification says whose signature was verified, now or when it came.
Notification interpret(
    const json::object& notice, std::string_view signature, std::string_view body, Time now
) {
    const auto merchant = json::string_or(notice, "merchant", "");
    SignedMessage message{
        Processor::simplepay, crypto::hex(crypto::sha256(body)), std::string{text::trim(signature)},
        std::string{body}};
    MatchCriteria subject;
    subject.transaction_id = id_of_reference(json::string_or(notice, "orderRef", ""));
    subject.processor = Processor::simplepay;
    subject.account = merchant;
    subject.provider_id = id_at(notice, "transactionId");
    subject.evidence = PaymentEvidence{
        subject.provider_id, parse_time(json::string_or(notice, "paymentDate", ""))};
    if (!subject.transaction_id)
        return Notification{Heard::unmatchable(
            Source::ipn, now, std::move(message), "orderRef is not one of ours"
        )};

    std::vector<Fact> facts{fact_of_notice(notice, merchant)};
    return Notification{
        Heard::notification(
            std::move(subject), Source::ipn, now, std::move(facts), std::move(message)
        )
            .and_check()};
}

}  // namespace

Result<Notification> read_ipn(
    const Accounts& accounts, std::string_view signature, std::string_view body, Time now
) {
    const auto parsed = json::parse(body);
    if (!parsed) return parsed.error();
    const auto* notice = parsed->if_object();
    if (!notice) return wrong("", "must be an object");
    const auto merchant = json::string_or(*notice, "merchant", "");
    if (merchant.empty()) return wrong("/merchant", "must name the merchant account");

    // The only key that may speak for a payment is the one of the account the notice names.
    const auto* account = account_of_merchant(accounts, merchant);
    if (!account || !is_signed(body, signature, account->secret))
        return Error{Errc::invalid_signature, "the notice is not signed by SimplePay"};
    auto notification = interpret(*notice, signature, body, now);
    notification.acknowledgement = acknowledge(*notice, body, *account, iso8601_seconds(now));
    return notification;
}

Result<Notification> read_kept_ipn(const UnmatchedMessage& kept, Time now) {
    const auto parsed = json::parse(kept.message.body);
    if (!parsed) return parsed.error();
    const auto* notice = parsed->if_object();
    if (!notice) return wrong("", "must be an object");
    return interpret(*notice, kept.message.signature, kept.message.body, now);
}

std::optional<Heard> read_unverifiable_ipn(
    const Accounts& accounts, std::string_view signature, std::string_view body, Time now
) {
    const auto notice = object_of(body);
    if (!notice) return {};
    const auto merchant = json::string_or(*notice, "merchant", "");
    if (merchant.empty() || account_of_merchant(accounts, merchant)) return {};
    auto heard = interpret(*notice, signature, body, now).heard;
    heard.message->identity = crypto::hex(crypto::sha256(
        "unverified " + merchant + " " + json::string_or(*notice, "orderRef", "") + " " +
        json::string_or(*notice, "status", "") + " " + json::string_or(*notice, "refundStatus", "")
    ));
    heard.facts.clear();
    return heard;
}

std::string with_receive_date(std::string_view body, std::string_view date) {
    const auto end = body.rfind('}');
    if (end == std::string_view::npos) return {};
    return std::string{body.substr(0, end)} + ",\"receiveDate\":\"" + std::string{date} + "\"}";
}

Acknowledgement acknowledge(
    const json::object& notice, std::string_view body, const Account& account, std::string_view date
) {
    Acknowledgement answer;
    // If it has a receiveDate already, ours would be a second member of that name.
    answer.body =
        notice.contains("receiveDate") ? std::string{body} : with_receive_date(body, date);
    answer.signature = sign(answer.body, account.secret);
    return answer;
}

Result<Return> read_return(const Accounts& accounts, std::string_view r, std::string_view s) {
    const auto text = crypto::unbase64(with_plus(r));
    if (!text) return wrong("/r", "must be Base64");
    const auto said = object_of(*text);
    if (!said) return wrong("/r", "must hold a JSON object");

    Return back;
    back.account = json::string_or(*said, "m", "");
    const auto* account = account_of_merchant(accounts, back.account);
    if (!account || !is_signed(*text, with_plus(s), account->secret))
        return Error{Errc::invalid_signature, "the return is not signed by SimplePay"};

    back.result = json::string_or(*said, "e", "");
    if (!std::ranges::count(return_results, back.result))
        return wrong("/r", "must hold a known event");
    back.transaction_id = id_of_reference(json::string_or(*said, "o", "")).value_or(0);
    const auto provider_id = id_at(*said, "t");
    back.provider_id = provider_id.empty() ? 0 : std::stoll(provider_id);
    if (const auto* code = json::find(*said, "r"); code && code->is_int64())
        back.response_code = code->as_int64();
    return back;
}

}  // namespace payments::simplepay
