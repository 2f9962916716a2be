#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "sandbox/http.hpp"

// Files that a merchant downloads from a provider or a bank.
namespace payments::sandbox {

// An answer that browsers save under `name`.
Reply download(const std::string& name, std::string content_type, std::string bytes);
// A page with a link for each file: where it is, and what it is called.
Reply page_of_links(
    std::string_view title, std::string_view text,
    const std::vector<std::pair<std::string, std::string>>& links
);

// Hundredths of a currency's unit with two decimals: -12345 is "-123.45".
std::string with_two_decimals(std::int64_t minor, char point = '.');
// A field of a table, in quotes where its text needs them.
std::string table_cell(std::string_view text, char separator);

// Of a parameter such as "2026-07-08"; nothing for any other text.
std::optional<std::chrono::sys_days> day_in(std::string_view text);
std::string text_of_day(std::chrono::sys_days day);        // 2026-07-08
std::string short_text_of_day(std::chrono::sys_days day);  // 20260708

}  // namespace payments::sandbox
