// Lists of erasures that were kept outside of the database (docs/personal_data.md, 4).
#include "commands/visitor/asked_erasures.hpp"

#include <gtest/gtest.h>

#include "http/api/office/person_wire.hpp"
#include "support/json.hpp"
#include "support/times.hpp"

namespace payments {
namespace {

using namespace std::chrono_literals;

const auto began = parse_time("2026-03-02T12:00:00.123Z").value();

std::vector<std::int64_t> numbers_in(const std::string& text) {
    std::vector<std::int64_t> numbers;
    for (const auto& one : read_asked_erasures(text)) {
        EXPECT_EQ(one.created_at, began);
        numbers.push_back(one.transaction_id);
    }
    return numbers;
}

std::string logged(int id, const std::string& message = std::string{erasure_asked_line}) {
    return R"({"time":"2026-03-03T12:00:00.000Z","level":"info","message":")" + message +
           R"(","transaction_id":)" + std::to_string(id) + R"(,"created_at":")" + rfc3339(began) +
           "\"}\n";
}

PersonalReport report_of(std::optional<Time> asked_at) {
    PersonalReport report;
    for (const auto id : {42, 57}) {
        PersonalPayment payment{Money::of(22'000, Currency::of("EUR").value()).value()};
        payment.id = id;
        payment.created_at = began;
        payment.asked_at = asked_at;
        report.payments.push_back(std::move(payment));
    }
    return report;
}

using Numbers = std::vector<std::int64_t>;

TEST(AskedErasures, a_list_reads_back_as_it_was_written) {
    const auto text = line_of({42, began, began + 1h}) + "\n" + line_of({57, began, began + 2h});
    EXPECT_EQ(numbers_in(text), (Numbers{42, 57}));
    EXPECT_EQ(read_asked_erasures(text)[1].asked_at, began + 2h);
}

TEST(AskedErasures, a_log_tells_of_them_between_other_lines_and_behind_what_its_keeper_adds) {
    const auto log = "-- Boot 6f --\n" + logged(42) + logged(43, "a person has ended a payment") +
                     "2026-03-03T12:00:01 host ozora-payments[7]: " + logged(57) +
                     R"({"level":"info","message":"listening","port":8080})"
                     "\n\n{cut off";
    EXPECT_EQ(numbers_in(log), (Numbers{42, 57}));
    EXPECT_EQ(numbers_in(logged(42)), Numbers{42});
}

TEST(AskedErasures, a_report_names_what_was_erased_and_one_that_only_shows_names_none) {
    const auto erased = json::write(http::write_person_report(report_of(began + 1h)));
    EXPECT_EQ(numbers_in(erased), (Numbers{42, 57}));
    EXPECT_EQ(numbers_in(erased + "\n" + erased + "\n"), (Numbers{42, 57, 42, 57}));
    const auto shown = json::write(http::write_person_report(report_of({})));
    EXPECT_TRUE(numbers_in(shown).empty());
}

TEST(AskedErasures, nothing_else_names_any) {
    for (const std::string text :
         {"", "\n", "TR42\n", "{}", "[]", R"({"transaction_id":42})",
          R"({"transaction_id":"42","created_at":"2026-03-02T12:00:00Z"})",
          R"({"payments":[7,{"transaction_id":42}]})", R"({"payments":7})"})
        EXPECT_TRUE(read_asked_erasures(text).empty()) << text;
}

}  // namespace
}  // namespace payments
