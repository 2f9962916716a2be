#include "payment/handling.hpp"

#include <algorithm>
#include <charconv>
#include <iterator>

namespace payments {
namespace {

constexpr std::string_view handling_names[] = {"mine", "released", "snoozed", "closed"};
static_assert(std::size(handling_names) == static_cast<std::size_t>(Handling::closed) + 1);

std::string text_of(const ActionDetails& details, std::string_view name) {
    const auto found = details.find(name);
    return found == details.end() ? std::string{} : found->second;
}

std::optional<Time> time_of(const std::string& text) {
    std::int64_t ms = 0;
    const auto* end = text.data() + text.size();
    const auto [rest, error] = std::from_chars(text.data(), end, ms);
    if (text.empty() || error != std::errc{} || rest != end) return {};
    return Time{std::chrono::milliseconds{ms}};
}

Error held_by(const Handled& last, std::string_view has_done) {
    return {Errc::review_held, last.by.name + " has " + std::string{has_done} + " this entry"};
}

}  // namespace

std::string_view name(Handling as) { return handling_names[static_cast<std::size_t>(as)]; }

std::string_view name(Shown shown) {
    constexpr std::string_view names[] = {"open", "snoozed", "closed"};
    return names[static_cast<std::size_t>(shown)];
}

std::optional<Handling> handling_of(std::string_view text) {
    const auto* const found = std::ranges::find(handling_names, text);
    if (found == std::end(handling_names)) return {};
    return static_cast<Handling>(found - std::begin(handling_names));
}

bool is_closable(ReviewKind kind) {
    switch (kind) {
        // Nothing more may ever be heard of these.
        case ReviewKind::mismatch:
        case ReviewKind::contradiction:
        case ReviewKind::refund_failed:
        case ReviewKind::dispute:
        case ReviewKind::inquiry:
        case ReviewKind::fraud_warning:
        case ReviewKind::foreign_payment:
        case ReviewKind::unmatched_message:
        case ReviewKind::dead_letter:
            return true;
        // A refund ends it.
        case ReviewKind::duplicate:
        // The provider's word ends these, or ending the payment (`close`): until then money may
        // come, go or be held back.
        case ReviewKind::unconfirmed:
        case ReviewKind::unknown:
        case ReviewKind::authorized:
        case ReviewKind::overdue:
        case ReviewKind::still_payable:
        case ReviewKind::refund_unknown:
            return false;
    }
    return false;
}

std::string ReviewName::text() const {
    return std::string{payments::name(kind)} + " " + std::to_string(number);
}

std::optional<ReviewName> ReviewName::parse(std::string_view text) {
    const auto space = text.find(' ');
    const auto kind = review_kind(text.substr(0, space));
    if (!kind || space == text.npos) return {};
    ReviewName entry{*kind};
    const auto digits = text.substr(space + 1);
    const auto* end = digits.data() + digits.size();
    const auto [rest, error] = std::from_chars(digits.data(), end, entry.number);
    if (error != std::errc{} || rest != end || entry.text() != text) return {};
    return entry;
}

std::optional<Handled> handled_of(const Action& action) {
    const auto as = handling_of(text_of(action.details, "as"));
    if (action.kind != name(ActionKind::review) || !as) return {};
    return Handled{
        *as,
        action.by,
        action.at,
        time_of(text_of(action.details, "until")),
        text_of(action.details, "note"),
        text_of(action.details, "stands_on")};
}

NewAction action_of(const NewHandling& handling) {
    ActionDetails details{
        {"as", std::string{name(handling.as)}}, {"stands_on", handling.stands_on}};
    if (handling.until)
        details.emplace("until", std::to_string(handling.until->time_since_epoch().count()));
    if (!handling.note.empty()) details.emplace("note", handling.note);
    return {ActionKind::review,      handling.by,        handling.at,
            handling.transaction_id, std::move(details), handling.entry.text()};
}

Shown shown_as(const std::optional<Handled>& last, std::string_view stands_on, Time now) {
    if (!last || last->stands_on != stands_on) return Shown::open;
    if (last->as == Handling::closed) return Shown::closed;
    const bool is_put_off = last->as == Handling::snoozed && last->until && now < *last->until;
    return is_put_off ? Shown::snoozed : Shown::open;
}

std::optional<Actor> owner_of(const std::optional<Handled>& last) {
    if (!last) return {};
    if (last->as != Handling::mine && last->as != Handling::snoozed) return {};
    return last->by;
}

bool is_repeated(const std::optional<Handled>& last, const NewHandling& wanted) {
    if (!last) return wanted.as == Handling::released;
    if (last->as != wanted.as) return false;
    if (wanted.as == Handling::released) return true;
    const bool is_same_word = last->until == wanted.until && last->note == wanted.note;
    // What has come back is taken, put off or closed anew.
    return last->by.sub == wanted.by.sub && is_same_word && last->stands_on == wanted.stands_on;
}

Result<void> may_handle(const std::optional<Handled>& last, const NewHandling& wanted) {
    if (!last || wanted.as == Handling::released || last->by.sub == wanted.by.sub) return {};
    if (owner_of(last)) return held_by(*last, name(last->as) == "mine" ? "taken" : "put off");
    if (shown_as(last, wanted.stands_on, wanted.at) == Shown::closed)
        return held_by(*last, "closed");
    return {};
}

}  // namespace payments
