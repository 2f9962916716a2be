#pragma once

#include <map>
#include <sstream>
#include <string>
#include <vector>

#include "flow/flow_context.hpp"
#include "simulate/random.hpp"
#include "simulate/schedule.hpp"

namespace payments::simulate {

// The world of one seed: which faults it has and how often, in per cent. Every world leaves some
// out, so that a common fault does not always hide what a rare one does.
struct Plan {
    int tickets = 1;
    int visitors = 1;
    int starts_max = 3;                // of one visitor
    std::chrono::minutes faults_last;  // then everything works
    Rules::Confirm confirm = Rules::Confirm::prefer;

    int slow_calls = 0;         // a call to a provider takes long, perhaps beyond our deadline
    int held_up = 0;            // a process, between the commit of an attempt and its call
    int late_lists = 0;         // SimplePay lists a payment only a while after it has begun it
    int lost_calls = 0;         // a call or its answer is lost
    int late_refunds = 0;       // an order to give back comes after our deadline, or never
    int garbled_answers = 0;    //
    int refused_starts = 0;     // in the provider's own words
    int unreachable = 0;        // the connection is refused
    int repeated_calls = 0;     // a connection broke and the call was sent again
    int dropped_notices = 0;    // of those that a question to the provider can make up for
    int doubled_notices = 0;    //
    int delayed_notices = 0;    // minutes to days
    int forged_notices = 0;     // with a wrong signature
    int lying_returns = 0;      // SUCCESS in the address line without a payment
    int leaked_secret = 0;      // FINISHED with a right signature and without a payment
    int wrong_captures = 0;     // another amount or currency than agreed
    int dashboard_refunds = 0;  // by hand, at the provider
    int staff_refunds = 0;      // through the service
    bool refund_duplicates = false;
    int failing_refunds = 0;  // the money comes back later
    int disputes = 0;         //
    int refused_events = 0;   // by those who are told of payments
    bool others_are_told = false;
    int tickets_down = 0;              //
    int kills = 0;                     // per thousand steps
    int power_losses = 0;              // of the kills
    int disk_faults = 0;               // of the commits
    bool is_set_back = false;          // the database, to an older copy
    int late_tickets = 0;              // whose visitors come after that
    bool providers_sleep = false;      // one of them is silent for up to an hour
    bool closing_is_refused = false;   // every order to close a payment
    bool account_is_replaced = false;  // SimplePay's, by that of another merchant
    bool old_is_retired = false;       // set up as such at once; else later, when people wonder
    int closings = 0;                  // by a person who looks at what hangs, of all attempts
    int runs = 0;                      // refund runs that people start
    bool has_settlements = false;      // somebody imports what providers and banks have paid
    int import_kills = 0;              // of the imports
    bool asks_promptly = false;        // whoever hears of a payment asks about it, too

    void set_back();

    static Plan of(Random& random);
    static Plan calm();
};

// Counts of what happened, printed after a long run.
struct Tally {
    std::int64_t seeds = 0, steps = 0, starts = 0, payments = 0, captures = 0, notices = 0,
                 faults = 0, kills = 0, power_losses = 0, commits = 0, refunds = 0, reviews = 0,
                 duplicates = 0, restores = 0, runs = 0, settlements = 0, files = 0, mistakes = 0,
                 closes = 0, late_starts = 0;
    void add(const Tally& other);
};

// What everything in one simulated world shares: chance, time, the faults, the trace, and the first
// rule that was broken.
struct Stage {
    explicit Stage(std::uint64_t seed) : random(seed), schedule(random) {}

    Random random;
    Schedule schedule;
    Plan plan;
    Tally tally;
    bool faults_are_on = true;
    std::map<Processor, std::pair<Time, Time>> asleep;  // a provider answers no call meanwhile
    bool has_new_account = false;       // at SimplePay: what starts from now on is there
    bool old_account_is_set_up = true;  // so that it can be asked, and its notices verified
    bool is_asleep(Processor processor) const {
        const auto found = asleep.find(processor);
        return found != asleep.end() && schedule.now() >= found->second.first &&
               schedule.now() < found->second.second;
    }

    // Whether a fault with this probability happens now; false once the faults are over.
    bool strikes(int percent) {
        if (!faults_are_on || percent == 0 || !random.percent(percent)) return false;
        ++tally.faults;
        return true;
    }

    // The trace, one line for each thing that happened; kept only when it will be printed.
    bool is_told = false;
    std::vector<std::string> story;
    template <class... Parts>
    void tell(const Parts&... parts) {
        if (!is_told) return;
        std::ostringstream line;
        (line << ... << parts);
        add_line(line.str());
    }

    // The first rule that was broken; it ends the simulation.
    std::string violation;
    void violate(const std::string& what) {
        if (!violation.empty()) return;
        violation = what;
        tell("BROKEN: ", what);
    }

private:
    void add_line(const std::string& text);
};

// "+00:29:58.120": the time since the world began.
std::string since_the_beginning(Time time);
constexpr Time beginning{std::chrono::days{20'500}};  // 16 February 2026

}  // namespace payments::simulate
