#include "simulate/settlement/accountant.hpp"

#include <map>
#include <sstream>

#include "settlement/journal/accounts.hpp"
#include "simulate/place.hpp"
#include "storage/sqlite/verify_ledger.hpp"
#include "support/crypto.hpp"

namespace payments::simulate {

using namespace std::chrono_literals;
using namespace settlement;

namespace {

// By clearing account and currency, in minor units; what is 0 is left out.
using Clearing = std::map<std::string, std::int64_t>;

// Of a plain table of bookings. What stands before its accounts needs no quotes.
Clearing clearing_in(const std::string& table) {
    Clearing sums;
    std::istringstream lines{table};
    std::string line;
    std::getline(lines, line);
    while (std::getline(lines, line)) {
        std::vector<std::string> cells;
        std::istringstream parts{line};
        for (std::string cell; cells.size() < 16 && std::getline(parts, cell, ',');)
            cells.push_back(cell);
        if (cells.size() < 16 || cells[2] == "opening" || cells[2] == "carry") continue;
        auto digits = cells[13];
        std::erase_if(digits, [](char c) { return c == '.' || c == '-'; });
        for (const auto& [account, sign] : {std::pair{cells[14], 1}, std::pair{cells[15], -1}})
            if (journal::is_clearing(account))
                sums[account + " " + cells[10]] += sign * std::stoll(digits);
    }
    std::erase_if(sums, [](const auto& sum) { return sum.second == 0; });
    return sums;
}

Clearing clearing_in(const Report& report) {
    Clearing sums;
    for (const auto& [key, account] : report.accounts) {
        const auto currency = *Currency::of(key.currency);
        sums[journal::clearing_account(key.processor, key.account, currency) + " " +
             key.currency] += account.carry_minor + account.unpaid_minor + account.waiting.minor +
                              account.overdue.minor;
    }
    std::erase_if(sums, [](const auto& sum) { return sum.second == 0; });
    return sums;
}

}  // namespace

Accountant::Accountant(
    Stage& stage, Service& service, std::vector<const Provider*> providers, std::uint64_t seed,
    Mistake mistake
)
    : stage_(stage),
      service_(service),
      random_(seed ^ 0xACC0A27A27ULL),
      closing_(seed ^ 0xC705EDB00C5ULL),
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
    if (closing_.percent(60))
        closes_at_ = static_cast<std::size_t>(closing_.below(static_cast<int>(left_.size()) + 1));
    go_on();
}

// File after file; when the database or the process fails, again a little later.
void Accountant::go_on() {
    if (closes_at_ && left_.size() <= *closes_at_) return close_month();
    if (left_.empty()) return match();
    hand_in(left_.front(), [this](bool is_taken) {
        if (is_taken) left_.pop_front();
        stage_.schedule.in(is_taken ? 1ms : 1min, Schedule::Owner::world, [this] { go_on(); });
    });
}

constexpr std::chrono::days months_later{40}, long_after{200};

// As of a day when the month of this world is over. What is still to come is late.
void Accountant::close_month() {
    const auto at = stage_.schedule.now() + months_later;
    const auto today = std::chrono::floor<std::chrono::days>(stage_.schedule.now());
    const std::chrono::year_month_day date{today};
    const journal::Month month{date.year(), date.month()};
    const auto again = [this](auto then) {
        stage_.schedule.in(1min, Schedule::Owner::world, [this, then] { (this->*then)(); });
    };
    MonthToClose what{month, "in a simulated world", {}, {"cili", "Cili S."}, at};
    service_.close_month(std::move(what), [this, again, month](const auto& closed) {
        if (closed && !*closed && closed->error().code != Errc::storage_unavailable)
            violate("a month is not closed: " + closed->error().detail);
        if (!closed || !*closed) return again(&Accountant::close_month);
        const auto period = journal::period_of(month);
        const auto sha256 = closed->value().close.books_sha256;
        take_books(period, [this, again, period, sha256](const auto& books) {
            if (!books || !*books) return again(&Accountant::close_month);
            closed_ = ClosedBooks{period, books->value()};
            if (crypto::hex(crypto::sha256(closed_->text)) != sha256)
                violate("the close of a month is not that of its books");
            ++stage_.tally.closes;
            closes_at_.reset();
            go_on();
        });
    });
}

void Accountant::take_books(
    const journal::Period& period, Service::Answered<std::string> taken
) {
    const Moment moment{stage_.schedule.now() + long_after};
    service_.export_books({period, journal::FileFormat::csv_plain, moment}, std::move(taken));
}

// When every delay has passed.
void Accountant::match() {
    const auto later = stage_.schedule.now() + long_after;
    service_.match_settlements(later, [this](const auto& report) {
        if (!report || !*report) {
            stage_.schedule.in(1min, Schedule::Owner::world, [this] { match(); });
            return;
        }
        ++stage_.tally.settlements;
        stage_.tally.files += std::ssize(treasury_.files());
        stage_.tally.mistakes += treasury_.has_erred() ? 1 : 0;
        BooksCheck{stage_, treasury_, reader_}.everything_is_explained(report->value());
        after_boot();
        compare_closed_books(report->value());
    });
}

// Whatever came later, the file of a month that was closed is the same to the byte.
void Accountant::compare_closed_books(const Report& report) {
    if (!closed_) return compare_sums(report);
    take_books(closed_->period, [this, report](const auto& books) {
        if (!books || !*books) {
            stage_.schedule.in(1min, Schedule::Owner::world, [this, report] {
                compare_closed_books(report);
            });
            return;
        }
        if (books->value() != closed_->text) violate("the books of a closed month have changed");
        compare_sums(report);
    });
}

// What all books say of a provider is what is left with it.
void Accountant::compare_sums(const Report& report) {
    take_books({}, [this, report](const auto& books) {
        if (!books || !*books) {
            stage_.schedule.in(1min, Schedule::Owner::world, [this, report] {
                compare_sums(report);
            });
            return;
        }
        if (clearing_in(books->value()) != clearing_in(report))
            violate("the books do not come to what is reported");
        end();
    });
}

void Accountant::end() {
    is_done_ = true;
    if (random_.below(8) != 0) return;
    const auto verified = sqlite::verify_ledger(Place::the().path(), {.busy_timeout_ms = 0});
    for (const auto& difference : verified.differences)
        violate("verify-ledger: " + difference.detail);
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
