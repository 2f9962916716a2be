#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "payment/movements.hpp"

// Files for accountants: which is wanted, and what of a payment stands in it (docs/money.md, 5).
// Pure; safe on any thread.
namespace payments {

enum class CsvForm : std::uint8_t {
    rfc4180,   // commas, decimal points, times of RFC 3339 with the zone's offset
    excel_hu,  // for Excel in Hungarian: semicolons, decimal commas, 2026.11.29. 12:02
};
std::string_view name(CsvForm form);  // "rfc4180", "excel-hu"

struct ExportRequest {
    enum class What : std::uint8_t { movements, payments, refunds, daily_totals };

    What what = What::movements;
    Time from{}, to{};         // `from` counts, `to` does not; of daily_totals where days begin
    bool by_creation = false;  // of the payment, instead of when the money moved
    CsvForm form = CsvForm::rfc4180;
    bool is_personal = false;        // with e-mail addresses; of payments alone
    std::optional<int> lines_max{};  // a look before the file is taken; all lines without it

    // Which payments, as in FindQuery: any when empty, and any currency without one. Of
    // daily_totals processors, fee types and currency alone.
    std::vector<Status> statuses{};
    std::vector<Processor> processors{};
    std::vector<std::string> fee_types{};
    std::optional<Currency> currency{};                                  // of the money that moved
    std::optional<std::int64_t> amount_from_minor{}, amount_to_minor{};  // as agreed; both count
    std::optional<std::int64_t> ticket_id{};
};
std::string_view name(ExportRequest::What what);  // "daily_totals"

struct ExportedMovement {
    // "TR7", "TR7-R1", "TR7-R1-back": the same in every file, and no other movement's. What moves a
    // second time, as money of a dispute may, gets a number: "TR7-dp_1-2".
    std::string row_id;
    Movement movement;
};
// The movements of a payment that stand in a file of movements or refunds, by time.
std::vector<ExportedMovement> movements_for(
    const ExportRequest& request, const Transaction& transaction
);

// What stands in a file of payments: all that has come of one that was paid, until now.
struct ExportedPayment {
    Time paid_at;
    Money amount;  // that was taken, which of a mismatch is not what was agreed
    // In the same currency: what was given back and has not come back, and what a bank has taken.
    std::int64_t refunded_minor = 0, disputed_minor = 0;
};
// Nothing when it does not stand there.
std::optional<ExportedPayment> payment_for(
    const ExportRequest& request, const Transaction& transaction
);

}  // namespace payments
