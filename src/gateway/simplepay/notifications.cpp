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
        // INFRAUD, AUTHORIZED, and words we do not know: it exists, and nothing else is concluded.
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

// A notice as far as it can be read: what strict JSON forbids in one member must not cost the
// others.
struct ReadNotice {
    explicit ReadNotice(std::string_view body) : parsed(json::parse_leniently(body)) {}

    const json::object* object() const { return parsed ? parsed->tree.if_object() : nullptr; }
    std::string merchant() const {
        return object() ? json::string_or(*object(), "merchant", "") : std::string{};
    }
    // Why it is no notice at all, though it may be signed; nothing for one that is merely odd:
    // nested beyond all reading, or with a merchant that nobody can make out.
    std::optional<Error> why_none() const {
        if (!parsed && parsed.error().code == Errc::malformed_json) return parsed.error();
        if (parsed && !object()) return wrong("", "must be an object");
        if (object() && !object()->contains("merchant"))
            return wrong("/merchant", "must name the merchant account");
        if (object() && parsed->wrong.empty() && merchant().empty())
            return wrong("/merchant", "must name the merchant account");
        return {};
    }

    Result<json::Readable> parsed;
};

// The account whose key made the signature; null when none did. Only the one that a notice names
// may speak for a payment; of a notice that names none in a readable way the key alone tells.
const Account* signer_of(
    const Accounts& accounts, const std::string& merchant, std::string_view signature,
    std::string_view body
) {
    if (!merchant.empty()) {
        const auto* named = account_of_merchant(accounts, merchant);
        return named && is_signed(body, signature, named->secret) ? named : nullptr;
    }
    const auto found = std::ranges::find_if(accounts, [&](const auto& entry) {
        return is_signed(body, signature, entry.second.secret);
    });
    return found == accounts.end() ? nullptr : &found->second;
}

// What a notification says whose signature was verified, now or when it came.
Notification interpret(
    const ReadNotice& read, std::string_view signature, std::string_view body, Time now
) {
    // Known by its bytes: nothing inside identifies it. Two partial refunds read alike, and a retry
    // may have a new salt (docs/providers/simplepay.md, 7.1 and 7.6).
    SignedMessage message{
        Processor::simplepay, crypto::hex(crypto::sha256(body)), std::string{text::trim(signature)},
        std::string{body}};
    const auto merchant = read.merchant();
    if (merchant.empty())
        return Notification{Heard::unmatchable(
            Source::ipn, now, std::move(message), "its merchant account cannot be read"
        )};
    const auto& notice = *read.object();
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

    // SimplePay is asked at once: a claim must be confirmed, and of a refund a notice names neither
    // amount nor id.
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
    // Read before it is verified, because the key is that of the account inside (docs/design.md,
    // 2.8). Nothing of it counts before that.
    const ReadNotice read{body};
    if (auto none = read.why_none()) return std::move(*none);
    const auto* account = signer_of(accounts, read.merchant(), signature, body);
    if (!account) return Error{Errc::invalid_signature, "the notice is not signed by SimplePay"};
    auto notification = interpret(read, signature, body, now);
    const json::object nothing;
    const auto& notice = read.object() ? *read.object() : nothing;
    notification.acknowledgement = acknowledge(notice, body, *account, iso8601_seconds(now));
    return notification;
}

Result<Notification> read_kept_ipn(const UnmatchedMessage& kept, Time now) {
    const ReadNotice read{kept.message.body};
    if (auto none = read.why_none()) return std::move(*none);
    return interpret(read, kept.message.signature, kept.message.body, now);
}

std::optional<Heard> read_unverifiable_ipn(
    const Accounts& accounts, std::string_view signature, std::string_view body, Time now
) {
    const ReadNotice read{body};
    const auto merchant = read.merchant();
    if (merchant.empty() || account_of_merchant(accounts, merchant)) return {};
    auto heard = interpret(read, signature, body, now).heard;
    const auto& notice = *read.object();
    heard.message->identity = crypto::hex(crypto::sha256(
        "unverified " + merchant + " " + json::string_or(notice, "orderRef", "") + " " +
        json::string_or(notice, "status", "") + " " + json::string_or(notice, "refundStatus", "")
    ));
    heard.facts.clear();
    return heard;
}

std::string with_receive_date(std::string_view body, std::string_view date) {
    // The last one: a member may be an object, whose brace comes first.
    const auto end = body.rfind('}');
    if (end == std::string_view::npos) return {};
    return std::string{body.substr(0, end)} + ",\"receiveDate\":\"" + std::string{date} + "\"}";
}

Acknowledgement acknowledge(
    const json::object& notice, std::string_view body, const Account& account, std::string_view date
) {
    Acknowledgement answer;
    // If it has a receiveDate already, ours would be a second member of that name.
    if (!notice.contains("receiveDate")) answer.body = with_receive_date(body, date);
    if (answer.body.empty()) answer.body = body;
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
    // At most 18 digits, by id_at, so it can be read as a number.
    const auto provider_id = id_at(*said, "t");
    back.provider_id = provider_id.empty() ? 0 : std::stoll(provider_id);
    if (const auto* code = json::find(*said, "r"); code && code->is_int64())
        back.response_code = code->as_int64();
    return back;
}

}  // namespace payments::simplepay
