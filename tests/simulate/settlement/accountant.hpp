#pragma once

#include <deque>

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

    void look();
    void hand_in(std::size_t file, Imported imported);
    void go_on();
    void match();
    void violate(const std::string& what) { stage_.violate("settlements: " + what); }

    Stage& stage_;
    Service& service_;
    Random random_;
    Treasury treasury_;
    sqlite::Database& reader_;
    std::vector<Promise> promises_;
    std::deque<std::size_t> left_;  // to be imported
    bool is_done_ = false;
};

}  // namespace payments::simulate
