#pragma once

#include <string>
#include <string_view>

#include "settlement/books.hpp"
#include "settlement/records.hpp"

// Lines and transactions as bytes, to be put aside and read by the same process. What is read must
// have been written here. Pure functions.
namespace payments::settlement {

// Behind what `bytes` holds already.
void pack(const SettlementLine& line, std::string& bytes);
void pack(const OurTransaction& transaction, std::string& bytes);

SettlementLine unpack_line(std::string_view bytes);
OurTransaction unpack_transaction(std::string_view bytes);

// The beginning of a packed line, which is the same in all versions of a line and in no other line.
std::string_view identity_of(std::string_view packed_line);

}  // namespace payments::settlement
