// Taking out personal data (docs/personal_data.md, 3), from both databases.
#include "http/api/office/person_wire.hpp"
#include "storage/personal/visitor.hpp"

namespace payments {
namespace {

using namespace testing_support;

class ContractOfTakingOut : public ErasureTest {
protected:
    // As exportPerson and `visitor export` do it.
    json::object take_out(
        const Person& person, Time now = noon + 1h, const std::function<void()>& meanwhile = {}
    ) {
        http::PersonFile file{ledger().begin_export(person, asked(now))};
        if (meanwhile) meanwhile();
        std::string text;
        for (auto some = file.next(); !some.empty(); some = file.next())
            text += file.add(ledger().read(some, person.sight));
        text += file.end(ledger().look_elsewhere(person, file.oldest(), now));
        return json::parse(text).value().get_object();
    }
    static std::vector<std::int64_t> numbers_in(const json::object& file) {
        std::vector<std::int64_t> numbers;
        for (const auto& held : file.at("held").as_array())
            numbers.push_back(held.at("transaction").at("id").as_int64());
        return numbers;
    }
    static std::vector<std::int64_t> numbers_reported(const json::object& file) {
        std::vector<std::int64_t> numbers;
        for (const auto& payment : file.at("report").at("payments").as_array())
            numbers.push_back(payment.at("transaction_id").as_int64());
        return numbers;
    }
};

TEST_P(ContractOfTakingOut, more_payments_than_a_report_tells_of_are_all_in_it) {
    std::vector<std::int64_t> ids;
    for (int ticket = 1; ticket <= payments_of_person_max + 3; ++ticket)
        ids.push_back(begin(ticket));
    open(9999);  // somebody else's
    const auto file = take_out(visitor());
    EXPECT_EQ(numbers_in(file), ids);
    EXPECT_EQ(numbers_reported(file), ids);
    EXPECT_TRUE(file.at("report").at("is_complete").as_bool());
    for (const auto& held : file.at("held").as_array())
        ASSERT_EQ(held.at("email").as_string(), visitor_email);
    ActionsQuery query;
    query.sight.is_everywhere = true;
    const auto action = run(store->actions(query)).list.at(0);
    EXPECT_EQ(action.kind, "export_person");
    EXPECT_EQ(action.details.at("payments"), std::to_string(ids.size()));
}

TEST_P(ContractOfTakingOut, those_whose_erasure_was_asked_for_keep_their_place) {
    const std::vector<std::int64_t> ids{paid(1), begin(2), paid(3)};
    erase();
    const auto later = begin(4);
    const auto file = take_out(visitor(), noon + 2h);
    EXPECT_EQ(numbers_in(file), (std::vector{ids[0], ids[1], ids[2], later}));
    const auto& held = file.at("held").as_array();
    EXPECT_EQ(held.at(0).at("restricted").at("zip").as_string(), "6763");
    EXPECT_TRUE(held.at(3).at("restricted").is_null());
}

TEST_P(ContractOfTakingOut, more_messages_and_notes_than_a_page_shows_are_all_in_it) {
    const auto id = paid(1);
    const auto many = story_max + 5;
    for (int i = 0; i < many; ++i) {
        const auto number = std::to_string(i);
        tell(id, {refunded("r" + number, 1)}, "refund" + number, noon + i * 1s);
        write_note(id, noon + i * 1s);
    }
    const auto file = take_out(visitor());
    const auto& held = file.at("held").as_array().at(0);
    EXPECT_EQ(std::ssize(held.at("messages").as_array()), many + 1);
    EXPECT_EQ(std::ssize(held.at("actions").as_array()), many);
}

TEST_P(ContractOfTakingOut, what_lies_outside_of_the_callers_tickets_is_not_in_it) {
    const auto hungary = run(store->scope_id({"HU", "27", "OZORA"}));
    auto inside = of_visitor(1);
    inside.scope_id = hungary;
    const auto id = run(store->open(std::move(inside))).transaction.id;
    begin(2);
    auto person = visitor();
    person.sight = {false, {hungary}};
    EXPECT_EQ(numbers_in(take_out(person)), std::vector{id});
}

TEST_P(ContractOfTakingOut, what_leaves_the_callers_tickets_before_it_is_read_is_not_in_it) {
    const auto hungary = run(store->scope_id({"HU", "27", "OZORA"}));
    const auto elsewhere = run(store->scope_id({"INT", "27", "OZORA"}));
    std::vector<std::int64_t> ids;
    for (const auto ticket : {1, 2, 3}) {
        auto inside = of_visitor(ticket);
        inside.scope_id = hungary;
        ids.push_back(run(store->open(std::move(inside))).transaction.id);
    }
    auto person = visitor();
    person.sight = {false, {hungary}};
    const auto file = take_out(person, noon + 1h, [&] { run(store->move_ticket(2, elsewhere)); });
    EXPECT_EQ(numbers_in(file), (std::vector{ids[0], ids[2]}));
    EXPECT_EQ(numbers_reported(file), (std::vector{ids[0], ids[2]}));
}

TEST_P(ContractOfTakingOut, what_is_erased_before_it_is_read_is_told_of_as_erased) {
    failed(1);
    paid(2);
    const auto file = take_out(visitor(), noon + 2h, [&] { erase(); });
    const auto text = json::write(file);
    for (const auto word : {0, 3, 4})  // what accounts do not need
        EXPECT_EQ(text.find(visitor_words[word]), text.npos) << text;
    const auto& payments = file.at("report").at("payments").as_array();
    EXPECT_EQ(payments.at(0).at("state").as_string(), "erased");
    EXPECT_EQ(payments.at(1).at("state").as_string(), "restricted");
}

TEST_P(ContractOfTakingOut, of_nobody_it_is_an_empty_document_and_on_record) {
    const auto file = take_out(visitor());
    EXPECT_TRUE(file.at("held").as_array().empty());
    EXPECT_TRUE(file.at("report").at("payments").as_array().empty());
    ActionsQuery query;
    query.sight.is_everywhere = true;
    EXPECT_EQ(run(store->actions(query)).list.at(0).details.at("payments"), "0");
}

INSTANTIATE_TEST_SUITE_P(
    , ContractOfTakingOut, testing::ValuesIn(store_kinds()),
    [](const auto& kind) { return kind.param.name; }
);

}  // namespace
}  // namespace payments
