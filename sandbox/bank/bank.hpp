#pragma once

#include <chrono>
#include <map>
#include <string>
#include <vector>

#include "sandbox/bank/transfer.hpp"
#include "sandbox/stand_in.hpp"

namespace payments::sandbox {

namespace bank {

struct Entry {
    Transfer transfer;
    std::chrono::sys_days day{};    // booked, in Budapest
    std::int64_t number = 0;        // the bank's own, of all its entries
    std::int64_t charge_minor = 0;  // what banks on the way kept of it
};

// An account of the merchant: one for each currency.
struct Account {
    std::string currency, iban;
    std::vector<Entry> entries;  // oldest first
};

// A day on which something was booked.
struct Statement {
    int number = 0;  // from 1 on, without gaps
    std::chrono::sys_days day{};
    std::int64_t opening_minor = 0;
    std::vector<const Entry*> entries;
};
std::vector<Statement> statements_of(const Account& account);

// Days to choose from: [from, to).
struct Days {
    std::chrono::sys_days from = std::chrono::sys_days::min(), to = std::chrono::sys_days::max();
    bool has(std::chrono::sys_days day) const { return from <= day && day < to; }
};

// camt.053.001.08 with a statement for each day of each account (docs/bank_statements.md, 2).
std::string camt053(
    const std::map<std::string, Account>& accounts, const Days& days, Time now,
    bool itemises_charges
);
// The table of OTP's internet bank (docs/bank_statements.md, 4).
std::string otp_csv(const Account& account, const Days& days);

}  // namespace bank

// The merchant's bank: books what the providers pay out, and gives statements.
class Bank : public StandIn {
public:
    using StandIn::StandIn;

    void book(const Transfer& transfer);

protected:
    std::string operation_of(const Request& request) const override;
    std::span<const KnownFaults> known_faults() const override;
    Task<Reply> serve(Request request, std::string operation, std::optional<Fault> fault) override;
    Task<std::optional<Reply>> control(Request request, boost::json::object body) override;
    void reset() override;

private:
    bank::Account& account(const std::string& currency);
    Reply list() const;
    Reply page() const;

    std::map<std::string, bank::Account> accounts_;  // by currency
    std::int64_t next_number_ = 26'189'000'101;
    std::map<std::string, std::int64_t> charges_;  // by currency, kept of each transfer that comes
    bool itemises_charges_ = true;
};

}  // namespace payments::sandbox
