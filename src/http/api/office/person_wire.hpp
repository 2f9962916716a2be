#pragma once

#include "flow/office/personal_data.hpp"
#include "support/json.hpp"

// What is held on a visitor, and what became of it, as JSON (openapi.yaml; docs/personal_data.md):
// of exportPerson, erasePerson and the command line. Pure.
namespace payments::http {

// "2034-12-31".
std::string text_of_day(std::chrono::year_month_day day);
json::object write_person_report(const PersonalReport& report);
// All of it, in clear.
json::object write_person_file(const PersonalFile& file);

}  // namespace payments::http
