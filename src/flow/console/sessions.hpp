#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <vector>

#include "flow/office/health_records.hpp"
#include "flow/office/records.hpp"
#include "flow/runs/run_store.hpp"

// Sessions of the back office, as the database keeps them: a holder for a user's token, which is
// sealed before it comes here. All replicas share them.
namespace payments {

struct ConsoleSession {
    // SHA-256 of the id in its cookie, in hex: who reads the table has no session.
    std::string id_hash;
    std::string sealed;            // what it holds, as text that the store does not understand
    std::string sub;               // whose it is, as the identity provider names them
    std::string name;              // the person's, to be shown
    std::string provider_session;  // the identity provider's own name for it (sid), "" without one
    Time made_at{};
    Time used_at{};                  // when it was last used by a person, to the minute
    Time ends_at{};                  // however much it is used
    std::optional<Time> renew_at{};  // when what it holds is to be renewed; nothing when it cannot
};

// Where sessions are kept. As of Store: calls return when the change is on disk, throw StoreDown,
// and belong to one event loop.
struct SessionStore {
    virtual ~SessionStore() = default;

    // One person has at most so many: further ones push out those that were used longest ago.
    static constexpr int each_max = 20;
    // How long one may be left alone, whatever a replica's settings say; at most
    // PAYMENTS_CONSOLE_IDLE_MINUTES.
    static constexpr std::chrono::minutes idle_max{1440};

    // Keeps a new one; its id must be new too.
    virtual Task<void> open_session(ConsoleSession session) = 0;
    // Nothing when there is none, or no more. Whether it still counts is not asked here.
    virtual Task<std::optional<ConsoleSession>> session(std::string id_hash) = 0;
    // Moves used_at on, by a minute at least; never back, for replicas' clocks differ.
    virtual Task<void> note_use(std::string id_hash, Time at) = 0;
    // Moves renew_at from `seen` to `next`. False when somebody else was quicker: whoever moved it
    // renews what the session holds.
    virtual Task<bool> claim_renewal(std::string id_hash, Time seen, Time next) = 0;
    // What it holds from now on, and when that is to be renewed; only while renew_at is `claimed`,
    // where its renewer has moved it. Else false: somebody else renews it since then.
    virtual Task<bool> keep_renewed(
        std::string id_hash, Time claimed, std::string sealed, Time renew_at
    ) = 0;
    // Ends one whose renewal was refused, on the same condition.
    virtual Task<bool> end_unrenewed(std::string id_hash, Time claimed) = 0;
    // Whether there was one.
    virtual Task<bool> end_session(std::string id_hash) = 0;
    // Ends those of an identity provider's session and those of that person of which its name for
    // them is not known; all of the person where `provider_session` is "". Returns how many.
    virtual Task<std::int64_t> end_sessions_of(std::string provider_session, std::string sub) = 0;
    // A person's, those used last first. Whether they still count is not asked here.
    virtual Task<std::vector<ConsoleSession>> sessions_of(std::string sub) = 0;
    // Ends the one with this id, if it is the person's, or all of theirs but that one. Returns what
    // was ended.
    enum class Which : std::uint8_t { that_one, all_others };
    virtual Task<std::vector<ConsoleSession>> end_own_sessions(
        std::string sub, std::string id_hash, Which which
    ) = 0;
    // Deletes those that have ended by `now`, and those last used before `unused_since`.
    virtual Task<void> forget_sessions(Time now, Time unused_since) = 0;
};

// What a database of ours is to the service.
struct ServiceStore : Store, SessionStore, OfficeRecords, HealthRecords, RefundRunStore {};

}  // namespace payments
