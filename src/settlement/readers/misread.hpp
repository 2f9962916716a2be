#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include "payment/error.hpp"
#include "payment/money.hpp"

// What makes a file unreadable. Pure functions.
namespace payments::settlement {

// Where in a file: its lines count from 1. What a column is, each format says: the number of a
// field in tables, of a character in a line elsewhere. 0 is the line, or the file, as a whole.
struct Place {
    std::size_t line = 0;
    std::size_t column = 0;

    std::string text() const;  // "line 3, column 8"; "" for the file
};

// Mistakes of a file, in the order they were found. A reader goes on after one, so that all are
// told at once, and gives nothing of a file that has any.
class Mistakes {
public:
    void add(Place place, std::string_view why) { add_at(place.text(), why); }
    void add_at(std::string place, std::string_view why);  // "/data/0/fee"; "" for the file
    // Those of an error that misread() or another collection made.
    void add(const Error& error);
    bool are_there() const { return !wrong_.empty(); }
    bool are_enough() const;  // more help nobody
    // Errc::invalid_request: the first in one sentence, each in Error::wrong.
    Error error() const;

private:
    std::vector<Wrong> wrong_;
};

// One alone: "line 3, column 8: the fee is not an amount".
Error misread(Place place, std::string_view why);

// A name or value of a file for a person to read, cut where it is long.
std::string shown(std::string_view text);
// The same of what should be an amount, a day or a number: without quoting it where it holds
// letters, for it may be the name of a person who stands in the wrong column.
std::string shown_number(std::string_view text);

// A currency in upper or lower case. Errc::invalid_request, whose detail is "'abc' is no currency".
Result<Currency> read_currency(std::string_view code);

}  // namespace payments::settlement
