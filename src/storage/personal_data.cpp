#include "storage/personal_data.hpp"

#include "storage/work_thread.hpp"

namespace payments {
namespace {

class ThreadedPersonalData final : public PersonalData {
public:
    ThreadedPersonalData(DatabaseTarget database, PersonalDataRules rules)
        : database_(std::move(database)), rules_(std::move(rules)) {}

    Task<PersonalReport> look(Person person, Time now) override {
        return thread_.run([this, person = std::move(person), now] {
            return open().look(person, now);
        });
    }
    Task<std::vector<std::int64_t>> begin_export(Person person, PersonRequest request) override {
        return thread_.run([this, person = std::move(person), request = std::move(request)] {
            return open().begin_export(person, request);
        });
    }
    Task<std::vector<HeldPayment>> read(std::vector<std::int64_t> ids, SightOfScopes sight)
        override {
        return thread_.run([this, ids = std::move(ids), sight = std::move(sight)] {
            return open().read(ids, sight);
        });
    }
    Task<PersonalReport> look_elsewhere(Person person, std::optional<Time> oldest, Time now)
        override {
        return thread_.run([this, person = std::move(person), oldest, now] {
            return open().look_elsewhere(person, oldest, now);
        });
    }
    Task<PersonalReport> erase(Person person, PersonRequest request) override {
        return thread_.run([this, person = std::move(person), request = std::move(request)] {
            return open().erase(person, request);
        });
    }
    Task<RetentionStep> keep(Time now) override {
        return thread_.run([this, now] { return open().keep(now); });
    }
    Task<RetentionState> retention() override {
        return thread_.run([this] { return open().retention(); });
    }

private:
    PersonalLedger open() { return {open_database(database_), rules_}; }

    const DatabaseTarget database_;
    const PersonalDataRules rules_;
    WorkThread thread_;  // last: what runs on it uses the others
};

}  // namespace

std::unique_ptr<PersonalData> personal_data_of(DatabaseTarget database, PersonalDataRules rules) {
    return std::make_unique<ThreadedPersonalData>(std::move(database), std::move(rules));
}

}  // namespace payments
