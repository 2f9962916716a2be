#include "config/rows.hpp"

namespace payments::config {
namespace {

Result<void> keep_days(Text text, std::optional<int>& into) {
    if (text == "off") return {};
    int days = 0;
    if (const auto kept = keep_number(text, 1, 36'500, days); !kept)
        return Error{Errc::invalid_request, "off, or " + kept.error().detail};
    into = days;
    return {};
}

constexpr Setting personal_settings[] = {
    optional(
        "PAYMENTS_PERSONAL_DATA_DAYS", "off, or 1 to 36500", "off",
        "Days after the start of a payment after which its personal data are erased, but for what "
        "accounts need; off: when somebody asks for it (docs/personal_data.md).",
        [](Text text, Settings& to) { return keep_days(text, to.personal.days); }
    ),
    optional(
        "PAYMENTS_PERSONAL_ACCOUNTING_YEARS", "0 to 100", "8",
        "Whole years after the year in which money of a payment moved last for which accounts need "
        "its billing data.",
        [](Text text, Settings& to) {
            return keep_number(text, 0, 100, to.personal.accounting_years);
        }
    ),
    optional(
        "PAYMENTS_PERSONAL_ACCOUNTING_DATA", "names, comma list",
        "name,company,tax_number,country,state,city,zip,address,address2",
        "Members of the billing data that accounts need for those years.",
        [](Text text, Settings& to) {
            return keep(read_names(text), to.personal.accounting_members);
        }
    ),
    optional(
        "PAYMENTS_PERSONAL_BACKUP_DAYS", "off, or 1 to 36500", "off",
        "Days that a backup is kept, told in reports on what was erased; off: they say that it is "
        "not known.",
        [](Text text, Settings& to) { return keep_days(text, to.personal.backup_days); }
    ),
};
static_assert(every_row_is_complete_and_unlike_the_others(personal_settings));

}  // namespace

std::span<const Setting> personal_rows() { return personal_settings; }

}  // namespace payments::config
