#include "sandbox/tickets/tickets.hpp"
#include "support/clock.hpp"
#include "support/json.hpp"

namespace payments::sandbox {

using namespace std::chrono;

namespace {

json::object option(std::string_view code, json::value amount, std::string_view note = {}) {
    json::object made{{"code", code}, {"amount", std::move(amount)}};
    if (!note.empty()) made["note"] = note;
    return made;
}

// One fee, payable in both currencies through both processors.
void add_fee(json::array& options, const std::string& fee, std::int64_t eur, std::int64_t huf) {
    options.push_back(option(fee + "-EUR-SIMPLE", eur, "SimplePay by OTP"));
    options.push_back(option(fee + "-HUF-SIMPLE", huf, "SimplePay by OTP"));
    options.push_back(option(fee + "-EUR-STRIPE-INTENTS", eur));
    options.push_back(option(fee + "-HUF-STRIPE-INTENTS", huf));
}

json::array with(json::array options, std::string_view member, const json::value& value) {
    for (auto& one : options) one.get_object()[member] = value;
    return options;
}

json::object ticket(
    std::int64_t id, std::string_view name, std::string_view title, json::array options
) {
    return {
        {"id", id},
        {"status", "registered"},
        {"flag", "HU"},
        {"year", 2027},
        {"event", "OZORA"},
        {"email", "visitor" + std::to_string(id) + "@example.com"},
        {"name", name},
        {"language", "en"},
        {"template",
         {{"id", 7},
          {"title", title},
          {"year", 2027},
          {"event", "OZORA"},
          {"payment_options", std::move(options)}}},
        {"metas", json::array{}}};
}

json::array normal_fees() {
    json::array options;
    add_fee(options, "NORMAL-TOTAL-FEE", 220, 89'900);
    return options;
}

}  // namespace

std::map<std::int64_t, json::object> demo_tickets(Time now) {
    std::map<std::int64_t, json::object> tickets;
    const auto add = [&](json::object made) {
        const auto id = made.at("id").get_int64();
        tickets[id] = std::move(made);
    };
    constexpr std::string_view festival = "Festival ticket 2027";
    auto both = normal_fees();
    add_fee(both, "FULL-FEE", 260, 104'000);
    add(ticket(42, "Éva Kovács", festival, both));
    for (const std::int64_t id : {43, 44, 45, 46}) {
        add(ticket(id, "Ámos Őry", festival, normal_fees()));
    }
    auto hungarian = ticket(47, "Gergő Tűzi", "Fesztiváljegy 2027", normal_fees());
    hungarian["language"] = "hu";
    add(std::move(hungarian));

    json::array family;
    add_fee(family, "FAMILY-FEE", 512, 209'000);
    family[0].get_object()["amount"] = 512.5;
    add(ticket(48, "Kovács family", "Family ticket 2027", family));

    auto transferred = ticket(
        50, "Nóra Szűcs", festival,
        with(normal_fees(), "ticket_statuses", json::array{"registered", "transferred"})
    );
    transferred["status"] = "transferred";
    transferred["metas"] = json::array{
        {{"keyword", "transfer_price_eur"}, {"value", "25.50"}},
        {{"keyword", "transfer_price_huf"}, {"value", "9900"}}};
    add(std::move(transferred));

    add(ticket(51, "Ödön Vízi", "Volunteer ticket 2027", {option("FREE-FEE-EUR-SIMPLE", 0, "free")})
    );
    add(ticket(
        52, "Late Comer", "Early bird 2027",
        with(normal_fees(), "valid_until", json::value(rfc3339(now - days{1})))
    ));
    auto phases = with(normal_fees(), "valid_until", json::value(rfc3339(now + days{30})));
    json::array later;
    add_fee(later, "LATE-FEE", 280, 112'000);
    for (auto& one : with(later, "valid_from", json::value(rfc3339(now + days{30}))))
        phases.push_back(one);
    add(ticket(53, "Phase One", "Festival ticket 2027 in phases", phases));

    auto elsewhere = ticket(60, "John Doe", "One Day 2026", normal_fees());
    elsewhere["flag"] = "INT";
    elsewhere["year"] = 2026;
    elsewhere["event"] = "ONE-DAY";
    add(std::move(elsewhere));
    return tickets;
}

}  // namespace payments::sandbox
