#include "simulate/service.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>

#include "flow/office/handle_review.hpp"
#include "flow/runs/plan_refunds.hpp"
#include "flow/runs/steer_run.hpp"
#include "flow/settlement/match_settlements.hpp"
#include "simulate/place.hpp"
#include "simulate/watched_office.hpp"
#include "simulate/watched_runs.hpp"
#include "simulate/watched_store.hpp"

namespace payments::simulate {

namespace asio = boost::asio;
using namespace std::chrono_literals;

// -------------------------------------------------------------------------------------- process

struct Service::Process {
    Process(Service& service, SqliteOptions options)
        : store(std::move(options)),
          watched(store, service.checks_, service.twin_.get()),
          office(store, service.twin_.get()),
          watched_runs(store, service.stage_, service.twin_.get()),
          waking(service.stage_.schedule),
          prompt(waking, loop.get_executor()),
          guard(asio::make_work_guard(loop)) {
        const auto& variant = service.variant_;
        if (variant.store || variant.runs)
            behind = std::make_unique<sqlite::Database>(
                Place::the().path(), sqlite::Database::Access::write, 0
            );
        if (variant.runs) broken_runs = variant.runs({watched_runs, *behind});
        if (variant.store) {
            broken_store =
                variant.store({service.stage_, watched, *behind, service.stage_.schedule.now()});
        }
        if (variant.gateway) {
            simplepay = variant.gateway({service.stage_, service.simplepay_, Processor::simplepay});
            stripe = variant.gateway({service.stage_, service.stripe_, Processor::stripe});
        }
        if (service.stage_.plan.has_settlements)
            settlements = variant.settlements
                              ? variant.settlements(service.stage_.schedule, Place::the().path())
                              : std::make_unique<SimSettlements>(
                                    service.stage_.schedule, Place::the().path()
                                );
        world.reset(new FlowContext{
            .rules = service.rules_,
            .clock = service.clock_,
            .store = broken_store ? *broken_store : watched,
            .tickets = service.tickets_,
            .simplepay = simplepay ? *simplepay : service.simplepay_,
            .stripe = stripe ? *stripe : service.stripe_,
            .returns = service.returns_,
            .on_status = [&service](Status status) { service.checks_.entered(status); },
            .office = &office,
            .runs = runs(),
            .settlements = settlements.get(),
            .prompt = service.stage_.plan.asks_promptly ? &prompt : nullptr,
        });
        telling.reset(new FlowContext{
            .rules = service.rules_,
            .clock = service.telling_clock_,
            .store = world->store,
            .tickets = service.tickets_,
            .simplepay = world->simplepay,
            .stripe = world->stripe,
            .returns = service.returns_,
            .on_status = {},
            .subscriber = &service.subscriber_,
        });
        for (std::size_t i = 0; i < processor_count; ++i)
            running[i].reset(new FlowContext{
                .rules = service.rules_,
                .clock = service.run_clocks_[i],
                .store = world->store,
                .tickets = service.tickets_,
                .simplepay = world->simplepay,
                .stripe = world->stripe,
                .returns = service.returns_,
                .on_status = {[&service](Status status) { service.checks_.entered(status); }},
                .runs = runs(),
            });
    }
    RefundRunStore* runs() { return broken_runs ? &*broken_runs : &watched_runs; }

    SqliteStore store;
    WatchedStore watched;
    WatchedOffice office;
    WatchedRuns watched_runs;
    std::unique_ptr<sqlite::Database> behind;
    std::unique_ptr<Store> broken_store;
    std::unique_ptr<RefundRunStore> broken_runs;
    std::unique_ptr<Gateway> simplepay, stripe;  // broken ones
    std::unique_ptr<SimSettlements> settlements;
    std::unique_ptr<FlowContext> world, telling;
    std::array<std::unique_ptr<FlowContext>, processor_count> running;
    WakingClock waking;
    asio::io_context loop{1};  // its coroutines go before what they use
    PromptChecks prompt;
    asio::executor_work_guard<asio::io_context::executor_type> guard;
};

Service::Service(
    Stage& stage, const Variant& variant, Checks& checks, SimSimplePay& simplepay,
    SimStripe& stripe, SimTickets& tickets, SimSubscriber& subscriber
)
    : stage_(stage),
      variant_(variant),
      checks_(checks),
      simplepay_(simplepay),
      stripe_(stripe),
      tickets_(tickets),
      subscriber_(subscriber),
      clock_(stage),
      telling_clock_(stage),
      run_checks_(stage),
      run_clocks_{SimClock{stage}, SimClock{stage}} {
    const std::set<std::string, std::less<>> currencies{"EUR", "HUF"};
    rules_.accounts = {{Processor::simplepay, currencies}, {Processor::stripe, currencies}};
    rules_.payment_time = 30min;
    rules_.simplepay_timeout = 10s;
    rules_.stripe_timeout = 10s;
    rules_.confirm = variant.confirm.value_or(stage.plan.confirm);
    rules_.refund_duplicates = stage.plan.refund_duplicates;
    // A store that meddles with SQLite's rows would be found by the twin alone.
    if (!variant.store) twin_ = std::make_unique<Twin>(stage, Place::the().reader(), variant.twin);
    Disk::the().ignore_syncs(variant.unsynced);
}

Service::~Service() { stop(); }

void Service::boot() {
    SqliteOptions options;
    options.path = Place::the().path();
    options.readers = 1;
    options.busy_timeout_ms = 0;
    options.threads = false;
    process_ = std::make_unique<Process>(*this, std::move(options));
    stage_.tell("the service is up");
    checks_.everything();
    if (twin_) twin_->begin();
    asio::co_spawn(
        process_->loop, variant_.flows.reconcile(*process_->world),
        [this](std::exception_ptr) { stage_.violate("reconciling has ended"); }
    );
    run_checks_.after_commit();
    if (stage_.plan.runs > 0)
        for (const auto processor : {Processor::simplepay, Processor::stripe})
            asio::co_spawn(
                process_->loop,
                variant_.flows.run(
                    *process_->running[static_cast<std::size_t>(processor)], processor
                ),
                [this](std::exception_ptr) { stage_.violate("refund runs have ended"); }
            );
    if (!stage_.plan.others_are_told) return;
    asio::co_spawn(
        process_->loop, variant_.flows.tell(*process_->telling),
        [this](std::exception_ptr) { stage_.violate("telling others has ended"); }
    );
}

void Service::stop() {
    if (!process_) return;
    stage_.schedule.drop_service();
    clock_.drop();
    telling_clock_.drop();
    for (auto& clock : run_clocks_) clock.drop();
    process_.reset();
    commit_is_planned_ = read_is_planned_ = settling_is_planned_ = false;
}

void Service::kill(bool power_is_lost) {
    if (!process_) return;
    ++stage_.tally.kills;
    if (power_is_lost) ++stage_.tally.power_losses;
    stage_.tell("the service is killed", power_is_lost ? ", and the power is lost" : "");
    auto& disk = Disk::the();
    disk.cut_after(1);
    stop();
    disk.restart(power_is_lost, stage_.random);
    for (auto& [number, end] : std::exchange(open_calls_, {}))
        stage_.schedule.in(1ms, Schedule::Owner::world, std::move(end));
}

// ---------------------------------------------------------------------------------- its callers

template <class T>
Task<void> Service::answer(
    Service* self, std::uint64_t number, std::string what, Task<Result<T>> flow,
    Answered<T> answered
) {
    std::optional<Result<T>> result;
    try {
        result.emplace(co_await std::move(flow));
    } catch (const StoreDown&) {
        result.emplace(Error{Errc::storage_unavailable, "the database is down"});
    } catch (const std::exception& broken) {
        self->stage_.violate(what + " threw: " + broken.what());
        co_return;
    }
    self->open_calls_.erase(number);
    if (self->stage_.is_told)
        self->stage_.tell(
            what, " is answered: ", result->has_value() ? "yes" : result->error().detail
        );
    answered(std::move(result));
}

void Service::start(StartRequest request, Answered<StartReply> answered) {
    if (!process_) return answered({});
    const auto number = next_call_++;
    ++stage_.tally.starts;
    open_calls_[number] = [answered] { answered({}); };
    Answered<StartReply> checked = [this, answered, request](auto result) {
        checks_.answered_start(request, *result);
        answered(std::move(result));
    };
    auto what = "start of " + request.code + " for ticket " + std::to_string(request.ticket_id);
    stage_.tell(what);
    asio::co_spawn(
        process_->loop,
        answer<StartReply>(
            this, number, std::move(what),
            variant_.flows.start(*process_->world, std::move(request)), std::move(checked)
        ),
        asio::detached
    );
}

void Service::come_back(std::string r, std::string s, Answered<ReturnReply> answered) {
    if (!process_) return answered({});
    const auto number = next_call_++;
    open_calls_[number] = [answered] { answered({}); };
    auto what = "return '" + r + "'";
    stage_.tell(what);
    asio::co_spawn(
        process_->loop,
        answer<ReturnReply>(
            this, number, std::move(what),
            variant_.flows.come_back(*process_->world, std::move(r), std::move(s)),
            std::move(answered)
        ),
        asio::detached
    );
}

void Service::notify(Processor from, const Notice& notice, Answered<Received> answered) {
    if (!process_) return answered({});
    const auto number = next_call_++;
    open_calls_[number] = [answered] { answered({}); };
    Answered<Received> checked = [this, answered, from, body = notice.body](auto result) {
        if (result->has_value()) checks_.acknowledged(from, body);
        answered(std::move(result));
    };
    asio::co_spawn(
        process_->loop,
        answer<Received>(
            this, number, "notice '" + notice.body + "'",
            variant_.flows.notify(*process_->world, from, notice.signature, notice.body),
            std::move(checked)
        ),
        asio::detached
    );
}

void Service::refund(RefundRequest request, Answered<RefundReply> answered) {
    if (!process_) return answered({});
    const auto number = next_call_++;
    open_calls_[number] = [answered] { answered({}); };
    auto what = "refund of TR" + std::to_string(request.transaction_id) + ", key " + request.key;
    stage_.tell(what);
    asio::co_spawn(
        process_->loop,
        answer<RefundReply>(
            this, number, std::move(what),
            variant_.flows.refund(*process_->world, std::move(request)), std::move(answered)
        ),
        asio::detached
    );
}

void Service::close(CloseRequest request) {
    if (!process_) return;
    const auto number = next_call_++;
    open_calls_[number] = [] {};
    Answered<Transaction> checked = [this](auto result) {
        if (*result) checks_.answered_close(result->value());
    };
    auto what = "a person ends TR" + std::to_string(request.transaction_id);
    stage_.tell(what);
    asio::co_spawn(
        process_->loop,
        answer<Transaction>(
            this, number, std::move(what),
            variant_.flows.close(*process_->world, std::move(request)), std::move(checked)
        ),
        asio::detached
    );
}

namespace {

// Whatever the choice says, of whichever entry: a colleague may have it, and some kinds are not
// closed by hand.
Task<Result<Review>> tend(FlowContext& context, Actor person, std::uint64_t choice) {
    const auto now = context.clock.now();
    ReviewQuery query;
    query.now = now;
    const auto reviews = co_await context.store.reviews(std::move(query));
    const auto& list = reviews.list;
    if (list.empty()) co_return Error{Errc::unknown_review, "nothing waits"};
    ReviewOrder order;
    order.entry = list[choice / 4 % list.size()].name();
    order.as = static_cast<Handling>(choice % 4);
    order.by = std::move(person);
    if (order.as == Handling::snoozed) order.until = now + std::chrono::hours{1 + choice % 24};
    if (order.as == Handling::closed) order.note = "seen to";
    Privileges everything{
        {"payments_operate", "true"},
        {"tickets_search_flags", "*"},
        {"tickets_search_years", "*"},
        {"tickets_search_events", "*"}};
    std::string traceparent;
    co_return co_await handle_review(
        context, std::move(everything), std::move(order), std::move(traceparent)
    );
}

}  // namespace

void Service::tend_worklist(Actor person, std::uint64_t choice) {
    if (!process_) return;
    const auto number = next_call_++;
    open_calls_[number] = [] {};
    auto what = person.name + " looks at the worklist";
    stage_.tell(what);
    asio::co_spawn(
        process_->loop,
        answer<Review>(
            this, number, std::move(what), tend(*process_->world, std::move(person), choice),
            [](const auto&) {}
        ),
        asio::detached
    );
}

namespace {

Privileges all_tickets() {
    return {
        {"tickets_search_flags", "*"},
        {"tickets_search_years", "*"},
        {"tickets_search_events", "*"}};
}

// As startRefundRun does, but for the hash: what starts is what was read.
Task<Result<RefundRun>> plan_and_start(FlowContext& context, Actor person, Give give) {
    RunOrder order;
    order.choice.give = give;
    order.caller = all_tickets();
    order.by = std::move(person);
    order.name = order.reason = "the event is cancelled";
    const auto read = co_await plan_refunds(context, order.caller, order.choice);
    if (!read) co_return read.error();
    order.digest = text_of(*read);
    for (const auto& sum : sums_of(*read))
        order.typed.push_back({sum.processor, Money::of(sum.minor, sum.currency).value()});
    auto plan = co_await plan_refunds(context, order.caller, order.choice);
    if (!plan) co_return plan.error();
    if (text_of(*plan) != order.digest) co_return Error{Errc::plan_changed, "it has changed"};
    co_return co_await start_run(context, std::move(order), std::move(*plan));
}

// Mostly what leads on.
Steering choose(const RefundRun& run, std::uint64_t choice) {
    using enum Steering;
    if (choice % 8 == 0) return stop;
    if (run.state == RunState::needs_release) return release;
    if (run.state == RunState::paused) return choice % 3 == 0 ? again : go_on;
    if (run.state == RunState::done) return again;
    return choice % 2 == 0 ? pause : again;
}

Task<Result<RunWithTallies>> steer_one(FlowContext& context, Actor person, std::uint64_t choice) {
    RunsQuery query{{true, {}}};
    const auto page = co_await context.runs->runs(std::move(query));
    if (page.list.empty()) co_return Error{Errc::unknown_run, "there are no runs"};
    const auto& run = page.list[choice / 8 % page.list.size()].run;
    SteeringOrder order{run.id, choose(run, choice), std::move(person), {}};
    auto caller = all_tickets();
    co_return co_await steer_run(context, std::move(caller), std::move(order));
}

}  // namespace

void Service::start_run(Actor person, Give give) {
    if (!process_) return;
    const auto number = next_call_++;
    open_calls_[number] = [] {};
    auto what = person.name + " starts a refund run: " + give.text();
    stage_.tell(what);
    asio::co_spawn(
        process_->loop,
        answer<RefundRun>(
            this, number, std::move(what),
            plan_and_start(*process_->world, std::move(person), give),
            [this](const auto& started) {
                if (*started) ++stage_.tally.runs;
            }
        ),
        asio::detached
    );
}

void Service::tend_runs(Actor person, std::uint64_t choice) {
    if (!process_) return;
    const auto number = next_call_++;
    open_calls_[number] = [] {};
    auto what = person.name + " looks after refund runs";
    stage_.tell(what);
    asio::co_spawn(
        process_->loop,
        answer<RunWithTallies>(
            this, number, std::move(what), steer_one(*process_->world, std::move(person), choice),
            [](const auto&) {}
        ),
        asio::detached
    );
}

template <class T>
void Service::ask(std::string what, Task<Result<T>> flow, Answered<T> answered) {
    const auto number = next_call_++;
    open_calls_[number] = [answered] { answered({}); };
    asio::co_spawn(
        process_->loop,
        answer<T>(this, number, std::move(what), std::move(flow), std::move(answered)),
        asio::detached
    );
}

void Service::import_settlement(SentFile file, Answered<ImportedFile> answered) {
    if (!process_) return answered({});
    auto what = "import of " + file.options.name;
    stage_.tell(what);
    ask(std::move(what), process_->settlements->import_file(std::move(file)), std::move(answered));
}

namespace {

const TimeZone& budapest() {
    static const auto zone = TimeZone::load("Europe/Budapest").value();
    return zone;
}

Task<Result<settlement::Report>> match_all(FlowContext& context, Time as_of) {
    const Moment moment{as_of};
    co_return co_await match_settlements(context.store, *context.settlements, moment);
}

Task<Result<ClosedMonth>> close_one(FlowContext& context, Schedule& schedule, MonthToClose what) {
    WakingClock clock{schedule};
    co_return co_await payments::close_month(
        context.store, *context.settlements, clock, budapest(), std::move(what)
    );
}

Task<Result<std::string>> export_all(FlowContext& context, BooksRequest request) {
    BooksExport books{context.store, *context.settlements, budapest(), request};
    std::string text;
    for (auto piece = co_await books.next(); !piece.empty(); piece = co_await books.next())
        text += piece;
    co_return text;
}

}  // namespace

void Service::match_settlements(Time as_of, Answered<settlement::Report> answered) {
    if (!process_) return answered({});
    ask("matching of settlements", match_all(*process_->world, as_of), std::move(answered));
}

void Service::close_month(MonthToClose what, Answered<ClosedMonth> answered) {
    if (!process_) return answered({});
    auto name = "close of " + settlement::journal::month_text(what.month);
    stage_.tell(name);
    ask(std::move(name), close_one(*process_->world, stage_.schedule, std::move(what)),
        std::move(answered));
}

void Service::export_books(BooksRequest request, Answered<std::string> answered) {
    if (!process_) return answered({});
    ask("export of books", export_all(*process_->world, request), std::move(answered));
}

// --------------------------------------------------------------------------------- its database

void Service::run_ready() {
    if (!process_) return;
    process_->loop.poll();
    if (twin_) twin_->catch_up();
    const auto settling = process_->settlements ? process_->settlements->waiting() : 0;
    plan(commit_is_planned_, process_->store.waiting_writes(), 1, 20, &Service::commit);
    plan(read_is_planned_, process_->store.waiting_reads(), 0, 3, &Service::read);
    plan(settling_is_planned_, settling, 1, 20, &Service::work_on_settlements);
}

// What waits is worked on a little later.
void Service::plan(
    bool& is_planned, std::size_t waiting, int least_ms, int most_ms, void (Service::*work)()
) {
    if (is_planned || waiting == 0) return;
    is_planned = true;
    const std::chrono::milliseconds delay{stage_.random.between(least_ms, most_ms)};
    stage_.schedule.in(delay, Schedule::Owner::service, [this, work] { (this->*work)(); });
}

void Service::read() {
    read_is_planned_ = false;
    process_->store.serve_reads(1);
}

// The disk refuses something of what comes now, or the process is about to die.
void Service::spoil_disk(bool dies) {
    auto& disk = Disk::the();
    auto& random = stage_.random;
    if (dies) {
        disk.cut_after(random.between(1, 8));
    } else if (stage_.strikes(stage_.plan.disk_faults)) {
        using enum Disk::Fault;
        constexpr Disk::Fault faults[] = {full, write_error, sync_error};
        disk.fail_next(faults[random.below(3)], 1);
        stage_.tell("the disk fails");
    }
}

// One group goes to disk, whole, or the disk refuses, or the process dies on the way.
void Service::commit() {
    commit_is_planned_ = false;
    auto& random = stage_.random;
    const bool dies = stage_.strikes(stage_.plan.kills / 3);
    spoil_disk(dies);
    const auto together = static_cast<std::size_t>(random.percent(70) ? 8 : 1);
    const auto served = process_->store.serve_writes(together);
    Disk::the().fail_next(Disk::Fault::full, 0);
    ++stage_.tally.commits;
    stage_.tell("a commit of ", served, dies ? ", and the end of the process" : "");
    if (dies)
        kill(random.percent(stage_.plan.power_losses));
    else
        checks_.after_commit();
    run_checks_.after_commit();
}

// So does a file of settlements.
void Service::work_on_settlements() {
    settling_is_planned_ = false;
    const bool dies = stage_.random.percent(stage_.plan.import_kills);
    spoil_disk(dies);
    process_->settlements->serve();
    Disk::the().fail_next(Disk::Fault::full, 0);
    if (dies) kill(stage_.random.percent(stage_.plan.power_losses));
}

std::optional<Time> Service::next_wake() const {
    std::optional<Time> first;
    const auto note = [&](std::optional<Time> wake) {
        if (wake && (!first || *wake < *first)) first = wake;
    };
    note(clock_.next(checks_.next_due()));
    note(telling_clock_.next(checks_.next_event_due()));
    for (const auto processor : {Processor::simplepay, Processor::stripe})
        note(run_clocks_[static_cast<std::size_t>(processor)].next(run_checks_.next_due(processor))
        );
    return first;
}

void Service::wake() {
    const auto now = stage_.schedule.now();
    if (const auto check = clock_.next(checks_.next_due()); check && *check <= now) clock_.wake();
    const auto event = telling_clock_.next(checks_.next_event_due());
    if (event && *event <= now) telling_clock_.wake();
    for (const auto processor : {Processor::simplepay, Processor::stripe}) {
        auto& clock = run_clocks_[static_cast<std::size_t>(processor)];
        const auto run = clock.next(run_checks_.next_due(processor));
        if (run && *run <= now) clock.wake();
    }
}

}  // namespace payments::simulate
