// Starting to pay: what is asked, what is offered, and what each answer of a provider means.
#include "fixtures/scenario.hpp"

namespace payments {

using namespace testing_support;

class Start : public Scenario {};

// ------------------------------------------------------------------------------- it goes well

TEST_F(Start, with_simplepay_sends_the_visitor_to_the_payment_page) {
    const auto answer = start(simple);

    EXPECT_EQ(answer.status, 200);
    EXPECT_EQ(answer.at("required_additional_action"), json::value(true));
    EXPECT_EQ(answer.string("redirect_url"), "https://pay.example/500001");
    EXPECT_TRUE(answer.at("client_secret").is_null());
    const auto attempt = read(answer.number("transaction_id"));
    EXPECT_EQ(attempt.status, Status::pending);
    EXPECT_EQ(attempt.provider_id, "500001");
    EXPECT_EQ(attempt.account, "MERCHANT-EUR");
    EXPECT_EQ(attempt.expires_at, noon + 30min);
    EXPECT_EQ(entered, std::vector{Status::pending});
}

TEST_F(Start, with_stripe_hands_out_the_client_secret) {
    const auto answer = start(stripes);

    EXPECT_EQ(answer.status, 200);
    EXPECT_EQ(answer.at("required_additional_action"), json::value(true));
    EXPECT_EQ(answer.string("client_secret"), "pi_1_secret");
    EXPECT_TRUE(answer.at("redirect_url").is_null());
    EXPECT_EQ(status(answer.number("transaction_id")), "pending");
}

TEST_F(Start, never_writes_the_client_secret_down) {
    const auto id = started(stripes);
    for (const auto& event : read(id).entries)
        EXPECT_EQ(event.fact.detail.find("secret"), std::string::npos);
    EXPECT_EQ(logged().find("pi_1_secret"), std::string::npos);
}

TEST_F(Start, of_a_free_ticket_is_paid_at_once_and_no_provider_hears_of_it) {
    for (const auto ticket : {42, 43}) {
        const auto* code = ticket == 42 ? "GUEST-FEE-EUR-SIMPLE" : "GUEST-FEE-EUR-STRIPE-INTENTS";
        const auto answer = start(code, ticket);
        EXPECT_EQ(answer.status, 200) << answer.text;
        EXPECT_EQ(answer.at("required_additional_action"), json::value(false));
        EXPECT_TRUE(answer.at("redirect_url").is_null());
        EXPECT_TRUE(answer.at("client_secret").is_null());
        const auto attempt = read(answer.number("transaction_id"));
        EXPECT_EQ(attempt.status, Status::paid);
        EXPECT_EQ(attempt.paid_at, noon);
    }
    EXPECT_TRUE(simplepay.started.empty());
    EXPECT_TRUE(stripe.started.empty());
    EXPECT_EQ(outbox(), (std::vector<std::string>{"payment.paid", "payment.paid"}));
}

TEST_F(Start, is_on_record_before_the_provider_hears_of_it) {
    simplepay.start_gate.close();
    const auto running = begin_start();
    until([&] { return simplepay.start_gate.waiting() == 1; });

    EXPECT_EQ(attempts().size(), 1u);
    EXPECT_EQ(status(1), "created");
    EXPECT_EQ(simplepay.started.front().attempt.id, 1);

    simplepay.start_gate.open();
    EXPECT_EQ(end(running).status, 200);
    EXPECT_EQ(status(1), "pending");
}

// --------------------------------------------------------------------- what is asked, and of whom

TEST_F(Start, takes_the_amount_from_the_tickets_template_and_never_from_the_caller) {
    const auto answer = post("/payments/start", R"({
        "ticket_id": 42, "code": "FULL-FEE-HUF-STRIPE-INTENTS", "amount": 1, "currency": "EUR",
        "price": 1, "metas": {"amount": 1}})");

    EXPECT_EQ(answer.status, 200) << answer.text;
    const auto asked = stripe.started.front().attempt.amount;
    EXPECT_EQ(asked.decimal(), "88000");
    EXPECT_EQ(asked.currency().code(), "HUF");
    EXPECT_EQ(read(1).amount, asked);
}

TEST_F(Start, of_a_transferred_ticket_takes_the_price_of_the_transfer) {
    auto& ticket = tickets.tickets[42];
    ticket.status = "transferred";
    ticket.metas["transfer_price_eur"] = "120.5";
    for (auto& option : ticket.options) option.ticket_statuses = {"transferred"};

    EXPECT_EQ(read(started()).amount.decimal(), "120.5");
    const auto without_a_price = start("CAMPING-FEE-HUF-SIMPLE");
    EXPECT_EQ(without_a_price.status, 422);
}

TEST_F(Start, passes_on_who_pays_and_keeps_the_billing_data_as_it_came) {
    const auto answer = post("/payments/start", R"({
        "ticket_id": 42, "code": "FULL-FEE-EUR-SIMPLE", "metas": {
            "email": "bill@example.org", "name": "Béla", "company": "Kft", "tax_number": "123",
            "country": "HU", "state": "Pest", "city": "Budapest", "zip": "1011",
            "address": "Fő utca 1", "address2": "2. emelet", "phone": "+36", "language": "en",
            "newsletter": [1, 2.50]}})");

    EXPECT_EQ(answer.status, 200) << answer.text;
    const auto payer = simplepay.started.front().payer;
    EXPECT_EQ(payer.email, "bill@example.org");
    EXPECT_EQ(payer.name, "Béla");
    EXPECT_EQ(payer.company, "Kft");
    EXPECT_EQ(payer.tax_number, "123");
    EXPECT_EQ(payer.country, "HU");
    EXPECT_EQ(payer.state, "Pest");
    EXPECT_EQ(payer.city, "Budapest");
    EXPECT_EQ(payer.zip, "1011");
    EXPECT_EQ(payer.address, "Fő utca 1");
    EXPECT_EQ(payer.address2, "2. emelet");
    EXPECT_EQ(payer.phone, "+36");
    EXPECT_EQ(payer.language, "en");
    EXPECT_EQ(read(1).email, "bill@example.org");
    const auto metas = json::parse(read(1).metas).value().as_object();
    EXPECT_EQ(metas.size(), 13u);
    EXPECT_EQ(json::write(metas.at("newsletter")), "[1,2.5]");
}

TEST_F(Start, takes_the_tickets_email_name_and_language_where_the_caller_gives_none) {
    started();
    const auto payer = simplepay.started.front().payer;
    EXPECT_EQ(payer.email, "eva@example.org");
    EXPECT_EQ(payer.name, "Éva");
    EXPECT_EQ(payer.language, "hu");
    EXPECT_EQ(read(1).email, "eva@example.org");
    EXPECT_EQ(read(1).metas, "{}");
}

TEST_F(Start, without_any_email_is_400_and_names_the_member) {
    tickets.tickets[42].email = "";
    const auto answer = start();

    EXPECT_EQ(answer.status, 400);
    EXPECT_EQ(answer.problem(), "invalid-request");
    EXPECT_EQ(answer.at("errors").at(0).at("pointer"), json::value("/metas/email"));
    EXPECT_TRUE(attempts().empty());
}

TEST_F(Start, with_an_email_that_no_provider_takes_is_400_before_one_is_asked) {
    for (const auto* email : {"a@com", "a@gmail,com", "a@gmail.com.", "a.b.hu"}) {
        const auto answer = post(
            "/payments/start",
            R"({"ticket_id":42,"code":"FULL-FEE-EUR-SIMPLE","metas":{"email":")" +
                std::string{email} + R"("}})"
        );
        EXPECT_EQ(answer.problem(), "invalid-request") << email;
        EXPECT_EQ(answer.at("errors").at(0).at("pointer"), json::value("/metas/email"));

        tickets.tickets[42].email = email;
        const auto of_ticket = start();
        EXPECT_EQ(of_ticket.problem(), "invalid-request") << email;
        EXPECT_EQ(of_ticket.at("errors").at(0).at("pointer"), json::value("/metas/email"));
    }
    EXPECT_TRUE(simplepay.started.empty());
    EXPECT_TRUE(attempts().empty());
}

TEST_F(Start, whose_data_the_provider_refuses_is_400_naming_the_member) {
    simplepay.on_start = [](const Transaction&) {
        auto no = answered(Outcome::refused);
        no.wrong.push_back({"/metas/phone", "is no phone number that SimplePay takes"});
        return no;
    };
    const auto answer = start();
    EXPECT_EQ(answer.problem(), "invalid-request");
    EXPECT_EQ(answer.at("errors").at(0).at("pointer"), json::value("/metas/phone"));
    EXPECT_EQ(answer.number("transaction_id"), 1);
    EXPECT_EQ(status(1), "failed");
    EXPECT_EQ(start().number("transaction_id"), 2) << "and another can be started";
}

TEST_F(Start, of_an_amount_that_the_provider_would_not_take_is_not_on_offer) {
    stripe.on_objection = [](Money amount) {
        return amount.minor() < 50'000 ? std::string{"it takes at least 500"} : std::string{};
    };
    logged();
    EXPECT_EQ(start(stripes).problem(), "code-not-offered");
    EXPECT_NE(logged().find("it takes at least 500"), std::string::npos);
    EXPECT_TRUE(stripe.started.empty());
    EXPECT_TRUE(attempts().empty());
    EXPECT_EQ(start("FULL-FEE-HUF-STRIPE-INTENTS").status, 200);
}

TEST_F(Start, names_every_wrong_member_at_once) {
    const auto answer =
        post("/payments/start", R"({"ticket_id": 0, "metas": {"email": "nobody", "zip": 1011}})");

    EXPECT_EQ(answer.status, 400);
    EXPECT_EQ(answer.problem(), "invalid-request");
    std::set<std::string> pointers;
    for (const auto& wrong : answer.at("errors").as_array())
        pointers.insert(std::string{wrong.at("pointer").as_string()});
    EXPECT_EQ(
        pointers, (std::set<std::string>{"/ticket_id", "/code", "/metas/email", "/metas/zip"})
    );
}

// ------------------------------------------------------------------------------ what is refused

TEST_F(Start, of_a_code_that_is_not_on_offer_is_422_and_opens_nothing) {
    auto& ticket = tickets.tickets[42];
    ticket.options[0].valid_from = noon + 1ms;
    ticket.options[1].valid_until = noon;
    ticket.options[2].ticket_statuses = {"invited"};
    for (const auto* code : {
             "FULL-FEE-EUR-SIMPLE",          // its sale has not begun
             "FULL-FEE-EUR-STRIPE-INTENTS",  // its sale is over
             "FULL-FEE-HUF-SIMPLE",          // for tickets of another status
             "FULL-FEE-USD-SIMPLE",          // not in the template
             "FULL-FEE-EUR-PAYPAL",          // no processor of ours
             "full-fee-eur-simple",          // no payment code
             "FULL-FEE-HUF-SIMPLE ",
         }) {
        const auto answer = start(code);
        EXPECT_EQ(answer.status, 422) << code;
        EXPECT_EQ(answer.problem(), "code-not-offered") << code;
    }
    EXPECT_TRUE(attempts().empty());

    pass(1ms);
    EXPECT_EQ(start("FULL-FEE-EUR-SIMPLE").status, 200);
}

TEST_F(Start, without_an_account_in_the_currency_is_422) {
    rules.accounts[Processor::stripe] = {"HUF"};
    EXPECT_EQ(start(stripes).problem(), "code-not-offered");
    EXPECT_EQ(start("FULL-FEE-HUF-STRIPE-INTENTS").status, 200);
}

TEST_F(Start, of_a_fee_that_is_paid_is_409_in_every_currency_and_names_the_payment) {
    const auto id = started();
    ipn(id, {capture_of(id)});

    for (const auto* code : {simple, stripes, "FULL-FEE-HUF-SIMPLE"}) {
        const auto answer = start(code);
        EXPECT_EQ(answer.status, 409);
        EXPECT_EQ(answer.problem(), "already-paid");
        EXPECT_EQ(answer.number("transaction_id"), id);
        EXPECT_EQ(answer.header("Retry-After"), "");
    }
    EXPECT_EQ(start("CAMPING-FEE-EUR-SIMPLE").status, 200);
}

TEST_F(Start, of_a_fee_is_possible_again_once_it_was_fully_refunded_but_not_before) {
    const auto id = started(stripes);
    webhook(id, {capture_of(id)});
    webhook(id, {refunded("re_1", 1)});
    EXPECT_EQ(status(id), "partially_refunded");
    EXPECT_EQ(start(stripes).problem(), "already-paid");

    webhook(id, {refunded("re_2", 21999)});
    EXPECT_EQ(status(id), "refunded");
    EXPECT_NE(started(stripes), id);
}

TEST_F(Start, of_a_ticket_that_does_not_exist_is_404) {
    const auto answer = start(simple, 7);
    EXPECT_EQ(answer.status, 404);
    EXPECT_EQ(answer.problem(), "unknown-ticket");
}

TEST_F(Start, asks_for_the_ticket_in_the_services_own_name) {
    started();
    ASSERT_EQ(tickets.asked_for.size(), 1u);
    EXPECT_EQ(tickets.asked_for.front(), std::nullopt);
}

TEST_F(Start, while_the_tickets_service_is_down_or_silent_opens_nothing) {
    tickets.failure = Error{Errc::tickets_unavailable, "down"};
    const auto down = start();
    tickets.failure = Error{Errc::tickets_timeout, "silent"};
    const auto silent = start();

    EXPECT_EQ(down.status, 503);
    EXPECT_EQ(down.problem(), "tickets-unavailable");
    EXPECT_EQ(silent.status, 504);
    EXPECT_EQ(silent.problem(), "tickets-timeout");
    EXPECT_TRUE(attempts().empty());
}

// ------------------------------------------------------------------ what the provider may answer

TEST_F(Start, that_the_provider_refuses_is_502_with_its_reason_and_the_next_one_works) {
    const auto accepts = simplepay.on_start;
    simplepay.on_start = [](const Transaction&) { return answered(Outcome::refused); };
    const auto answer = start();

    EXPECT_EQ(answer.status, 502);
    EXPECT_EQ(answer.problem(), "provider-refused");
    EXPECT_EQ(answer.string("message"), "in the provider's own words");
    EXPECT_EQ(answer.number("transaction_id"), 1);
    EXPECT_EQ(status(1), "failed");

    simplepay.on_start = accepts;
    EXPECT_EQ(started(), 2);
    EXPECT_EQ(status(2), "pending");
}

TEST_F(Start, that_cannot_reach_the_provider_is_503_and_the_next_one_works) {
    const auto accepts = stripe.on_start;
    stripe.on_start = [](const Transaction&) { return answered(Outcome::unreachable); };
    const auto answer = start(stripes);

    EXPECT_EQ(answer.status, 503);
    EXPECT_EQ(answer.problem(), "provider-unavailable");
    EXPECT_EQ(answer.header("Retry-After"), "5");
    EXPECT_EQ(status(1), "failed");

    stripe.on_start = accepts;
    EXPECT_EQ(started(stripes), 2);
}

TEST_F(Start, with_a_garbled_answer_is_502_and_unknown_and_blocks_its_fee) {
    simplepay.on_start = [](const Transaction&) { return answered(Outcome::garbled); };
    simplepay.on_ask = [](const Transaction&) { return silence(); };
    const auto answer = start();

    EXPECT_EQ(answer.status, 502);
    EXPECT_EQ(answer.problem(), "provider-garbled");
    EXPECT_EQ(answer.number("transaction_id"), 1);
    EXPECT_EQ(status(1), "unknown");

    const auto again = start();
    EXPECT_EQ(again.status, 409);
    EXPECT_EQ(again.problem(), "payment-in-progress");
    EXPECT_EQ(attempts().size(), 1u);
}

TEST_F(Start, without_an_answer_is_504_and_unknown_and_says_when_to_try_again) {
    simplepay.on_start = [](const Transaction&) { return answered(Outcome::unanswered); };
    const auto answer = start();

    EXPECT_EQ(answer.status, 504);
    EXPECT_EQ(answer.problem(), "provider-timeout");
    EXPECT_EQ(answer.number("transaction_id"), 1);
    EXPECT_EQ(answer.header("Retry-After"), "5");
    EXPECT_EQ(status(1), "unknown");
}

TEST_F(Start, that_is_answered_with_the_id_of_another_payment_is_not_handed_out) {
    const auto first = started();
    StartResult of_another;
    of_another.outcome = Outcome::accepted;
    of_another.facts = {word(first, FactKind::accepted)};
    of_another.redirect_url = "https://pay.example/of-another";
    simplepay.on_start = [&](const Transaction&) { return of_another; };
    const auto answer = start(simple, 43);

    EXPECT_EQ(answer.status, 502);
    EXPECT_EQ(answer.problem(), "provider-garbled");
    EXPECT_EQ(status(2), "review");
    EXPECT_EQ(review_reason_of(2), "the provider's id 500001 belongs to TR1");
    EXPECT_EQ(status(first), "pending");
}

}  // namespace payments
