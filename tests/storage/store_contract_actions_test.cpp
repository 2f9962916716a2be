// What every store promises of what people did and saw.
#include "fixtures/store_contract.hpp"
#include "storage/rules/ledger.hpp"

namespace payments {

using namespace testing_support;

class StoreContractActions : public StoreContract {
protected:
    // The next test has the same database on PostgreSQL.
    ~StoreContractActions() override {
        if (GetParam().name != sqlite_kind().name)
            GetParam().execute(place, "ALTER TABLE actions ENABLE TRIGGER USER");
    }
    static NewAction note(std::optional<std::int64_t> about, std::string text) {
        return {ActionKind::note, {"anna", "Anna K."}, noon, about, {{"text", std::move(text)}}};
    }
    Action add(std::optional<std::int64_t> about, std::string text = "called") {
        auto action = note(about, std::move(text));
        return run(store->record_action(std::move(action))).value();
    }
    std::vector<Action> actions_of(std::int64_t id) { return run(store->actions_of(id, {})); }
    std::vector<Difference> differences() { return GetParam().verify(place).differences; }
    // Behind the service's back, with the guards out of the way.
    void tamper(const std::string& sql) {
        if (GetParam().name == sqlite_kind().name) {
            for (const auto* trigger : {"actions_stay", "actions_remain"})
                GetParam().execute(place, std::string{"DROP TRIGGER "} + trigger);
        } else {
            GetParam().execute(place, "ALTER TABLE actions DISABLE TRIGGER USER");
        }
        GetParam().execute(place, sql);
    }
    bool is_found(const std::string& what) {
        for (const auto& difference : differences())
            if (difference.detail.find(what) != std::string::npos) return true;
        return false;
    }
};

INSTANTIATE_TEST_SUITE_P(
    , StoreContractActions, testing::ValuesIn(store_kinds()),
    [](const auto& kind) { return kind.param.name; }
);

TEST_P(StoreContractActions, are_kept_as_they_were_told_in_their_order) {
    TicketScope triple{"HU", "27", "OZORA"};
    const auto hu = run(store->scope_id(std::move(triple)));
    auto started = attempt(1);
    started.scope_id = hu;
    const auto id = run(store->open(std::move(started))).transaction.id;
    const auto other = open(2).id;
    const auto first = add(id, "Őry: \"called\"\n");
    add(other, "elsewhere");
    NewAction shown{ActionKind::reveal,        {"béla", "Béla"}, noon + 1s, id,
                    {{"why", "on the phone"}}, "the receipt"};
    run(store->record_action(std::move(shown))).value();

    store.reset();
    store = GetParam().open(place);
    const auto kept = actions_of(id);
    ASSERT_EQ(kept.size(), 2U);
    EXPECT_EQ(kept[0].id, first.id);
    EXPECT_EQ(kept[0].seq, 1);
    EXPECT_EQ(kept[0].kind, "note");
    EXPECT_EQ(kept[0].details, (ActionDetails{{"text", "Őry: \"called\"\n"}}));
    EXPECT_EQ(kept[0].by.name, "Anna K.");
    EXPECT_EQ(kept[0].scope_id, hu);
    EXPECT_EQ(kept[1].seq, 2);
    EXPECT_EQ(kept[1].kind, "reveal");
    EXPECT_EQ(kept[1].at, noon + 1s);
    EXPECT_EQ(kept[1].by.sub, "béla");
    EXPECT_EQ(kept[1].about, "the receipt");
    EXPECT_GT(kept[1].id, kept[0].id);
    EXPECT_EQ(actions_of(other).size(), 1U);
    EXPECT_EQ(actions_of(99).size(), 0U);
    const auto report = GetParam().verify(place);
    EXPECT_EQ(report.differences, std::vector<Difference>{});
    EXPECT_EQ(report.actions, 3);
}

TEST_P(StoreContractActions, of_a_long_story_the_newest_of_a_kind_are_read) {
    const auto id = open(1).id;
    add(id, "too old");
    add(id, "oldest");
    for (int i = 2; i < story_max; ++i) add(id);
    add(id, "newest");
    for (int i = 0; i < 3; ++i) {
        NewAction shown{ActionKind::reveal, {"béla", "Béla"}, noon, id, {{"why", "asked"}}};
        run(store->record_action(std::move(shown))).value();
    }
    const auto notes = run(store->actions_of(id, ActionKind::note));
    ASSERT_EQ(notes.size(), static_cast<std::size_t>(story_max));
    EXPECT_EQ(notes.front().details.at("text"), "oldest");
    EXPECT_EQ(notes.back().details.at("text"), "newest");
    EXPECT_EQ(actions_of(id).size(), static_cast<std::size_t>(story_max));
    EXPECT_EQ(run(store->actions_of(id, ActionKind::reveal)).size(), 3U);
}

TEST_P(StoreContractActions, under_one_key_there_is_one_of_a_kind) {
    const auto id = open(1).id, other = open(2).id;
    const auto add_with_key = [&](std::int64_t about, std::string text) {
        auto action = note(about, std::move(text));
        action.key = "k1";
        return run(store->record_action(std::move(action)));
    };
    const auto first = add_with_key(id, "called").value();
    store.reset();
    store = GetParam().open(place);
    const auto again = add_with_key(id, "called").value();
    EXPECT_EQ(again.id, first.id);
    EXPECT_EQ(again.seq, 1);
    EXPECT_EQ(again.by.name, "Anna K.");
    EXPECT_EQ(again.details, first.details);
    EXPECT_EQ(add_with_key(id, "called twice").error().code, Errc::key_reused);
    EXPECT_EQ(add_with_key(other, "called").value().seq, 1);
    NewAction shown{ActionKind::reveal, {"béla", "Béla"}, noon, id, {{"why", "asked"}}};
    shown.key = "k1";
    EXPECT_EQ(run(store->record_action(std::move(shown))).value().seq, 2);
    EXPECT_EQ(actions_of(id).size(), 2U);
    EXPECT_EQ(differences(), std::vector<Difference>{});
}

TEST_P(StoreContractActions, of_many_at_once_under_one_key_one_is_kept) {
    const auto id = open(1).id;
    run_together(30, 3, [&](int) {
        auto action = note(id, "called");
        action.key = "k1";
        return store->record_action(std::move(action));
    });
    EXPECT_EQ(actions_of(id).size(), 1U);
    EXPECT_EQ(differences(), std::vector<Difference>{});
}

TEST_P(StoreContractActions, about_no_payment_are_a_chain_of_their_own) {
    const auto id = open(1).id;
    EXPECT_EQ(add({}).seq, 1);
    EXPECT_EQ(add(id).seq, 1);
    EXPECT_EQ(add({}).seq, 2);
    EXPECT_EQ(differences(), std::vector<Difference>{});
}

TEST_P(StoreContractActions, about_a_payment_that_there_is_not_are_refused) {
    auto action = note(99, "called");
    const auto refused = run(store->record_action(std::move(action)));
    EXPECT_EQ(refused.error().code, Errc::unknown_transaction);
    EXPECT_EQ(differences(), std::vector<Difference>{});
}

TEST_P(StoreContractActions, of_many_at_once_none_is_lost_and_the_chain_is_whole) {
    const auto id = open(1).id, other = open(2).id;
    run_together(60, 3, [&](int i) {
        auto action = note(i % 3 == 0 ? other : id, std::to_string(i));
        return store->record_action(std::move(action));
    });
    EXPECT_EQ(actions_of(id).size(), 40U);
    EXPECT_EQ(actions_of(other).size(), 20U);
    EXPECT_EQ(differences(), std::vector<Difference>{});
}

TEST_P(StoreContractActions, a_refund_that_a_person_asks_for_is_one_in_the_same_commit) {
    const auto id = open(7).id;
    record(id, {captured()});
    RefundDetails details{eur(5000), "rain", "anna", "key-1"};
    details.person = Actor{"anna", "Anna K."};
    for (int times = 0; times < 2; ++times) {
        NewRefund refund{id, details, Source::staff, noon + 2min, noon + 3min};
        ASSERT_TRUE(run(store->reserve_refund(std::move(refund))));
    }
    const auto done = actions_of(id);
    ASSERT_EQ(done.size(), 1U);
    EXPECT_EQ(done[0].kind, "refund");
    EXPECT_EQ(done[0].at, noon + 2min);
    const auto reference = "TR" + std::to_string(id) + "-R1";
    EXPECT_EQ(
        done[0].details,
        (ActionDetails{
            {"amount", "50"}, {"currency", "EUR"}, {"reason", "rain"}, {"refund", reference}})
    );

    details.key = "key-2";
    details.amount = eur(50000);
    NewRefund too_much{id, details, Source::staff, noon + 2min, noon + 3min};
    EXPECT_FALSE(run(store->reserve_refund(std::move(too_much))));
    RefundDetails by_itself{eur(100), "", ""};
    NewRefund own{id, by_itself, Source::service, noon + 2min, noon + 3min};
    EXPECT_TRUE(run(store->reserve_refund(std::move(own))));
    EXPECT_EQ(actions_of(id).size(), 1U);
    EXPECT_EQ(differences(), std::vector<Difference>{});
}

TEST_P(StoreContractActions, are_never_changed_or_deleted_and_details_that_are_gone_are_found) {
    const auto id = open(1).id;
    add(id, "Éva called");
    for (const auto* sql :
         {"UPDATE actions SET by_sub = 'béla'", "UPDATE actions SET details = '{}'",
          "UPDATE actions SET details = NULL, kind = 'x'", "DELETE FROM actions"})
        EXPECT_ANY_THROW(GetParam().execute(place, sql)) << sql;
    const auto hash = ledger::body_hash(R"({"text":"Éva called"})");
    GetParam().execute(place, "UPDATE actions SET details = NULL, details_sha256 = '" + hash + "'");
    // Erasing puts it on record (tests/storage/personal/erasure_test.cpp).
    EXPECT_EQ(
        differences(),
        (std::vector<Difference>{
            {id, "the details of action 1 are gone, and nothing says who erased them"}})
    );
    ASSERT_EQ(actions_of(id).size(), 1U);
    EXPECT_TRUE(actions_of(id)[0].details.empty());
    EXPECT_ANY_THROW(GetParam().execute(
        place, "UPDATE actions SET details = '{\"text\":\"x\"}', details_sha256 = NULL"
    ));
}

TEST_P(StoreContractActions, a_change_is_found) {
    const auto id = open(1).id;
    add(id);
    add(id);
    tamper("UPDATE actions SET by_name = 'Béla' WHERE seq = 1");
    EXPECT_TRUE(is_found("breaks the hash chain"));
    EXPECT_TRUE(is_found("the guard actions_stay is missing"));
}

TEST_P(StoreContractActions, one_that_is_missing_is_found_also_at_the_end) {
    const auto id = open(1).id;
    add(id);
    add(id);
    tamper("DELETE FROM actions WHERE seq = 2");
    EXPECT_TRUE(is_found("its actions do not end where the chain does"));
    GetParam().execute(place, "DELETE FROM action_chains");
    EXPECT_TRUE(is_found("nothing says where its actions end"));
}

TEST_P(StoreContractActions, one_that_is_missing_in_the_middle_is_found) {
    const auto id = open(1).id;
    for (int i = 0; i < 3; ++i) add(id);
    tamper("DELETE FROM actions WHERE seq = 2");
    EXPECT_TRUE(is_found("is not number 2 of its chain"));
}

}  // namespace payments
