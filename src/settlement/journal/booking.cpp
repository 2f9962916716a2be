#include "settlement/journal/booking.hpp"

#include <array>
#include <tuple>

#include "settlement/journal/accounts.hpp"
#include "settlement/sums.hpp"

namespace payments::settlement::journal {
namespace {

constexpr std::array<std::string_view, 12> kind_names{
    "capture", "refund",  "refund_failure", "dispute", "dispute_reversal", "dispute_loss",
    "fee",     "reserve", "unexplained",    "payout",  "bank_charge",      "payout_return",
};
static_assert(kind_names.size() == static_cast<std::size_t>(BookingKind::payout_return) + 1);

template <class... Parts>
std::string joined(const Parts&... parts) {
    std::string text;
    ((text += text.empty() ? "" : "-", text += parts), ...);
    return text;
}

std::string words_of(std::string_view provider, std::string_view rest) {
    return std::string{provider} + std::string{rest};
}

}  // namespace

std::string_view name(BookingKind kind) { return kind_names.at(static_cast<std::size_t>(kind)); }

namespace {

std::string own_row_id(const Booking& booking) {
    const auto after = [&](std::string_view what) {
        auto id = booking.subject.starts_with(booking.reference)
                      ? std::string{booking.subject}
                      : joined(booking.reference, booking.subject);
        // Of what moves a second time under its name.
        for (const auto more : {what, booking.detail})
            if (!more.empty()) id.append("-").append(more);
        return id;
    };
    switch (booking.kind) {
        case BookingKind::capture:
        case BookingKind::refund:
        case BookingKind::dispute:
            return after("");
        case BookingKind::refund_failure:
            return after("back");
        case BookingKind::dispute_reversal:
            return after("won");
        case BookingKind::dispute_loss:
            return after("lost");
        default:
            break;
    }
    auto id = joined(
        provider_word(booking.processor), booking.account, booking.amount.currency.code(),
        booking.subject, name(booking.kind)
    );
    if (!booking.detail.empty()) id.append("-").append(booking.detail);
    return id;
}

std::string own_text_of(const Booking& booking) {
    const auto about = [&](std::string_view what, std::string_view whose, std::string_view then) {
        return std::string{what} + std::string{whose} + std::string{then};
    };
    const std::string_view provider =
        booking.processor == Processor::simplepay ? "SimplePay" : "Stripe";
    switch (booking.kind) {
        case BookingKind::capture:
            if (booking.ticket_id == 0) return about("Payment ", booking.reference, "");
            return "Ticket " + std::to_string(booking.ticket_id);
        case BookingKind::refund:
            return about("Refund of ", booking.reference, "");
        case BookingKind::refund_failure:
            return about("Refund of ", booking.reference, " came back");
        case BookingKind::dispute:
            return about("Dispute of ", booking.reference, "");
        case BookingKind::dispute_reversal:
            return about("Dispute of ", booking.reference, " won");
        case BookingKind::dispute_loss:
            return about("Dispute of ", booking.reference, " lost");
        case BookingKind::fee:
            return "Provider fees";
        case BookingKind::reserve:
            return words_of(provider, booking.amount.minor < 0 ? " reserve" : " reserve released");
        case BookingKind::unexplained:
            return "Not explained";
        case BookingKind::payout:
            return words_of(provider, " payout");
        case BookingKind::bank_charge:
            return "Bank charge";
        case BookingKind::payout_return:
            return words_of(provider, " payout came back");
    }
    return {};
}

}  // namespace

// A correction may be corrected again behind the next close.
std::string row_id(const Booking& booking) {
    auto id = own_row_id(booking);
    if (booking.corrects) {
        id += booking.is_reversal ? "-reversed-" : "-corrected-";
        append_day(id, booking.day);
    }
    return id;
}

std::string text_of(const Booking& booking) {
    auto text = own_text_of(booking);
    if (booking.corrects) {
        text += booking.is_reversal ? ", reversed of " : ", corrected of ";
        append_day(text, *booking.corrects);
    }
    return text;
}

std::strong_ordering order_of(const Booking& a, const Booking& b) {
    const auto head = [](const Booking& x) {
        return std::tuple{x.day, x.kind, x.transaction_id, x.subject};
    };
    if (const auto order = head(a) <=> head(b); order != 0) return order;
    const auto rest = [](const Booking& x) {
        return std::tuple{
            x.processor,
            x.account,
            x.amount.currency.code(),
            x.detail,
            x.reference,
            x.debit,
            x.credit,
            x.amount.minor,
            x.facing ? x.facing->minor : 0,
            x.facing ? x.facing->currency.code() : std::string_view{},
            x.corrects,
            x.is_reversal};
    };
    return rest(a) <=> rest(b);
}

bool comes_before(const Booking& a, const Booking& b) {
    if (const auto order = order_of(a, b); order != 0) return order < 0;
    const auto rest = [](const Booking& x) {
        return std::tuple{x.provider_id, x.payout_id, x.fee_type, x.ticket_id};
    };
    return rest(a) < rest(b);
}

Sides sides_of(const Booking& booking) {
    const Amount own{absolute(booking.amount.minor), booking.amount.currency};
    const auto other =
        booking.facing ? Amount{absolute(booking.facing->minor), booking.facing->currency} : own;
    if (booking.amount.minor > 0) return {own, {-other.minor, other.currency}};
    return {other, {-own.minor, own.currency}};
}

bool is_whole(Amount amount) {
    return amount.currency.step() == 100 && amount.minor % 100 == 0;
}

}  // namespace payments::settlement::journal
