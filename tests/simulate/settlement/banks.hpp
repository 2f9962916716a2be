#pragma once

#include "simulate/random.hpp"
#include "simulate/settlement/told.hpp"

namespace payments::simulate {

// The merchant's accounts at a bank, one for each currency: payouts arrive there, beside what is no
// provider's business, and statements tell of them.
class Banks {
public:
    Banks(Random& random, Mistake mistake);

    // Statements of all that was paid out; adds what must be found of a mistake.
    std::vector<SettlementFile> statements(
        const std::vector<ToldPayout>& payouts, std::vector<ExpectedFinding>& expected
    );

    bool has_erred() const { return has_erred_; }
    // And there is no telling where that will be found.
    bool is_robbed() const { return is_robbed_; }

private:
    struct Credit {
        const ToldPayout* payout;
        settlement::BankLine line;
    };
    using Entries = std::vector<settlement::BankLine>;

    settlement::BankLine credit(const ToldPayout& payout);
    void err(
        std::vector<Credit>& credits, const std::vector<ToldPayout>& payouts,
        std::vector<ExpectedFinding>& expected
    );
    void book_twice(const settlement::BankLine& line, Entries& entries);
    void add_others(Entries& entries);
    Entries entries_of(
        const std::vector<ToldPayout>& payouts, Currency currency,
        std::vector<ExpectedFinding>& expected
    );
    void write(
        Entries entries, Currency currency, std::vector<SettlementFile>& files,
        std::vector<ExpectedFinding>& expected
    );

    Random& random_;
    const Mistake mistake_;
    bool has_erred_ = false;
    bool is_robbed_ = false;
    bool is_camt_ = true;       // else OTP's table, of the account in hand
    const bool names_payouts_;  // the bank passes on how Stripe calls a payout
    int last_entry_ = 0;
};

}  // namespace payments::simulate
