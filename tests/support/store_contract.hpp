#pragma once

#include <gtest/gtest.h>

#include "support/loop.hpp"
#include "support/stores.hpp"

// Attempts and facts in few words, and the fixture of the store's contract.
namespace payments::testing_support {

using namespace std::chrono_literals;

inline const Time noon{std::chrono::sys_days{std::chrono::March / 2 / 2026} + 12h};

inline Code code(std::string_view text) { return Code::parse(text).value(); }
inline Money eur(std::int64_t minor) {
    return Money::of(minor, Currency::of("EUR").value()).value();
}

inline NewAttempt attempt(
    std::int64_t ticket_id, std::string_view code_text = "FULL-FEE-EUR-SIMPLE", Time now = noon
) {
    const auto parsed = code(code_text);
    const auto amount = Money::of(22000, parsed.currency).value();
    return {ticket_id,           parsed, amount,      "MERCHANT-1", "eva@example.org",
            R"({"name":"Éva"})", now,    now + 30min, now + 2s};
}

inline Fact fact(FactKind kind, std::string subject = "") {
    Fact made;
    made.kind = kind;
    made.subject = std::move(subject);
    return made;
}
inline Fact captured(std::int64_t minor = 22000) {
    auto made = fact(FactKind::captured);
    made.amount = eur(minor);
    return made;
}
inline Fact refunded(std::string id, std::int64_t minor) {
    auto made = fact(FactKind::refunded, std::move(id));
    made.amount = eur(minor);
    return made;
}
inline Fact accepted(std::string provider_id) {
    auto made = fact(FactKind::accepted);
    made.provider_id = std::move(provider_id);
    return made;
}

inline Heard heard(std::int64_t id, std::vector<Fact> facts, Source source = Source::query) {
    return {
        Subject{id, "", {}},
        source, noon + 1min, std::move(facts)
    };
}

inline RawMessage message(std::string identity) {
    return {Processor::simplepay, std::move(identity), "c2lnbmF0dXJl", "{ \"orderRef\" : 1 }\n"};
}

class StoreContract : public testing::TestWithParam<StoreKind> {
protected:
    void SetUp() override {
        place = GetParam().make_place();
        store = GetParam().open(place);
    }
    void TearDown() override {
        store.reset();
        GetParam().drop_place(place);
    }

    Transaction open(std::int64_t ticket_id, std::string_view code_text = "FULL-FEE-EUR-SIMPLE") {
        return run(store->open(attempt(ticket_id, code_text))).transaction;
    }
    Recorded record(std::int64_t id, std::vector<Fact> facts) {
        return run(store->record(heard(id, std::move(facts))));
    }
    // Before its first check is due.
    Recorded record_soon(std::int64_t id, std::vector<Fact> facts) {
        auto soon = heard(id, std::move(facts));
        soon.at = noon + 1s;
        return run(store->record(std::move(soon)));
    }
    Transaction read(std::int64_t id) { return run(store->transaction(id)).value(); }
    std::vector<OutboxRow> outbox() { return GetParam().outbox(place); }

    std::string place;
    std::unique_ptr<Store> store;
};

}  // namespace payments::testing_support
