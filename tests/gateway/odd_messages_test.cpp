// Rightly signed, and yet not what strict JSON allows: kept, and read as far as it goes.
#include <gtest/gtest.h>

#include "fixtures/gateway.hpp"
#include "gateway/simplepay/notifications.hpp"
#include "gateway/stripe/events.hpp"
#include "support/crypto.hpp"

namespace payments::test {

class OddNotice : public testing::Test {
protected:
    static constexpr Time now{std::chrono::seconds{1'772'443'269}};

    static Notification read(const std::string& body) {
        return simplepay::read_ipn(accounts, simplepay::sign(body, huf.secret), body, now).value();
    }
    static std::string notice(const std::string& member) {
        return R"({"salt":"r7Lk2Wc9Xh4Bz0Np5Tq8Md3Vy6Jf1SgA","orderRef":"TR42",)" + member +
               R"("merchant":"PUBLICTESTHUF","transactionId":512345678,"status":"FINISHED"})";
    }
};

TEST_F(OddNotice, whose_account_cannot_be_read_is_kept_and_answered) {
    const std::string unreadable[] = {
        R"({"merchant":"PUBLICTESTHUF","merchant":"PUBLICTESTEUR","orderRef":"TR42"})",
        notice(R"("comment":)" + std::string(500, '[') + std::string(500, ']') + ","),
    };
    for (const auto& body : unreadable) {
        const auto [heard, answer] = read(body);
        EXPECT_EQ(heard.unmatched_reason, "its merchant account cannot be read");
        EXPECT_EQ(heard.message->body, body);
        EXPECT_FALSE(heard.subject.transaction_id);
        EXPECT_TRUE(answer.body.starts_with(body.substr(0, body.size() - 1)));
        EXPECT_EQ(answer.signature, simplepay::sign(answer.body, huf.secret));
        const auto forged = simplepay::read_ipn(accounts, "", body, now);
        EXPECT_EQ(forged.error().code, Errc::invalid_signature);
    }
}

TEST_F(OddNotice, says_what_it_says_beside_what_nobody_reads) {
    const auto usual = read(notice("")).heard;
    const std::string members[] = {
        R"("comment":"\u0000",)",
        R"("comment":"\udfff",)",
        R"("comment":1,"comment":2,)",
        R"("comment":)" + std::string(60, '[') + std::string(60, ']') + ",",
    };
    for (const auto& member : members) {
        const auto body = notice(member);
        const auto [heard, answer] = read(body);
        EXPECT_EQ(heard.subject.transaction_id, 42) << member;
        EXPECT_EQ(heard.facts.at(0).identity(), usual.facts.at(0).identity()) << member;
        EXPECT_EQ(heard.message->body, body);
        EXPECT_TRUE(answer.body.starts_with(body.substr(0, body.size() - 1)));
    }
}

TEST_F(OddNotice, of_two_states_is_asked_for) {
    const auto heard = read(notice(R"("status":"TIMEOUT",)")).heard;
    EXPECT_EQ(heard.facts.at(0).kind, FactKind::accepted);
    EXPECT_TRUE(heard.check_now);
}

class OddEvent : public testing::Test {
protected:
    static constexpr Time now{std::chrono::seconds{1'772'443'269}};

    static Heard read(const std::string& body) {
        const std::vector<std::string> secrets{"whsec_of_the_odd_ones"};
        const std::string time = "1772443269";
        const auto mac = crypto::hex(crypto::hmac_sha256(secrets[0], time + "." + body));
        return stripe::read_event("t=" + time + ",v1=" + mac, body, secrets, "test", now)
            .value()
            .heard;
    }
    static std::string paid(const std::string& member) {
        return R"({"id":"evt_1","object":"event","livemode":false,"data":{"object":{"id":"pi_1",)" +
               member +
               R"("object":"payment_intent","amount":1749000,"amount_received":1749000,)"
               R"("currency":"huf","metadata":{"transaction_id":"42",)"
               R"("attempt":"pi-create-TR42-1772442900123"},"status":"succeeded"}}})";
    }
};

TEST_F(OddEvent, that_is_too_deep_to_be_read_is_kept) {
    const auto body = paid(R"("deep":)" + std::string(500, '[') + std::string(500, ']') + ",");
    const auto heard = read(body);
    EXPECT_EQ(heard.unmatched_reason, "too deep to be read");
    EXPECT_EQ(heard.message->body, body);
    EXPECT_EQ(heard.message->identity, crypto::hex(crypto::sha256(body)));
}

TEST_F(OddEvent, says_what_it_says_beside_what_nobody_reads) {
    const auto usual = read(paid(""));
    EXPECT_FALSE(usual.check_now);
    const std::string members[] = {
        R"("description":"x\u0000y",)",
        R"("description":"\ud800",)",
        R"("description":"a","description":"b",)",
        R"("shipping":{"name":"a","name":"b"},)",
        R"("deep":)" + std::string(60, '[') + std::string(60, ']') + ",",
    };
    for (const auto& member : members) {
        const auto heard = read(paid(member));
        EXPECT_EQ(heard.unmatched_reason, "") << member;
        EXPECT_EQ(heard.subject.transaction_id, 42) << member;
        ASSERT_EQ(heard.facts.size(), 1U) << member;
        EXPECT_EQ(heard.facts[0].identity(), usual.facts.at(0).identity()) << member;
        EXPECT_EQ(heard.message->body, paid(member));
        EXPECT_TRUE(heard.check_now) << "the provider tells what may be missing";
    }
}

TEST_F(OddEvent, has_not_said_what_it_says_in_two_ways) {
    const auto twice = read(paid(R"("status":"canceled",)"));
    EXPECT_EQ(twice.subject.provider_id, "pi_1");
    EXPECT_TRUE(twice.facts.empty());
    EXPECT_TRUE(twice.check_now);
    const auto two_modes =
        read(replaced(paid(""), R"("livemode":false)", R"("livemode":true,"livemode":false)"));
    EXPECT_EQ(two_modes.unmatched_reason, "without livemode");
}

}  // namespace payments::test
