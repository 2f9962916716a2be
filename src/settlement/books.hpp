#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "payment/transaction.hpp"
#include "settlement/findings.hpp"

// Our side: what of our transactions moved money (docs/settlements.md, 3). Values.
namespace payments::settlement {

struct OurRefund {
    std::string name;         // "TR1003-R1"
    std::string provider_id;  // "" when the provider gave none
    std::int64_t minor = 0;   // more than 0
    Time at;
    std::optional<Time> failed_at{};  // its money came back
};

struct OurDispute {
    std::string provider_id;
    std::int64_t minor = 0;  // that the bank took; more than 0
    Time at;
    std::optional<Time> won_at{};   // the bank has given it back
    std::optional<Time> lost_at{};  // it was decided that the bank keeps it
};

struct OurTransaction {
    std::int64_t id = 0;
    std::string reference;  // "TR1003"
    Processor processor;
    std::string account;
    Currency currency;
    std::int64_t minor = 0;  // that was taken, or asked for; 0 of a free ticket
    std::string provider_id, charge_id;
    std::optional<Time> paid_at{};  // nothing: nothing was captured
    // The capture was settled before the files at hand begin: no line of it is awaited.
    bool is_settled_before = false;
    // It was captured a second time, and a person knows (review: duplicate).
    bool is_duplicate_known = false;
    std::vector<OurRefund> refunds{};
    std::vector<OurDispute> disputes{};
    Status status = Status::paid;
    // What was paid for; 0 and "" where the books do not tell.
    std::int64_t ticket_id = 0;
    std::string fee_type{};
};

// That somebody has closed a month for good, and with it those before (docs/settlements.md, 11).
struct ClosingInBooks {
    std::string month;                  // "2026-11"
    Time at;                            // its books are made of what was known then
    std::int64_t files = 0;             // the first so many, in the order in which they came
    std::string by, reason;             // "" where no reason was needed
    std::vector<Decision> decisions{};  // that counted then
};

struct Books {
    Time as_of;
    std::vector<OurTransaction> transactions{};
    std::vector<Decision> decisions{};
    std::vector<ClosingInBooks> closings{};  // in the order of months
};

// The JSON document of docs/settlements.md, 3; members that are not named there are ignored.
// Errc::malformed_json, or invalid_request naming every wrong member.
Result<Books> read_books(std::string_view document);

}  // namespace payments::settlement
