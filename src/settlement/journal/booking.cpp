#include "settlement/journal/journal.hpp"

#include <array>

#include "settlement/journal/accounts.hpp"

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

std::string row_id(const Booking& booking) {
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

std::string text_of(const Booking& booking) {
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

}  // namespace payments::settlement::journal
