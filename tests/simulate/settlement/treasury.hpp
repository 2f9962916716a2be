#pragma once

#include <map>

#include "settlement/report.hpp"
#include "simulate/provider.hpp"
#include "simulate/settlement/banks.hpp"
#include "simulate/settlement/told.hpp"

namespace payments::simulate {

// What the providers owe, keep and pay out in one world, made of what really happened there; and
// the files that tell of it. Chance has a source of its own, so that worlds go on as they would
// without anybody who looks at settlements.
class Treasury {
public:
    Treasury(
        Stage& stage, std::vector<const Provider*> providers, std::uint64_t seed, Mistake mistake
    );

    // Every account pays out what it can of what has happened until now.
    void pay_out();
    // The last time; then the banks tell. Nothing comes after.
    void close();

    // All that were written, in their order.
    const std::vector<SettlementFile>& files() const { return files_; }
    const std::vector<ToldLine>& lines() const { return lines_; }
    // Payments that are in no file.
    const std::vector<ProviderMovement>& left_out() const { return left_out_; }
    // What must be found of payouts and banks.
    const std::vector<ExpectedFinding>& expected() const { return expected_; }
    // Something is stolen in a way that may be found in more than one place.
    bool is_robbed() const { return bank_.is_robbed(); }
    bool has_erred() const { return has_erred_ || bank_.has_erred(); }

    // Of one merchant account in one currency, as it is told; signed as the money is to us.
    struct Sums {
        std::int64_t net_minor = 0, paid_minor = 0, returned_minor = 0, reserve_minor = 0,
                     left_minor = 0;
        std::map<std::string, std::int64_t> fees_minor{};
        std::size_t payouts = 0, returned = 0;
    };
    std::map<settlement::AccountKey, Sums> sums() const;

private:
    struct Account {
        Processor processor;
        std::string name;
        Currency currency;
        std::vector<std::size_t> unpaid{};  // lines, in their order
        std::int64_t carry_minor = 0;
        std::int64_t reserve_minor = 0;
        settlement::Day last_day{};          // of a payout
        std::vector<std::size_t> to_fail{};  // payouts that will
    };
    bool errs(Mistake mistake);
    Account& account(Processor processor, const std::string& name, Currency currency);
    void collect();
    void tell(const ProviderMovement& movement);
    settlement::SettlementLine line_of(const ProviderMovement& movement);
    void name_line(const ProviderMovement& movement, settlement::SettlementLine& line);
    void charge_fee(const ProviderMovement& movement, settlement::SettlementLine& line);
    void add(ToldLine told);
    void add_own(
        Account& of, settlement::LineKind kind, const std::string& as_written,
        const std::string& source, std::int64_t minor
    );
    void add_business(Account& of);
    void take_back(Account& of, bool is_last);
    std::int64_t net_of(const Account& of) const;
    std::chrono::days days_off();
    void close_report(Account& of);
    void close_payout(Account& of);
    ToldPayout& pay(Account& of, std::string id, std::int64_t minor, settlement::Day arrival);
    void write_payout(const ToldPayout& payout);
    void write_list_of_payouts();
    void write_rest();
    void write_overviews();
    std::vector<const ToldLine*> lines_of(const std::vector<std::size_t>& numbers) const;

    Stage& stage_;
    const std::vector<const Provider*> providers_;
    std::vector<std::size_t> seen_;  // of each provider's movements
    Random random_;
    const Mistake mistake_;
    bool has_erred_ = false;
    // How Stripe tells of its payouts in this world.
    enum class Form : std::uint8_t { list, report, both, old_report };
    const Form form_;
    std::map<settlement::AccountKey, Account> accounts_;
    std::vector<ToldLine> lines_;
    std::vector<ProviderMovement> left_out_;
    std::vector<ToldPayout> payouts_;
    std::vector<SettlementFile> files_;
    std::vector<ExpectedFinding> expected_;
    Banks bank_;
    int last_transaction_ = 0, last_payout_ = 0;
};

}  // namespace payments::simulate
