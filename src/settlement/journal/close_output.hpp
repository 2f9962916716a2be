#pragma once

#include <string>
#include <vector>

#include "settlement/journal/month_close.hpp"
#include "support/json.hpp"

// The month's close for people and for programs (docs/settlements.md, 11). Pure functions: the same
// close, made of the same files, is the same bytes.
namespace payments::settlement::journal {

// What a close was made of.
struct CloseRecord {
    Time as_of;             // until when the books tell
    std::size_t files = 0;  // of providers and banks; equal bytes are one
    std::string files_sha256{};
};
// The digest is the SHA-256 in hex of the SHA-256 of each file in hex, sorted, each once and with
// an end of line: `sha256sum FILES | cut -c1-64 | sort -u | sha256sum`.
CloseRecord close_record(Time as_of, std::vector<std::string> sha256_of_files);

// Amounts are minor units. Of a closed month all but "as_of" and "files" is always the same.
json::object json_of(const MonthClose& close, const CloseRecord& record);

// A page for a terminal; amounts are major units with all decimals.
std::string text_of(const MonthClose& close, const CloseRecord& record);

// A row for each number: month, section, provider, account, currency, item, count, amount.
// Separated by commas, in major units with a point. Of a closed month always the same bytes.
std::string csv_of(const MonthClose& close);

}  // namespace payments::settlement::journal
