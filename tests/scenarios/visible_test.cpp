// Nobody is told of what is outside: whatever a caller asks, the answer is that of a store that
// holds only what the caller may see.
#include <random>
#include <set>

#include "fixtures/scenario.hpp"
#include "flow/office/act.hpp"
#include "flow/office/handle_review.hpp"
#include "flow/office/sight.hpp"
#include "flow/office/work_events.hpp"
#include "flow/runs/plan_refunds.hpp"
#include "flow/ticket_scope.hpp"
#include "http/api/office/export_money.hpp"
#include "http/api/office/wire.hpp"
#include "http/api/office/work_wire.hpp"
#include "support/event_body.hpp"

namespace payments {

using namespace testing_support;

class VisibleScenario : public Scenario {
protected:
    struct Payment {
        std::int64_t id, ticket_id;
        std::string code, email;
        Time opened_at;
        std::optional<TicketScope> scope;
        std::vector<Fact> facts;
    };

    template <class List>
    auto one_of(const List& list) {
        return list[random() % list.size()];
    }
    bool perhaps(unsigned of = 2) { return random() % of == 0; }

    // Clocks of replicas may differ by more than is reckoned with; nothing is told all the same.
    std::chrono::minutes some_difference() {
        return perhaps(3) ? std::chrono::minutes{static_cast<int>(random() % 300) - 150} : 0min;
    }
    TicketScope some_scope() {
        const std::vector<std::string> flags{"HU", "INT", ""}, years{"26", "27"},
            events{"OZ", "CAMP"};
        return {one_of(flags), one_of(years), one_of(events)};
    }
    Privileges some_privileges() {
        const std::vector<std::string> flags{"*", "HU", "INT", "HU,INT", "DE"},
            years{"*", "26", "27", "26, 27"}, events{"*", "OZ", "CAMP"};
        Privileges made{{"payments_search", "true"}};
        for (const std::string family : {"tickets_search_", "tickets_get_"}) {
            if (perhaps(3)) continue;
            if (!perhaps(5)) made[family + "flags"] = one_of(flags);
            made[family + "years"] = one_of(years);
            made[family + "events"] = one_of(events);
        }
        if (perhaps(6))
            for (const auto* part : {"flags", "years", "events"})
                made[std::string{"tickets_get_"} + part] = "*";
        return made;
    }
    std::vector<Fact> some_facts(std::int64_t id) {
        const auto number = std::to_string(id);
        std::vector<std::vector<Fact>> stories{
            {},
            {accepted("50" + number)},
            {accepted("50" + number), captured()},
            {accepted("50" + number), captured(), refunded("60" + number, 1000)},
            {accepted("50" + number), captured(), fact(FactKind::disputed, "dp_" + number)},
            {fact(FactKind::failed)},
            {captured(21000)}};
        return one_of(stories);
    }

    // Each of a fee of its own, so that none stands in another's way.
    void make_payments(int count) {
        payments.clear();
        const std::vector<std::string> emails{"eva@example.org", "adam@example.org"};
        for (std::int64_t id = 1; id <= count; ++id) {
            const std::int64_t ticket = 1 + static_cast<std::int64_t>(random() % 9);
            const auto* processor = perhaps() ? "SIMPLE" : "STRIPE-INTENTS";
            const auto known = std::ranges::find(payments, ticket, &Payment::ticket_id);
            auto scope = known != payments.end() ? known->scope
                         : perhaps(5)            ? std::nullopt
                                                 : std::optional{some_scope()};
            payments.push_back(
                {id, ticket, "FEE" + std::to_string(id) + "-EUR-" + processor, one_of(emails),
                 noon + std::chrono::minutes{7 * id} + some_difference(), std::move(scope),
                 some_facts(id)}
            );
        }
    }
    void put(Store& into, const Payment& payment, bool has_note = true) {
        await(into.reserve_numbers(payment.id - 1));
        auto opened = attempt(payment.ticket_id, payment.code, payment.opened_at);
        opened.email = payment.email;
        if (payment.scope) opened.scope_id = await(into.scope_id(*payment.scope));
        ASSERT_EQ(await(into.open(std::move(opened))).transaction.id, payment.id);
        const auto at = payment.opened_at + 1min;
        auto facts = payment.facts;
        await(into.record(Heard::about(payment.id, Source::query, at, std::move(facts))));
        if (payment.id % 2 == 0 || !has_note) return;
        ActionDetails details{{"text", "on " + payment.email}};
        NewAction note{ActionKind::note, {"anna", "Anna"}, at, payment.id, std::move(details)};
        ASSERT_TRUE(await(into.record_action(std::move(note))));
    }
    // Another scope for all payments of one ticket.
    void move_one(Store& in) {
        const auto ticket = one_of(payments).ticket_id;
        const auto scope = some_scope();
        const auto id = await(in.scope_id(scope));
        await(in.move_ticket(ticket, id));
        for (auto& payment : payments)
            if (payment.ticket_id == ticket) payment.scope = scope;
    }
    static bool is_seen(const Payment& payment, const Privileges& caller) {
        return payment.scope ? may_see_ticket(caller, *payment.scope).has_value()
                             : may_see_every_ticket(caller);
    }

    FindQuery some_query() {
        FindQuery query;
        const auto id = std::to_string(1 + random() % payments.size());
        const std::vector<std::string> texts{
            "TR" + id,  id,        "50" + id, "60" + id, "eva@example.org",
            "dp_" + id, "220 EUR", "TR99999", "1 EUR"};
        if (perhaps()) query.text = read_search_text(one_of(texts));
        const std::vector<std::vector<Status>> statuses{
            {Status::paid},
            {Status::paid, Status::review, Status::disputed},
            {Status::review, Status::disputed, Status::review},
            {Status::partially_refunded}};
        if (perhaps(3)) query.statuses = one_of(statuses);
        if (perhaps(4)) query.processors = {Processor::stripe};
        if (perhaps(6)) query.ticket_id = one_of(payments).ticket_id;
        if (perhaps(6)) query.fee_types = {"FEE" + id};
        if (perhaps(4)) query.created_from = one_of(payments).opened_at;
        if (perhaps(4)) query.created_to = one_of(payments).opened_at;
        if (perhaps(5)) query.paid_from = one_of(payments).opened_at;
        if (perhaps(5)) query.paid_to = one_of(payments).opened_at;
        if (perhaps(5)) query.amount_to_minor = 22000;
        query.limit = 1 + random() % 7;
        query.looked_at_max = one_of(std::vector{1, 3, 3, 20'000});
        return query;
    }
    // All pages, as they are answered.
    std::string pages(FlowContext& of, const Privileges& caller, FindQuery query) {
        std::string text;
        while (true) {
            const auto found = await(find_payments(of, caller, query));
            for (const auto& one : found.page.list)
                text += json::write(http::write_summary(one, found.scopes));
            text += found.page.next ? "\n" + std::to_string(*found.page.next) + "\n" : "end";
            if (!found.page.next) return text;
            query.after = found.page.next;
        }
    }
    ExportRequest some_file() {
        using What = ExportRequest::What;
        static const auto zone = TimeZone::load("Europe/Budapest").value();
        const std::vector<What> sorts{
            What::movements, What::payments, What::refunds, What::daily_totals};
        ExportRequest request;
        request.what = one_of(sorts);
        request.from = one_of(payments).opened_at;
        request.to = request.from + std::chrono::minutes{random() % 240};
        request.by_creation = perhaps();
        request.is_personal = perhaps();
        if (perhaps(4)) request.lines_max = 2;
        if (perhaps(4)) request.processors = {Processor::stripe};
        if (request.what != What::daily_totals) return request;
        request.from = zone.start_of(zone.day_of(request.from));
        request.to = request.from + 24h;
        return request;
    }
    std::string file(FlowContext& of, const Privileges& caller, const ExportRequest& request) {
        static const auto zone = TimeZone::load("Europe/Budapest").value();
        http::MoneyExport lines{of.store, await(sight_of(of, caller)), request, zone};
        std::string text;
        for (auto piece = await(lines.next()); !piece.empty(); piece = await(lines.next()))
            text += piece;
        return text;
    }
    std::string story(FlowContext& of, const Privileges& caller, std::int64_t id) {
        auto opened = await(open_payment(of, caller, id, ""));
        if (!opened) return opened.error().detail;
        // Numbers of events count those of all payments, as those of payments do.
        for (auto& event : opened->told) event.number = 1;
        for (auto& note : opened->notes) note.id = 1;
        return json::write(http::write_story(*opened, {}, "", clock.time));
    }

    // Their tickets are where they are.
    void place_tickets() {
        for (const auto& payment : payments) {
            auto& ticket = tickets.tickets[payment.ticket_id];
            const auto now = payment.scope.value_or(TicketScope{});
            ticket.id = payment.ticket_id;
            ticket.flag = now.flag;
            ticket.year = now.year;
            ticket.event = now.event;
        }
    }
    // The worklist, what was done and what others are told, page by page. Numbers of actions and of
    // events count those of all payments.
    std::string work(FlowContext& of, const Privileges& caller) {
        std::string text;
        ReviewQuery query{clock.time, 2};
        for (bool more = true; more;) {
            const auto found = await(reviews_in_scope(of, caller, query, "")).value();
            for (const auto& one : found.list) text += json::write(http::write_review(one));
            text += " of " + std::to_string(found.total()) + "\n";
            more = !found.is_end;
            if (more) query.after = found.list.back().place;
        }
        ActionsQuery actions{await(sight_of(of, caller))};
        actions.limit = 2;
        for (bool more = true; more;) {
            auto page = await(of.office->actions(actions));
            more = !page.is_end;
            if (more) actions.after = ActionPlace{page.list.back().at, page.list.back().id};
            for (auto& one : page.list) {
                one.id = 1;
                text += json::write(http::write_action(one));
            }
            text += "\n";
        }
        EventsQuery events{await(sight_of(of, caller))};
        events.limit = 3;
        for (bool more = true; more;) {
            auto page = await(of.office->find_events(events));
            more = !page.is_end;
            if (more) events.after = page.list.back().number;
            for (auto& one : page.list) {
                one.number = 1;
                text += json::write(http::write_outgoing(one, event_body(one)));
            }
            text += "\n";
        }
        const auto backlog = await(of.office->backlog_in(events.sight));
        return text + std::to_string(backlog.waiting) + " " + std::to_string(backlog.dead);
    }
    std::string handle(
        FlowContext& of, const Privileges& caller, std::int64_t id, ReviewKind kind, Handling as
    ) {
        ReviewOrder order{{kind, id}, as};
        order.by = {"anna", "Anna"};
        order.note = "seen";
        const auto handled = await(handle_review(of, caller, std::move(order), ""));
        return handled ? json::write(http::write_review(*handled)) : handled.error().detail;
    }

    // What would go back, of all that is found and of all that is named.
    std::string plans(FlowContext& of, const Privileges& caller) {
        RefundChoice found, named;
        for (std::int64_t id = 1; id <= std::ssize(payments) + 1; ++id)
            named.transaction_ids.push_back(id);
        std::string text;
        for (const auto& choice : {found, named}) {
            const auto plan = await(plan_refunds(of, caller, choice)).value();
            text += text_of(plan);
            for (const auto& [why, ids] : plan.left_out) {
                text += std::string{name(why)} + ":";
                for (const auto id : ids) text += " " + std::to_string(id);
                text += "\n";
            }
        }
        return text;
    }
    // A run of every `which`-th payment of four.
    std::vector<std::int64_t> payments_of_run(std::int64_t which) {
        std::vector<std::int64_t> ids;
        for (const auto& payment : payments)
            if (payment.id % 4 == which) ids.push_back(payment.id);
        return ids;
    }
    void put_run(RefundRunStore& into, std::int64_t which) {
        NewAction action{ActionKind::refund_run, {"kata", "Kata"}, noon, {}, {}};
        NewRun order{{}, {}, std::move(action)};
        order.run.name = order.run.digest = "run of " + std::to_string(which);
        order.run.started_at = noon;
        for (const auto id : payments_of_run(which))
            order.items.emplace_back(PlannedRefund{id, Processor::stripe, eur(100 + id), 0});
        const SightOfScopes everywhere{true, {}};
        ASSERT_TRUE(await(into.start_run(std::move(order), everywhere)));
    }
    std::string runs(FlowContext& of, const Privileges& caller) {
        std::string text;
        RunsQuery query{await(sight_of(of, caller))};
        query.limit = 2;
        for (bool more = true; more;) {
            const auto page = await(of.runs->runs(query));
            for (const auto& one : page.list) {
                const auto alone = await(of.runs->run(one.run.id, query.sight));
                text += one.run.name + (alone ? " " : " and yet it is not there ");
                for (const auto& sum : one.sums()) text += std::to_string(sum.minor) + " ";
            }
            more = !page.is_end;
            if (more) query.after = page.list.back().run.id;
        }
        return text;
    }

    std::vector<Payment> payments;
    std::mt19937 random;
};

// A store of its own with what this caller may see, and a world around it.
class OnlyVisible {
public:
    OnlyVisible(const FlowContext& like)
        : world{like.rules,     like.clock,  *store,       like.tickets,
                like.simplepay, like.stripe, like.returns, [](Status) {}} {
        world.office = &*store;
        world.runs = &*store;
    }
    ~OnlyVisible() {
        store.reset();
        kind.drop_place(place);
    }

    const StoreKind kind = sqlite_kind();
    const std::string place = kind.make_place();
    std::unique_ptr<ServiceStore> store = kind.open(place);
    FlowContext world;
};

TEST_F(VisibleScenario, every_answer_is_that_of_a_store_with_the_visible_rows_alone) {
    for (unsigned seed = 1; seed <= 8; ++seed) {
        random.seed(seed);
        make_payments(30);
        const auto own_place = stores.make_place();
        auto own = stores.open(own_place);
        FlowContext all{rules, clock, *own, tickets, simplepay, stripe, returns, [](Status) {}};
        for (const auto& payment : payments) put(*own, payment);

        for (int caller = 0; caller < 5; ++caller) {
            for (int i = 0; i < 2; ++i) move_one(*own);
            const auto privileges = some_privileges();
            OnlyVisible only{world};
            for (const auto& payment : payments)
                if (is_seen(payment, privileges)) put(*only.store, payment);
            for (int i = 0; i < 40; ++i) {
                const auto query = some_query();
                EXPECT_EQ(pages(all, privileges, query), pages(only.world, privileges, query))
                    << "seed " << seed << ", caller " << caller << ", query " << i;
            }
            for (int i = 0; i < 4; ++i) {
                const auto request = some_file();
                EXPECT_EQ(file(all, privileges, request), file(only.world, privileges, request))
                    << "seed " << seed << ", caller " << caller << ", file " << i;
            }
        }
        own.reset();
        stores.drop_place(own_place);
    }
}

TEST_F(VisibleScenario, an_opened_payment_is_that_of_a_store_with_the_visible_rows_alone) {
    for (unsigned seed = 1; seed <= 6; ++seed) {
        random.seed(seed);
        make_payments(12);
        const auto own_place = stores.make_place();
        auto own = stores.open(own_place);
        FlowContext all{rules, clock, *own, tickets, simplepay, stripe, returns, [](Status) {}};
        for (const auto& payment : payments) put(*own, payment);
        // Where they are now, which for some is somewhere else than when they were opened.
        for (auto& payment : payments) {
            auto& ticket = tickets.tickets[payment.ticket_id];
            if (ticket.id == 0) {
                const auto now = !payment.scope || perhaps() ? some_scope() : *payment.scope;
                ticket.id = payment.ticket_id;
                ticket.flag = now.flag;
                ticket.year = now.year;
                ticket.event = now.event;
            }
            payment.scope = ticket.scope();
        }
        for (int caller = 0; caller < 4; ++caller) {
            const auto privileges = some_privileges();
            OnlyVisible only{world};
            for (const auto& payment : payments)
                if (is_seen(payment, privileges)) put(*only.store, payment);
            for (const auto& payment : payments)
                EXPECT_EQ(
                    story(all, privileges, payment.id), story(only.world, privileges, payment.id)
                ) << "seed "
                  << seed << ", TR" << payment.id;
            // All have been asked for, so all are where they are now.
            FindQuery everything;
            everything.limit = 5;
            EXPECT_EQ(
                pages(all, privileges, everything), pages(only.world, privileges, everything)
            );
        }
        own.reset();
        stores.drop_place(own_place);
        for (std::int64_t ticket = 1; ticket <= 9; ++ticket) tickets.tickets.erase(ticket);
    }
}

TEST_F(VisibleScenario, a_note_is_written_on_what_is_visible_and_on_nothing_else) {
    for (unsigned seed = 1; seed <= 4; ++seed) {
        random.seed(seed);
        make_payments(10);
        const auto own_place = stores.make_place();
        auto own = stores.open(own_place);
        for (auto& payment : payments) {
            auto& ticket = tickets.tickets[payment.ticket_id];
            const auto now = payment.scope.value_or(TicketScope{});
            ticket.id = payment.ticket_id;
            ticket.flag = now.flag;
            ticket.year = now.year;
            ticket.event = now.event;
        }
        FlowContext all{rules, clock, *own, tickets, simplepay, stripe, returns, [](Status) {}};
        for (const auto& payment : payments) put(*own, payment);
        for (int caller = 0; caller < 6; ++caller) {
            const auto privileges = some_privileges();
            for (const auto& payment : payments) {
                const auto before = await(own->actions_of(payment.id, {})).size();
                const auto known = await(find_transaction(all, privileges, payment.id, ""));
                const auto seen = may_see_ticket(privileges, payment.scope.value_or(TicketScope{}));
                EXPECT_EQ(known.has_value(), seen.has_value() && has_scope(privileges));
                if (!known) continue;
                NoteRequest note{payment.id, "seen", {"anna", "Anna"}};
                ASSERT_TRUE(await(add_note(all, std::move(note))));
                EXPECT_EQ(await(own->actions_of(payment.id, {})).size(), before + 1);
            }
        }
        EXPECT_EQ(stores.verify(own_place).differences, std::vector<Difference>{});
        own.reset();
        stores.drop_place(own_place);
        for (std::int64_t ticket = 1; ticket <= 9; ++ticket) tickets.tickets.erase(ticket);
    }
}

TEST_F(VisibleScenario, work_is_that_of_a_store_with_the_visible_rows_alone) {
    for (unsigned seed = 1; seed <= 5; ++seed) {
        random.seed(seed);
        make_payments(20);
        const auto own_place = stores.make_place();
        auto own = stores.open(own_place);
        FlowContext all{rules, clock, *own, tickets, simplepay, stripe, returns, [](Status) {}};
        all.office = &*own;
        for (const auto& payment : payments) put(*own, payment);
        const auto then = payments;
        for (int i = 0; i < 3; ++i) move_one(*own);
        place_tickets();
        clock.time = noon + 24h;
        for (int caller = 0; caller < 5; ++caller) {
            const auto privileges = some_privileges();
            OnlyVisible only{world};
            for (std::size_t i = 0; i < payments.size(); ++i)
                if (is_seen(payments[i], privileges))
                    put(*only.store, payments[i], is_seen(then[i], privileges));
            EXPECT_EQ(work(all, privileges), work(only.world, privileges)) << "seed " << seed;
        }
        own.reset();
        stores.drop_place(own_place);
    }
}

TEST_F(VisibleScenario, an_entry_is_handled_where_it_is_visible_and_nowhere_else) {
    for (unsigned seed = 1; seed <= 4; ++seed) {
        random.seed(seed);
        make_payments(12);
        place_tickets();
        clock.time = noon + 24h;
        for (int caller = 0; caller < 3; ++caller) {
            const auto own_place = stores.make_place();
            auto own = stores.open(own_place);
            FlowContext all{rules, clock, *own, tickets, simplepay, stripe, returns, [](Status) {}};
            all.office = &*own;
            const auto privileges = some_privileges();
            OnlyVisible only{world};
            for (const auto& payment : payments) {
                put(*own, payment);
                const bool is_inside =
                    has_scope(privileges) &&
                    may_see_ticket(privileges, payment.scope.value_or(TicketScope{})).has_value();
                if (is_inside) put(*only.store, payment);
            }
            for (const auto& payment : payments)
                for (const auto kind : {ReviewKind::mismatch, ReviewKind::dispute})
                    for (const auto as : {Handling::mine, Handling::closed, Handling::released})
                        EXPECT_EQ(
                            handle(all, privileges, payment.id, kind, as),
                            handle(only.world, privileges, payment.id, kind, as)
                        ) << "seed "
                          << seed << ", TR" << payment.id;
            EXPECT_EQ(stores.verify(own_place).differences, std::vector<Difference>{});
            own.reset();
            stores.drop_place(own_place);
        }
        for (std::int64_t ticket = 1; ticket <= 9; ++ticket) tickets.tickets.erase(ticket);
    }
}

TEST_F(VisibleScenario, refund_runs_are_those_of_a_store_with_the_visible_rows_alone) {
    std::set<std::string> seen;
    for (unsigned seed = 1; seed <= 6; ++seed) {
        random.seed(seed);
        make_payments(12);
        const auto own_place = stores.make_place();
        auto own = stores.open(own_place);
        FlowContext all{rules, clock, *own, tickets, simplepay, stripe, returns, [](Status) {}};
        all.runs = &*own;
        for (const auto& payment : payments) put(*own, payment);
        for (int caller = 0; caller < 8; ++caller) {
            // Plans are compared before there are runs, which a plan leaves alone.
            if (caller == 4)
                for (std::int64_t which = 0; which < 4; ++which) put_run(*own, which);
            move_one(*own);
            const auto privileges = some_privileges();
            const auto sees = [&](std::int64_t id) {
                return is_seen(payments[static_cast<std::size_t>(id - 1)], privileges);
            };
            OnlyVisible only{world};
            for (const auto& payment : payments)
                if (sees(payment.id)) put(*only.store, payment);
            if (caller < 4) {
                EXPECT_EQ(plans(all, privileges), plans(only.world, privileges)) << seed;
                continue;
            }
            for (std::int64_t which = 0; which < 4; ++which)
                if (std::ranges::all_of(payments_of_run(which), sees)) put_run(*only.store, which);
            const auto told = runs(all, privileges);
            EXPECT_EQ(told, runs(only.world, privileges)) << seed;
            seen.insert(told);
        }
        own.reset();
        stores.drop_place(own_place);
    }
    EXPECT_GE(seen.size(), 3u) << "some saw none, some a part, some all";
}

}  // namespace payments
