#pragma once

#include <span>
#include <string>
#include <string_view>

// Which faults there are: an order for any other is refused, or a test with a misspelt fault would
// pass without one.
namespace payments::sandbox {

// Names are separated by spaces; one that ends in '*' stands for all that begin so.
struct KnownFaults {
    std::string_view operations;
    bool is_request;          // the faults of every request can be ordered as well
    std::string_view faults;  // of its own
};

// The faults of every request. `-after` means: the operation is carried out, only the answer is
// lost or spoilt.
enum class When : std::uint8_t { before, after };
struct GeneralFault {
    std::string_view name;
    When when;
};
const GeneralFault* general_fault(std::string_view name);

// What is wrong with ordering `fault` for `operation`; "" for nothing.
std::string refusal_of_fault(
    std::span<const KnownFaults> known, std::string_view operation, std::string_view fault
);

}  // namespace payments::sandbox
