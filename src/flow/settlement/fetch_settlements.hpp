#pragma once

#include <functional>
#include <string>
#include <vector>

#include "flow/ports.hpp"

// What a provider has paid out, asked for instead of downloaded (docs/settlements.md, 8).
namespace payments {

// A file of settlements as a merchant would have it (docs/settlements.md, 6).
struct SettlementDocument {
    std::string name;    // of the file: "stripe-po_S1.json"
    std::string format;  // "stripe-payouts", "stripe-json"
    std::string account;
    std::string payout;  // whose lines these are, "" for a list of payouts
    std::string bytes;

    SettlementDocument(std::string n, std::string f, std::string a, std::string p, std::string b)
        : name(std::move(n)),
          format(std::move(f)),
          account(std::move(a)),
          payout(std::move(p)),
          bytes(std::move(b)) {}
};

enum class PayoutLines : std::uint8_t {
    complete,   // they can be asked for
    not_yet,    // a list would look final, and be too short
    never_told  // of a payout that was ordered by hand
};

struct ListedPayout {
    std::string id;
    PayoutLines lines = PayoutLines::not_yet;
};
struct PayoutList {
    SettlementDocument document;
    std::vector<ListedPayout> payouts;  // the newest first
};

// One account at a provider that tells of payouts by its API. Every call ends within the provider's
// timeout and its repetitions for each page. Errors, which name the account: Errc::provider_refused
// (the key may not read that, say), provider_garbled, provider_unavailable, provider_timeout.
struct SettlementSource {
    virtual ~SettlementSource() = default;
    // Those that were made since `since`, and those made in the month before it that have failed.
    virtual Task<Result<PayoutList>> payouts(Time since) = 0;
    // What is in a payout whose lines are complete.
    virtual Task<Result<SettlementDocument>> lines_of(std::string payout) = 0;
};

// Who keeps what was fetched.
struct SettlementSink {
    virtual ~SettlementSink() = default;
    // The lines of the payout were taken before; they never change.
    virtual Task<bool> has_lines_of(std::string payout) = 0;
    // Takes the document whole, or not at all.
    virtual Task<Result<void>> take(SettlementDocument document) = 0;
};

struct FetchResult {
    std::int64_t payouts = 0;     // listed
    std::int64_t fetched = 0;     // their lines were asked for and taken
    std::int64_t known = 0;       // they were there already
    std::int64_t not_yet = 0;     // come again later
    std::int64_t never_told = 0;  // a report of the dashboard has to tell
};

// Hands lists of payouts and then the lines of each payout to `sink`, the oldest payout first.
// `progress` is called after every document, on the same thread. The first error ends it; what was
// taken stays taken, and another run goes on from there. On the loop of the sources; throws what
// the sink throws.
Task<Result<FetchResult>> fetch_settlements(
    std::vector<SettlementSource*> sources, SettlementSink& sink, Time since,
    std::function<void(const FetchResult&)> progress
);

}  // namespace payments
