#pragma once

#include <boost/json/object.hpp>
#include <map>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "payment/transaction.hpp"

// What Stripe owes a merchant (docs/providers/stripe.md, 14): the lines of its ledger, and the
// payouts made of them.
namespace payments::sandbox::stripe {

enum class FeeKind : std::uint8_t { none, processing, dispute };

// What a line of the ledger is about, in the currency that the visitor saw.
struct Posting {
    std::string_view type, category;
    std::string source{};  // "" for none
    std::string currency{}, description{};
    std::int64_t amount = 0;  // negative: from the merchant
    FeeKind fee = FeeKind::none;
    bool is_payable_at_once = true;  // else some days later
};

// How payments in a currency are settled in another.
struct Conversion {
    std::string currency;
    double rate = 0;
};

struct Payout {
    boost::json::object object;
    std::vector<std::string> lines;  // oldest first
    bool bounces = false;            // the bank will refuse it
    bool is_booked = false;          // the bank has it
};

struct Balance {
    std::map<std::string, boost::json::object> lines;  // by id
    std::vector<std::string> order;                    // oldest first
    std::vector<std::string> waiting;                  // in no payout yet, oldest first
    std::map<std::string, Payout> payouts;
    std::vector<std::string> payout_order;        // oldest first
    std::map<std::string, std::int64_t> carried;  // by currency: too little to be paid out
    std::set<std::string> to_bounce;              // currencies whose next payout the bank refuses
    std::set<Time> planned;                       // moments of payouts to come
};

struct PayoutSettings {
    int delay_days = 3;          // from a charge to the day its net may be paid out
    bool lists_own_line = true;  // a payout's list has the payout's own line
    bool sends_events = false;   // the endpoint was also subscribed to payout.*
    std::map<std::string, Conversion> conversions;  // by the currency that was paid
};

std::int64_t seconds_of(Time time);  // since 1970
// Whole units of the currency's smallest coin that is paid out: 100 for HUF, else 1.
std::int64_t payout_step(std::string_view currency);
// What Stripe keeps of a charge. Invented: real fees depend on the account's contract.
std::int64_t processing_fee(std::int64_t amount, std::string_view currency);
std::int64_t dispute_fee(std::string_view currency);

bool change_payout_settings(const boost::json::object& body, PayoutSettings& settings);

// Members that an API version does not have are taken out, however deep they are.
void as_of_version(boost::json::value& answer, std::string_view version);

}  // namespace payments::sandbox::stripe
