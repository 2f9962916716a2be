#pragma once

#include <gtest/gtest.h>

#include "fixtures/store_contract.hpp"
#include "storage/databases.hpp"
#include "storage/personal_ledger.hpp"

// A visitor whose words are like nobody else's, in either database.
namespace payments::testing_support {

inline const std::string visitor_email = "zsuzsi.kacifant@example.org";
inline const std::string visitor_metas =
    R"({"name":"Kacifánt Zsuzsanna","zip":"6763","address":"Pipitér köz 77",)"
    R"("phone":"+36301357924","nick":"Csipkebogyó"})";
// What must be found nowhere once the visitor was erased.
inline const std::vector<std::string> visitor_words{
    visitor_email, "Kacif\xc3\xa1nt", "Pipit\xc3\xa9r", "+36301357924", "Csipkebogy\xc3\xb3"};

class ErasureTest : public StoreContract {
protected:
    ErasureTest() {
        rules.accounting_members = {"name", "zip", "address"};
        rules.zone = TimeZone::load("Europe/Budapest").value();
    }

    NewAttempt of_visitor(std::int64_t ticket_id, Time now = noon) {
        auto made = attempt(ticket_id, "FULL-FEE-EUR-SIMPLE", now);
        made.email = visitor_email;
        made.metas = visitor_metas;
        return made;
    }
    std::int64_t begin(std::int64_t ticket_id, Time now = noon) {
        return run(store->open(of_visitor(ticket_id, now))).transaction.id;
    }
    // With all the visitor's words in a signed message.
    void tell(std::int64_t id, std::vector<Fact> facts, std::string identity, Time at = noon) {
        auto told = heard(id, std::move(facts), Source::ipn);
        told.at = at;
        told.message = message(std::move(identity));
        told.message->body = "{\"customer\":" + visitor_metas + ",\"email\":\"" + visitor_email +
                             "\",\"at\":" + std::to_string(at.time_since_epoch().count()) + "}";
        run(store->record(std::move(told)));
    }
    std::int64_t paid(std::int64_t ticket_id, Time now = noon) {
        const auto id = begin(ticket_id, now);
        tell(
            id, {accepted("p" + std::to_string(id)), captured()}, "paid" + std::to_string(id), now
        );
        return id;
    }
    std::int64_t failed(std::int64_t ticket_id, Time now = noon) {
        const auto id = begin(ticket_id, now);
        tell(
            id, {accepted("p" + std::to_string(id)), fact(FactKind::failed, "declined")},
            "failed" + std::to_string(id), now
        );
        return id;
    }
    void write_note(std::int64_t id, Time at = noon) {
        NewAction note{
            ActionKind::note, {"kata", "Kata"}, at, id, {{"text", "Kacifánt Zsuzsanna called"}}};
        run(store->record_action(std::move(note))).value();
    }

    PersonalLedger ledger() { return {open_database(target_of(place)), rules}; }
    Person visitor() const {
        Person person;
        person.email = visitor_email;
        person.sight.is_everywhere = true;
        return person;
    }
    static PersonRequest asked(Time now = noon + 1h) {
        return {{"dora", "Dóra"}, "asked for by letter 77", now};
    }
    PersonalReport erase(Time now = noon + 1h) { return ledger().erase(visitor(), asked(now)); }
    // Whatever falls due at that moment.
    void keep(Time now) {
        auto step = RetentionStep::more;
        for (int i = 0; i < 1'000 && step == RetentionStep::more; ++i) step = ledger().keep(now);
        ASSERT_EQ(step, RetentionStep::nothing_left);
    }
    std::vector<std::string> kinds_of(std::int64_t id) {
        std::vector<std::string> kinds;
        for (const auto& action : run(store->actions_of(id, {}))) kinds.push_back(action.kind);
        return kinds;
    }
    std::vector<std::string> differences() {
        std::vector<std::string> found;
        for (const auto& one : GetParam().verify(place).differences)
            found.push_back(std::to_string(one.transaction_id) + ": " + one.detail);
        return found;
    }
    bool has_body(std::int64_t id) {
        for (const auto& listed : run(store->messages_of(id)))
            if (run(store->message(listed.number))->body) return true;
        return false;
    }

    PersonalDataRules rules;
    using Found = std::vector<std::string>;
};

}  // namespace payments::testing_support
