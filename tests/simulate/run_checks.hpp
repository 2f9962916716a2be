#pragma once

#include <array>
#include <optional>

#include "payment/runs/refund_runs.hpp"
#include "simulate/stage.hpp"
#include "storage/sqlite/database.hpp"

namespace payments::simulate {

// What must hold of refund runs. Whether a refund was made is told by the payment's facts, which
// are held against the provider's books elsewhere.
class RunChecks {
public:
    explicit RunChecks(Stage& stage);

    void after_commit();
    // No fault is left, and nothing is planned any more: every run has ended, or waits for a
    // person, and each of its items is what became of it.
    void at_rest();

    // When this processor next has something to do.
    std::optional<Time> next_due(Processor processor) const {
        return next_due_[static_cast<std::size_t>(processor)];
    }

private:
    void is_settled(const RefundRun& run);
    void is_true(const RefundRun& run, const RefundItem& item);
    void violate(const RefundItem& item, const std::string& what);

    Stage& stage_;
    sqlite::Database& reader_;
    std::array<std::optional<Time>, processor_count> next_due_;
};

}  // namespace payments::simulate
