#pragma once

#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>

#include "flow/checks/prompt_checks.hpp"
#include "flow/settlement/close_months.hpp"
#include "flow/settlement/export_books.hpp"
#include "simulate/checks.hpp"
#include "simulate/disk.hpp"
#include "simulate/flows.hpp"
#include "simulate/run_checks.hpp"
#include "simulate/simplepay.hpp"
#include "simulate/stripe.hpp"
#include "simulate/subscriber.hpp"
#include "storage/sqlite/store.hpp"

namespace payments::simulate {

// Wakes when it is time, as the close of a month and checks of what was just heard do. The clocks
// below wake only when there is work to find.
class WakingClock final : public Clock {
public:
    explicit WakingClock(Schedule& schedule) : schedule_(schedule) {}

    Time now() const override { return schedule_.now(); }
    std::chrono::milliseconds steady() const override { return schedule_.now().time_since_epoch(); }
    Task<void> sleep_until(Time when) override;

private:
    Schedule& schedule_;
};

// The clock of the service. A coroutine that polls for work (as the reconciler does) is woken when
// there is some, and sleeps through the polls that would find nothing.
class SimClock final : public Clock {
public:
    explicit SimClock(Stage& stage) : stage_(stage) {}
    Time now() const override { return stage_.schedule.now(); }
    std::chrono::milliseconds steady() const override { return now().time_since_epoch(); }
    Task<void> sleep_until(Time when) override;

    // When the next sleeper is to be woken, if work is due at `due`.
    std::optional<Time> next(std::optional<Time> due) const;
    void wake();
    void drop() { sleepers_.clear(); }

private:
    struct Sleeper {
        Time until;
        std::shared_ptr<Doorbell> bell;
    };
    Stage& stage_;
    std::vector<Sleeper> sleepers_;
};

class SimTickets final : public Tickets {
public:
    explicit SimTickets(Stage& stage) : stage_(stage) {}
    std::map<std::int64_t, Ticket> tickets;
    Task<Result<Ticket>> get(std::int64_t id, std::optional<Privileges>, std::string) override;

private:
    Stage& stage_;
};

// A return is written "TR5 500001 MERCHANT-EUR SUCCESS", and signed when `s` is "good".
struct SimReturns final : ReturnReader {
    Result<Return> read_return(std::string_view r, std::string_view s) const override;
};

// The service as a process: real flows over the real SQLite store and simulated ports, on a loop
// that is only polled. It can be killed at any await, and booted from what was committed.
class Service {
public:
    // Called with the reply; with nothing when the connection broke.
    template <class T>
    using Answered = std::function<void(std::optional<Result<T>>)>;

    Service(
        Stage& stage, const Variant& variant, Checks& checks, SimSimplePay& simplepay,
        SimStripe& stripe, SimTickets& tickets, SimSubscriber& subscriber
    );
    ~Service();

    void start(StartRequest request, Answered<StartReply> answered);
    void come_back(std::string r, std::string s, Answered<ReturnReply> answered);
    void notify(Processor from, const Notice& notice, Answered<Received> answered);

    void refund(RefundRequest request, Answered<RefundReply> answered);
    void close(CloseRequest request);  // by a person
    // A person does something with one of what is on the worklist: `choice` decides what.
    void tend_worklist(Actor person, std::uint64_t choice);
    // A person plans a refund run of all payments and starts it; and does something with one.
    void start_run(Actor person, Give give);
    void tend_runs(Actor person, std::uint64_t choice);
    // Somebody imports a file; and matches all that were, as of a moment.
    void import_settlement(SentFile file, Answered<ImportedFile> answered);
    void match_settlements(Time as_of, Answered<settlement::Report> answered);
    void close_month(MonthToClose what, Answered<ClosedMonth> answered);
    void export_books(BooksRequest request, Answered<std::string> answered);
    void runs_are_settled() { run_checks_.at_rest(); }

    bool is_up() const { return process_ != nullptr; }
    void boot();
    // Ends the process where it stands. Without power the disk loses what it had not synced.
    void kill(bool power_is_lost);
    void stop();

    // Runs every coroutine that is ready, and plans when the store serves what they asked of it.
    void run_ready();
    // Nothing will happen any more: the twin's rows must be all that SQLite has.
    void at_rest() {
        if (twin_ && is_up()) twin_->at_rest();
    }
    // When the service next wakes to poll for work; wake() lets it.
    std::optional<Time> next_wake() const;
    void wake();

private:
    struct Process;

    template <class T>
    void ask(std::string what, Task<Result<T>> flow, Answered<T> answered);
    template <class T>
    static Task<void> answer(
        Service* self, std::uint64_t number, std::string what, Task<Result<T>> flow,
        Answered<T> answered
    );
    void commit();
    void read();
    void work_on_settlements();
    void spoil_disk(bool dies);
    void plan(
        bool& is_planned, std::size_t waiting, int least_ms, int most_ms, void (Service::*work)()
    );

    Stage& stage_;
    const Variant& variant_;
    Checks& checks_;
    SimSimplePay& simplepay_;
    SimStripe& stripe_;
    SimTickets& tickets_;
    SimSubscriber& subscriber_;
    SimReturns returns_;
    SimClock clock_;
    SimClock telling_clock_;  // that loop has its own things to wait for
    RunChecks run_checks_;
    std::array<SimClock, processor_count> run_clocks_;  // and so has each of these
    Rules rules_;
    std::unique_ptr<Twin> twin_;
    std::unique_ptr<Process> process_;
    bool commit_is_planned_ = false;
    bool read_is_planned_ = false;
    bool settling_is_planned_ = false;
    std::map<std::uint64_t, std::function<void()>> open_calls_;  // how each hears of the end
    std::uint64_t next_call_ = 0;
};

}  // namespace payments::simulate
