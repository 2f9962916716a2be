// What both stores decide alike, decided once: keys, claims, outgoing events, flags.
#include <gtest/gtest.h>

#include <limits>
#include <utility>

#include "fixtures/store_contract.hpp"
#include "storage/migration_files.hpp"
#include "storage/rules/books.hpp"
#include "storage/rules/claims.hpp"
#include "storage/rules/idempotency_keys.hpp"
#include "storage/rules/outbox.hpp"
#include "storage/rules/refund_runs.hpp"
#include "storage/verify/verify_actions.hpp"

namespace payments {
namespace {

using namespace testing_support;
using Kind = KeyClaim::Kind;

ledger::AttemptRow new_row() { return ledger::new_attempt_row(attempt(42), 7); }

// What the facts, learned together, change of a new attempt.
ledger::Change change_by(std::vector<Fact> facts) {
    std::vector<LedgerEntry> entries;
    for (auto& fact : facts) entries.push_back({noon + 1min, Source::query, std::move(fact)});
    return ledger::change_of(new_row(), entries);
}

OutgoingEvent event(int tries) {
    OutgoingEvent event{
        .number = 5,
        .type = "payment.paid",
        .at = noon,
        .transaction_id = 7,
        .ticket_id = 42,
        .code = code("FULL-FEE-EUR-SIMPLE"),
        .amount = eur(22000),
        .opened_at = noon,
        .before = {},
        .after = {Status::paid, 0},
    };
    event.tries = tries;
    return event;
}

// ------------------------------------------------------------------------- idempotency keys

TEST(LedgerRules, a_key_on_record_says_what_became_of_its_first_request) {
    const ledger::KeyRow runs{"f1", noon, {}};
    const ledger::KeyRow answered{"f1", noon, StoredResponse{201, "{}"}};
    struct Example {
        const ledger::KeyRow& known;
        std::string_view fingerprint;
        Time now;
        Kind kind;
    };
    const Example examples[] = {
        {runs, "f1", noon, Kind::running},
        {runs, "f1", noon + ledger::key_runs_max, Kind::running},
        {runs, "f1", noon + ledger::key_runs_max + 1ms, Kind::fresh},
        {runs, "f2", noon, Kind::reused},
        {runs, "f2", noon + 1h, Kind::reused},
        {answered, "f1", noon, Kind::answered},
        {answered, "f1", noon + 23h, Kind::answered},
        {answered, "f2", noon + 23h, Kind::reused},
    };
    for (const auto& [known, fingerprint, now, kind] : examples)
        EXPECT_EQ(ledger::claim_of(known, fingerprint, now).kind, kind)
            << fingerprint << ' ' << (now - noon).count();
    EXPECT_EQ(ledger::claim_of(answered, "f1", noon).answer.status, 201);
}

// ------------------------------------------------------------------------------------ claims

TEST(LedgerRules, a_message_that_matches_nothing_is_tried_six_times_in_three_days) {
    const std::chrono::minutes waits[] = {1min, 5min, 60min, 24h, 24h, 24h};
    int tries = 0;
    for (const auto wait : waits) EXPECT_EQ(ledger::next_try(tries++, noon), noon + wait);
    EXPECT_EQ(ledger::next_try(tries, noon), std::nullopt);
}

TEST(LedgerRules, a_claimed_check_that_is_not_needed_waits_twice_as_long_each_time) {
    auto paid = ledger::change_of(new_row(), {{noon, Source::query, captured()}}).after;
    Time now = noon;
    for (const auto wait : {1min, 2min, 4min, 8min, 16min, 32min, 64min, 64min}) {
        ledger::reschedule_check(paid, now, {});
        EXPECT_EQ(paid.check_at, now + wait);
    }
    EXPECT_EQ(paid.checks, 8);
}

TEST(LedgerRules, a_claimed_event_is_leased_for_two_minutes) {
    EXPECT_EQ(ledger::event_lease_end(noon), noon + 2min);
}

// --------------------------------------------------------------------------- outgoing events

TEST(LedgerRules, a_change_of_status_means_an_event_with_what_cannot_be_derived_later) {
    const auto paid = ledger::event_of(change_by({accepted("501"), captured()}), noon + 1min);
    ASSERT_TRUE(paid);
    EXPECT_EQ(paid->transaction_id, 7);
    EXPECT_EQ(paid->type, "payment.paid");
    EXPECT_EQ(paid->before, TransactionState{});
    EXPECT_EQ(paid->after, (TransactionState{Status::paid, 0}));
    EXPECT_EQ(paid->at, noon + 1min);
    EXPECT_EQ(paid->review_reason, "");
}

TEST(LedgerRules, an_event_of_a_review_says_why) {
    const auto review = ledger::event_of(change_by({captured(21000)}), noon);
    ASSERT_TRUE(review);
    EXPECT_EQ(review->review_reason, "amount differs: 210 EUR captured instead of 220 EUR");
}

TEST(LedgerRules, what_others_need_not_hear_of_means_no_event) {
    EXPECT_FALSE(ledger::event_of(change_by({accepted("501")}), noon));
    EXPECT_FALSE(ledger::event_of(change_by({}), noon));
}

struct Settled {
    std::string_view sql;
    Time time;
    std::vector<std::int64_t> row;  // number, tries
};
struct Settle {
    Settled operator()(std::string_view sql, Time at, std::int64_t number) const {
        return {sql, at, {number}};
    }
    Settled operator()(
        std::string_view sql, Time time, const std::string&, std::int64_t number, int tries
    ) const {
        return {sql, time, {number, tries}};
    }
};

TEST(LedgerRules, a_delivery_counts_whatever_others_reported_and_a_failure_once) {
    const auto done = outcome_of_attempt(event(3), DeliveryAttempt::done(), noon);
    const auto failed = outcome_of_attempt(event(0), DeliveryAttempt::failed("no"), noon);
    const auto dead = outcome_of_attempt(event(15), DeliveryAttempt::failed("no"), noon);

    const auto delivered = ledger::settle_event(event(3), done, Settle{});
    EXPECT_EQ(delivered.sql, ledger::mark_delivered);
    EXPECT_EQ(delivered.row, (std::vector<std::int64_t>{5}));
    const auto later = ledger::settle_event(event(0), failed, Settle{});
    EXPECT_EQ(later.sql, ledger::mark_failed);
    EXPECT_EQ(later.time, noon + 5s);
    EXPECT_EQ(later.row, (std::vector<std::int64_t>{5, 0}));
    const auto given_up = ledger::settle_event(event(15), dead, Settle{});
    EXPECT_EQ(given_up.sql, ledger::mark_dead);
    EXPECT_EQ(given_up.time, noon);
    EXPECT_EQ(given_up.row, (std::vector<std::int64_t>{5, 15}));
}

TEST(LedgerRules, a_filter_gives_its_six_parameters_in_their_order) {
    EventFilter filter;
    filter.state = EventState::skipped;
    filter.id = EventId{5, noon};
    filter.transaction_id = 7;
    filter.before = noon + 1h;
    ledger::with_filter(
        filter,
        [](auto state, auto number, auto opened_at, auto transaction_id, auto since, auto before) {
            EXPECT_EQ(state, 3);
            EXPECT_EQ(number, 5);
            EXPECT_EQ(opened_at, noon);
            EXPECT_EQ(transaction_id, 7);
            EXPECT_EQ(since, std::nullopt);
            EXPECT_EQ(before, noon + 1h);
        }
    );
}

// ------------------------------------------------------------------------------------- flags

ledger::Flags flags_after(std::vector<Fact> facts) {
    const auto change = change_by(std::move(facts));
    return ledger::flags_of(change.after.transaction, change.facts, false);
}

TEST(LedgerRules, a_new_attempt_is_live_and_neither_holds_its_fee_nor_is_watched) {
    const auto row = new_row();
    EXPECT_EQ(row.check_at, noon + 2s);
    const auto flags = ledger::flags_of(row.transaction, facts_of(row.transaction), false);
    EXPECT_TRUE(flags.live);
    EXPECT_FALSE(flags.holds_fee);
    EXPECT_FALSE(flags.watched);
}

TEST(LedgerRules, of_two_attempts_that_could_be_paid_one_is_live) {
    EXPECT_FALSE(ledger::flags_of(new_row().transaction, {}, true).live);
}

TEST(LedgerRules, what_is_captured_holds_its_fee_and_a_difference_is_watched) {
    const auto paid = flags_after({captured()});
    EXPECT_FALSE(paid.live);
    EXPECT_TRUE(paid.holds_fee);
    EXPECT_FALSE(paid.watched);
    const auto review = flags_after({captured(21000)});
    EXPECT_TRUE(review.holds_fee);
    EXPECT_TRUE(review.watched);
}

// ------------------------------------------------------------------------- verifying actions

// A database of some chains with an action each, as far as the batches of verifying look at it.
class ChainsReader final : public LedgerReader {
public:
    explicit ChainsReader(std::int64_t chains) : chains_(chains) {}

    std::unique_ptr<LedgerRows> query(
        const std::string& sql, const std::vector<std::int64_t>& parameters
    ) override {
        EXPECT_TRUE(is_open || parameters.empty()) << sql;
        const bool asks_for_end = sql.find("OFFSET") != std::string::npos;
        if (asks_for_end) {
            const auto end = std::max<std::int64_t>(parameters[0], 0) + parameters[1] + 1;
            return std::make_unique<Rows>(end <= chains_ ? std::optional{end} : std::nullopt);
        }
        if (sql.find("hash FROM actions") != std::string::npos) {
            const bool is_batch = parameters.size() == 2;
            EXPECT_TRUE(is_batch) << "the whole table in one snapshot";
            if (is_batch) batches.emplace_back(parameters[0], parameters[1]);
        }
        return std::make_unique<Rows>(std::nullopt);
    }
    void begin() override { is_open = true; }
    void end() override { is_open = false; }
    std::vector<std::string> damage() override { return {}; }
    std::unique_ptr<LedgerReader> another() override { return nullptr; }

    std::vector<std::pair<std::int64_t, std::int64_t>> batches;
    bool is_open = false;

private:
    class Rows final : public LedgerRows {
    public:
        explicit Rows(std::optional<std::int64_t> only) : only_(only) {}
        bool next() override { return only_ && !std::exchange(is_read_, true); }
        bool is_null(int) const override { return false; }
        std::int64_t integer(int) const override { return *only_; }
        bool flag(int) const override { return false; }
        std::string text(int) const override { return ""; }

    private:
        std::optional<std::int64_t> only_;
        bool is_read_ = false;
    };

    std::int64_t chains_;
};

TEST(VerifyActions, no_snapshot_grows_old_however_many_there_are) {
    using Range = std::numeric_limits<std::int64_t>;
    ChainsReader reader{12'000};
    LedgerReport report;
    verify_actions(reader, report);
    EXPECT_EQ(
        reader.batches, (std::vector<std::pair<std::int64_t, std::int64_t>>{
                            {Range::min(), 5'000}, {5'000, 10'000}, {10'000, Range::max()}})
    );
    EXPECT_FALSE(reader.is_open);
    EXPECT_TRUE(report.differences.empty());
}

// The index of either schema lets a payment be open in one run at most; what is open is said once.
TEST(RefundRunRules, schemas_and_statements_have_the_same_items_open) {
    const auto open = ledger::open_states();
    EXPECT_EQ(open, "('waiting', 'asked', 'unknown')");
    for (const auto* database : {"sqlite", "postgres"}) {
        std::string schema;
        for (const auto& migration : bundled_migrations(database)) schema += migration.sql;
        const auto index = schema.find("INDEX refund_items_open");
        ASSERT_NE(index, schema.npos) << database;
        const auto statement = schema.substr(index, schema.find(';', index) - index);
        EXPECT_TRUE(statement.ends_with("WHERE state IN " + open)) << database << statement;
    }
}

}  // namespace
}  // namespace payments
