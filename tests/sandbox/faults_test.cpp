#include "running_sandbox.hpp"
#include "support/json.hpp"

namespace payments::sandbox {
namespace {

using boost::json::object;

class Faults : public RunningSandbox {
protected:
    Fetched order(const std::string& base, const object& fault) {
        return call("POST", base + "/control/faults", json::write(fault));
    }
    // The reason why it is refused; "" when it was ordered.
    std::string refusal(
        const std::string& base, std::string_view operation, std::string_view fault
    ) {
        const auto answer = order(base, {{"operation", operation}, {"fault", fault}});
        if (answer.status == 200) return {};
        EXPECT_EQ(answer.status, 400) << operation << " " << fault;
        return std::string{parsed(answer.body).at("message").as_string()};
    }
    std::size_t ordered(const std::string& base) {
        return control(base, "faults").at("faults").as_array().size();
    }
};

TEST_F(Faults, of_operations_that_do_not_exist_are_refused_by_name) {
    const std::string no_begin = "there is no operation 'begin', only";
    EXPECT_TRUE(refusal(simplepay(), "begin", "500").starts_with(no_begin));
    EXPECT_TRUE(refusal(stripe(), "begin", "500").starts_with(no_begin));
    EXPECT_TRUE(refusal(tickets(), "begin", "500").starts_with(no_begin));
    EXPECT_TRUE(refusal(shop(), "begin", "500").starts_with(no_begin));
    EXPECT_EQ(ordered(simplepay()) + ordered(stripe()) + ordered(tickets()) + ordered(shop()), 0U);
}

TEST_F(Faults, that_an_operation_does_not_know_are_refused_by_name) {
    const std::string start = refusal(simplepay(), "start", "no-anwser");
    EXPECT_TRUE(start.starts_with("start knows no fault 'no-anwser', only")) << start;
    EXPECT_NE(start.find(" no-answer "), start.npos);
    EXPECT_NE(start.find(" bad-signature "), start.npos);
    EXPECT_EQ(ordered(simplepay()), 0U);
}

TEST_F(Faults, of_one_operation_are_not_those_of_another) {
    EXPECT_NE(refusal(simplepay(), "start", "not-found"), "");
    EXPECT_NE(refusal(simplepay(), "ipn", "500"), "");
    EXPECT_NE(refusal(simplepay(), "return", "garbage"), "");
    EXPECT_NE(refusal(stripe(), "retrieve", "refuse"), "");
    EXPECT_NE(refusal(stripe(), "charge.succeeded", "no-answer"), "");
    EXPECT_NE(refusal(stripe(), "charge.pondered", "never"), "");
    EXPECT_NE(refusal(tickets(), "get", "bad-signature"), "");
}

TEST_F(Faults, that_there_are_can_be_ordered) {
    EXPECT_EQ(refusal(simplepay(), "query", "not-found"), "");
    EXPECT_EQ(refusal(simplepay(), "act", "500"), "");
    EXPECT_EQ(refusal(simplepay(), "ipn", "s-spelling"), "");
    EXPECT_EQ(refusal(stripe(), "create", "refuse"), "");
    EXPECT_EQ(refusal(stripe(), "get-event", "redirect"), "");
    EXPECT_EQ(refusal(stripe(), "webhook", "twin"), "");
    EXPECT_EQ(refusal(stripe(), "refund.updated", "never"), "");
    EXPECT_EQ(refusal(tickets(), "get", "lenient"), "");
    EXPECT_EQ(refusal(shop(), "api/tickets/42", "late"), "");
    EXPECT_EQ(ordered(stripe()), 4U);
}

TEST_F(Faults, without_an_operation_a_name_or_any_times_are_refused) {
    EXPECT_EQ(order(stripe(), {{"operation", "create"}}).status, 400);
    EXPECT_EQ(order(stripe(), {{"fault", "500"}}).status, 400);
    const object never{{"operation", "create"}, {"fault", "500"}, {"times", 0}};
    EXPECT_EQ(order(stripe(), never).status, 400);
}

}  // namespace
}  // namespace payments::sandbox
