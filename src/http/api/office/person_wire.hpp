#pragma once

#include "flow/office/personal_data.hpp"
#include "support/json.hpp"

// What is held on a visitor, and what became of it, as JSON (openapi.yaml; docs/personal_data.md):
// of exportPerson, erasePerson and the command line. Pure.
namespace payments::http {

// "2034-12-31".
std::string text_of_day(std::chrono::year_month_day day);
json::object write_person_report(const PersonalReport& report);

// All that is held, in clear: one JSON document, {"held": [...], "report": {...}}, that is written
// while it is read, so that what is in memory of a payment is its line of the report.
class PersonFile {
public:
    // Of these payments, in their order.
    explicit PersonFile(std::vector<std::int64_t> ids) : ids_(std::move(ids)) {}

    // Those that are to be read and added now; none when the end is to be written.
    std::vector<std::int64_t> next();
    // Both give what comes behind the text before. `elsewhere` is a report without payments.
    std::string add(const std::vector<HeldPayment>& held);
    std::string end(PersonalReport elsewhere);
    // When the oldest of what was added was begun.
    std::optional<Time> oldest() const { return oldest_; }

private:
    std::string begun();

    const std::vector<std::int64_t> ids_;
    std::size_t at_ = 0;
    std::vector<PersonalPayment> told_{};
    std::optional<Time> oldest_{};
    bool is_begun_ = false;
};

}  // namespace payments::http
