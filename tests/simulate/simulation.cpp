#include "simulate/simulation.hpp"

#include "simulate/crowd.hpp"
#include "simulate/place.hpp"
#include "simulate/settlement/accountant.hpp"
#include "storage/sqlite/numbers.hpp"

namespace payments::simulate {
namespace {

using namespace std::chrono_literals;

constexpr std::int64_t steps_max = 60'000;
constexpr auto days_max = std::chrono::days{8};

class Simulation {
public:
    Simulation(std::uint64_t seed, const Variant& variant, Options options)
        : options_(std::move(options)), variant_(variant), stage_(seed) {
        stage_.is_told = options_.is_told;
        stage_.plan = options_.plan ? *options_.plan : Plan::of(stage_.random);
        plan_settlements(seed);
        plan_delays(seed);
        if (!options_.plan) stage_.plan.asks_promptly = Random{seed ^ 0xA5C5ULL}.percent(60);
        stage_.schedule.pass_until(beginning);
        Place::the().begin_anew();
        fill_world();
    }

    Verdict run() {
        boot();
        crowd_.come();
        let_a_provider_sleep();
        set_the_database_back();
        replace_the_account();
        crowd_.look_after();
        crowd_.give_back_together();
        if (accountant_) accountant_->come();
        stage_.schedule.in(stage_.plan.faults_last, Schedule::Owner::world, [this] {
            stage_.tell("from now on everything works");
            stage_.faults_are_on = false;
        });
        while (stage_.violation.empty() && step()) {
        }
        if (stage_.violation.empty()) checks_.at_rest();
        if (stage_.violation.empty()) service_.runs_are_settled();
        if (stage_.violation.empty()) service_.at_rest();
        if (stage_.violation.empty() && accountant_) close_the_books();
        service_.stop();
        ++stage_.tally.seeds;
        return {stage_.violation, std::move(stage_.story), stage_.tally};
    }

private:
    void fill_world() {
        const auto deliver = [this](Processor from, const Notice& notice, auto answered) {
            service_.notify(from, notice, [answered](const auto& reply) {
                answered(reply && *reply);
            });
        };
        const auto opened = [this](const Payment& payment) { checks_.opened(payment); };
        simplepay_.on_opened = stripe_.on_opened = opened;
        const auto not_closed = [this](const Transaction& attempt) { checks_.not_closed(attempt); };
        simplepay_.on_not_closed = stripe_.on_not_closed = not_closed;
        simplepay_.deliver = deliver;
        stripe_.deliver = deliver;
        if (variant_.fresh_stripe_keys)
            stripe_.key_of = [this](const Transaction&) { return std::to_string(++fresh_keys_); };
        const bool is_free = stage_.random.percent(4);
        for (int id = 1; id <= stage_.plan.tickets + stage_.plan.late_tickets; ++id) {
            Ticket ticket;
            ticket.id = id;
            ticket.status = "registered";
            ticket.email = "visitor@example.com";
            for (const std::string processor : {"SIMPLE", "STRIPE-INTENTS"})
                for (const std::string currency : {"EUR", "HUF"}) {
                    TemplateOption option;
                    option.code = "FULL-FEE-" + currency + "-" + processor;
                    option.amount = is_free ? "0" : currency == "EUR" ? "220" : "104000";
                    ticket.options.push_back(std::move(option));
                }
            tickets_.tickets.emplace(id, std::move(ticket));
        }
    }

    // In one world of four. The rest of a world is what it was without.
    void plan_delays(std::uint64_t seed) {
        Random random{seed ^ 0x1A7E57A27ULL};
        if (options_.plan || !random.percent(25)) return;
        stage_.plan.held_up = random.between(0, 40);
        stage_.plan.late_lists = random.between(0, 40);
    }

    // In one world of four: they cost about as much as all else. Nobody's mistake is added to what
    // a lost database leaves unexplained.
    void plan_settlements(std::uint64_t seed) {
        auto& plan = stage_.plan;
        Random random{seed ^ 0x5E771ED0ULL};
        plan.has_settlements = options_.has_settlements || options_.mistake || seed % 4 == 3;
        if (!plan.has_settlements) return;
        if (options_.kill_at_step == 0 && random.percent(40))
            plan.import_kills = random.between(1, 15);
        auto mistake = Mistake::none;
        if (random.percent(40))
            mistake = static_cast<Mistake>(random.between(1, static_cast<int>(last_mistake)));
        mistake = plan.is_set_back ? Mistake::none : options_.mistake.value_or(mistake);
        const std::vector<const Provider*> providers{&simplepay_, &stripe_};
        accountant_.emplace(stage_, service_, providers, seed, mistake);
    }

    // Weeks later everything is paid out, and every file has come.
    void close_the_books() {
        accountant_->close();
        service_.run_ready();
        while (stage_.violation.empty() && !accountant_->is_done() && step()) {
        }
        if (!accountant_->is_done()) stage_.violate("settlements are never matched");
    }

    void let_a_provider_sleep() {
        if (!stage_.plan.providers_sleep) return;
        auto& random = stage_.random;
        const auto from = stage_.schedule.now() + random.about(1s, 20min);
        const auto who = random.percent(70) ? Processor::simplepay : Processor::stripe;
        stage_.asleep[who] = {from, from + std::chrono::minutes{random.between(5, 60)}};
        stage_.tell(name(who), " will answer no call for a while");
    }

    // A backup holds what is committed (docs/operations.md); these are the files alone, which may
    // also hold a commit that has failed, until the next one writes over it.
    void copy_the_database(int tries_left) {
        if (tries_left == 0) return;
        if (Disk::the().has_failed())
            return stage_.schedule.in(1s, Schedule::Owner::world, [this, tries_left] {
                copy_the_database(tries_left - 1);
            });
        stage_.tell("the database is copied");
        copy_ = Disk::the().image();
        copied_at_ = stage_.schedule.now();
    }

    // The service is stopped, and an older copy of its database put in the place of the newer one.
    // As docs/operations.md says, all attempts are asked about again; whether numbers are reserved
    // is up to chance, for a new database at a used account knows of none.
    void set_the_database_back() {
        if (!stage_.plan.is_set_back) return;
        auto& random = stage_.random;
        const auto copied = random.about(1s, 20min);
        stage_.schedule.in(copied, Schedule::Owner::world, [this] { copy_the_database(60); });
        stage_.schedule.in(copied + random.about(1min, 1h), Schedule::Owner::world, [this] {
            if (copy_.empty()) return;
            service_.kill(false);
            stage_.tell("the copy is put back");
            Disk::the().load(copy_);
            sqlite::Database database{Place::the().path(), sqlite::Database::Access::write, 0};
            if (stage_.random.percent(50)) sqlite::reserve_numbers(database, 1'000'000);
            database.change(
                "UPDATE transactions SET check_at = ?1, wanted_at = ?1 WHERE amount_minor > 0",
                stage_.schedule.now()
            );
            checks_.set_back(copied_at_);
            if (accountant_) accountant_->set_back(copied_at_);
            crowd_.come_again();
        });
    }

    // SimplePay's account gives way to that of another merchant. Whoever forgets to set the old one
    // up as retired does so when somebody wonders about what hangs.
    void replace_the_account() {
        if (!stage_.plan.account_is_replaced) return;
        auto& random = stage_.random;
        const auto when = random.about(1s, 40min);
        stage_.schedule.in(when, Schedule::Owner::world, [this] {
            service_.kill(false);
            stage_.has_new_account = true;
            stage_.old_account_is_set_up = stage_.plan.old_is_retired;
            stage_.tell("from now on another merchant's account is used at SimplePay");
        });
        if (stage_.plan.old_is_retired) return;
        stage_.schedule.in(when + random.about(10min, 30h), Schedule::Owner::world, [this] {
            checks_.what_hangs_is_seen();
            service_.kill(false);
            stage_.old_account_is_set_up = true;
            stage_.tell("the old account at SimplePay is set up as a retired one");
        });
    }

    void boot() {
        if (service_.is_up()) return;
        try {
            service_.boot();
        } catch (const StoreDown& down) {
            stage_.violate(std::string{"the service cannot be started again: "} + down.what());
        }
        if (accountant_ && service_.is_up()) accountant_->after_boot();
        service_.run_ready();
    }

    // One thing happens: the next in the world, or the service wakes by itself.
    bool step() {
        const auto next = stage_.schedule.next();
        const auto wake = service_.next_wake();
        if (!next && !wake) return boot_at_last();
        if (++stage_.tally.steps > steps_max || stage_.schedule.now() > beginning + days_max) {
            stage_.violate("it never comes to rest");
            return false;
        }
        if (wake && (!next || *wake <= *next)) {
            stage_.schedule.pass_until(*wake);
            service_.wake();
        } else {
            stage_.schedule.step();
        }
        service_.run_ready();
        maybe_kill();
        return true;
    }

    bool boot_at_last() {
        if (service_.is_up()) return false;
        boot();
        return true;
    }

    void maybe_kill() {
        const auto& plan = stage_.plan;
        auto& random = stage_.random;
        const bool by_plan = options_.kill_at_step == stage_.tally.steps;
        const bool by_chance =
            stage_.faults_are_on && plan.kills > 0 && random.below(1000) < plan.kills;
        if (service_.is_up() && (by_plan || by_chance))
            service_.kill(by_plan ? options_.power_is_lost : random.percent(plan.power_losses));
        if (service_.is_up() || boot_is_planned_) return;
        boot_is_planned_ = true;
        stage_.schedule.in(random.about(50ms, 10min), Schedule::Owner::world, [this] {
            boot_is_planned_ = false;
            boot();
        });
    }

    const Options options_;
    const Variant& variant_;
    Stage stage_;
    SimSimplePay simplepay_{stage_};
    SimStripe stripe_{stage_};
    SimTickets tickets_{stage_};
    SimSubscriber subscriber_{stage_};
    Checks checks_{stage_, simplepay_, stripe_, subscriber_};
    Service service_{stage_, variant_, checks_, simplepay_, stripe_, tickets_, subscriber_};
    Crowd crowd_{stage_, service_, simplepay_, stripe_};
    std::optional<Accountant> accountant_;
    bool boot_is_planned_ = false;
    Disk::Image copy_;
    Time copied_at_{};
    std::int64_t fresh_keys_ = 0;
};

}  // namespace

Verdict simulate(std::uint64_t seed, const Variant& variant, Options options) {
    Simulation simulation{seed, variant, std::move(options)};
    return simulation.run();
}

}  // namespace payments::simulate
