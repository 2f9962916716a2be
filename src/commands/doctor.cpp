#include "commands/doctor.hpp"

#include <iostream>

#include "app/contexts.hpp"
#include "app/measure.hpp"
#include "commands/exit_code.hpp"
#include "flow/office/look_at_database.hpp"
#include "flow/within.hpp"
#include "support/json.hpp"
#include "support/log.hpp"

namespace payments {
namespace {

using namespace std::chrono_literals;

constexpr auto doctors_patience = 5s;

Task<bool> look(ServiceStore& store, const Clock& clock, std::shared_ptr<DatabaseLook> found) {
    auto looking = look_at_database(store, store, clock, std::move(found));
    co_return co_await within(doctors_patience, std::move(looking));
}

DatabaseLook look_at(const Settings& settings) try {
    const auto target = database_of(settings);
    if (const auto pending = pending_migrations(target); !pending.empty())
        throw StoreDown{"the database lacks migration " + pending.front()};
    const SystemClock clock;
    boost::asio::io_context loop;
    const auto store = Stores{target}.of(loop);
    auto found = std::make_shared<DatabaseLook>();
    if (!run_to_end(loop, look(*store, clock, found)))
        throw StoreDown{"database " + target.place() + ": no answer within 5 s"};
    return *found;
} catch (const std::exception& broken) {
    return {.failure = broken.what()};
}

Task<bool> ask_outside(const Settings& settings, Measurements* measured) {
    co_await measure_outside(settings, doctors_patience, measured);
    co_return true;
}

Measurements measure(const Settings& settings) {
    auto measured = measure_here(settings);
    measured.database = look_at(settings);
    boost::asio::io_context loop;
    run_to_end(loop, ask_outside(settings, &measured));
    measured.at = SystemClock{}.now();
    return measured;
}

void print(const std::vector<Finding>& findings) {
    for (const auto& finding : findings) {
        std::cout << name(finding.state) << std::string(8 - name(finding.state).size(), ' ')
                  << finding.name << ": " << finding.sentence << "\n";
        if (!finding.advice.empty()) std::cout << "        " << finding.advice << "\n";
    }
}

void print_json(const std::vector<Finding>& findings) {
    json::array list;
    for (const auto& finding : findings)
        list.push_back(json::object{
            {"name", finding.name},
            {"state", name(finding.state)},
            {"sentence", finding.sentence},
            {"advice", finding.advice.empty() ? json::value(nullptr) : json::value(finding.advice)},
        });
    std::cout << json::write(list) << "\n";
}

}  // namespace

int doctor(const Settings& settings, bool as_json) {
    redact_secrets(settings);
    const auto findings = judge(measure(settings));
    as_json ? print_json(findings) : print(findings);
    return worst(findings) == CheckState::bad ? exit_code::failed : exit_code::done;
}

}  // namespace payments
