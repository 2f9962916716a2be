#pragma once

#include <map>
#include <set>

#include "fixtures/scenario.hpp"
#include "flow/runs/run_refunds.hpp"

namespace payments::testing_support {

// Payments that are given back together: what people ask for, and what the providers' books say.
class RefundWorld : public Scenario {
protected:
    RefundWorld() {
        for (auto* gateway : {&simplepay, &stripe}) {
            gateway->on_ask = [this](const Transaction& attempt) { return books_of(attempt); };
            gateway->on_refund = [this, yes = gateway->on_refund](auto& attempt, auto& refund) {
                given[attempt.id].insert_or_assign(refund.reference, refund.amount.minor());
                return yes(attempt, refund);
            };
        }
        rules.refund_run_pace = 6'000;
    }

    // Kata starts runs, Béla releases them.
    Headers as(const std::string& sub, const std::string& flags = "HU") {
        const auto privileges = in_scope("payments_refund_bulk", flags);
        return {{"authorization", "Bearer " + user_token(privileges, {{"sub", sub}})}};
    }
    Answer call(const std::string& what, const std::string& body, const std::string& sub = "kata") {
        return post("/payments/" + what, body, as(sub));
    }

    std::int64_t paid(const std::string& code = stripes, std::int64_t ticket_id = 42) {
        if (tickets.tickets.count(ticket_id) == 0) {
            tickets.tickets[ticket_id] = tickets.tickets[42];
            tickets.tickets[ticket_id].id = ticket_id;
        }
        const auto id = started(code, ticket_id);
        captured[id] = read(id).amount.minor();
        const bool is_stripe = code.find("STRIPE") != std::string::npos;
        const auto heard = is_stripe ? webhook(id, {capture_of(id)}) : ipn(id, {capture_of(id)});
        EXPECT_EQ(heard.status, 200);
        EXPECT_EQ(status(id), "paid");
        return id;
    }
    // So many tickets from 42 on, with payments 1, 2, ...
    void pay_tickets(int count, const std::string& code = stripes) {
        for (int i = 0; i < count; ++i) paid(code, 42 + i);
    }

    static std::string named(const std::vector<std::int64_t>& ids) {
        std::string list;
        for (const auto id : ids) list += (list.empty() ? "" : ",") + std::to_string(id);
        return R"("transaction_ids":[)" + list + R"(],"give":{"all":true})";
    }
    Answer plan(const std::string& choice) { return call("refund-runs/plan", "{" + choice + "}"); }
    // As planned, with the sums as a person types them.
    Answer start_as_planned(
        const std::string& choice, const Answer& planned, const std::string& sub = "kata"
    ) {
        const auto body = "{" + choice + R"(,"digest":")" + planned.string("digest") +
                          R"(","name":"A day","reason":"it was cancelled","typed_sums":)" +
                          json::write(planned.at("sums")) + "}";
        return call("refund-runs", body, sub);
    }
    // A run that was planned, started and, where that is needed, released.
    std::int64_t running(const std::string& choice) {
        const auto planned = plan(choice);
        EXPECT_EQ(planned.status, 200) << planned.text;
        const auto begun = start_as_planned(choice, planned);
        EXPECT_EQ(begun.status, 200) << begun.text;
        const auto id = begun.number("run_id");
        if (begun.string("state") != "needs_release") return id;
        EXPECT_EQ(steer(id, "release", "bela").status, 200);
        return id;
    }
    Answer steer(std::int64_t run, const std::string& what, const std::string& sub = "kata") {
        return call(
            "refund-run/steer",
            R"({"run_id":)" + std::to_string(run) + R"(,"do":")" + what + R"("})", sub
        );
    }
    Answer get_run(std::int64_t run, const std::string& more = "") {
        return call("refund-run", R"({"run_id":)" + std::to_string(run) + more + "}");
    }
    // "running: done 2, refused 1", and why it is paused.
    std::string standing(std::int64_t run) {
        const auto answer = get_run(run);
        const auto& now = answer.at("run");
        std::string text{now.at("state").as_string()};
        if (now.at("paused_because").is_string())
            text += " (" + std::string{now.at("paused_because").as_string()} + ")";
        std::string counts;
        for (const auto& [state, count] : now.at("counts").as_object())
            if (count.as_int64() > 0)
                counts += (counts.empty() ? ": " : ", ") + std::string{state} + " " +
                          std::to_string(count.as_int64());
        return text + counts;
    }
    // "waiting", "left_out refunded", of one payment.
    std::string item(std::int64_t run, std::int64_t transaction_id) {
        const auto answer = get_run(run);
        for (const auto& one : answer.at("items").as_array()) {
            if (one.at("transaction_id").as_int64() != transaction_id) continue;
            std::string text{one.at("state").as_string()};
            if (one.at("reason").is_string())
                text += " " + std::string{one.at("reason").as_string()};
            return text;
        }
        return "none";
    }
    // Whatever has its turn within this time.
    void work(std::chrono::milliseconds time = 5s) {
        const auto end = clock.time + time;
        while (clock.time < end) {
            bool found = true;
            while (found) {
                found = false;
                for (const auto processor : {Processor::simplepay, Processor::stripe})
                    found = await(refund_due_item(world, processor)) || found;
                clock.time += 10ms;
            }
            clock.time += 500ms;
        }
    }
    // What the provider has really given back, in minor units.
    std::int64_t given_back(std::int64_t id) {
        std::int64_t sum = 0;
        for (const auto& [reference, minor] : given[id]) sum += minor;
        return sum;
    }

    static RefundResult unanswered(const Transaction&, const Refund& refund) {
        RefundResult nothing;
        nothing.facts.push_back(about(FactKind::refund_unanswered, refund));
        nothing.reason = "the provider did not answer";
        return nothing;
    }
    static RefundResult refused(const Transaction&, const Refund& refund) {
        RefundResult no;
        no.outcome = Outcome::refused;
        no.facts.push_back(about(FactKind::refund_refused, refund));
        no.facts.front().detail = "there is no money";
        no.reason = "the provider refused it";
        return no;
    }
    static Fact about(FactKind kind, const Refund& refund) {
        Fact fact;
        fact.kind = kind;
        fact.refund = refund.reference;
        return fact;
    }
    // What the provider says when asked: captured, and the refunds it has made.
    QueryResult books_of(const Transaction& attempt) {
        auto word = said({word_of(attempt, FactKind::captured)});
        word.facts.front().amount = attempt.amount;
        const bool is_stripe = attempt.code.processor == Processor::stripe;
        for (const auto& [reference, minor] : given[attempt.id]) {
            auto fact = word_of(attempt, FactKind::refunded);
            fact.subject = (is_stripe ? "re-" : "sp-") + reference;
            fact.amount = Money::of(minor, attempt.amount.currency()).value();
            if (is_stripe && reference.starts_with("TR")) fact.refund = reference;
            word.facts.push_back(std::move(fact));
        }
        return word;
    }

    std::map<std::int64_t, std::int64_t> captured;                      // by payment
    std::map<std::int64_t, std::map<std::string, std::int64_t>> given;  // by payment, by our name
};

}  // namespace payments::testing_support
