// What SimplePay says of payments when it is asked, and whose they are.
#include "gateway/simplepay/query.hpp"

#include <gtest/gtest.h>

#include "fixtures/gateway.hpp"
#include "gateway/simplepay/answers.hpp"
#include "support/json.hpp"

namespace payments::simplepay {
namespace {

using test::eur;
using test::fact_in;
using test::huf;
using test::huf_attempt;
using test::signed_answer;

// ------------------------------------------------------------------------- query

std::string entry(const std::string& status, const std::string& more = "") {
    return R"({"salt":"s","merchant":"PUBLICTESTHUF","orderRef":"TR42","transactionId":512345678,)"
           R"("status":")" +
           status + "\"" + more + "}";
}
QueryResult ask(const std::string& entries, const Transaction& attempt = huf_attempt()) {
    const auto body = R"({"salt":"s","merchant":"PUBLICTESTHUF","transactions":[)" + entries +
                      R"(],"totalCount":1})";
    const std::vector<Transaction> attempts{attempt};
    return read_query(attempts, huf, signed_answer(body, huf)).at(0);
}
const std::string paid = R"(,"total":12990.0,"currency":"HUF")";
const std::string paid_less = R"(,"total":1299.0,"currency":"HUF")";

TEST(SimplePayQuery, the_body_asks_for_details_and_refunds_of_the_references) {
    const std::vector<std::string> refs{"TR1", "TR2"};
    const auto body =
        json::parse(query_body("PUBLICTESTHUF", refs, test::envelope)).value().as_object();
    EXPECT_EQ(body.at("orderRefs"), (json::array{"TR1", "TR2"}));
    EXPECT_EQ(body.at("detailed"), true);
    EXPECT_EQ(body.at("refunds"), true);
    EXPECT_EQ(body.at("merchant"), "PUBLICTESTHUF");
    EXPECT_EQ(body.at("sdkVersion"), "ozora-payments");
}

TEST(SimplePayQuery, each_status_means_its_fact) {
    const struct {
        std::string status;
        FactKind kind;
    } table[] = {
        {"INIT", FactKind::accepted},         {"INPAYMENT", FactKind::accepted},
        {"INFRAUD", FactKind::accepted},      {"AUTHORIZED", FactKind::authorized},
        {"AUTHORISED", FactKind::authorized}, {"FINISHED", FactKind::captured},
        {"NOTAUTHORIZED", FactKind::failed},  {"NOTAUTHORISED", FactKind::failed},
        {"FRAUD", FactKind::failed},          {"CANCELLED", FactKind::cancelled},
        {"REVERSED", FactKind::cancelled},    {"TIMEOUT", FactKind::expired},
    };
    for (const auto& row : table) {
        const auto said = ask(entry(row.status, paid));
        EXPECT_TRUE(said.answered);
        ASSERT_EQ(said.facts.size(), 1U) << row.status;
        EXPECT_EQ(said.facts[0].kind, row.kind) << row.status;
        EXPECT_EQ(said.facts[0].provider_id, "512345678");
        EXPECT_EQ(said.facts[0].account, "PUBLICTESTHUF");
        EXPECT_EQ(said.is_cancellable, row.status == "INIT");
        const bool has_amount = row.kind == FactKind::captured || row.kind == FactKind::authorized;
        EXPECT_EQ(said.facts[0].amount == huf_attempt().amount, has_amount);
    }
}

TEST(SimplePayQuery, an_unknown_status_concludes_nothing) {
    const auto said = ask(entry("SOMETHINGNEW", paid));
    EXPECT_TRUE(said.answered);
    EXPECT_TRUE(said.facts.empty());
}

TEST(SimplePayQuery, another_total_or_currency_is_told_as_it_is) {
    auto ours = huf_attempt();
    ours.provider_id = "512345678";
    const auto less = ask(entry("FINISHED", R"(,"total":1299.0,"currency":"HUF")"), ours);
    EXPECT_EQ(less.facts.at(0).amount->decimal(), "1299");
    const auto euros = ask(entry("FINISHED", R"(,"total":12990.0,"currency":"EUR")"), ours);
    EXPECT_EQ(euros.facts.at(0).amount->currency().code(), "EUR");
    const auto half_forint = ask(entry("FINISHED", R"(,"total":12990.5,"currency":"HUF")"), ours);
    EXPECT_EQ(half_forint.facts.at(0).kind, FactKind::captured);
    EXPECT_EQ(half_forint.facts.at(0).amount->readable(), "12990.5 HUF");
    EXPECT_EQ(status(learn_all(half_forint.facts, huf_attempt().terms())), Status::review);
}

TEST(SimplePayQuery, a_payment_from_before_the_attempt_was_opened_is_anothers) {
    const std::string before = R"(,"paymentDate":"2026-03-02T10:14:59+01:00")";
    const std::string after = R"(,"paymentDate":"2026-03-02T10:15:00+01:00")";
    for (const auto& others :
         {entry("FINISHED", paid + before), entry("FINISHED", paid_less + after)}) {
        const auto said = ask(others);
        EXPECT_TRUE(said.answered);
        EXPECT_FALSE(said.is_unknown);
        EXPECT_FALSE(said.is_cancellable);
        ASSERT_EQ(said.facts.size(), 1u);
        EXPECT_EQ(said.facts[0].kind, FactKind::foreign_payment);
        EXPECT_EQ(said.facts[0].subject, "512345678");
        EXPECT_EQ(said.facts[0].provider_id, "");
        EXPECT_TRUE(said.facts[0].amount);
    }
    EXPECT_FALSE(ask(entry("INIT", paid + before)).facts.at(0).amount);
    EXPECT_EQ(ask(entry("FINISHED", paid + after)).facts.at(0).kind, FactKind::captured);
}

TEST(SimplePayQuery, of_an_attempt_with_an_id_only_that_id_counts) {
    auto ours = huf_attempt();
    ours.provider_id = "512345679";
    const auto absent = ask(entry("FINISHED", paid), ours);
    EXPECT_TRUE(absent.is_unknown);
    EXPECT_TRUE(absent.facts.empty());
    const std::string own =
        R"({"orderRef":"TR42","transactionId":512345679,"status":"INIT","total":12990.0})";
    const auto both = ask(entry("FINISHED", paid) + "," + own, ours);
    ASSERT_EQ(both.facts.size(), 1u);
    EXPECT_EQ(both.facts[0].kind, FactKind::accepted);
    EXPECT_TRUE(both.is_cancellable);
}

TEST(SimplePayQuery, paid_without_a_total_is_no_word_to_act_on) {
    EXPECT_FALSE(ask(entry("FINISHED")).answered);
    EXPECT_TRUE(ask(entry("FINISHED", R"(,"total":12990.0)")).answered);
}

TEST(SimplePayQuery, refunds_are_told_apart_by_their_own_ids_and_lose_their_minus) {
    const auto said = ask(entry(
        "FINISHED", paid +
                        R"(,"refundStatus":"PARTIAL","refunds":[)"
                        R"({"transactionId":99326030,"refundTotal":-5.0,"status":"FINISHED"},)"
                        R"({"transactionId":99326031,"refundTotal":5.0,"status":"FINISHED"},)"
                        R"({"transactionId":99326032,"refundTotal":-7.0,"status":"NOTAUTHORIZED"}])"
    ));
    ASSERT_EQ(said.facts.size(), 5U);
    EXPECT_EQ(said.facts[0].kind, FactKind::captured);
    EXPECT_EQ(said.facts[1].kind, FactKind::refunded);
    EXPECT_EQ(said.facts[1].subject, "99326030");
    EXPECT_EQ(said.facts[1].amount->decimal(), "5");
    EXPECT_EQ(said.facts[2].subject, "99326031");
    EXPECT_EQ(said.facts[3].subject, "99326032");
    EXPECT_EQ(said.facts[4].kind, FactKind::refund_failed) << "made, and come back";
    EXPECT_EQ(said.facts[4].subject, "99326032");
}

TEST(SimplePayQuery, a_refund_in_a_state_we_do_not_know_counts_as_made) {
    const auto listed = [](const std::string& refund) {
        return ask(entry("FINISHED", paid + R"(,"refunds":[)" + refund + "]")).facts.at(1);
    };
    const std::string odd = R"({"transactionId":99326030,"refundTotal":-5.0,"status":"WAITING"})";
    EXPECT_EQ(listed(odd).kind, FactKind::refund_pending);
    EXPECT_EQ(listed(odd).detail, "SimplePay: 'WAITING'");
    EXPECT_EQ(
        listed(R"({"transactionId":99326030,"status":"FINISHED"})").kind, FactKind::mismatched
    ) << "money went back, but not how much: a person must look";
    EXPECT_EQ(listed(R"({"refundTotal":-5.0})").kind, FactKind::mismatched);
}

TEST(SimplePayQuery, the_published_answer_with_refunds_is_read) {
    const auto vectors = test::reference_json("simplepay-vectors.json");
    const auto& vector = vectors.at(5);
    ASSERT_EQ(test::text(vector.at("name")), "doc2025-4.12-query-response-with-refunds");
    const ProviderResponse answer{
        200, test::text(vector.at("signature")), test::text(vector.at("body"))};
    const std::vector<Transaction> attempts{huf_attempt()};
    const auto said = read_query(attempts, huf, answer);
    EXPECT_TRUE(said.at(0).answered);
    EXPECT_TRUE(said.at(0).is_unknown);  // it is about another shop's order
}

TEST(SimplePayQuery, several_entries_mean_the_same_in_either_order) {
    const std::string finished = R"({"orderRef":"TR42","transactionId":1,"status":"FINISHED"})";
    const std::string open = R"({"orderRef":"TR42","transactionId":1,"status":"INIT"})";
    const auto attempts = std::vector{huf_attempt()};
    for (const auto& list : {finished + "," + open, open + "," + finished}) {
        const auto body = R"({"merchant":"PUBLICTESTHUF","transactions":[)" + list + "]}";
        const auto said = read_query(attempts, huf, signed_answer(body, huf)).at(0);
        EXPECT_FALSE(said.answered) << body;  // paid, but nobody says how much
        EXPECT_FALSE(said.is_cancellable) << body;
    }
}

TEST(SimplePayQuery, a_reference_that_is_left_out_is_absent) {
    const auto said = ask("");
    EXPECT_TRUE(said.answered);
    EXPECT_TRUE(said.is_unknown);
    EXPECT_TRUE(said.facts.empty());
}

TEST(SimplePayQuery, a_claim_that_the_query_does_not_bear_out_is_contradicted) {
    auto claimed = huf_attempt();
    LedgerEntry event{test::opened_at, Source::ipn, {}};
    event.fact.kind = FactKind::claimed;
    claimed.entries.push_back(event);

    for (const auto* status : {"INIT", "INPAYMENT", "CANCELLED", "TIMEOUT", "NOTAUTHORIZED"}) {
        EXPECT_TRUE(fact_in(ask(entry(status), claimed).facts, FactKind::contradicted)) << status;
        EXPECT_FALSE(fact_in(ask(entry(status)).facts, FactKind::contradicted)) << status;
    }
    EXPECT_TRUE(fact_in(ask("", claimed).facts, FactKind::contradicted));
    for (const auto* status : {"INFRAUD", "AUTHORIZED", "FINISHED", "SOMETHINGNEW"})
        EXPECT_FALSE(fact_in(ask(entry(status, paid), claimed).facts, FactKind::contradicted));
}

TEST(SimplePayQuery, what_is_not_signed_by_this_account_is_silence) {
    const auto body =
        R"({"merchant":"PUBLICTESTHUF","transactions":[)" + entry("FINISHED", paid) + "]}";
    const std::vector<Transaction> attempts{huf_attempt()};
    for (const auto& answer : {
             ProviderResponse{200, sign(body, eur.secret), body},
             ProviderResponse{200, "", body},
             signed_answer(R"({"merchant":"PUBLICTESTEUR","transactions":[]})", huf),
             signed_answer(R"({"merchant":"PUBLICTESTHUF","errorCodes":[5000]})", huf),
             ProviderResponse{},
         }) {
        const auto said = read_query(attempts, huf, answer);
        EXPECT_FALSE(said.at(0).answered);
        EXPECT_FALSE(said.at(0).is_unknown);
        EXPECT_TRUE(said.at(0).facts.empty());
    }
}

// ------------------------------------------------------------------------- cancel

TEST(SimplePayCancel, closed_is_closed_and_a_refusal_is_an_answer_without_facts) {
    const auto done = read_cancel(huf_attempt(), huf, signed_answer(entry("CANCELLED"), huf));
    EXPECT_TRUE(done.answered);
    EXPECT_TRUE(fact_in(done.facts, FactKind::cancelled));

    const auto refused = read_cancel(
        huf_attempt(), huf,
        signed_answer(R"({"errorCodes":[5022],"merchant":"PUBLICTESTHUF"})", huf)
    );
    EXPECT_TRUE(refused.answered);
    EXPECT_TRUE(refused.facts.empty());

    const auto absent =
        read_cancel(huf_attempt(), huf, signed_answer(R"({"errorCodes":[5011]})", huf));
    EXPECT_TRUE(absent.is_unknown);

    auto ours = huf_attempt();
    ours.provider_id = "512345679";
    EXPECT_FALSE(read_cancel(ours, huf, signed_answer(entry("CANCELLED"), huf)).answered);
    const auto body = json::parse(cancel_body(ours, test::envelope)).value().as_object();
    EXPECT_EQ(body.at("transactionId"), "512345679");

    const ProviderResponse forged{200, sign(entry("CANCELLED"), eur.secret), entry("CANCELLED")};
    EXPECT_FALSE(read_cancel(huf_attempt(), huf, forged).answered);
}

}  // namespace
}  // namespace payments::simplepay
