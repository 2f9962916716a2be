#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

#include "settlement/records.hpp"

// What makes records of the files of providers and banks. Pure functions; any thread.
namespace payments::settlement {

// What reads a file has all of it in memory, and makes some ten times as much of a table while it
// does: so much a file may have, wherever it comes from.
inline constexpr std::size_t file_bytes_max = std::size_t{32} << 20;

struct ReadOptions {
    std::string name{};              // of the file, without folders: "report_20260708.csv"
    std::optional<Format> format{};  // told apart by content without it
    std::string account{};           // merchant account or IBAN where the file names none
    std::string payout{};            // Stripe's lists of one payout do not name it
    std::string mapping{};           // the bytes of a mapping file; empty for known headers
    bool may_be_empty = false;       // a settlement without a line is no error
};

// Nothing when it is none that we know.
std::optional<Format> recognise(std::string_view bytes);

// Takes a file whole or not at all. Errc::invalid_request with every mistake (up to
// json::wrong_max) in Error::wrong: `pointer` names the place ("line 3, column 8"), `detail` says
// what is wrong; the Error's own detail is the first of them in one sentence. Never says what a
// person's name or e-mail address is. A settlement file without a line is an error.
Result<ParsedFile> read_file(std::string_view bytes, const ReadOptions& options);

Result<ParsedFile> read_simplepay(std::string_view bytes, const ReadOptions& options);
Result<ParsedFile> read_stripe_csv(std::string_view bytes, const ReadOptions& options);
Result<ParsedFile> read_stripe_json(std::string_view bytes, const ReadOptions& options);
Result<ParsedFile> read_stripe_payouts(std::string_view bytes, const ReadOptions& options);
Result<ParsedFile> read_camt053(std::string_view bytes, const ReadOptions& options);
Result<ParsedFile> read_mt940(std::string_view bytes, const ReadOptions& options);
Result<ParsedFile> read_otp_csv(std::string_view bytes, const ReadOptions& options);

}  // namespace payments::settlement
