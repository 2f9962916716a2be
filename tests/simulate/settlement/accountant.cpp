#include "simulate/settlement/accountant.hpp"

#include "simulate/place.hpp"
#include "storage/sqlite/verify_ledger.hpp"

namespace payments::simulate {

using namespace std::chrono_literals;

Accountant::Accountant(
    Stage& stage, Service& service, std::vector<const Provider*> providers, std::uint64_t seed,
    Mistake mistake
)
    : stage_(stage),
      service_(service),
      random_(seed ^ 0xACC0A27A27ULL),
      treasury_(stage, std::move(providers), seed, mistake),
      reader_(Place::the().reader()) {}

void Accountant::come() {
    for (int looks = random_.below(4); looks > 0; --looks)
        stage_.schedule.in(random_.about(10min, 12h), Schedule::Owner::world, [this] { look(); });
}

// At what is new, and not at all of it.
void Accountant::look() {
    const auto first = treasury_.files().size();
    treasury_.pay_out();
    for (auto file = first; file < treasury_.files().size(); ++file)
        if (random_.percent(70))
            stage_.schedule.in(random_.about(1s, 1h), Schedule::Owner::world, [this, file] {
                hand_in(file, [](bool) {});
            });
    if (random_.percent(30))
        stage_.schedule.in(random_.about(1min, 2h), Schedule::Owner::world, [this] {
            service_.match_settlements(stage_.schedule.now(), [this](const auto& report) {
                if (report && *report)
                    BooksCheck{stage_, treasury_, reader_}.equations_hold(report->value());
            });
        });
}

void Accountant::hand_in(std::size_t file, Imported imported) {
    const auto& [bytes, options] = treasury_.files()[file];
    SentFile sent{bytes, options, stage_.schedule.now(), {"cili", "Cili S."}};
    service_.import_settlement(std::move(sent), [this, file, imported](const auto& reply) {
        const bool is_taken = reply && *reply;
        if (reply && !*reply && reply->error().code != Errc::storage_unavailable)
            violate(treasury_.files()[file].options.name + " is refused: " + reply->error().detail);
        if (is_taken) {
            const auto& kept = reply->value().file;
            promises_.push_back({kept.id, kept.hash, stage_.schedule.now()});
        }
        imported(is_taken);
    });
}

void Accountant::close() {
    treasury_.close();
    std::vector<std::size_t> order;
    for (std::size_t file = 0; file < treasury_.files().size(); ++file)
        order.insert(order.end(), random_.percent(20) ? 2 : 1, file);
    for (auto i = order.size(); i > 1; --i)
        std::swap(
            order[i - 1], order[static_cast<std::size_t>(random_.below(static_cast<int>(i)))]
        );
    left_.assign(order.begin(), order.end());
    go_on();
}

// File after file; when the database or the process fails, again a little later.
void Accountant::go_on() {
    if (left_.empty()) return match();
    hand_in(left_.front(), [this](bool is_taken) {
        if (is_taken) left_.pop_front();
        stage_.schedule.in(is_taken ? 1ms : 1min, Schedule::Owner::world, [this] { go_on(); });
    });
}

// When every delay has passed.
void Accountant::match() {
    const auto later = stage_.schedule.now() + std::chrono::days{200};
    service_.match_settlements(later, [this](const auto& report) {
        if (!report || !*report) {
            stage_.schedule.in(1min, Schedule::Owner::world, [this] { match(); });
            return;
        }
        is_done_ = true;
        ++stage_.tally.settlements;
        stage_.tally.files += std::ssize(treasury_.files());
        stage_.tally.mistakes += treasury_.has_erred() ? 1 : 0;
        BooksCheck{stage_, treasury_, reader_}.everything_is_explained(report->value());
        after_boot();
        if (random_.below(8) != 0) return;
        const auto verified = sqlite::verify_ledger(Place::the().path(), {.busy_timeout_ms = 0});
        for (const auto& difference : verified.differences)
            violate("verify-ledger: " + difference.detail);
    });
}

void Accountant::set_back(Time then) {
    std::erase_if(promises_, [&](const Promise& promise) { return promise.at >= then; });
}

void Accountant::after_boot() {
    for (const auto& promise : promises_) {
        auto row = reader_.query(
            "SELECT 1 FROM settlement_files WHERE id = ?1 AND hash = ?2", promise.id, promise.hash
        );
        if (!row.next()) violate("a file was imported and is not on record");
    }
    // A file is on record with all of its rows, and no row is there without its file.
    auto row = reader_.query(
        "SELECT (SELECT coalesce(sum(records), 0) FROM settlement_files),"
        " (SELECT count(*) FROM settlement_lines) + (SELECT count(*) FROM settlement_payouts)"
        " + (SELECT count(*) FROM bank_statements) + (SELECT count(*) FROM bank_lines)"
    );
    row.next();
    if (row.integer(0) != row.integer(1)) violate("a file is on record in parts");
}

}  // namespace payments::simulate
