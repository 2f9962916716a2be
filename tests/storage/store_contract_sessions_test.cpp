// What the port promises of sessions of the back office, asked of both databases.
#include <gtest/gtest.h>

#include <algorithm>

#include "fixtures/store_contract.hpp"
#include "support/crypto.hpp"

namespace payments {
namespace {

using namespace testing_support;

class StoreContractSessions : public StoreContract {
protected:
    // The one that is known by `id`, of `sub`.
    static ConsoleSession made(const std::string& id, const std::string& sub, Time at = noon) {
        ConsoleSession session;
        session.id_hash = crypto::hex(crypto::sha256(id));
        session.sealed = "sealed of " + id;
        session.sub = sub;
        session.name = "Kovács Éva";
        session.provider_session = "sid of " + id;
        session.made_at = session.used_at = at;
        session.ends_at = at + 10h;
        if (id != "a") session.renew_at = at + 15min;
        return session;
    }
    void open_session(const std::string& id, const std::string& sub = "eva", Time at = noon) {
        run(store->open_session(made(id, sub, at)));
    }
    // What pages that call two replicas at once, and the replicas themselves, do to all of them.
    static Task<bool> used_and_forgotten(SessionStore& one, SessionStore& other, int i) {
        auto& here = i % 2 ? one : other;
        const int who = (i % 3 ? i : 200 - i) % 40;
        std::string hash = made(std::to_string(who), "").id_hash;
        co_await here.note_use(hash, noon + 1min + i * 1s);
        co_await here.forget_sessions(noon + 1h, i < 100 ? noon : noon + 2h);
        co_await here.end_session(hash);
        co_return true;
    }
    std::optional<ConsoleSession> found(const std::string& id) {
        return run(store->session(crypto::hex(crypto::sha256(id))));
    }
    bool is_there(const std::string& id) { return found(id).has_value(); }
};

TEST_P(StoreContractSessions, a_session_comes_back_as_it_was_kept) {
    open_session("a");
    const auto session = found("a").value();
    const auto kept = made("a", "eva");
    EXPECT_EQ(session.id_hash, kept.id_hash);
    EXPECT_EQ(session.sealed, kept.sealed);
    EXPECT_EQ(session.sub, "eva");
    EXPECT_EQ(session.name, "Kovács Éva");
    EXPECT_EQ(session.provider_session, "sid of a");
    EXPECT_EQ(session.made_at, noon);
    EXPECT_EQ(session.used_at, noon);
    EXPECT_EQ(session.ends_at, noon + 10h);
    EXPECT_EQ(session.renew_at, std::nullopt);
    EXPECT_FALSE(is_there("b"));
    open_session("b");
    EXPECT_EQ(found("b")->renew_at, noon + 15min);
}

TEST_P(StoreContractSessions, its_use_moves_on_and_never_back) {
    open_session("a");
    const auto hash = made("a", "eva").id_hash;
    run(store->note_use(hash, noon + 5min));
    EXPECT_EQ(found("a")->used_at, noon + 5min);
    for (const auto at : {noon + 4min, noon + 5min + 59'999ms, noon - 1h}) {
        run(store->note_use(hash, at));
        EXPECT_EQ(found("a")->used_at, noon + 5min);
    }
    run(store->note_use(hash, noon + 6min));
    EXPECT_EQ(found("a")->used_at, noon + 6min);
    run(store->note_use("of nobody", noon + 6min));
}

TEST_P(StoreContractSessions, those_of_a_person_are_listed_used_last_first) {
    open_session("a", "eva", noon);
    open_session("b", "eva", noon + 2min);
    open_session("c", "eva", noon + 1min);
    open_session("d", "adam", noon + 3min);
    std::vector<std::string> sealed;
    for (const auto& one : run(store->sessions_of("eva"))) {
        EXPECT_EQ(one.sub, "eva");
        sealed.push_back(one.sealed);
    }
    EXPECT_EQ(sealed, (std::vector<std::string>{"sealed of b", "sealed of c", "sealed of a"}));
    EXPECT_EQ(run(store->sessions_of("nobody")).size(), 0U);
}

TEST_P(StoreContractSessions, a_person_ends_their_own_and_nobody_elses) {
    using enum SessionStore::Which;
    for (const auto* id : {"a", "b", "c"}) open_session(id, "eva");
    open_session("d", "adam");
    const auto hash = [](const std::string& id) { return made(id, "").id_hash; };
    EXPECT_EQ(run(store->end_own_sessions("eva", hash("d"), that_one)).size(), 0U);
    const auto one = run(store->end_own_sessions("eva", hash("a"), that_one));
    ASSERT_EQ(one.size(), 1U);
    EXPECT_EQ(one[0].sealed, "sealed of a");
    EXPECT_FALSE(is_there("a"));
    EXPECT_EQ(run(store->end_own_sessions("eva", hash("a"), that_one)).size(), 0U);

    open_session("e", "eva");
    auto others = run(store->end_own_sessions("eva", hash("b"), all_others));
    std::ranges::sort(others, {}, &ConsoleSession::sealed);
    ASSERT_EQ(others.size(), 2U);
    EXPECT_EQ(others[0].sealed, "sealed of c");
    EXPECT_EQ(others[1].sealed, "sealed of e");
    EXPECT_TRUE(is_there("b"));
    EXPECT_TRUE(is_there("d"));
}

TEST_P(StoreContractSessions, ends_once) {
    open_session("a");
    open_session("b");
    const auto hash = made("a", "eva").id_hash;
    EXPECT_TRUE(run(store->end_session(hash)));
    EXPECT_FALSE(is_there("a"));
    EXPECT_TRUE(is_there("b"));
    EXPECT_FALSE(run(store->end_session(hash)));
}

TEST_P(StoreContractSessions, what_ended_or_was_left_alone_is_forgotten) {
    open_session("ended", "eva", noon - 10h);
    open_session("left", "eva", noon - 31min);
    open_session("at the edge", "eva", noon - 30min);
    open_session("used", "eva", noon - 2h);
    run(store->note_use(made("used", "eva").id_hash, noon));
    run(store->note_use(made("ended", "eva").id_hash, noon));
    run(store->forget_sessions(noon, noon - 30min));
    EXPECT_FALSE(is_there("ended"));
    EXPECT_FALSE(is_there("left"));
    EXPECT_TRUE(is_there("at the edge"));
    EXPECT_TRUE(is_there("used"));
}

TEST_P(StoreContractSessions, one_person_has_twenty_and_those_used_longest_ago_go) {
    for (int i = 0; i < 20; ++i) open_session(std::to_string(i), "eva", noon + i * 1min);
    open_session("of another", "adam", noon - 1h);
    run(store->note_use(made("0", "eva").id_hash, noon + 30min));
    open_session("20", "eva", noon + 40min);
    EXPECT_TRUE(is_there("0"));
    EXPECT_FALSE(is_there("1"));
    for (int i = 2; i <= 20; ++i) EXPECT_TRUE(is_there(std::to_string(i))) << i;
    EXPECT_TRUE(is_there("of another"));
}

TEST_P(StoreContractSessions, those_of_many_replicas_are_in_nobodys_way) {
    auto other = GetParam().open(place);
    for (int i = 0; i < 40; ++i) open_session(std::to_string(i), i % 2 ? "eva" : "adam");
    const auto done =
        run_together(200, 4, [&](int i) { return used_and_forgotten(*store, *other, i); });
    for (std::size_t i = 0; i < done.size(); ++i) EXPECT_TRUE(done[i]) << i;
    for (int i = 0; i < 40; ++i) EXPECT_FALSE(is_there(std::to_string(i))) << i;
}

TEST_P(StoreContractSessions, of_all_replicas_one_renews_what_it_holds) {
    open_session("b");
    const auto hash = made("b", "eva").id_hash;
    const auto answers = run_together(20, 4, [&](int) {
        return store->claim_renewal(hash, noon + 15min, noon + 16min);
    });
    EXPECT_EQ(std::ranges::count(answers, std::optional{true}), 1);
    EXPECT_FALSE(run(store->claim_renewal(hash, noon + 15min, noon + 17min)));
    EXPECT_TRUE(run(store->keep_renewed(hash, noon + 16min, "sealed anew", noon + 30min)));
    EXPECT_EQ(found("b")->sealed, "sealed anew");
    EXPECT_EQ(found("b")->renew_at, noon + 30min);
    EXPECT_FALSE(run(store->claim_renewal("of nobody", noon, noon)));
}

TEST_P(StoreContractSessions, whoever_has_renewed_too_late_changes_nothing) {
    open_session("b");
    open_session("c");
    const auto hash = made("b", "eva").id_hash;
    EXPECT_TRUE(run(store->claim_renewal(hash, noon + 15min, noon + 16min)));
    EXPECT_FALSE(run(store->keep_renewed(hash, noon + 15min, "sealed late", noon + 30min)));
    EXPECT_EQ(found("b")->sealed, "sealed of b");
    EXPECT_EQ(found("b")->renew_at, noon + 16min);
    EXPECT_FALSE(run(store->end_unrenewed(hash, noon + 15min)));
    EXPECT_TRUE(is_there("b"));
    EXPECT_TRUE(run(store->end_unrenewed(hash, noon + 16min)));
    EXPECT_FALSE(is_there("b"));
    EXPECT_TRUE(is_there("c"));
}

TEST_P(StoreContractSessions, those_of_a_providers_session_or_of_a_person_end_together) {
    for (const auto* id : {"a", "b", "c"}) open_session(id);
    open_session("d", "adam");
    EXPECT_EQ(run(store->end_sessions_of("sid of b", "eva")), 1);
    EXPECT_FALSE(is_there("b"));
    EXPECT_EQ(run(store->end_sessions_of("sid of nobody", "eva")), 0);
    EXPECT_EQ(run(store->end_sessions_of("", "eva")), 2);
    EXPECT_TRUE(is_there("d"));
    EXPECT_EQ(run(store->end_sessions_of("", "")), 0);
    auto unnamed = made("e", "eva");
    unnamed.provider_session = "";
    run(store->open_session(unnamed));
    EXPECT_EQ(run(store->end_sessions_of("sid of d", "eva")), 2);
}

TEST_P(StoreContractSessions, another_process_finds_them) {
    open_session("a");
    auto other = GetParam().open(place);
    EXPECT_EQ(run(other->session(made("a", "eva").id_hash))->sub, "eva");
    EXPECT_TRUE(run(other->end_session(made("a", "eva").id_hash)));
    EXPECT_FALSE(is_there("a"));
}

INSTANTIATE_TEST_SUITE_P(
    Stores, StoreContractSessions, testing::ValuesIn(store_kinds()),
    [](const auto& kind) { return kind.param.name; }
);

}  // namespace
}  // namespace payments
