// Settlements on record (docs/settlements.md, 7), in both databases.
#include "storage/settlement_ledger.hpp"

#include "fixtures/stores.hpp"
#include "settlement/report_output.hpp"
#include "settlement/world.hpp"
#include "storage/databases.hpp"
#include "storage/postgres/settlements.hpp"
#include "storage/sqlite/settlements.hpp"

namespace payments::settlement {
namespace {

using namespace world;
using testing_support::store_kinds;
using testing_support::StoreKind;

class SettlementLedgerTest : public testing::TestWithParam<StoreKind> {
protected:
    void TearDown() override { GetParam().drop_place(place); }

    DatabaseTarget target() const {
        DatabaseTarget made;
        if (place.starts_with("postgres"))
            made.server.url = place;
        else
            made.path = place;
        return made;
    }
    static KeptFile named(const std::string& name, const std::string& bytes = {}) {
        KeptFile file;
        file.name = name;
        file.sha256 = ledger::body_hash(bytes.empty() ? name : bytes);
        file.size = 100;
        file.at = noon(july(9));
        file.by = {"anna", "Anna"};
        return file;
    }
    FileCounts taken(const ParsedFile& content, const std::string& name) {
        auto file = named(name);
        file.format = content.format;
        return settlements.take(content, std::move(file)).value().counts;
    }
    std::vector<std::string> differences() const {
        std::vector<std::string> found;
        for (const auto& difference : verify_ledger(target()).differences)
            found.push_back(difference.detail);
        return found;
    }
    // Behind its back, as somebody would who may do everything with the database.
    void tamper(const std::string& table, const std::string& sql) {
        const auto& kind = GetParam();
        if (kind.name == "Sqlite") {
            kind.execute(place, "DROP TRIGGER " + table + "_stay");
            kind.execute(place, "DROP TRIGGER " + table + "_remain");
        } else {
            kind.execute(place, "ALTER TABLE " + table + " DISABLE TRIGGER " + table + "_stay");
        }
        kind.execute(place, sql);
        if (kind.name != "Sqlite")
            kind.execute(place, "ALTER TABLE " + table + " ENABLE TRIGGER " + table + "_stay");
    }

    const std::string place = GetParam().make_place();
    SettlementLedger settlements = open_settlements(target());
};

// A database where something else happens before the first change.
class Meanwhile final : public ledger::SettlementDatabase {
public:
    Meanwhile(const DatabaseTarget& target, std::function<void()> what)
        : database_(
              target.is_postgres() ? postgres::open_settlements(target.server)
                                   : sqlite::open_settlements(target.path)
          ),
          what_(std::move(what)) {}

    bool is_postgres() const override { return database_->is_postgres(); }
    void lock(const std::string& select, const ledger::Cells& parameters) override {
        database_->lock(select, parameters);
    }
    bool clean_files(std::int64_t from, const std::function<void(std::int64_t)>& note) override {
        return database_->clean_files(from, note);
    }
    void begin_read() override { database_->begin_read(); }
    void begin_change() override {
        if (const auto what = std::exchange(what_, {})) what();
        database_->begin_change();
    }
    void commit() override { database_->commit(); }
    void roll_back() noexcept override { database_->roll_back(); }
    std::unique_ptr<LedgerRows> query(const std::string& sql, const ledger::Cells& parameters)
        override {
        return database_->query(sql, parameters);
    }
    std::unique_ptr<LedgerRows> query_texts(
        const std::string& select, const std::string& column, const std::vector<std::string>& texts
    ) override {
        return database_->query_texts(select, column, texts);
    }
    void change(const std::string& sql, const ledger::Cells& parameters) override {
        database_->change(sql, parameters);
    }
    void insert(const ledger::SettlementTable& table, const std::vector<ledger::Cells>& rows)
        override {
        database_->insert(table, rows);
    }

private:
    std::unique_ptr<ledger::SettlementDatabase> database_;
    std::function<void()> what_;
};

// Everything that a record can hold.
ParsedFile full_settlement() {
    auto charge = stripe_line(LineKind::charge, "txn_1", "ch_1", "1", 8'780'000, 315'800, "po_1");
    charge.fee_parts = {{"processing", 140'200}, {"conversion", 175'600}};
    charge.facing = Amount{25'000, currency("USD")};
    charge.rate = Rate{3512, 1};
    charge.kind_as_written = "charge";
    charge.reference = "TR1";
    charge.at = "2026-07-01 10:00:00";
    charge.row = 2;
    auto odd = stripe_line(LineKind::unknown, "txn_2", "", "", -100, 0, "");
    odd.kind_as_written = "a new word";
    odd.day = std::nullopt;
    auto payout = stripe_payout("po_1", 8'464'200);
    payout.descriptor = "STRIPE";
    auto bare = PayoutFact{Processor::stripe, "live", "po_2", eur()};
    return settlement_file({charge, odd}, {payout, bare});
}

ParsedFile full_statement() {
    auto file = bank_file({credit(8'464'200, "B1", "STRIPE", "po_1"), credit(-1, "B2")});
    auto& statement = file.statements.front();
    statement.lines[1].is_reversal = true;
    statement.lines[1].charges_minor = 7;
    statement.lines[1].part = 2;
    statement.lines[1].payer_account = "HU1";
    statement.lines[1].reference = "E2E";
    statement.number = 12;
    statement.page = 1;
    statement.opening_minor = -5;
    statement.closing_minor = 8'464'194;
    statement.from = july(8);
    statement.to = july(8);
    statement.id = "2026/12";
    return file;
}

std::string report_of(Evidence& evidence) {
    const Books books{noon(july(30)), {stripe_payment(1, 25'000, "1", currency("USD"))}};
    return text_of(match(books, evidence, Delays{}, books.as_of), {}, books.as_of);
}

TEST_P(SettlementLedgerTest, what_is_read_back_is_what_was_read) {
    Evidence expected;
    for (const auto& file : {full_settlement(), full_statement()}) {
        const auto counts = expected.add(file).value();
        const auto kept = taken(file, "file " + std::to_string(file.lines.size()));
        EXPECT_EQ(kept.added, counts.added);
    }
    auto evidence = settlements.evidence();
    EXPECT_EQ(report_of(evidence), report_of(expected));
    ASSERT_EQ(evidence.lines().size(), 2U);
    const auto line = evidence.lines()[0];
    const auto original = full_settlement().lines[0];
    EXPECT_EQ(ledger::cells_of(line), ledger::cells_of(original));
    EXPECT_EQ(line.fee_parts, original.fee_parts);
    EXPECT_EQ(evidence.lines()[1].day, std::nullopt);
    const auto payouts = evidence.payouts();
    ASSERT_EQ(payouts.size(), 2U);
    EXPECT_EQ(payouts[0].fact.amount_minor, std::nullopt);  // EUR stands before HUF
    EXPECT_EQ(ledger::cells_of(payouts[1].fact), ledger::cells_of(full_settlement().payouts[0]));
    auto entries = evidence.bank_entries();
    ASSERT_EQ(entries.size(), 2U);
    EXPECT_EQ(entries[0].line, full_statement().statements[0].lines[1]);
    EXPECT_EQ(evidence.statements()[0].closing_minor, 8'464'194);
    EXPECT_EQ(differences(), Words{});
    EXPECT_EQ(verify_ledger(target()).settlement_files, 2);
}

TEST_P(SettlementLedgerTest, a_file_is_taken_once_and_lines_that_are_known_add_nothing) {
    const auto first = settlement_file({stripe_charge("a", 1000, 10, "po_1")});
    EXPECT_EQ(taken(first, "one.csv").added, 1U);

    const auto again = settlements.take(first, named("renamed.csv", "one.csv")).value();
    EXPECT_TRUE(again.is_known);
    EXPECT_EQ(again.file.name, "one.csv");
    EXPECT_EQ(again.counts.added, 0U);
    EXPECT_EQ(again.counts.known, 1U);
    EXPECT_EQ(settlements.files().size(), 1U);

    auto differs = stripe_charge("a", 1000, 17, "po_1");
    const auto more = settlement_file(
        {stripe_charge("a", 1000, 10, "po_1"), stripe_charge("b", 500, 5, "po_1"), differs}
    );
    const auto counts = taken(more, "two.csv");
    EXPECT_EQ(counts.added, 1U);
    EXPECT_EQ(counts.known, 1U);
    EXPECT_EQ(counts.conflicting, 1U);
    auto evidence = settlements.evidence();
    EXPECT_EQ(evidence.lines().size(), 2U);
    ASSERT_EQ(evidence.conflicts().size(), 1U);
    EXPECT_EQ(evidence.conflicts()[0].minor, 7);
    EXPECT_EQ(settlements.files().at(1).id, 2);
    EXPECT_EQ(settlements.files().at(1).by.name, "Anna");
}

TEST_P(SettlementLedgerTest, the_same_bytes_by_another_mapping_or_account_are_another_file) {
    const auto first = settlement_file({stripe_charge("a", 1000, 10, "po_1")});
    const auto second = settlement_file({stripe_charge("a", 1000, 17, "po_1")});
    auto by_first = named("one.csv"), by_second = named("one.csv"), elsewhere = named("one.csv");
    by_first.mapping = std::string(64, 'a');
    by_second.mapping = std::string(64, 'b');
    elsewhere.account = "another";
    EXPECT_FALSE(settlements.take(first, by_first).value().is_known);
    // What it says by the second is not what was taken by the first.
    const auto taken_again = settlements.take(second, by_second).value();
    EXPECT_FALSE(taken_again.is_known);
    EXPECT_EQ(taken_again.counts.conflicting, 1U);
    EXPECT_FALSE(settlements.take(first, elsewhere).value().is_known);
    EXPECT_TRUE(settlements.take(first, by_first).value().is_known);
    EXPECT_TRUE(settlements.take(second, by_second).value().is_known);
    EXPECT_EQ(settlements.files().size(), 3U);
    EXPECT_EQ(differences(), Words{});
}

TEST_P(SettlementLedgerTest, others_are_told_what_is_otherwise_than_they_were_told_last) {
    const auto told = [](const std::string& about, const std::string& state) {
        const auto data = R"({"state":")" + state + R"("})";
        return Standing{about, data, "settlement.finding", data};
    };
    const auto due = [&](Time now) {
        Words words;
        for (const auto& event : settlements.claim_events(now, 10)) {
            words.push_back(std::to_string(event.number) + " " + event.data);
            settlements.record_delivery(event, {DeliveryOutcome::Kind::delivered, now});
        }
        return words;
    };
    const auto now = noon(july(30));
    EXPECT_EQ(settlements.note_told({told("a", "open"), told("b", "open")}, now), 2U);
    EXPECT_EQ(settlements.note_told({told("a", "open"), told("b", "open")}, now), 0U);
    // One that is gone is closed, once.
    EXPECT_EQ(settlements.note_told({told("a", "accepted")}, now), 2U);
    EXPECT_EQ(settlements.note_told({told("a", "accepted")}, now), 0U);
    // Of each the one before comes first, and while it is on its way nobody is given the next.
    EXPECT_EQ(due(now), (Words{R"(1 {"state":"open"})", R"(2 {"state":"open"})"}));
    EXPECT_EQ(due(now), (Words{R"(3 {"state":"accepted"})", R"(4 {"state":"closed"})"}));
    EXPECT_EQ(due(now), Words{});
    EXPECT_EQ(settlements.note_told({told("b", "open")}, now), 2U);

    const auto claimed = settlements.claim_events(now, 1);
    ASSERT_EQ(claimed.size(), 1U);
    EXPECT_EQ(settlements.claim_events(now, 10).size(), 1U);
    const auto failed = outcome_of_attempt(0, DeliveryAttempt::failed("no"), now);
    settlements.record_delivery(claimed[0], failed);
    EXPECT_EQ(settlements.claim_events(now, 10).size(), 0U);
    const auto again = settlements.claim_events(now + std::chrono::hours{1}, 10);
    ASSERT_EQ(again.size(), 2U);
    EXPECT_EQ(again[0].number, claimed[0].number);
    EXPECT_EQ(again[0].tries, 1);
    EXPECT_EQ(again[0].id(), claimed[0].id());
}

TEST_P(SettlementLedgerTest, events_are_found_by_their_state_and_told_again_or_skipped) {
    using namespace std::chrono_literals;
    const auto told = [](const std::string& about) {
        const auto data = R"({"key":")" + about + R"("})";
        return Standing{about, data, "settlement.finding", data};
    };
    const auto now = noon(july(30));
    settlements.note_told({told("a"), told("b")}, now);
    settlements.note_told({told("a"), told("b"), told("c"), told("d")}, now + 1h);
    const auto found = [&](SettlementEventsQuery query) {
        std::vector<std::int64_t> numbers;
        for (const auto& event : settlements.find_events(query)) numbers.push_back(event.number);
        return numbers;
    };
    const auto in = [&](EventState state) { return found({state}); };
    using Numbers = std::vector<std::int64_t>;

    auto claimed = settlements.claim_events(now + 1h, 10);
    ASSERT_EQ(claimed.size(), 4U);
    settlements.record_delivery(claimed[0], {DeliveryOutcome::Kind::delivered, now + 2h});
    settlements.record_delivery(claimed[1], {DeliveryOutcome::Kind::dead, now + 2h, {}, "no"});
    EXPECT_EQ(in(EventState::delivered), Numbers{1});
    EXPECT_EQ(in(EventState::dead), Numbers{2});
    EXPECT_EQ(in(EventState::waiting), (Numbers{3, 4}));
    EXPECT_EQ(settlements.backlog().waiting, 2);
    EXPECT_EQ(settlements.backlog().dead, 1);

    SettlementEventsQuery newest;
    newest.is_newest_first = true;
    newest.limit = 2;
    EXPECT_EQ(found(newest), (Numbers{4, 3}));
    newest.after = 3;
    EXPECT_EQ(found(newest), (Numbers{2, 1}));
    EXPECT_EQ(found({{}, SettlementEventId{2, now}}), Numbers{2});
    EXPECT_EQ(found({{}, SettlementEventId{2, now + 1h}}), Numbers{});
    EXPECT_EQ(found({{}, {}, now + 1h}), (Numbers{3, 4}));
    EXPECT_EQ(found({{}, {}, {}, now + 1h}), (Numbers{1, 2}));

    // Nobody is to hear of the third; the first was told, and stays so.
    const Actor by{"olga", "Olga O."};
    SettlementEventsChange skip{true, now + 3h, {1, 3}};
    for (const auto number : skip.numbers)
        skip.actions.emplace_back(
            ActionKind::skip, by, now + 3h, std::nullopt, ActionDetails{}, std::to_string(number)
        );
    EXPECT_EQ(settlements.change_events(skip), 1);
    EXPECT_EQ(in(EventState::skipped), Numbers{3});
    EXPECT_EQ(in(EventState::delivered), Numbers{1});
    // A try that was under way meanwhile does not bring it back when it failed.
    settlements.record_delivery(
        claimed[2], outcome_of_attempt(0, DeliveryAttempt::failed("no"), now + 3h)
    );
    EXPECT_EQ(in(EventState::skipped), Numbers{3});

    // What was told, given up or skipped is due again, as if it had never been tried; what waits is
    // left as it is.
    EXPECT_EQ(settlements.change_events({false, now + 4h, {1, 2, 3, 4}}), 3);
    EXPECT_EQ(in(EventState::waiting), (Numbers{1, 2, 3, 4}));
    const auto again = settlements.find_events({{}, SettlementEventId{2, now}}).at(0);
    EXPECT_EQ(again.tries, 0);
    EXPECT_EQ(again.last_error, "");
    EXPECT_EQ(again.next_at, now + 4h);
    EXPECT_EQ(differences(), Words{});
}

// What a file adds is found out before anybody is kept waiting.
TEST_P(SettlementLedgerTest, a_file_that_comes_meanwhile_is_known_to_the_one_that_waits) {
    const auto one = settlement_file({stripe_charge("a", 1000, 10, "po_1")});
    const auto both = settlement_file(
        {stripe_charge("a", 1000, 10, "po_1"), stripe_charge("b", 500, 5, "po_1")}
    );
    const auto behind = [&](const std::string& name) {
        return SettlementLedger{std::make_unique<Meanwhile>(target(), [this, one, name] {
            settlements.take(one, named(name)).value();
        })};
    };
    const auto more = behind("one.csv").take(both, named("two.csv")).value();
    EXPECT_EQ(more.counts.added, 1U);
    EXPECT_EQ(more.counts.known, 1U);
    EXPECT_EQ(more.file.id, 2);

    const auto same = behind("three.csv").take(one, named("three.csv")).value();
    EXPECT_TRUE(same.is_known);
    EXPECT_EQ(same.file.id, 3);
    EXPECT_EQ(settlements.files().size(), 3U);
    EXPECT_EQ(differences(), Words{});
}

TEST_P(SettlementLedgerTest, a_trial_keeps_nothing) {
    const auto file = settlement_file({stripe_charge("a", 1000, 10, "po_1")});
    const auto tried = settlements.take(file, named("one.csv"), true).value();
    EXPECT_EQ(tried.counts.added, 1U);
    EXPECT_EQ(settlements.files().size(), 0U);
    EXPECT_EQ(settlements.evidence().lines().size(), 0U);
}

TEST_P(SettlementLedgerTest, days_that_another_format_has_told_of_are_refused_whole) {
    auto first = bank_file({credit(100, "B1")});
    taken(first, "statement.xml");
    auto second = bank_file({credit(100, ""), credit(200, "")});
    second.format = Format::mt940;
    auto file = named("statement.sta");
    file.format = Format::mt940;
    const auto refused = settlements.take(second, file);
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().code, Errc::invalid_request);
    EXPECT_NE(refused.error().detail.find("camt053"), std::string::npos) << refused.error().detail;
    EXPECT_EQ(settlements.files().size(), 1U);
    EXPECT_EQ(settlements.evidence().bank_entries().size(), 1U);
    // The connection is of use afterwards.
    EXPECT_EQ(taken(bank_file({credit(300, "B3")}), "more.xml").added, 1U);
    EXPECT_EQ(differences(), Words{});
}

TEST_P(SettlementLedgerTest, thousands_of_lines_are_found_again) {
    std::vector<SettlementLine> lines;
    for (int i = 0; i < 4'321; ++i)
        lines.push_back(stripe_charge(std::to_string(i), 1000, 10, "po_1"));
    const auto file = settlement_file(lines);
    EXPECT_EQ(taken(file, "one.csv").added, 4'321U);
    EXPECT_EQ(taken(file, "two.csv").known, 4'321U);
    EXPECT_EQ(settlements.evidence().lines().size(), 4'321U);
    EXPECT_EQ(differences(), Words{});
}

TEST_P(SettlementLedgerTest, the_newest_decision_about_a_finding_counts) {
    KeptDecision decision;
    decision.finding = "0123456789abcdef";
    decision.kind = "line_unknown";
    decision.subject = "txn_1";
    decision.minor = 100;
    decision.currency = "HUF";
    decision.reason = "test payment";
    decision.at = noon(july(9));
    decision.by = {"anna", "Anna"};
    EXPECT_EQ(settlements.keep(decision).id, 1);
    auto other = decision;
    other.finding = "f";
    settlements.keep(other);
    EXPECT_EQ(ledger::that_count(settlements.decisions()).size(), 2U);
    decision.is_accepted = false;
    EXPECT_EQ(settlements.keep(decision).id, 3);
    const auto counting = ledger::that_count(settlements.decisions());
    ASSERT_EQ(counting.size(), 1U);
    EXPECT_EQ(counting[0].key, "f");
    EXPECT_EQ(counting[0].reason, "test payment");
    EXPECT_EQ(differences(), Words{});
}

TEST_P(SettlementLedgerTest, what_came_of_matching_last_is_known) {
    auto nothing = settlements.newest_result();
    EXPECT_EQ(nothing.matched_at, std::nullopt);
    EXPECT_EQ(nothing.newest_file_at, std::nullopt);
    taken(full_settlement(), "one.csv");
    settlements.note_result({{"SIMPLE", "HUF", 7}, {"", "EUR", 0}}, noon(july(9)));
    settlements.note_result({{"STRIPE-INTENTS", "HUF", 5}}, noon(july(10)));
    const auto result = settlements.newest_result();
    EXPECT_EQ(result.matched_at, noon(july(10)));
    EXPECT_EQ(result.unexplained, (std::vector<Unexplained>{{"STRIPE-INTENTS", "HUF", 5}}));
    EXPECT_EQ(result.newest_file_at, noon(july(9)));
    EXPECT_EQ(result.newest_decision_at, std::nullopt);
}

TEST_P(SettlementLedgerTest, one_replica_matches_at_a_time) {
    using namespace std::chrono_literals;
    auto other = open_settlements(target());
    const auto now = noon(july(9));
    EXPECT_TRUE(settlements.claim_matching(now, now + 10min));
    EXPECT_FALSE(other.claim_matching(now + 9min, now + 19min));
    // The one that began has died.
    EXPECT_TRUE(other.claim_matching(now + 10min, now + 20min));
    EXPECT_FALSE(settlements.claim_matching(now + 11min, now + 21min));
    other.note_result({}, now + 12min);
    EXPECT_TRUE(settlements.claim_matching(now + 12min, now + 22min));
    // The clocks of two replicas differ by little; one that was set back by an hour by more.
    EXPECT_FALSE(other.claim_matching(now + 11min, now + 21min));
    EXPECT_TRUE(other.claim_matching(now - 48min, now - 38min));
}

TEST_P(SettlementLedgerTest, whatever_is_changed_afterwards_is_found) {
    taken(full_settlement(), "one.csv");
    taken(full_statement(), "two.xml");
    tamper("settlement_lines", "UPDATE settlement_lines SET fee_minor = fee_minor - 1 WHERE n = 1");
    auto found = differences();
    std::erase_if(found, [](const std::string& one) { return one.starts_with("the guard"); });
    EXPECT_EQ(found, Words{"settlement file 1 (one.csv) is not what was imported"});
    tamper("bank_lines", "DELETE FROM bank_lines WHERE m = 2");
    found = differences();
    std::erase_if(found, [](const std::string& one) { return one.starts_with("the guard"); });
    ASSERT_EQ(found.size(), 2U);
    EXPECT_EQ(found[1], "settlement file 2 (two.xml) is not what was imported");
}

TEST_P(SettlementLedgerTest, a_file_that_is_taken_away_is_found) {
    taken(full_settlement(), "one.csv");
    taken(full_statement(), "two.xml");
    tamper("settlement_files", "DELETE FROM settlement_files WHERE id = 2");
    auto found = differences();
    std::erase_if(found, [](const std::string& one) { return one.starts_with("the guard"); });
    EXPECT_EQ(
        found, (Words{
                   "settlement file 2 is missing",
                   "the chain of settlement files does not end where it should",
                   "settlement file 2 is missing: there are bank_statements of it",
                   "settlement file 2 is missing: there are bank_lines of it"})
    );
}

// Nothing refuses a row more: that it is no link of the chain tells it apart.
TEST_P(SettlementLedgerTest, what_was_put_behind_the_end_of_a_chain_is_found) {
    taken(full_settlement(), "a.csv");
    GetParam().execute(
        place,
        "INSERT INTO settlement_decisions VALUES (1, 'accept', 'k', 'line_unknown', 's', 5,"
        " 'HUF', 'why', 0, 'eve', 'Eve', '')"
    );
    GetParam().execute(
        place,
        "INSERT INTO settlement_files SELECT 2, 'x', format, name, size, account, payout,"
        " mapping, skipped, at, by_sub, by_name, 0, '', hash FROM settlement_files"
    );
    EXPECT_EQ(
        differences(),
        (std::vector<std::string>{
            "settlement file 2 is no link of the chain", "decision 1 is no link of the chain"})
    );
}

// A length that somebody wrote costs as much as there is, not as much as it says.
TEST_P(SettlementLedgerTest, a_chain_that_is_shorter_than_its_length_is_found_at_once) {
    taken(full_settlement(), "one.csv");
    taken(full_statement(), "two.xml");
    GetParam().execute(
        place, "UPDATE settlement_chains SET length = 9000000000000000000 WHERE name = 'files'"
    );
    EXPECT_EQ(
        differences(), Words{"settlement files 3 to 9000000000000000000 are missing"}
    );
}

TEST_P(SettlementLedgerTest, the_database_refuses_changes) {
    taken(full_settlement(), "one.csv");
    taken(full_statement(), "two.xml");
    for (const std::string table :
         {"settlement_files", "settlement_lines", "settlement_payouts", "bank_statements",
          "bank_lines"}) {
        EXPECT_ANY_THROW(GetParam().execute(place, "DELETE FROM " + table)) << table;
        const std::string column = table == "settlement_files" ? "id = id" : "n = n";
        EXPECT_ANY_THROW(GetParam().execute(place, "UPDATE " + table + " SET " + column)) << table;
    }
}

INSTANTIATE_TEST_SUITE_P(
    Stores, SettlementLedgerTest, testing::ValuesIn(store_kinds()),
    [](const auto& about) { return about.param.name; }
);

}  // namespace
}  // namespace payments::settlement
