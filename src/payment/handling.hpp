#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "payment/action.hpp"
#include "payment/error.hpp"
#include "payment/review.hpp"

// What people do with what is on the list of reviews (docs/worklist.md). All of it is derived from
// actions of the kind `review`: of those about an entry the newest alone decides. Pure; safe on any
// thread.
namespace payments {

// Whether a person may take an entry off the list. What only the provider's word, or a refund, ends
// is never closed by hand.
bool is_closable(ReviewKind kind);

// For this long at most an entry may be put off.
inline constexpr std::chrono::days snoozed_at_most{7};

// What somebody wants to do with an entry.
struct NewHandling {
    ReviewName entry;
    Handling as;
    Actor by;
    Time at;
    std::optional<Time> until;                   // of `snoozed`
    std::string note;                            // "" for none
    std::optional<std::int64_t> transaction_id;  // which the entry is about
    std::string stands_on;                       // as the entry did when it was looked at

    NewHandling(ReviewName e, Handling a, Actor actor, Time when)
        : entry(e), as(a), by(std::move(actor)), at(when) {}
};

// What an action of the kind `review` says, and the other way round. Nothing for one whose details
// were erased or cannot be read: what it had hidden is on the list again.
std::optional<Handled> handled_of(const Action& action);
NewAction action_of(const NewHandling& handling);

// Whether it is on the list, put off or closed. A word that was said of an entry which stood on
// other facts hides nothing any more.
Shown shown_as(const std::optional<Handled>& last, std::string_view stands_on, Time now);
// Who has an entry: has taken it, or put it off. Nothing when nobody has.
std::optional<Actor> owner_of(const std::optional<Handled>& last);

// Whether `wanted` says again what is so already, as when a call is repeated.
bool is_repeated(const std::optional<Handled>& last, const NewHandling& wanted);
// Whether it may be done after `last`: what a colleague has, or has closed, must be released first,
// which everybody may. Errc::review_held names the colleague.
Result<void> may_handle(const std::optional<Handled>& last, const NewHandling& wanted);

}  // namespace payments
