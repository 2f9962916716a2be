#pragma once

#include <compare>
#include <optional>
#include <string>
#include <vector>

#include "flow/ports.hpp"
#include "payment/handling.hpp"
#include "payment/sums.hpp"

// What the back office reads and writes beside payments themselves: the worklist, what people did,
// what others are told, messages (docs/worklist.md). As of Store: calls return when a change is on
// disk, throw StoreDown, and belong to one event loop.
namespace payments {

// Where a caller may look: everywhere, or among these scopes (Store::scopes).
struct SightOfScopes {
    bool is_everywhere = false;
    std::vector<std::int64_t> scope_ids{};
};

// Newest first, by when they were done.
struct ActionPlace {
    Time at;
    std::int64_t id = 0;

    std::string text() const;  // "1767225600000-88"
    static std::optional<ActionPlace> parse(std::string_view text);
    friend auto operator<=>(const ActionPlace&, const ActionPlace&) = default;
};
struct ActionsQuery {
    SightOfScopes sight{};
    std::string by{};                              // `sub`; "" for anybody
    std::vector<std::string> kinds{};              // empty for all
    std::optional<std::int64_t> transaction_id{};  // which they are about
    std::string about{};                           // what else they are about; "" for anything
    std::optional<Time> from{}, to{};              // `from` counts, `to` does not
    std::optional<ActionPlace> after{};            // only what stands later in the list
    std::size_t limit = 50;                        // at least 1
};
struct ActionsPage {
    std::vector<Action> list;
    bool is_end = true;
};

struct EventsQuery {
    SightOfScopes sight{};
    std::optional<EventState> state{};
    std::optional<std::int64_t> transaction_id{};
    std::vector<EventId> ids{};           // empty for all
    std::optional<std::int64_t> after{};  // only numbers below
    std::size_t limit = 50;               // at least 1
};
struct EventsPage {
    std::vector<OutgoingEvent> list;  // newest first
    bool is_end = true;
};
// How many there are at most, beyond which they are not counted.
inline constexpr int events_counted_max = 1'001;
// Of how many events a page is made at most, where not every ticket is seen.
inline constexpr int events_looked_at_max = 20'000;

// What a person does with events, and the actions that tell of it.
struct EventsChange {
    bool skips = false;  // else they are due again
    std::vector<EventId> ids;
    std::vector<NewAction> actions;
    Time now;
};

struct MessagesQuery {
    bool is_unmatched_only = true;
    std::optional<std::int64_t> after{};  // only numbers below
    std::size_t limit = 50;               // at least 1
};
struct ListedKeptMessage {
    KeptMessage message;           // without its body
    std::string unmatched_reason;  // "" of one that was matched at once
};
struct MessagesPage {
    std::vector<ListedKeptMessage> list;  // newest first
    bool is_end = true;
};

struct RetriableMessage {
    ListedKeptMessage listed;
    // What there is to be read again; nothing when it is about a transaction, or was not verified.
    std::optional<UnmatchedMessage> again{};
};

struct OfficeRecords {
    virtual ~OfficeRecords() = default;

    // The entry of the list of reviews with this name, whatever was done with it, or nothing when
    // there is none now.
    virtual Task<std::optional<Review>> review(ReviewName entry, Time now) = 0;
    // Puts on record what a person does with an entry, unless that is so already, and gives what
    // was done last with it. Two who do it at once are decided between by the database.
    // Errc::review_held when a colleague was quicker; unknown_transaction.
    virtual Task<Result<std::optional<Handled>>> handle_review(NewHandling handling) = 0;

    // What people did, of what the caller may see now and might see when it was done. What is about
    // no ticket is for who sees everything.
    virtual Task<ActionsPage> actions(ActionsQuery query) = 0;

    // Outgoing events, newest first. Of who does not see everything the newest events_looked_at_max
    // are looked at.
    virtual Task<EventsPage> find_events(EventsQuery query) = 0;
    // How many wait and how many were given up, up to events_counted_max of each.
    virtual Task<Backlog> backlog_in(SightOfScopes sight) = 0;
    // Makes events due again or skips them, in one commit with its actions. Returns how many.
    virtual Task<std::int64_t> change_events(EventsChange change) = 0;

    virtual Task<MessagesPage> find_messages(MessagesQuery query) = 0;
    // Nothing when there is none with this number.
    virtual Task<std::optional<RetriableMessage>> retriable_message(std::int64_t number) = 0;

    // Adds up whole days and months, so that a year is read from 365 of them or from twelve
    // (SumsQuery::days): those that are over at `until` and not added up, days before months and
    // the newest first, at most `limit`. Returns how many. The database forgets them by itself when
    // a sum of theirs changes, however late, and they are added up anew.
    virtual Task<std::int64_t> keep_days(DaysBetween days, Time until, int limit) = 0;
};

}  // namespace payments
