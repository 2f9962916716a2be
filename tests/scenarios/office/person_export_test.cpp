// What is held on a visitor is read while it is sent, and what its reader may see is held against
// it piece by piece (docs/personal_data.md, 3).
#include "fixtures/scenario.hpp"
#include "http/server/body_source.hpp"
#include "storage/personal_data.hpp"

namespace payments {

using namespace testing_support;

class ExportOfAPerson : public Scenario {
protected:
    static constexpr int tickets_in_all = 151;  // 50 payments are a piece

    ExportOfAPerson() {
        world.personal = personal.get();
        here = await(database->scope_id({"HU", "2026", "OZORA"}));
        for (int ticket = 1; ticket <= tickets_in_all; ++ticket) {
            auto made = attempt(ticket, "FULL-FEE-EUR-SIMPLE", noon);
            made.email = "eva@example.org";
            made.scope_id = here;
            await(database->open(std::move(made)));
        }
    }
    std::string take_piece(http::BodySource& source) { return await(source.next_piece()); }

    std::int64_t here = 0;
    const std::unique_ptr<PersonalData> personal =
        personal_data_of(target_of(place), rules_of_data());

private:
    static PersonalDataRules rules_of_data() {
        PersonalDataRules made;
        made.zone = TimeZone::load("Europe/Budapest").value();
        return made;
    }
};

TEST_F(ExportOfAPerson, leaves_out_what_has_left_the_callers_sight_and_goes_on_behind_it) {
    const auto running = begin_post(
        "/payments/person/export", R"({"email":"eva@example.org","why":"letter 7"})",
        as_user(in_scope("payments_erase"))
    );
    until([&] { return running->done; });
    ASSERT_EQ(running->response->status, 200);
    auto& source = *running->response->source;
    auto text = take_piece(source);
    const auto elsewhere = await(database->scope_id({"INT", "2026", "OZORA"}));
    for (int ticket = 51; ticket <= 100; ++ticket) await(database->move_ticket(ticket, elsewhere));
    std::string piece;
    do text += piece = take_piece(source);
    while (!piece.empty());

    const auto file = json::parse(text);
    ASSERT_TRUE(file) << text;
    std::set<std::int64_t> seen;
    for (const auto& held : file->get_object().at("held").as_array())
        seen.insert(held.at("transaction").at("ticket_id").as_int64());
    EXPECT_EQ(std::ssize(seen), tickets_in_all - 50);
    EXPECT_TRUE(seen.contains(50));
    EXPECT_FALSE(seen.contains(51));
    EXPECT_TRUE(seen.contains(101));
}

}  // namespace payments
