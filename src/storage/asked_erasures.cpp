#include <algorithm>

#include "storage/personal_ledger.hpp"
#include "storage/undone.hpp"

// What of PersonalLedger outlives a database that is restored from a backup.
namespace payments {

using ledger::cell_of;

std::vector<AskedErasure> PersonalLedger::asked_since(
    Time since, std::int64_t behind, std::int64_t limit
) {
    Undone reading{*database_};
    database_->begin_read();
    std::vector<AskedErasure> asked;
    {
        const auto rows = database_->query(
            "SELECT e.transaction_id, t.created_at, e.asked_at, e.by_sub, e.by_name, e.why"
            " FROM erasures AS e JOIN transactions AS t ON t.id = e.transaction_id"
            " WHERE e.transaction_id > $1 AND e.asked_at >= $2 ORDER BY e.transaction_id LIMIT $3",
            {behind, cell_of(since), limit}
        );
        while (rows->next())
            asked.push_back(
                {rows->integer(0),
                 rows->time(1),
                 rows->time(2),
                 {rows->text(3), rows->text(4)},
                 rows->text(5)}
            );
    }
    reading.commit();
    return asked;
}

bool PersonalLedger::is_on_record(const AskedErasure& asked) {
    return count(
               "SELECT count(*) FROM transactions WHERE id = $1 AND created_at = $2",
               {asked.transaction_id, cell_of(asked.created_at)}
           ) > 0;
}

RepeatedErasures PersonalLedger::ask_again(std::vector<AskedErasure> asked, Time now) {
    // In the order of numbers, so that two who do this never wait for one another.
    std::ranges::sort(asked, {}, &AskedErasure::transaction_id);
    const auto is_same = [](const AskedErasure& one, const AskedErasure& other) {
        return one.transaction_id == other.transaction_id;
    };
    asked.erase(std::unique(asked.begin(), asked.end(), is_same), asked.end());
    RepeatedErasures repeated;
    Undone change{*database_};
    database_->begin_change();
    for (const auto& one : asked) {
        const auto id = one.transaction_id;
        if (!is_on_record(one)) {
            repeated.unknown.push_back(id);
            continue;
        }
        if (count("SELECT count(*) FROM erasures WHERE transaction_id = $1", {id}) > 0) {
            ++repeated.known;
            continue;
        }
        database_->change(
            "INSERT INTO erasures (transaction_id, asked_at, by_sub, by_name, why, try_at, kept,"
            " email_sha256) VALUES ($1, $2, $3, $4, $5, $6, '', '') ON CONFLICT DO NOTHING",
            {id, cell_of(one.asked_at), one.by.sub, one.by.name, one.why, cell_of(now)}
        );
        repeated.noted.push_back(id);
    }
    change.commit();
    return repeated;
}

}  // namespace payments
