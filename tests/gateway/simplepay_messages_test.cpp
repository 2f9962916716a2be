#include "gateway/simplepay/answers.hpp"
#include "gateway/simplepay/notifications.hpp"
#include "gateway/simplepay/requests.hpp"
#include "gateway/simplepay/signature.hpp"

#include <gtest/gtest.h>

#include "fixtures/gateway.hpp"
#include "support/crypto.hpp"
#include "support/json.hpp"
#include "support/times.hpp"

namespace payments::simplepay {
namespace {

using test::accounts;
using test::attempt_for;
using test::envelope;
using test::eur;
using test::fact_in;
using test::huf;
using test::huf_attempt;
using test::signed_answer;

const StartPage page{"2026-03-02T09:30:00+00:00", "https://shop.example.com/back", "EN"};
const Time now{std::chrono::seconds{1'772'443'269}};

Transaction eur_attempt() { return attempt_for("FULL-FEE-EUR-SIMPLE", "220.5", eur.merchant); }

Payer payer() {
    Payer p;
    p.email = "vevo@example.com";
    p.name = "Kovács Éva";
    p.country = "hu";
    p.city = "Győr";
    p.zip = "9021";
    p.address = "Fő utca 1.";
    p.language = "hu";
    return p;
}

json::object read(const std::string& body) { return json::parse(body).value().as_object(); }

// ------------------------------------------------------------------------- signatures

TEST(SimplePaySignature, every_published_vector_verifies_and_one_changed_byte_does_not) {
    const auto vectors = test::reference_json("simplepay-vectors.json");
    ASSERT_EQ(vectors.as_array().size(), 9U);
    for (const auto& vector : vectors.as_array()) {
        const auto key = test::text(vector.at("key"));
        const auto body = test::text(vector.at("body"));
        const auto signature = test::text(vector.at("signature"));
        EXPECT_EQ(sign(body, key), signature) << test::text(vector.at("name"));
        EXPECT_TRUE(is_signed(body, " " + signature + "\r\n", " " + key + "\n"));
        EXPECT_FALSE(is_signed(body + "\n", signature, key));
        EXPECT_FALSE(is_signed(body, signature, key + "x"));
    }
}

TEST(SimplePaySignature, a_blank_secret_signs_nothing_and_url_safe_base64_is_refused) {
    EXPECT_FALSE(is_signed("{}", sign("{}", ""), ""));
    EXPECT_FALSE(is_signed("{}", sign("{}", "  "), "  "));
    EXPECT_FALSE(is_signed("{}", "", huf.secret));

    const std::string body =
        R"({"r":0,"t":512345678,"e":"SUCCESS","m":"PUBLICTESTHUF","o":"ORD2026000042A1"})";
    EXPECT_TRUE(is_signed(
        body, "FRquRVEjD6yXjwnLo8+YInAGkFInHRR/Ao78TGFrLLOb1AxMaQCz8lRLfPNm3YUA", huf.secret
    ));
    EXPECT_FALSE(is_signed(
        body, "FRquRVEjD6yXjwnLo8-YInAGkFInHRR_Ao78TGFrLLOb1AxMaQCz8lRLfPNm3YUA", huf.secret
    ));
}

// ------------------------------------------------------------------------- start

TEST(SimplePayStart, the_body_names_the_order_in_whole_forints_and_the_payer) {
    const auto body = read(start_body(huf_attempt(), payer(), page, envelope));

    EXPECT_EQ(test::text(body.at("salt")), envelope.salt);
    EXPECT_EQ(body.at("merchant"), "PUBLICTESTHUF");
    EXPECT_EQ(body.at("orderRef"), "TR42");
    EXPECT_EQ(body.at("currency"), "HUF");
    EXPECT_EQ(body.at("total"), "12990");
    EXPECT_EQ(body.at("customerEmail"), "vevo@example.com");
    EXPECT_EQ(body.at("language"), "HU");
    EXPECT_EQ(body.at("methods"), (json::array{"CARD"}));
    EXPECT_EQ(body.at("timeout"), "2026-03-02T09:30:00+00:00");
    EXPECT_EQ(body.at("url"), "https://shop.example.com/back");
    EXPECT_EQ(body.at("twoStep"), json::value(false));
    EXPECT_EQ(body.at("sdkVersion"), "ozora-payments");
    const auto& invoice = body.at("invoice").as_object();
    EXPECT_EQ(invoice.at("name"), "Kovács Éva");
    EXPECT_EQ(invoice.at("country"), "HU");
    EXPECT_FALSE(invoice.contains("company"));
    EXPECT_FALSE(body.contains("items"));
}

TEST(SimplePayStart, a_fraction_of_a_euro_is_a_decimal_text) {
    EXPECT_EQ(read(start_body(eur_attempt(), payer(), page, envelope)).at("total"), "220.5");
}

TEST(SimplePayStart, an_invoice_that_would_be_refused_half_filled_is_left_out) {
    auto half = payer();
    half.city.clear();
    const auto body = read(start_body(huf_attempt(), half, page, envelope));
    EXPECT_FALSE(body.contains("invoice"));
    EXPECT_EQ(body.at("customer"), "Kovács Éva");

    auto spelled_out = payer();
    spelled_out.country = "Hungary";
    EXPECT_FALSE(read(start_body(huf_attempt(), spelled_out, page, envelope)).contains("invoice"));
}

TEST(SimplePayStart, a_language_that_simplepay_does_not_speak_falls_back) {
    const auto language = [](const std::string& wanted) {
        auto p = payer();
        p.language = wanted;
        return test::text(read(start_body(huf_attempt(), p, page, envelope)).at("language"));
    };
    EXPECT_EQ(language("de"), "DE");
    EXPECT_EQ(language("hu-HU"), "HU");
    EXPECT_EQ(language(""), "EN");
    EXPECT_EQ(language("nl"), "EN");
    EXPECT_EQ(language("hungarian"), "EN");
}

std::string start_answer(const std::string& total, const std::string& url) {
    return R"({"transactionId":512345678,"orderRef":"TR42","merchant":"PUBLICTESTHUF",)"
           R"("timeout":"2026-03-02T10:30:00+01:00","total":)" +
           total + R"(,"paymentUrl":")" + url +
           R"(","currency":"HUF","salt":"Qm3Zt8KxP0wLr5Vn2YbHs7Gd1JfAe9Uc"})";
}
const std::string payment_url = "https://sb-checkout.simplepay.hu/trx/EXAMPLEtoken";

TEST(SimplePayStart, a_signed_answer_about_our_order_is_accepted) {
    for (const auto* total : {"12990.0", "12990", "\"12990.00\"", "1.299e4"}) {
        const auto started = read_start(
            huf_attempt(), huf, signed_answer(start_answer(total, payment_url), huf), false
        );
        ASSERT_EQ(started.outcome, Outcome::accepted) << total;
        EXPECT_EQ(started.redirect_url, payment_url);
        EXPECT_EQ(started.facts.at(0).kind, FactKind::accepted);
        EXPECT_EQ(started.facts.at(0).provider_id, "512345678");
        EXPECT_EQ(started.facts.at(0).account, "PUBLICTESTHUF");
    }
}

TEST(SimplePayStart, an_answer_about_anything_else_is_garbled_and_leaves_the_attempt_unknown) {
    const auto good = start_answer("12990.0", payment_url);
    const auto with = [&](const std::string& from, const std::string& to) {
        auto body = good;
        body.replace(body.find(from), from.size(), to);
        return body;
    };
    for (const auto& body : {
             with("TR42", "TR43"),
             with("PUBLICTESTHUF", "PUBLICTESTEUR"),
             with("HUF\",\"salt", "EUR\",\"salt"),
             with("12990.0", "12990.5"),
             with("12990.0", "-12990.0"),
             with("12990.0", "1299.0"),
             with("512345678", "0"),
             with("https://sb", "javascript:sb"),
             with("https://sb", "http://sb"),
             with("{\"tr", "[{\"tr"),
             std::string{"{}"},
             std::string{},
         }) {
        const auto started = read_start(huf_attempt(), huf, signed_answer(body, huf), false);
        EXPECT_EQ(started.outcome, Outcome::garbled) << body;
        EXPECT_TRUE(fact_in(started.facts, FactKind::unanswered)) << body;
        EXPECT_TRUE(started.redirect_url.empty());
    }
}

TEST(SimplePayStart, an_answer_that_simplepay_did_not_sign_is_garbled) {
    const auto good = start_answer("12990.0", payment_url);
    for (const auto& answer : {
             ProviderResponse{200, "", good},
             ProviderResponse{200, sign(good, eur.secret), good},
             ProviderResponse{200, sign(good, huf.secret), good + " "},
             ProviderResponse{404, "", "<html>not found</html>"},
         })
        EXPECT_EQ(read_start(huf_attempt(), huf, answer, false).outcome, Outcome::garbled);
    EXPECT_EQ(
        read_start(huf_attempt(), huf, ProviderResponse{502, "", "<html></html>"}, false).outcome,
        Outcome::unanswered
    );
}

TEST(SimplePayStart, a_payment_page_without_tls_is_for_a_stand_in_only) {
    const auto answer = signed_answer(start_answer("12990.0", "http://127.0.0.1:9/pay"), huf);
    EXPECT_EQ(read_start(huf_attempt(), huf, answer, false).outcome, Outcome::garbled);
    EXPECT_EQ(read_start(huf_attempt(), huf, answer, true).outcome, Outcome::accepted);
}

TEST(SimplePayStart, error_codes_are_a_refusal_and_stay_out_of_what_the_visitor_reads) {
    const auto answer =
        signed_answer(R"({"errorCodes":[5312,"5310"],"salt":"x","total":0.0})", huf);
    const auto started = read_start(huf_attempt(), huf, answer, false);
    EXPECT_EQ(started.outcome, Outcome::refused);
    const auto* failed = fact_in(started.facts, FactKind::failed);
    ASSERT_TRUE(failed);
    EXPECT_EQ(failed->subject, "5312,5310");
    EXPECT_EQ(started.reason.find("53"), std::string::npos);
}

TEST(SimplePayStart, codes_that_do_not_say_that_nothing_was_created_leave_it_unknown) {
    for (const auto* codes : {"5000", "5304", "5015", "5312,5000"}) {
        const auto body = R"({"errorCodes":[)" + std::string{codes} + R"(],"total":0.0})";
        const auto started = read_start(huf_attempt(), huf, signed_answer(body, huf), false);
        EXPECT_EQ(started.outcome, Outcome::unanswered) << codes;
        EXPECT_TRUE(fact_in(started.facts, FactKind::unanswered));
    }
}

TEST(SimplePayStart, a_number_that_simplepay_has_had_before_is_spent) {
    for (const auto* codes : {"5013", "5312,5013"}) {
        const auto body = R"({"errorCodes":[)" + std::string{codes} + R"(],"total":0.0})";
        const auto started = read_start(huf_attempt(), huf, signed_answer(body, huf), false);
        EXPECT_EQ(started.outcome, Outcome::refused);
        EXPECT_TRUE(started.is_number_spent);
        EXPECT_TRUE(fact_in(started.facts, FactKind::foreign_payment));
    }
}

TEST(SimplePayStart, without_a_signature_only_not_knowing_us_is_believed) {
    const auto kind = [](const std::string& codes) {
        const ProviderResponse answer{200, "", R"({"errorCodes":[)" + codes + R"(],"total":0.0})"};
        return read_start(huf_attempt(), huf, answer, false).outcome;
    };
    EXPECT_EQ(kind("5302"), Outcome::refused);
    EXPECT_EQ(kind("5010"), Outcome::refused);
    EXPECT_EQ(kind("5312"), Outcome::garbled);
    EXPECT_EQ(kind("5302,5312"), Outcome::garbled);
    EXPECT_EQ(kind("5013"), Outcome::garbled);
}

// ------------------------------------------------------------------------- notices

std::string notice(const std::string& status, const std::string& more = "") {
    return R"({"salt":"r7Lk2Wc9Xh4Bz0Np5Tq8Md3Vy6Jf1SgA","orderRef":"TR42","method":"CARD",)"
           R"("merchant":"PUBLICTESTHUF",)" +
           more +
           R"("finishDate":"2026-03-02T10:21:07+01:00","paymentDate":"2026-03-02T10:18:41+01:00",)"
           R"("transactionId":512345678,"status":")" +
           status + "\"}";
}
Heard heard(const std::string& body) {
    return read_ipn(accounts, sign(body, huf.secret), body, now).value().heard;
}

TEST(SimplePayNotice, finished_is_a_claim_to_be_confirmed) {
    const auto body = notice("FINISHED");
    const auto h = heard(body);
    EXPECT_EQ(h.subject.transaction_id, 42);
    EXPECT_EQ(h.subject.processor, Processor::simplepay);
    EXPECT_EQ(h.source, Source::ipn);
    EXPECT_EQ(h.facts.at(0).kind, FactKind::claimed);
    EXPECT_EQ(h.facts.at(0).provider_id, "512345678");
    EXPECT_EQ(h.facts.at(0).account, "PUBLICTESTHUF");
    EXPECT_FALSE(h.facts.at(0).amount);
    EXPECT_TRUE(h.check_now);
    EXPECT_EQ(h.message->body, body);
    EXPECT_EQ(h.message->identity, crypto::hex(crypto::sha256(body)));
    EXPECT_EQ(h.unmatched_reason, "");
    EXPECT_EQ(h.subject.provider_id, "512345678");
    ASSERT_TRUE(h.subject.evidence);
    EXPECT_EQ(h.subject.evidence->provider_id, "512345678");
    EXPECT_EQ(h.subject.evidence->made_at, parse_time("2026-03-02T09:18:41Z"));
}

TEST(SimplePayNotice, a_refund_notice_is_told_apart_from_a_payment) {
    const auto refund = heard(notice("FINISHED", R"("refundStatus":"PARTIAL",)"));
    EXPECT_EQ(refund.facts.at(0).kind, FactKind::claimed);
    EXPECT_EQ(refund.facts.at(0).subject, "refund PARTIAL");
    EXPECT_NE(refund.facts.at(0).identity(), heard(notice("FINISHED")).facts.at(0).identity());
    EXPECT_TRUE(refund.check_now);
}

TEST(SimplePayNotice, every_status_has_a_meaning_and_unknown_ones_are_asked_for) {
    const struct {
        std::string status;
        FactKind kind;
    } table[] = {
        {"AUTHORIZED", FactKind::accepted},  {"AUTHORISED", FactKind::accepted},
        {"INFRAUD", FactKind::accepted},     {"NOTAUTHORIZED", FactKind::failed},
        {"NOTAUTHORISED", FactKind::failed}, {"FRAUD", FactKind::failed},
        {"CANCELLED", FactKind::cancelled},  {"REVERSED", FactKind::cancelled},
        {"TIMEOUT", FactKind::expired},      {"REFUND", FactKind::claimed},
        {"BRANDNEW", FactKind::accepted},
    };
    for (const auto& row : table) {
        EXPECT_EQ(heard(notice(row.status)).facts.at(0).kind, row.kind) << row.status;
        EXPECT_TRUE(heard(notice(row.status)).check_now);
    }
}

TEST(SimplePayNotice, one_that_was_verified_when_it_came_is_read_after_the_secret_was_changed) {
    const auto body = notice("FINISHED");
    const auto fresh = heard(body);
    const UnmatchedMessage kept{7, {Processor::simplepay, "x", "of another secret", body}, now};
    const auto read = read_kept_ipn(kept, now).value().heard;
    EXPECT_EQ(read.subject.transaction_id, fresh.subject.transaction_id);
    EXPECT_EQ(read.subject.account, fresh.subject.account);
    ASSERT_EQ(read.facts.size(), 1u);
    EXPECT_EQ(read.facts[0].identity(), fresh.facts[0].identity());
    EXPECT_EQ(read.message->identity, fresh.message->identity);
    const UnmatchedMessage unreadable{8, {Processor::simplepay, "y", "", "not json"}, now};
    EXPECT_EQ(read_kept_ipn(unreadable, now).error().code, Errc::malformed_json);
}

TEST(SimplePayNotice, only_the_key_of_the_named_account_speaks_for_it) {
    const auto body = notice("FINISHED");
    const auto code = [&](const std::string& signature, const std::string& text) {
        return read_ipn(accounts, signature, text, now).error().code;
    };
    EXPECT_EQ(code(sign(body, eur.secret), body), Errc::invalid_signature);
    EXPECT_EQ(code("", body), Errc::invalid_signature);
    EXPECT_EQ(code(sign(body, huf.secret), body + " "), Errc::invalid_signature);
    const std::string stranger = R"({"merchant":"NOTOURS","orderRef":"TR42","status":"FINISHED"})";
    EXPECT_EQ(code(sign(stranger, huf.secret), stranger), Errc::invalid_signature);
    EXPECT_EQ(code(sign("{}", huf.secret), "{}"), Errc::invalid_request);
    EXPECT_EQ(code(sign("{", huf.secret), "{"), Errc::malformed_json);
    EXPECT_EQ(code(sign("[]", huf.secret), "[]"), Errc::invalid_request);
}

TEST(SimplePayNotice, of_an_account_that_is_not_set_up_can_only_be_kept) {
    auto body = notice("FINISHED");
    EXPECT_FALSE(read_unverifiable_ipn(accounts, "s", body, now));
    EXPECT_FALSE(read_unverifiable_ipn(accounts, "s", "not json", now));
    body.replace(body.find("PUBLICTESTHUF"), 13, "REPLACED");
    const auto kept = read_unverifiable_ipn(accounts, "of REPLACED", body, now);
    ASSERT_TRUE(kept);
    EXPECT_TRUE(kept->facts.empty());
    EXPECT_EQ(kept->subject.transaction_id, 42);
    EXPECT_EQ(kept->subject.account, "REPLACED");
    EXPECT_EQ(kept->subject.provider_id, "512345678");
    EXPECT_EQ(kept->message->body, body);
    EXPECT_EQ(kept->message->signature, "of REPLACED");
    auto other_salt = body;
    other_salt.replace(other_salt.find("r7Lk2"), 5, "xxxxx");
    EXPECT_EQ(
        read_unverifiable_ipn(accounts, "s", other_salt, now)->message->identity,
        kept->message->identity
    );
}

TEST(SimplePayNotice, an_order_that_is_not_ours_is_kept_as_unmatched) {
    auto body = notice("FINISHED");
    body.replace(body.find("TR42"), 4, "WEBSHOP-7");
    EXPECT_NE(heard(body).unmatched_reason, "");
    EXPECT_EQ(heard(body).message->body, body);
}

TEST(SimplePayNotice, the_acknowledgement_is_the_received_text_with_a_date_signed) {
    const std::string body =
        R"({"salt":"r7Lk2Wc9Xh4Bz0Np5Tq8Md3Vy6Jf1SgA","orderRef":"ORD2026000042A1",)"
        R"("method":"CARD","merchant":"PUBLICTESTHUF","finishDate":"2026-03-02T10:21:07+01:00",)"
        R"("paymentDate":"2026-03-02T10:18:41+01:00","transactionId":512345678,)"
        R"("status":"FINISHED"})";
    const auto answer = acknowledge(read(body), body, huf, "2026-03-02T10:21:09+01:00");
    EXPECT_EQ(
        answer.body,
        body.substr(0, body.size() - 1) + R"(,"receiveDate":"2026-03-02T10:21:09+01:00"})"
    );
    EXPECT_EQ(answer.signature, "GUe7dqRcibK4LcYaCJW1G0pFYBdpJNw/RecH9NovaGNhArOLvkspKFKqPgYlcsd9");
}

TEST(SimplePayNotice, the_date_goes_before_the_last_brace_and_numbers_stay_as_they_came) {
    EXPECT_EQ(
        with_receive_date("{\"a\":{\"b\":1.50},\"c\":100.0}\r\n ", "D"),
        R"({"a":{"b":1.50},"c":100.0,"receiveDate":"D"})"
    );
    const std::string dated = R"({"merchant":"PUBLICTESTHUF","receiveDate":"C"})";
    EXPECT_EQ(acknowledge(read(dated), dated, huf, "D").body, dated);
}

// ------------------------------------------------------------------------- return

TEST(SimplePayReturn, the_worked_example_is_read_even_when_blanks_stand_for_plus) {
    const std::string json =
        R"({"r":0,"t":512345678,"e":"SUCCESS","m":"PUBLICTESTHUF","o":"TR42"})";
    const auto r = crypto::base64(json);
    auto s = sign(json, huf.secret);
    for (auto& c : s)
        if (c == '+') c = ' ';
    const auto result = read_return(accounts, r, s);
    ASSERT_TRUE(result);
    EXPECT_EQ(result->transaction_id, 42);
    EXPECT_EQ(result->provider_id, 512'345'678);
    EXPECT_EQ(result->account, "PUBLICTESTHUF");
    EXPECT_EQ(result->result, "SUCCESS");
    EXPECT_EQ(result->response_code, 0);

    const auto published = read_return(
        accounts,
        "eyJyIjowLCJ0Ijo1MTIzNDU2NzgsImUiOiJTVUNDRVNTIiwibSI6IlBVQkxJQ1RFU1RIVUYiLCJvIjoiT1JEMjAyNj"
        "Aw"
        "MDA0MkExIn0=",
        "FRquRVEjD6yXjwnLo8 YInAGkFInHRR/Ao78TGFrLLOb1AxMaQCz8lRLfPNm3YUA"
    );
    ASSERT_TRUE(published);
    EXPECT_EQ(published->transaction_id, 0);
    EXPECT_EQ(published->provider_id, 512'345'678);
}

TEST(SimplePayReturn, what_is_not_signed_or_not_readable_is_refused) {
    const auto code = [](const std::string& json, const std::string& secret) {
        return read_return(accounts, crypto::base64(json), sign(json, secret)).error().code;
    };
    const std::string good = R"({"r":0,"t":1,"e":"FAIL","m":"PUBLICTESTHUF","o":"TR42"})";
    EXPECT_EQ(code(good, eur.secret), Errc::invalid_signature);
    EXPECT_EQ(
        code(R"({"e":"FAIL","m":"NOTOURS","o":"TR42"})", huf.secret), Errc::invalid_signature
    );
    EXPECT_EQ(code(R"({"e":"PAID","m":"PUBLICTESTHUF"})", huf.secret), Errc::invalid_request);
    EXPECT_EQ(code("nonsense", huf.secret), Errc::invalid_request);
    EXPECT_EQ(read_return(accounts, "%%%", "x").error().code, Errc::invalid_request);
    EXPECT_EQ(
        read_return(accounts, crypto::base64(good), "").error().code, Errc::invalid_signature
    );
}

}  // namespace
}  // namespace payments::simplepay
