#pragma once

#include <deque>
#include <optional>

#include "simulate/service.hpp"
#include "simulate/settlement/books_check.hpp"

namespace payments::simulate {

// Whoever downloads the files of providers and banks, imports them, and hears what does not agree.
class Accountant {
public:
    Accountant(
        Stage& stage, Service& service, std::vector<const Provider*> providers, std::uint64_t seed,
        Mistake mistake
    );

    // Plans to look at some files while the world goes on.
    void come();
    // Everything has happened: imports all files, some twice, in any order, and matches them.
    void close();
    bool is_done() const { return is_done_; }

    // The database is as it was at `then` again: what was imported since is on no record.
    void set_back(Time then);
    // Reads what is on record again: what was promised, and nothing in halves.
    void after_boot();

private:
    struct Promise {
        std::int64_t id;
        std::string hash;
        Time at;
    };
    using Imported = std::function<void(bool)>;

    // The files of a month that was closed, and what they are compared with later.
    struct ClosedBooks {
        settlement::journal::Period period;
        std::string text;
    };

    void look();
    void close_month();
    void take_books(
        const settlement::journal::Period& period, Service::Answered<std::string> taken
    );
    void compare_closed_books(const settlement::Report& report);
    void compare_sums(const settlement::Report& report);
    void end();
    void hand_in(std::size_t file, Imported imported);
    void go_on();
    void match();
    void violate(const std::string& what) { stage_.violate("settlements: " + what); }

    Stage& stage_;
    Service& service_;
    Random random_;
    Random closing_;  // of its own, so that worlds go on as they would without a close
    Treasury treasury_;
    sqlite::Database& reader_;
    std::vector<Promise> promises_;
    std::deque<std::size_t> left_;  // to be imported
    // Of an accountant who closes the month while some files are left: how many then.
    std::optional<std::size_t> closes_at_{};
    std::optional<ClosedBooks> closed_{};
    bool is_done_ = false;
};

}  // namespace payments::simulate
