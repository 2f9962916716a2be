#include "payment/story.hpp"

#include <algorithm>

#include "payment/email.hpp"

namespace payments {
namespace {

using State = RefundStory::State;

constexpr std::string_view state_names[] = {"asked",   "unknown", "refused",
                                            "pending", "made",    "failed"};
static_assert(std::size(state_names) == static_cast<std::size_t>(State::failed) + 1);

// The one that `fact` is about, made when it is not known yet.
RefundStory& story_of(std::vector<RefundStory>& refunds, const LedgerEntry& entry) {
    const auto& fact = entry.fact;
    const bool has_name = !fact.refund.empty();
    const bool is_request = fact.kind == FactKind::refund_requested;
    const auto same = std::ranges::find_if(refunds, [&](const RefundStory& refund) {
        if (has_name && refund.reference == fact.refund) return true;
        return !is_request && !fact.subject.empty() && refund.provider_id == fact.subject;
    });
    if (same != refunds.end()) return *same;
    RefundStory refund;
    refund.reference = fact.refund;
    refund.since = entry.at;
    refunds.push_back(std::move(refund));
    return refunds.back();
}

bool is_made(State state) { return state == State::made || state == State::failed; }

void tell(RefundStory& refund, const Fact& fact) {
    if (fact.amount) refund.amount = fact.amount;
    switch (fact.kind) {
        case FactKind::refund_requested:
            refund.why = fact.detail;
            return;
        case FactKind::refund_unanswered:
            if (refund.state == State::asked) refund.state = State::unknown;
            return;
        case FactKind::refund_refused:
            if (!is_made(refund.state) && refund.state != State::pending)
                refund.state = State::refused;
            return;
        case FactKind::refund_failed:
            refund.provider_id = fact.subject;
            refund.state = State::failed;
            return;
        default:
            break;
    }
    refund.provider_id = fact.subject;
    if (refund.reference.empty()) refund.reference = fact.refund;
    if (is_made(refund.state)) return;
    refund.state = fact.kind == FactKind::refunded ? State::made : State::pending;
}

bool is_about_refund(FactKind kind) {
    return is_refund(kind) || kind == FactKind::refund_requested ||
           kind == FactKind::refund_unanswered || kind == FactKind::refund_refused ||
           kind == FactKind::refund_failed;
}

// The bytes of the character that begins or ends `text`.
std::string_view first_character(std::string_view text) {
    std::size_t size = 1;
    while (size < text.size() && (static_cast<unsigned char>(text[size]) & 0xc0) == 0x80) ++size;
    return text.substr(0, size);
}

std::string_view last_character(std::string_view text) {
    auto from = text.size() - 1;
    while (from > 0 && (static_cast<unsigned char>(text[from]) & 0xc0) == 0x80) --from;
    return text.substr(from);
}

}  // namespace

std::vector<Status> statuses_of(const Transaction& transaction) {
    std::vector<Status> statuses;
    Facts facts;
    for (const auto& entry : transaction.entries) {
        facts = learn(std::move(facts), entry.fact, transaction.terms());
        statuses.push_back(status(facts));
    }
    return statuses;
}

std::string_view name(RefundStory::State state) {
    return state_names[static_cast<std::size_t>(state)];
}

std::vector<RefundStory> refunds_of(const Transaction& transaction) {
    std::vector<RefundStory> refunds;
    for (const auto& entry : transaction.entries)
        if (is_about_refund(entry.fact.kind)) tell(story_of(refunds, entry), entry.fact);
    return refunds;
}

std::string provider_page(const Transaction& transaction) {
    const bool has_page =
        transaction.code.processor == Processor::stripe && !transaction.provider_id.empty();
    if (!has_page) return "";
    const std::string mode = transaction.account == "live" ? "" : "test/";
    return "https://dashboard.stripe.com/" + mode + "payments/" + transaction.provider_id;
}

std::string mask_email(std::string_view address) {
    if (address.empty()) return "";
    // Else more than an address may stand around the "@", and parts of that would be shown.
    if (!is_email(address)) return "***";
    const auto at = address.rfind('@');
    const auto local = address.substr(0, at), domain = address.substr(at + 1);
    const auto dot = domain.rfind('.');
    std::string masked{first_character(local)};
    masked += "***";
    if (last_character(local).size() + first_character(local).size() < local.size())
        masked += last_character(local);
    masked += "@";
    masked += first_character(domain);
    masked += "***";
    masked += domain.substr(dot);
    return masked;
}

std::string initials(std::string_view name) {
    std::string letters;
    while (true) {
        const auto from = name.find_first_not_of(' ');
        if (from == name.npos) return letters;
        name.remove_prefix(from);
        if (!letters.empty()) letters += ' ';
        letters += first_character(name);
        letters += '.';
        name.remove_prefix(std::min(name.find(' '), name.size()));
    }
}

}  // namespace payments
