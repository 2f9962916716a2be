#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "flow/office/personal_data.hpp"
#include "storage/rules/blocking_database.hpp"
#include "storage/rules/erasures.hpp"
#include "support/time_zone.hpp"

namespace payments {

// What an installation has decided about personal data (settings).
struct PersonalDataRules {
    std::optional<int> days{};  // after which they go by themselves; nothing: when somebody asks
    int accounting_years = 8;   // whole years that accounts are kept after the year they are of
    std::optional<int> backup_days{};               // that a backup is kept
    std::vector<std::string> accounting_members{};  // of the billing data what accounts need
    TimeZone zone{};                                // in which years end
};

// That a payment's personal data are to be erased, as it is kept outside of the database for the
// day on which that is restored from a backup (docs/personal_data.md, 4). No word of the visitor is
// in it.
struct AskedErasure {
    std::int64_t transaction_id = 0;
    Time created_at{};  // of the payment: in another database the number may be another's
    Time asked_at{};
    Actor by{};
    std::string why{};
};

// A line of the log for each, with transaction_id and created_at: what a restore needs.
inline constexpr std::string_view erasure_asked_line = "personal data are to be erased";

// What became of such a list, by numbers of payments.
struct RepeatedErasures {
    std::vector<std::int64_t> noted{};    // are to be erased from now on
    std::int64_t known = 0;               // how many were on record as erased, or to be
    std::vector<std::int64_t> unknown{};  // no such payment is on record
};

// Personal data on record (docs/personal_data.md): what is held, and how it goes. For one thread,
// which every call blocks; as PersonalData promises of its functions of the same names.
class PersonalLedger {
public:
    PersonalLedger(
        std::unique_ptr<ledger::BlockingDatabase> database, const PersonalDataRules& rules
    );

    PersonalReport look(const Person& person, Time now);
    std::vector<std::int64_t> begin_export(const Person& person, const PersonRequest& request);
    std::vector<HeldPayment> read(const std::vector<std::int64_t>& ids, const SightOfScopes& sight);
    PersonalReport look_elsewhere(const Person& person, std::optional<Time> oldest, Time now);
    PersonalReport erase(const Person& person, const PersonRequest& request);
    RetentionStep keep(Time now);
    RetentionState retention();

    // Of one payment, if it may go; else it is put off. In a commit of its own.
    void erase_payment(std::int64_t id, Time now);

    // Erasures that were asked for at `since` or later, of the payments behind number `behind`, in
    // the order of numbers, `limit` at most.
    std::vector<AskedErasure> asked_since(Time since, std::int64_t behind, std::int64_t limit);
    // Notes them as to be erased; keep() erases them. Asked for again it changes nothing.
    RepeatedErasures ask_again(std::vector<AskedErasure> asked, Time now);

private:
    // A payment with what is known of its erasure.
    struct Found {
        Transaction transaction;
        bool is_watched;
        bool is_asked = false;
        std::optional<Time> asked_at{}, erased_at{}, kept_since{};
        std::string kept{}, email_sha256{}, why{};
        Actor by{};
    };

    bool is_on_record(const AskedErasure& asked);
    std::optional<Found> find(std::int64_t id);
    // In the sight of who asks: those first whose erasure nobody has asked for, then the oldest.
    std::vector<std::int64_t> numbers_of(const Person& person, std::int64_t most);
    // The first payments_of_person_max of these, the oldest first.
    std::vector<Found> find_all(const Person& person, bool* is_all = nullptr);
    PersonalPayment describe(const Found& found);
    PersonalReport report_on(const Person& person, const std::vector<Found>& found, Time now);
    PersonalReport report_elsewhere(const Person& person, std::optional<Time> oldest, Time now);
    void add_backups(PersonalReport& report, Time oldest);
    void add_exports(PersonalReport& report, Time oldest);
    HeldPayment held(Found found);
    std::chrono::year_month_day last_day(Time since) const;

    ledger::ErasedRows erase_words(const Found& found);
    std::string words_written(const Found& found) const;
    void note_erased();

    bool claim(Time now);
    bool note_aged(Time now);
    bool note_late(Time now);
    bool erase_due(Time now);
    bool erase_unmatched(Time now);
    bool end_kept(Time now);
    void end_kept_of(std::int64_t id, Time now, Time cutoff);
    bool clean();
    std::int64_t count(const std::string& sql, const ledger::Cells& parameters = {});

    std::unique_ptr<ledger::BlockingDatabase> database_;
    const PersonalDataRules& rules_;
};

}  // namespace payments
