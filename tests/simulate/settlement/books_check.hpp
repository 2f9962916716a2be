#pragma once

#include "simulate/settlement/treasury.hpp"
#include "storage/sqlite/database.hpp"

namespace payments::simulate {

// What must come of matching when every file is on record and every delay has passed. The truth is
// in the providers' books; what the service believes of an attempt is what it has committed.
class BooksCheck {
public:
    BooksCheck(Stage& stage, const Treasury& treasury, sqlite::Database& reader)
        : stage_(stage), treasury_(treasury), reader_(reader) {}

    // Of any report, at any time: no line and no fact is lost on the way.
    void equations_hold(const settlement::Report& report) const;
    void everything_is_explained(const settlement::Report& report);

private:
    void expect(
        settlement::FindingKind kind, std::string subject, std::int64_t minor, Currency currency
    ) {
        expected_.push_back({kind, std::move(subject), minor, currency});
    }
    void expect_of(const ToldLine& told);
    void expect_unclaimed(const ToldLine& told);
    void expect_difference(const ToldLine& told, const Transaction& ours);
    Money belief(const ProviderMovement& movement, const Transaction& ours) const;
    std::optional<Transaction> attempt_of(const ProviderMovement& movement) const;
    void compare_findings(const settlement::Report& report);
    void compare_sums(const settlement::Report& report) const;

    Stage& stage_;
    const Treasury& treasury_;
    sqlite::Database& reader_;
    std::vector<ExpectedFinding> expected_;
};

}  // namespace payments::simulate
