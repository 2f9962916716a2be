// Two replicas take files, decide, close months and tell of settlements at once: a file is on
// record once, a month is closed once and of the files it says, and the chains stay whole.
#include "settlement/world.hpp"
#include "storage/postgres/race.hpp"
#include "storage/settlement_books.hpp"

namespace payments::settlement {
namespace {

using namespace testing_support;
using world::july;

struct SettlementScene {
    std::string name;  // of what only this one has
    journal::Month month{};
    std::int64_t files = 0, decisions = 0;  // that are on record before
};
using SettlementPart = std::function<std::string(Racer&, SettlementScene&)>;

const Actor anna{"anna", "Anna"};
const Time now = world::noon(july(9));

class PostgresSettlementRaces : public PostgresRace {
protected:
    PostgresSettlementRaces()
        : PostgresRace(
              {"settlement_files", "settlement_lines", "settlement_payouts", "settlement_decisions",
               "settlement_chains", "settlement_lease", "settlement_results", "settlement_events"}
          ) {}

    static SettlementLedger ledger_of(Racer& at) { return open_settlements(at.target); }
    static std::string code_of(const Error& error) {
        return "refused: " + std::to_string(static_cast<int>(error.code));
    }

    // All of a scene's files have one line, which the first of them tells of.
    static SettlementPart taking(const std::string& which) {
        return [=](Racer& at, SettlementScene& scene) {
            auto line = world::simple_line(LineKind::charge, scene.name, "TR1", 1000, 10);
            const auto content = world::settlement_file({line});
            KeptFile file;
            file.name = scene.name + which;
            file.sha256 = ledger::body_hash(file.name);
            file.at = now;
            file.by = anna;
            const auto taken = ledger_of(at).take(content, std::move(file));
            if (!taken) return code_of(taken.error());
            return (taken->is_known ? "known as " : "new as ") +
                   std::to_string(taken->file.id - scene.files) + ", added " +
                   std::to_string(taken->counts.added) + ", known " +
                   std::to_string(taken->counts.known);
        };
    }
    static std::string close(Racer& at, SettlementScene& scene) {
        const journal::MonthClosing closing{scene.month, now, scene.files, "Anna", ""};
        const auto closed = ledger_of(at).close(closing, anna);
        return closed ? "closed" : code_of(closed.error());
    }
    static std::string decide(Racer& at, SettlementScene& scene) {
        KeptDecision decision;
        decision.finding = scene.name;
        decision.kind = "line_differs";
        decision.subject = "TR1";
        decision.currency = "HUF";
        decision.reason = "agreed";
        decision.at = now;
        decision.by = anna;
        return "decision " + std::to_string(ledger_of(at).keep(decision).id - scene.decisions);
    }
    static std::string read_all(Racer& at, SettlementScene& scene) {
        auto ledger = ledger_of(at);
        std::int64_t lines = 0;
        for (const auto& line : ledger.evidence().lines())
            lines += line.source_id == scene.name ? 1 : 0;
        return "read " + std::to_string(lines);
    }
    static std::string claim_matching(Racer& at, SettlementScene&) {
        return ledger_of(at).claim_matching(now, now + 1min) ? "matches" : "leaves it";
    }
    static std::string note_result(Racer& at, SettlementScene&) {
        ledger_of(at).note_result({{"SIMPLE", "HUF", 5}}, now);
        return "noted";
    }
    static SettlementPart telling(const std::string& state) {
        return [=](Racer& at, SettlementScene& scene) {
            const auto data = R"({"payout":")" + scene.name + state + R"("})";
            const Standing standing{"payout", data, "settlement.payout", data};
            return "told " + std::to_string(ledger_of(at).note_told({standing}, now));
        };
    }
    // What is said in a scene, without its name.
    static std::string words_of(const SettlementEvent& event, const SettlementScene& scene) {
        return event.data.substr(event.data.find(scene.name) + scene.name.size());
    }
    static SettlementPart claiming(int limit) {
        return [=](Racer& at, SettlementScene& scene) {
            std::string all = "claimed ";
            for (const auto& event : ledger_of(at).claim_events(now, limit))
                all += words_of(event, scene);
            return all;
        };
    }
    static std::string deliver(Racer& at, SettlementScene& scene) {
        auto ledger = ledger_of(at);
        for (const auto& event : ledger.claim_events(now, 1)) {
            ledger.record_delivery(event, {DeliveryOutcome::Kind::delivered, now, {}, ""});
            return "delivered " + words_of(event, scene);
        }
        return "nothing to deliver";
    }

    SettlementScene new_scene() {
        watcher.run(
            "UPDATE settlement_lease SET until = 0;"
            "UPDATE settlement_events SET delivered_at = 1 WHERE delivered_at IS NULL;"
            "DELETE FROM settlement_results"
        );
        SettlementScene scene{"scene" + std::to_string(++scenes) + "-", next_month};
        next_month += std::chrono::months{1};
        auto ledger = ledger_of(quick);
        scene.files = std::ssize(ledger.files());
        scene.decisions = std::ssize(ledger.decisions());
        return scene;
    }
    std::string state_of(SettlementScene& scene) {
        std::string all;
        auto ledger = ledger_of(quick);
        for (const auto& file : ledger.files())
            if (file.id > scene.files) all += "file " + file.name.substr(scene.name.size()) + "; ";
        for (const auto& decision : ledger.decisions())
            if (decision.id > scene.decisions) all += decision.kind + "; ";
        const auto add = [&](const std::string& sql) {
            const auto rows = watcher.ask(sql);
            for (int i = 0; i < rows.size(); ++i) all += std::string{rows[i].text(0)} + "; ";
        };
        add("SELECT 'lease ' || until FROM settlement_lease");
        add("SELECT concat_ws(' ', 'result', processor, unexplained_minor)"
            " FROM settlement_results");
        add("SELECT concat_ws(' ', replace(data, '" + scene.name +
            "', ''), tries, next_at, delivered_at)"
            " FROM settlement_events WHERE data LIKE '%" +
            scene.name + "%' ORDER BY id");
        return all;
    }
    void race(
        const std::string& before, const std::vector<Part<SettlementScene>>& parts,
        const std::vector<SettlementPart>& first = {}
    ) {
        const std::function<SettlementScene()> make = [&] {
            auto scene = new_scene();
            for (const auto& part : first) part(quick, scene);
            return scene;
        };
        race_all<SettlementScene>(before, parts, make, [this](auto& scene) {
            return state_of(scene);
        });
        EXPECT_EQ(differences(), std::vector<std::string>{});
    }

    int scenes = 0;
    journal::Month next_month{std::chrono::year{2026} / std::chrono::January};
};

TEST_F(PostgresSettlementRaces, a_file_is_on_record_once_and_a_month_is_closed_of_what_it_says) {
    race(
        "nothing was there", {{"a file", taking("a")},
                              {"another with the same line", taking("b")},
                              {"a decision", decide},
                              {"the close of a month", close},
                              {"a matching that reads all", read_all}}
    );
}

TEST_F(PostgresSettlementRaces, one_of_them_matches) {
    race(
        "nobody matched",
        {{"a matching", claim_matching}, {"the end of one", note_result}, {"a file", taking("a")}}
    );
}

TEST_F(PostgresSettlementRaces, what_has_changed_is_told_once_and_in_order) {
    race(
        "it was told once",
        {{"telling of a payout", telling("due")},
         {"telling otherwise", telling("paid")},
         {"a claim of one", claiming(1)},
         {"a claim of all", claiming(10)},
         {"a delivery", deliver}},
        {telling("first")}
    );
}

}  // namespace
}  // namespace payments::settlement
