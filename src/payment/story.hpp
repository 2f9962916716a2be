#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "payment/transaction.hpp"

// What a person is told of a payment's story (docs/finding.md, 3). Pure; safe on any thread.
namespace payments {

// The status after each entry, as many as there are entries: why it is `review` now can be read
// from where it became so.
std::vector<Status> statuses_of(const Transaction& transaction);

// One refund, whoever made it.
struct RefundStory {
    enum class State : std::uint8_t {
        asked,    // the provider is being asked; its amount is reserved
        unknown,  // it gave no usable answer; likewise
        refused,  // it will not: the amount is free again
        pending,  // made, and its money is on its way
        made,     //
        failed,   // its money came back to us
    };
    std::string reference{};        // ours, "TR42-R1"; "" when it was made at the provider
    std::string provider_id{};      // "" while the provider has not told
    std::optional<Money> amount{};  //
    State state = State::asked;     //
    Time since{};                   // when it was asked for, or first heard of
    std::string why{};              // by whom and for which reason, for people; "" when not ours
};
std::string_view name(RefundStory::State state);
// In the order in which they were asked for or heard of.
std::vector<RefundStory> refunds_of(const Transaction& transaction);

// Where the provider shows the payment to whoever may sign in there; "" when no such page is known.
std::string provider_page(const Transaction& transaction);

// "k***s@e***.hu" of "kovacs@example.hu": enough to recognise an address, too little to write to.
// "***" for what is no address alone (payment/email), "" for "".
std::string mask_email(std::string_view address);
// "K. É." of "Kovács Éva".
std::string initials(std::string_view name);

}  // namespace payments
