// What no notification has brought is learned from what the provider keeps.
#include <limits>

#include "fixtures/scenario.hpp"
#include "flow/backfill_events.hpp"
#include "flow/checks/reconcile_transactions.hpp"

namespace payments {

using namespace testing_support;

namespace {

// A provider that keeps what it has told, newest first.
struct ScriptedEvents : ProviderEventSource {
    std::vector<Notification> kept;
    std::size_t page_size = 2;
    std::optional<std::size_t> silent_after;  // so many pages
    std::vector<ProviderEventQuery> asked;    // the query of every first page

    Task<ProviderEventPage> list(ProviderEventQuery query, std::string after) override {
        if (after.empty()) asked.push_back(query);
        ProviderEventPage page;
        if (silent_after && (*silent_after)-- == 0) co_return page;
        page.answered = true;
        auto from = kept.begin();
        while (!after.empty() && (from++)->heard.message->identity != after) {
        }
        const auto left = static_cast<std::size_t>(kept.end() - from);
        for (std::size_t i = 0; i < std::min(left, page_size); ++i) page.events.push_back(from[i]);
        page.has_more = left > page_size;
        if (!page.events.empty()) page.last_id = page.events.back().heard.message->identity;
        co_return page;
    }
};

}  // namespace

class CatchingUp : public Scenario {
protected:
    // Stripe has told this about an attempt, after everything it told before.
    void tells(std::int64_t id, std::vector<Fact> facts, const std::string& identity) {
        SignedMessage message{Processor::stripe, identity, "", "{}"};
        auto heard = Heard::notification(
            MatchCriteria{id, "", Processor::stripe}, Source::webhook, clock.time, std::move(facts),
            std::move(message)
        );
        events.kept.insert(events.kept.begin(), Notification{std::move(heard)});
    }
    BackfillResult learn() {
        std::set<std::string> known;
        return await(backfill_events(world, events, {clock.time - 72h, true}, known));
    }
    // `serve` in the background, for so many rounds.
    void rounds(int count) {
        clock.sleeps_max = static_cast<int>(clock.slept_until.size()) + count - 1;
        EXPECT_THROW(await(keep_backfilling(world, events)), SleptEnough);
    }
    static std::vector<std::string> told(const std::vector<StatusChange>& changes) {
        std::vector<std::string> lines;
        for (const auto& [reference, before, after] : changes)
            lines.push_back(
                reference + " " + std::string{name(before)} + " -> " + std::string{name(after)}
            );
        return lines;
    }
    using Lines = std::vector<std::string>;

    ScriptedEvents events;
};

TEST_F(CatchingUp, learns_what_no_webhook_has_brought_the_oldest_first) {
    const auto id = started(stripes);
    tells(id, {capture_of(id)}, "evt_1");
    auto back = word(id, FactKind::refunded, "re_1");
    back.amount = eur(100);
    tells(id, {back}, "evt_2");
    tells(id, {}, "evt_3");

    const auto backfilled = learn();
    EXPECT_TRUE(backfilled.complete);
    EXPECT_EQ(backfilled.heard, 3U);
    EXPECT_EQ(backfilled.matched, 3U);
    EXPECT_EQ(
        told(backfilled.changes), (Lines{"TR1 pending -> paid", "TR1 paid -> partially_refunded"})
    );
    EXPECT_EQ(story(id), "accepted captured refunded");
    EXPECT_EQ(outbox(), (Lines{"payment.paid", "payment.refunded"}));
}

TEST_F(CatchingUp, an_event_that_its_webhook_brought_before_or_brings_later_counts_once) {
    const auto id = started(stripes);
    webhook(id, {capture_of(id)}, "evt_1");
    tells(id, {capture_of(id)}, "evt_1");
    EXPECT_TRUE(learn().changes.empty());

    tells(id, {word(id, FactKind::disputed, "dp_1")}, "evt_2");
    EXPECT_EQ(told(learn().changes), Lines{"TR1 paid -> disputed"});
    EXPECT_EQ(story(id), "accepted captured disputed");
    // Its signed bytes are kept as they come, for what was acknowledged must be on record.
    const auto kept = messages_kept();
    EXPECT_EQ(webhook(id, {word(id, FactKind::disputed, "dp_1")}, "evt_2").status, 200);
    EXPECT_EQ(messages_kept(), kept + 1);
    EXPECT_EQ(story(id), "accepted captured disputed");
}

TEST_F(CatchingUp, an_event_about_nothing_of_ours_is_not_kept) {
    tells(777, {fact(FactKind::cancelled)}, "evt_1");
    const auto backfilled = learn();
    EXPECT_EQ(backfilled.heard, 1U);
    EXPECT_EQ(backfilled.matched, 0U);
    EXPECT_EQ(messages_kept(), 0);
    EXPECT_TRUE(unmatched_reasons().empty());
}

TEST_F(CatchingUp, one_event_that_the_database_refuses_costs_none_of_the_others) {
    const auto refused = started(stripes, 42), other = started(stripes, 43);
    tells(refused, {capture_of(refused)}, "evt_1");
    tells(other, {capture_of(other)}, "evt_2");
    store.before_record = [&](const Heard& heard) {
        if (heard.subject.transaction_id == refused) throw std::logic_error{"no such text"};
    };
    const auto backfilled = learn();
    EXPECT_TRUE(backfilled.complete);
    EXPECT_EQ(backfilled.matched, 1U);
    EXPECT_EQ(status(other), "paid");
    EXPECT_EQ(status(refused), "pending");
    const auto log = logged();
    EXPECT_NE(log.find("a listed event is passed over"), log.npos) << log;
    EXPECT_NE(log.find("evt_1"), log.npos) << log;
}

TEST_F(CatchingUp, what_was_told_before_the_silence_is_learned_and_the_rest_another_time) {
    const auto id = started(stripes);
    tells(id, {capture_of(id)}, "evt_1");
    tells(id, {}, "evt_2");
    tells(id, {}, "evt_3");
    events.silent_after = 1;
    const auto backfilled = learn();
    EXPECT_FALSE(backfilled.complete);
    EXPECT_EQ(backfilled.matched, 2U);
    EXPECT_EQ(status(id), "pending");
    events.silent_after.reset();
    EXPECT_TRUE(learn().complete);
    EXPECT_EQ(status(id), "paid");
}

TEST_F(CatchingUp, happens_at_once_and_every_five_minutes_three_days_back) {
    const auto from = clock.time;
    rounds(3);
    ASSERT_EQ(events.asked.size(), 3U);
    for (std::size_t i = 0; i < 3; ++i) {
        EXPECT_EQ(events.asked[i].since, from + i * 5min - 72h);
        EXPECT_TRUE(events.asked[i].only_undelivered);
    }
}

TEST_F(CatchingUp, what_was_taken_is_passed_over_for_an_hour) {
    const auto id = started(stripes);
    tells(id, {capture_of(id)}, "evt_1");
    rounds(1);
    EXPECT_EQ(status(id), "paid");
    const auto records = [&] { return std::ranges::count(store.calls, "record"); };
    const auto before = records();
    const auto from = clock.time;
    rounds(1);  // a new process knows nothing of it
    EXPECT_EQ(records(), before + 1);
    rounds(12);
    EXPECT_EQ(records(), before + 2);
    EXPECT_LT(clock.time - from, 1h);
}

TEST_F(CatchingUp, goes_on_when_the_database_comes_back) {
    const auto id = started(stripes);
    tells(id, {capture_of(id)}, "evt_1");
    store.lose("record");
    rounds(2);
    EXPECT_EQ(status(id), "pending");
    store.restore();
    rounds(1);
    EXPECT_EQ(status(id), "paid");
    EXPECT_NE(logged().find("catching up is put off"), std::string::npos);
}

TEST_F(CatchingUp, an_event_leaves_a_question_that_is_due_as_it_is) {
    const auto id = started(stripes);
    webhook(id, {capture_of(id)});
    tells(id, {}, "evt_1");
    events.kept.front().heard.check_now = true;  // something was given back, but not what
    tells(id, {word(id, FactKind::disputed, "dp_1")}, "evt_2");
    tells(id, {capture_of(id)}, "evt_3");
    learn();
    EXPECT_EQ(reconcile(), 1U) << "the question of evt_1 is asked";
}

// -------------------------------------------------------------------------------- reconciling by
// hand

class Sweeping : public CatchingUp {
protected:
    ReconcileResult swept(ReconcileRequest request) {
        std::vector<ProviderEventSource*> sources{&events, &retired};
        auto result =
            await(reconcile_transactions(world, sources, request, [](const ReconcileResult&) {}));
        EXPECT_TRUE(result);
        return result.value();
    }
    ScriptedEvents retired;  // of an account that takes no payments any more
};

TEST_F(Sweeping, asks_about_everything_that_is_open_and_tells_what_changed) {
    const auto paid = started(stripes, 42);
    const auto lost = started(simple, 43);
    const auto over = started(stripes, 44);
    webhook(over, {capture_of(over)});
    stripe.on_ask = [&](const Transaction& attempt) { return said({capture_of(attempt.id)}); };
    simplepay.on_ask = [](const Transaction&) { return silence(); };

    const auto result = swept({});
    EXPECT_EQ(result.asked, 2U);
    EXPECT_EQ(result.answered, 1U);
    EXPECT_EQ(told(result.changes), Lines{read(paid).reference() + " pending -> paid"});
    EXPECT_EQ(result.silent, Lines{read(lost).reference()});
    EXPECT_TRUE(events.asked.empty());
    EXPECT_EQ(stripe.asked.size(), 1U);
}

TEST_F(Sweeping, since_a_moment_final_ones_are_asked_about_too_and_all_events_are_read) {
    const auto before = started(stripes, 42);
    webhook(before, {capture_of(before)});
    pass(1h);
    const auto since = clock.time;
    const auto after = started(stripes, 43);
    webhook(after, {capture_of(after)});
    tells(before, {word(before, FactKind::disputed, "dp_1")}, "evt_9");
    stripe.on_ask = [&](const Transaction& attempt) {
        auto by_hand = word_of(attempt, FactKind::refunded, "re_1");
        by_hand.amount = attempt.amount;
        return said({word_of(attempt, FactKind::captured), by_hand});
    };

    const auto result = swept({{}, since});
    EXPECT_EQ(told(result.changes), (Lines{"TR1 paid -> disputed", "TR2 paid -> refunded"}));
    EXPECT_EQ(result.asked, 1U);
    EXPECT_FALSE(events.asked.at(0).only_undelivered);
    EXPECT_EQ(events.asked.at(0).since, since);
}

TEST_F(Sweeping, the_events_of_every_account_are_read) {
    const auto id = started(stripes, 42);
    webhook(id, {capture_of(id)});
    tells(id, {word(id, FactKind::disputed, "dp_1")}, "evt_9");
    std::swap(events.kept, retired.kept);
    const auto since = clock.time - 1h;

    const auto result = swept({{}, since});
    EXPECT_EQ(told(result.changes), Lines{"TR1 paid -> disputed"});
    EXPECT_TRUE(result.events.complete);
    EXPECT_EQ(result.events.heard, 1U);

    retired.silent_after = 0;
    EXPECT_FALSE(swept({{}, since}).events.complete);
}

TEST_F(Sweeping, one_transaction_is_asked_about_whatever_its_status) {
    const auto id = started(stripes, 42);
    webhook(id, {capture_of(id)});
    started(stripes, 43);
    EXPECT_EQ(swept({id, {}}).asked, 1U);
    EXPECT_EQ(stripe.asked, (std::vector<std::vector<std::int64_t>>{{id}}));

    std::vector<ProviderEventSource*> sources;
    const auto none =
        await(reconcile_transactions(world, sources, {777, {}}, [](const ReconcileResult&) {}));
    EXPECT_EQ(none.error().code, Errc::unknown_transaction);
}

TEST_F(Sweeping, what_has_ended_here_and_is_open_at_the_provider_is_closed_there) {
    const auto id = started(stripes, 42);
    webhook(id, {word(id, FactKind::failed)});
    auto open = said({word(id, FactKind::accepted)});
    open.is_payable = open.is_cancellable = true;
    stripe.on_ask = [&](const Transaction&) { return open; };
    swept({id, {}});
    EXPECT_EQ(stripe.cancelled, std::vector<std::int64_t>{id});
    EXPECT_EQ(status(id), "failed");
}

// The database is an older copy: of what was opened after it only the providers know.
class SweepingAfterRestore : public Sweeping {
protected:
    void SetUp() override {
        Sweeping::SetUp();
        last_known = started(stripes, 42);
        run(database->reserve_numbers(last_known + 100));
        tickets.tickets[tickets_sold] = tickets.tickets.at(42);
        simplepay.on_ask = [this](const Transaction& attempt) {
            if (attempt.id != at_simplepay() || attempt.account != "MERCHANT-EUR") return said({});
            return simplepays_word;
        };
        simplepays_word = said({taken(FactKind::foreign_payment, "991")});
    }
    static Fact taken(FactKind kind, std::string subject = "") {
        auto made = fact(kind, std::move(subject));
        made.amount = eur(22000);
        made.account = "test";
        return made;
    }
    // What was agreed, under this id of the provider's.
    Fact captured_as(std::int64_t id, std::string provider_id) {
        auto made = capture_of(id);
        made.provider_id = std::move(provider_id);
        return made;
    }
    std::int64_t at_simplepay() const { return last_known + 3; }
    std::int64_t at_stripe() const { return last_known + 70; }
    // Stripe tells of a payment under this number, with the moment at which it was opened.
    void stripe_has(std::int64_t id) {
        MatchCriteria subject{id, "pi_9", Processor::stripe};
        subject.opened_at = clock.time - 1min;
        SignedMessage message{Processor::stripe, "evt_" + std::to_string(id), "", "{}"};
        std::vector<Fact> facts{taken(FactKind::captured)};
        auto heard = Heard::notification(
            std::move(subject), Source::webhook, clock.time, std::move(facts), std::move(message)
        );
        events.kept.insert(events.kept.begin(), Notification{std::move(heard)});
    }
    static Lines named(const ReconcileResult& result) {
        Lines lines;
        for (const auto& lost : result.lost.list)
            lines.push_back(
                lost.reference() + " " + lost.provider_id + " " + lost.amount.readable()
            );
        return lines;
    }
    ReconcileRequest since_an_hour() const { return {{}, clock.time - 1h}; }
    void says_whose(ReconcileRequest& request, std::int64_t id, std::string_view text) {
        request.owners.insert_or_assign(id, PaymentOwner{tickets_sold, code(text)});
    }

    std::int64_t last_known = 0;
    std::int64_t tickets_sold = 43;
    QueryResult simplepays_word;
};

TEST_F(SweepingAfterRestore, what_was_taken_under_a_number_that_is_not_on_record_is_named) {
    stripe_has(at_stripe());
    stripe_has(last_known);
    const auto result = swept(since_an_hour());
    const Lines expected{
        "TR" + std::to_string(at_simplepay()) + " 991 220 EUR",
        "TR" + std::to_string(at_stripe()) + " pi_9 220 EUR"};
    EXPECT_EQ(named(result), expected);
    EXPECT_TRUE(result.lost.complete);
    // None of 500 in a row, behind the last that either of them knows: so far and no further.
    EXPECT_EQ(result.lost.asked, 600U);
    EXPECT_FALSE(run(database->transaction(at_simplepay())));
}

TEST_F(SweepingAfterRestore, what_has_taken_no_money_is_not_named) {
    simplepays_word = said({fact(FactKind::foreign_payment, "991")});
    EXPECT_EQ(named(swept(since_an_hour())), Lines{});
}

TEST_F(SweepingAfterRestore, a_silence_says_that_there_may_be_more) {
    simplepay.on_ask = [](const Transaction&) { return silence(); };
    EXPECT_FALSE(swept(since_an_hour()).lost.complete);
}

TEST_F(SweepingAfterRestore, numbers_between_those_on_record_are_asked_about_too) {
    const auto later = started(stripes, 44);
    EXPECT_GT(later, at_stripe());
    const auto result = swept(since_an_hour());
    EXPECT_EQ(named(result).size(), 1U);
    EXPECT_EQ(result.lost.asked, 100U + 500U);
}

TEST_F(SweepingAfterRestore, one_whose_owner_is_said_is_on_record_under_its_number_and_paid) {
    auto request = since_an_hour();
    says_whose(request, at_simplepay(), simple);
    simplepay.on_ask = [this](const Transaction& attempt) {
        if (attempt.id != at_simplepay() || attempt.account != "MERCHANT-EUR") return said({});
        if (attempt.ticket_id == 0) return simplepays_word;
        return said({captured_as(attempt.id, "991")});
    };
    const auto result = swept(request);
    ASSERT_EQ(result.adopted.size(), 1U);
    EXPECT_EQ(result.adopted[0].outcome.value(), Status::paid);
    EXPECT_EQ(named(result), Lines{});
    const auto adopted = read(at_simplepay());
    EXPECT_EQ(adopted.ticket_id, tickets_sold);
    EXPECT_EQ(adopted.provider_id, "991");
    EXPECT_EQ(adopted.created_at, read(last_known).created_at);
    EXPECT_EQ(outbox(), Lines{"payment.paid"});
}

TEST_F(SweepingAfterRestore, one_of_stripes_is_opened_when_stripe_says_that_it_was) {
    stripe_has(at_stripe());
    auto request = since_an_hour();
    says_whose(request, at_stripe(), stripes);
    stripe.on_ask = [this](const Transaction& attempt) {
        return said({captured_as(attempt.id, "pi_9")});
    };
    EXPECT_EQ(swept(request).adopted.at(0).outcome.value(), Status::paid);
    EXPECT_EQ(read(at_stripe()).created_at, clock.time - 1min);
    EXPECT_EQ(read(at_stripe()).provider_id, "pi_9");
}

TEST_F(SweepingAfterRestore, an_owner_that_does_not_fit_what_was_taken_is_refused) {
    auto request = since_an_hour();
    says_whose(request, at_simplepay(), stripes);
    const auto result = swept(request);
    EXPECT_EQ(result.adopted.at(0).outcome.error().code, Errc::invalid_request);
    EXPECT_EQ(named(result).size(), 1U);
    EXPECT_FALSE(run(database->transaction(at_simplepay())));
}

TEST_F(Sweeping, simplepay_is_asked_about_fifty_at_a_time) {
    for (std::int64_t ticket = 1; ticket <= 60; ++ticket) {
        NewAttempt attempt = testing_support::attempt(ticket, simple, clock.time);
        run(database->open(attempt));
    }
    EXPECT_EQ(swept({}).asked, 60U);
    ASSERT_EQ(simplepay.asked.size(), 2U);
    EXPECT_EQ(simplepay.asked[0].size(), 50U);
    EXPECT_EQ(simplepay.asked[1].size(), 10U);
}

// ------------------------------------------------------------------------ what nobody has on
// record

TEST_F(CatchingUp, asks_about_lost_numbers_as_far_as_another_provider_has_heard_of_them) {
    constexpr std::int64_t lost_number = 1'700;
    simplepay.on_ask = [](const Transaction& asked) {
        if (asked.id != lost_number || asked.amount.currency().code() != "EUR") return said({});
        auto payment = fact(FactKind::foreign_payment, "499999");
        payment.amount = eur(22'000);
        return said({payment});
    };
    const std::vector<MissingNumbers> missing{{1, std::numeric_limits<std::int64_t>::max()}};
    const auto ask = [&](std::int64_t known_to) {
        auto asking = find_lost_at_simplepay(world, missing, known_to, [](const auto&) {});
        return await(std::move(asking));
    };
    EXPECT_EQ(ask(0).asked, 500U);
    const auto found = ask(1'650);
    EXPECT_EQ(found.asked, 2'200U);
    ASSERT_EQ(found.list.size(), 1U);
    EXPECT_EQ(found.list[0].transaction_id, lost_number);
    EXPECT_EQ(found.list[0].provider_id, "499999");
}

}  // namespace payments
