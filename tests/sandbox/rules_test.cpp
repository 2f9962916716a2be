#include <gtest/gtest.h>

#include "sandbox/budapest.hpp"
#include "sandbox/clock.hpp"
#include "sandbox/http.hpp"
#include "sandbox/json_text.hpp"
#include "sandbox/simplepay/simplepay.hpp"
#include "support/clock.hpp"

namespace payments::sandbox {
namespace {

using simplepay::judge_ipn_answer;

constexpr std::string_view key = "FxDa5w314kLlNseq2sKuVwaqZshZT5d6";
// The worked example of docs/providers/simplepay.md, 16.2, with the signature printed there.
constexpr std::string_view ipn =
    R"({"salt":"r7Lk2Wc9Xh4Bz0Np5Tq8Md3Vy6Jf1SgA","orderRef":"ORD2026000042A1","method":"CARD",)"
    R"("merchant":"PUBLICTESTHUF","finishDate":"2026-03-02T10:21:07+01:00",)"
    R"("paymentDate":"2026-03-02T10:18:41+01:00","transactionId":512345678,"status":"FINISHED"})";

Fetched answer_of(std::string body, int status = 200) {
    Fetched answer;
    answer.kind = Fetched::Kind::answered;
    answer.status = status;
    answer.body = std::move(body);
    answer.headers = {{"signature", simplepay::signature(key, answer.body)}};
    return answer;
}

std::string echo(std::string more = R"(,"receiveDate":"2026-03-02T10:21:09+01:00")") {
    std::string body{ipn};
    body.insert(body.size() - 1, more);
    return body;
}

std::string judged(const Fetched& answer, bool strict = false) {
    return judge_ipn_answer(ipn, key, answer, strict).label;
}

TEST(IpnAnswer, signatures_are_those_of_the_worked_examples) {
    EXPECT_EQ(
        simplepay::signature(key, ipn),
        "zczTv2cv3Yk+/AVistvR/+ElGibxlOwwYwKZlL6luW8WT/uD/JsNZ8xydLPUU0fu"
    );
    EXPECT_EQ(
        simplepay::signature(key, echo()),
        "GUe7dqRcibK4LcYaCJW1G0pFYBdpJNw/RecH9NovaGNhArOLvkspKFKqPgYlcsd9"
    );
}

TEST(IpnAnswer, the_signed_echo_with_a_receive_date_is_accepted) {
    EXPECT_EQ(judged(answer_of(echo())), "OK");
    EXPECT_EQ(judged(answer_of(echo(R"(,"receiveDate":"2026-03-02T10:21:09+0100")"))), "OK");
    EXPECT_EQ(judged(answer_of(echo()), true), "OK");
}

TEST(IpnAnswer, anything_but_200_is_NOT200) {
    EXPECT_EQ(judged(answer_of(echo(), 201)), "NOT200");
    EXPECT_EQ(judged(answer_of(echo(), 302)), "NOT200");
    EXPECT_EQ(judged(answer_of(echo(), 500)), "NOT200");
}

TEST(IpnAnswer, a_missing_and_a_wrong_signature_are_told_apart) {
    auto answer = answer_of(echo());
    answer.body += '\n';
    EXPECT_EQ(judged(answer), "BAD_SIGNATURE");
    answer.headers.clear();
    EXPECT_EQ(judged(answer), "NO_SIGNATURE");
}

TEST(IpnAnswer, what_is_not_the_echo_is_CONTENTNOTMATCH) {
    EXPECT_EQ(judged(answer_of("OK")), "CONTENTNOTMATCH");
    EXPECT_EQ(judged(answer_of("-1")), "CONTENTNOTMATCH");
    EXPECT_EQ(judged(answer_of(std::string{ipn})), "CONTENTNOTMATCH");
    EXPECT_EQ(judged(answer_of(echo(R"(,"receiveDate":"2026-03-02 10:21")"))), "CONTENTNOTMATCH");
    auto as_text = echo();
    as_text.replace(as_text.find("512345678"), 9, "\"512345678\"");
    EXPECT_EQ(judged(answer_of(as_text)), "CONTENTNOTMATCH");
    auto another = echo();
    another.replace(another.find("FINISHED"), 8, "finished");
    EXPECT_EQ(judged(answer_of(another)), "CONTENTNOTMATCH");
}

TEST(IpnAnswer, extra_members_pass_unless_judged_strictly) {
    const auto more = echo(R"(,"receiveDate":"2026-03-02T10:21:09+01:00","note":"hello")");
    EXPECT_EQ(judged(answer_of(more)), "OK");
    EXPECT_EQ(judged(answer_of(more), true), "CONTENTNOTMATCH");
}

TEST(IpnAnswer, silence_and_flood_have_their_labels) {
    Fetched answer;
    answer.kind = Fetched::Kind::timed_out;
    EXPECT_EQ(judged(answer), "TIMEOUT");
    answer.kind = Fetched::Kind::too_big;
    EXPECT_EQ(judged(answer), "IPNTOOBIG");
    answer.kind = Fetched::Kind::failed;
    EXPECT_EQ(judged(answer), "NO_CONNECTION");
}

TEST(BudapestTime, changes_on_the_last_sundays_at_one_utc) {
    const auto local = [](const char* utc) { return budapest_time(*parse_time(utc)); };
    EXPECT_EQ(local("2026-03-29T00:59:59Z"), "2026-03-29T01:59:59+01:00");
    EXPECT_EQ(local("2026-03-29T01:00:00Z"), "2026-03-29T03:00:00+02:00");
    EXPECT_EQ(local("2026-10-25T00:59:59Z"), "2026-10-25T02:59:59+02:00");
    EXPECT_EQ(local("2026-10-25T01:00:00Z"), "2026-10-25T02:00:00+01:00");
    EXPECT_EQ(local("2026-12-31T23:30:00Z"), "2027-01-01T00:30:00+01:00");
    EXPECT_EQ(
        budapest_time(*parse_time("2026-07-01T10:00:00Z"), false), "2026-07-01T12:00:00+0200"
    );
}

TEST(Decimals, have_at_least_one_digit_after_the_point) {
    EXPECT_EQ(decimal_with_point(1'299'000), "12990.0");
    EXPECT_EQ(decimal_with_point(1250), "12.5");
    EXPECT_EQ(decimal_with_point(1205), "12.05");
    EXPECT_EQ(decimal_with_point(-500), "-5.0");
    std::int64_t sum = 0;
    EXPECT_TRUE(read_hundredths("12.5", sum));
    EXPECT_EQ(sum, 1250);
    for (const auto wrong : {"", ".5", "1.", "1.234", "-1", "1e3", "1 000", "1234567890123"}) {
        EXPECT_FALSE(read_hundredths(wrong, sum)) << wrong;
    }
}

TEST(SandboxTime, planned_things_happen_in_order_when_time_is_moved) {
    boost::asio::io_context loop;
    SandboxClock clock{loop, 0};
    std::string happened;
    clock.after(std::chrono::hours{2}, [&] { happened += "b"; });
    clock.after(std::chrono::hours{1}, [&] {
        happened += "a";
        clock.after(std::chrono::hours{100}, [&] { happened += "c"; });
    });
    loop.poll();
    EXPECT_EQ(happened, "");
    clock.advance(std::chrono::hours{3});
    loop.restart();
    loop.poll();
    EXPECT_EQ(happened, "ab");
}

TEST(Percent, encoding_leaves_only_unreserved_characters) {
    EXPECT_EQ(percent_encode("a+b/c=é~"), "a%2Bb%2Fc%3D%C3%A9~");
    EXPECT_EQ(percent_decode("a%2Bb+c%zz"), "a+b c%zz");
}

}  // namespace
}  // namespace payments::sandbox
