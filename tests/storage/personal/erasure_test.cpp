// Erasing personal data (docs/personal_data.md), in both databases.
#include <thread>

#include "storage/personal/visitor.hpp"

namespace payments {
namespace {

using namespace testing_support;
using std::chrono::days;

using ContractOfErasure = ErasureTest;

Time day(int year, unsigned month, unsigned number) {
    return std::chrono::sys_days{
        std::chrono::year{year} / std::chrono::month{month} / std::chrono::day{number}};
}

TEST_P(ContractOfErasure, a_look_says_what_is_held_and_what_may_go) {
    const auto unpaid = failed(1);
    const auto taken = paid(2);
    write_note(taken);
    open(3);  // somebody else's
    const auto report = ledger().look(visitor(), noon + 1h);
    ASSERT_EQ(report.payments.size(), 2U);
    EXPECT_EQ(report.payments[0].id, unpaid);
    EXPECT_EQ(report.payments[0].fate.fate, DataFate::goes);
    EXPECT_FALSE(report.payments[0].kept_until);
    const auto& other = report.payments[1];
    EXPECT_EQ(other.id, taken);
    EXPECT_EQ(other.state, DataState::held);
    EXPECT_EQ(other.fate.fate, DataFate::kept_for_accounts);
    EXPECT_EQ(other.members.size(), 5U);
    EXPECT_EQ(other.kept_members.size(), 3U);
    EXPECT_EQ(other.messages, 1);
    EXPECT_EQ(other.notes, 1);
    using namespace std::chrono_literals;
    EXPECT_EQ(other.kept_until, 2034y / std::chrono::December / 31);
    EXPECT_EQ(read(taken).email, visitor_email);
}

TEST_P(ContractOfErasure, what_was_never_paid_goes_altogether) {
    const auto id = failed(1);
    write_note(id);
    const auto report = erase();
    ASSERT_EQ(report.payments.size(), 1U);
    EXPECT_EQ(report.payments[0].state, DataState::erased);
    EXPECT_EQ(report.payments[0].messages, 1);  // that were there
    EXPECT_EQ(read(id).email, "");
    EXPECT_EQ(read(id).metas, "{}");
    EXPECT_EQ(read(id).status, Status::failed);
    EXPECT_FALSE(has_body(id));
    EXPECT_TRUE(run(store->actions_of(id, ActionKind::note)).at(0).details.empty());
    EXPECT_EQ(kinds_of(id), (Found{"note", "erase"}));
    EXPECT_EQ(differences(), Found{});
    EXPECT_TRUE(ledger().look(visitor(), noon + 2h).payments.empty());
}

TEST_P(ContractOfErasure, of_what_was_paid_only_what_the_law_wants_stays_and_nobody_sees_it) {
    const auto id = paid(1);
    const auto report = erase();
    EXPECT_EQ(report.payments.at(0).state, DataState::restricted);
    EXPECT_EQ(read(id).metas, "{}");
    EXPECT_FALSE(has_body(id));
    EXPECT_EQ(differences(), Found{});

    // Whoever may erase still finds it by the address, which is not kept itself.
    const auto found = ledger().begin_export(visitor(), asked(noon + 2h));
    ASSERT_EQ(found, std::vector{id});
    const auto held = ledger().read(found, visitor().sight);
    EXPECT_EQ(
        held.at(0).kept, R"({"address":"Pipitér köz 77","name":"Kacifánt Zsuzsanna","zip":"6763"})"
    );
    EXPECT_EQ(held.at(0).transaction.email, "");
}

TEST_P(ContractOfErasure, what_the_law_wanted_goes_when_its_years_are_over) {
    const auto id = paid(1);
    erase();
    // 2026 and eight years more, as the clocks of the zone show it.
    const auto last = day(2034, 12, 31) + 22h + 59min;
    keep(last);
    EXPECT_EQ(ledger().retention().restricted, 1);
    keep(last + 2min);
    EXPECT_EQ(ledger().retention().restricted, 0);
    EXPECT_TRUE(ledger().look(visitor(), last + 3min).payments.empty());
    EXPECT_EQ(kinds_of(id), (Found{"erase", "erase"}));
    EXPECT_EQ(differences(), Found{});
}

TEST_P(ContractOfErasure, money_that_moves_later_counts_from_then) {
    const auto id = paid(1);
    erase();
    auto back = heard(id, {refunded("r1", 22000)});
    back.at = day(2028, 5, 1);
    run(store->record(std::move(back)));
    keep(day(2035, 1, 2));
    EXPECT_EQ(ledger().retention().restricted, 1);
    keep(day(2037, 1, 2));
    EXPECT_EQ(ledger().retention().restricted, 0);
    EXPECT_EQ(differences(), Found{});
}

TEST_P(ContractOfErasure, a_payment_under_way_waits_and_goes_when_it_is_over) {
    const auto id = begin(1);
    tell(id, {accepted("p1")}, "begun");
    EXPECT_EQ(erase().payments.at(0).state, DataState::waiting);
    EXPECT_EQ(read(id).email, visitor_email);
    keep(noon + 2h);
    EXPECT_EQ(read(id).email, visitor_email);
    tell(id, {fact(FactKind::failed, "declined")}, "ended", noon + 2h);
    keep(noon + 3h);
    EXPECT_EQ(read(id).email, "");
    EXPECT_FALSE(has_body(id));
    const auto actions = run(store->actions_of(id, ActionKind::erase));
    ASSERT_EQ(actions.size(), 1U);
    EXPECT_EQ(actions[0].by.sub, "dora");
    EXPECT_EQ(actions[0].details.at("why"), "asked for by letter 77");
    EXPECT_EQ(differences(), Found{});
}

TEST_P(ContractOfErasure, a_refund_under_way_waits_and_ends_as_it_would_have) {
    const auto id = paid(1);
    NewRefund refund{id, {eur(5000), "rain", "Kata"}, Source::staff, noon + 1min, noon + 2min};
    const auto reserved = run(store->reserve_refund(std::move(refund))).value();
    EXPECT_EQ(erase().payments.at(0).state, DataState::waiting);
    tell(id, {refunded("r1", 5000, reserved.refund.reference)}, "given back", noon + 2h);
    keep(noon + 3h);
    EXPECT_EQ(read(id).status, Status::partially_refunded);
    EXPECT_EQ(read(id).metas, "{}");
    EXPECT_FALSE(has_body(id));
    EXPECT_EQ(differences(), Found{});
}

TEST_P(ContractOfErasure, a_dispute_waits_for_its_end) {
    const auto id = paid(1);
    auto opened = fact(FactKind::disputed, "dp_1");
    opened.occurred_at = noon + 1min;
    tell(id, {opened}, "disputed", noon + 1min);
    EXPECT_EQ(erase().payments.at(0).state, DataState::waiting);
    auto won = fact(FactKind::dispute_won, "dp_1");
    won.occurred_at = noon + 2h;
    tell(id, {won}, "won", noon + 2h);
    keep(noon + 3h);
    EXPECT_EQ(read(id).email, "");
    EXPECT_EQ(differences(), Found{});
}

TEST_P(ContractOfErasure, a_late_message_and_a_late_note_go_soon_after_they_came) {
    const auto id = failed(1);
    erase();
    tell(id, {captured()}, "late", noon + 2h);
    write_note(id, noon + 2h);
    EXPECT_TRUE(has_body(id));
    keep(noon + 2h + 2min);
    EXPECT_FALSE(has_body(id));
    EXPECT_EQ(read(id).status, Status::paid);  // what it said counts
    EXPECT_TRUE(run(store->actions_of(id, ActionKind::note)).at(0).details.empty());
    EXPECT_EQ(kinds_of(id), (Found{"erase", "note", "erase"}));
    EXPECT_EQ(differences(), Found{});
}

TEST_P(ContractOfErasure, a_message_that_is_matched_after_the_erasure_goes_too) {
    const auto id = begin(1);
    auto stray = notice({{}, "p1", Processor::simplepay}, {captured()}, "stray");
    stray.message->body = visitor_metas;
    run(store->record(std::move(stray)));
    tell(id, {accepted("p1"), fact(FactKind::failed, "declined")}, "failed");
    erase();
    const auto due = run(store->claim_unmatched(noon + 2h, 10));
    ASSERT_EQ(due.size(), 1U);
    auto again =
        Heard::retried(due[0], notice({{}, "p1", Processor::simplepay}, {captured()}, "stray"));
    again.at = noon + 2h;
    run(store->record(std::move(again)));
    ASSERT_TRUE(has_body(id));
    keep(noon + 3h);
    EXPECT_FALSE(has_body(id));
    EXPECT_EQ(differences(), Found{});
}

TEST_P(ContractOfErasure, twice_is_as_once) {
    const auto id = paid(1);
    erase();
    const auto again = erase(noon + 2h);
    EXPECT_EQ(again.payments.at(0).state, DataState::restricted);
    EXPECT_EQ(again.payments.at(0).erased_at, noon + 1h);
    EXPECT_EQ(kinds_of(id), Found{"erase"});
    EXPECT_EQ(differences(), Found{});
}

TEST_P(ContractOfErasure, two_at_once_erase_each_payment_once) {
    std::vector<std::int64_t> ids;
    for (int ticket = 1; ticket <= 20; ++ticket) ids.push_back(failed(ticket));
    {
        std::jthread one{[&] { erase(); }}, two{[&] { erase(); }};
        std::jthread third{[&] { ledger().keep(noon + 2h); }};
    }
    for (const auto id : ids) {
        EXPECT_EQ(read(id).email, "");
        EXPECT_EQ(kinds_of(id), Found{"erase"});
    }
    EXPECT_EQ(differences(), Found{});
}

TEST_P(ContractOfErasure, one_replica_alone_keeps_to_it) {
    failed(1);
    GetParam().execute(
        place, "UPDATE retention SET lease_until = " +
                   std::to_string((noon + 30s).time_since_epoch().count())
    );
    EXPECT_EQ(ledger().keep(noon), RetentionStep::not_ours);
    EXPECT_EQ(ledger().keep(noon + 31s), RetentionStep::nothing_left);
    // A clock that was set back has given a lease that would last for years.
    GetParam().execute(place, "UPDATE retention SET lease_until = 9000000000000");
    EXPECT_EQ(ledger().keep(noon + 1h), RetentionStep::nothing_left);
}

TEST_P(ContractOfErasure, what_a_process_that_died_has_left_undone_is_done) {
    const auto id = failed(1);
    GetParam().execute(
        place,
        "INSERT INTO erasures (transaction_id, asked_at, by_sub, by_name, why, try_at, kept,"
        " email_sha256) VALUES (" +
            std::to_string(id) + ", 1, 'dora', 'Dóra', 'asked', 1, '', '')"
    );
    EXPECT_EQ(ledger().look(visitor(), noon).payments.at(0).state, DataState::waiting);
    keep(noon + 1h);
    EXPECT_EQ(read(id).email, "");
    EXPECT_EQ(differences(), Found{});
}

TEST_P(ContractOfErasure, what_is_old_enough_goes_by_itself) {
    const auto old = failed(1);
    const auto young = failed(2, noon + days{20});
    keep(noon + days{40});
    EXPECT_EQ(read(old).email, visitor_email);  // nobody has set a time
    rules.days = 30;
    keep(noon + days{40});
    EXPECT_EQ(read(old).email, "");
    EXPECT_EQ(read(young).email, visitor_email);
    const auto action = run(store->actions_of(old, ActionKind::erase)).at(0);
    EXPECT_EQ(action.by.name, "retention");
    EXPECT_EQ(action.details.at("why"), "older than 30 days");
    keep(noon + days{51});
    EXPECT_EQ(read(young).email, "");
    EXPECT_EQ(differences(), Found{});
}

TEST_P(ContractOfErasure, old_messages_about_no_payment_go_by_themselves) {
    auto stray = notice({{}, "999", Processor::simplepay}, {}, "stray");
    stray.message->body = visitor_metas;
    run(store->record(std::move(stray)));
    rules.days = 30;
    keep(noon + days{29});
    const auto number = run(store->find_messages({})).list.at(0).message.number;
    EXPECT_TRUE(run(store->message(number))->body);
    keep(noon + days{31});
    EXPECT_FALSE(run(store->message(number))->body);
    EXPECT_TRUE(run(store->claim_unmatched(noon + days{32}, 10)).empty());
    EXPECT_EQ(differences(), Found{});
}

TEST_P(ContractOfErasure, an_old_message_that_is_matched_while_it_goes_is_no_damage) {
    const auto id = begin(1);
    const auto stray = notice({{}, "p1", Processor::simplepay}, {captured()}, "stray");
    run(store->record(Heard{stray}));
    const auto due = run(store->claim_unmatched(noon + 2h, 10));
    ASSERT_EQ(due.size(), 1U);
    rules.days = 30;
    keep(noon + days{31});
    tell(id, {accepted("p1")}, "accepted", noon + days{31});
    auto again = Heard::retried(due[0], Heard{stray});
    again.at = noon + days{31};
    run(store->record(std::move(again)));
    EXPECT_EQ(read(id).status, Status::paid);
    EXPECT_EQ(run(store->messages_of(id)).size(), 2U);
    EXPECT_EQ(differences(), Found{});
}

TEST_P(ContractOfErasure, what_lies_outside_of_the_callers_tickets_is_unknown_and_stays) {
    const auto hungary = run(store->scope_id({"HU", "27", "OZORA"}));
    auto inside = of_visitor(1);
    inside.scope_id = hungary;
    const auto id = run(store->open(std::move(inside))).transaction.id;
    tell(id, {accepted("p1"), fact(FactKind::failed, "declined")}, "failed");
    const auto outside = failed(2);
    auto person = visitor();
    person.sight = {false, {hungary}};
    EXPECT_EQ(ledger().look(person, noon).payments.size(), 1U);
    EXPECT_EQ(ledger().erase(person, asked()).payments.size(), 1U);
    EXPECT_EQ(read(id).email, "");
    EXPECT_EQ(read(outside).email, visitor_email);
    person.email.clear();
    person.ticket_id = 2;
    EXPECT_TRUE(ledger().erase(person, asked()).payments.empty());
    person.ticket_id = 1;
    EXPECT_EQ(ledger().look(person, noon).payments.size(), 1U);
    person.sight.scope_ids.clear();
    EXPECT_TRUE(ledger().look(person, noon).payments.empty());
}

TEST_P(ContractOfErasure, a_report_names_backups_and_exports_with_the_words_in_them) {
    failed(1);
    const auto& records = dynamic_cast<HealthRecords&>(*store);
    for (const auto hours : {-1h, 1h, 3h})
        run(const_cast<HealthRecords&>(records).note_backup(noon + hours));
    for (const std::string personal : {"true", "false"}) {
        NewAction taken{
            ActionKind::exported,
            {"kata", "Kata"},
            noon + 2h,
            {},
            {{"what", "payments"}, {"personal", personal}, {"from", "x"}, {"to", "y"}}};
        run(store->record_action(std::move(taken))).value();
    }
    const auto unknown = ledger().look(visitor(), noon + 4h);
    EXPECT_EQ(unknown.backups.count, 2);
    EXPECT_EQ(unknown.backups.last, noon + 3h);
    EXPECT_FALSE(unknown.backups.gone_by);
    ASSERT_EQ(unknown.exports.size(), 1U);
    EXPECT_EQ(unknown.exports[0].by, "Kata");
    auto inside = of_visitor(2);
    inside.scope_id = run(store->scope_id({"HU", "27", "OZORA"}));
    auto scoped = visitor();
    scoped.sight = {false, {*inside.scope_id}};
    run(store->open(std::move(inside)));
    const auto of_scope = ledger().look(scoped, noon + 4h);
    EXPECT_EQ(of_scope.payments.size(), 1U);
    EXPECT_TRUE(of_scope.exports.empty());
    rules.backup_days = 30;
    using namespace std::chrono_literals;
    EXPECT_EQ(erase(noon + 4h).backups.gone_by, 2026y / std::chrono::April / 1);
}

TEST_P(ContractOfErasure, every_act_is_on_record_and_names_nobody_in_clear) {
    failed(1);
    ledger().begin_export(visitor(), asked());
    erase();
    ActionsQuery query;
    query.sight.is_everywhere = true;
    const auto page = run(store->actions(query));
    Found kinds;
    for (const auto& action : page.list) {
        kinds.push_back(action.kind);
        EXPECT_EQ(action.by.sub, "dora");
        EXPECT_EQ(action.about, action.transaction_id ? "" : "z***t@e***.org");
    }
    std::ranges::sort(kinds);
    EXPECT_EQ(kinds, (Found{"erase", "erase_person", "export_person"}));
}

TEST_P(ContractOfErasure, of_more_payments_than_are_told_of_all_go_when_it_is_asked_again) {
    for (int ticket = 1; ticket <= payments_of_person_max + 1; ++ticket) begin(ticket);
    const auto first = erase();
    EXPECT_FALSE(first.is_all);
    EXPECT_EQ(ledger().retention().waiting, payments_of_person_max);
    erase();
    EXPECT_EQ(ledger().retention().waiting, payments_of_person_max + 1);
}

TEST_P(ContractOfErasure, one_that_was_lost_and_found_grows_old_as_its_neighbours_did) {
    rules.days = 30;
    run(store->reserve_numbers(5));
    const auto later = failed(1, noon + days{1});
    keep(noon + days{32});
    EXPECT_EQ(read(later).email, "");
    auto lost = of_visitor(2);
    lost.number = 3;
    ASSERT_TRUE(run(store->open(std::move(lost))).is_new);
    tell(3, {accepted("p3"), fact(FactKind::failed, "declined")}, "failed3");
    keep(noon + days{33});
    EXPECT_EQ(read(3).email, "");
    EXPECT_EQ(read(3).metas, "{}");
}

// ------------------------------------------------------------------------ the books do not believe

TEST_P(ContractOfErasure, a_message_that_somebody_only_calls_erased_is_found) {
    const auto id = paid(1);
    const auto number = run(store->messages_of(id)).at(0).number;
    const auto body = run(store->message(number))->body.value();
    GetParam().execute(
        place,
        "UPDATE notifications SET body = NULL, body_sha256 = '" + ledger::body_hash(body) + "'"
    );
    EXPECT_EQ(
        differences(),
        Found{
            std::to_string(id) + ": the body of message number " + std::to_string(number) +
            " is gone, and nothing says who erased it"}
    );
}

TEST_P(ContractOfErasure, words_that_come_back_and_rows_that_are_gone_are_found) {
    const auto id = failed(1);
    erase();
    const auto name = std::to_string(id) + ": ";
    GetParam().execute(place, "UPDATE transactions SET email = 'x@example.org'");
    EXPECT_EQ(differences(), Found{name + "its personal data were erased, yet it holds some"});
    GetParam().execute(place, "UPDATE transactions SET email = ''");
    GetParam().execute(place, "DELETE FROM erasures");
    EXPECT_EQ(
        differences(),
        Found{name + "somebody erased its personal data, and its row of that is gone"}
    );
}

INSTANTIATE_TEST_SUITE_P(
    , ContractOfErasure, testing::ValuesIn(store_kinds()),
    [](const auto& kind) { return kind.param.name; }
);

}  // namespace
}  // namespace payments
