#include "storage/rules/scopes.hpp"

#include "support/crypto.hpp"

namespace payments::ledger {

std::int64_t scope_id(const TicketScope& scope) {
    std::string text;
    // With their lengths, so that no two triples are one text.
    for (const auto* member : {&scope.flag, &scope.year, &scope.event})
        text += std::to_string(member->size()) + ":" + *member;
    const auto digest = crypto::sha256(text);
    std::uint64_t number = 0;
    for (std::size_t i = 0; i < sizeof number; ++i)
        number = number << 8 | static_cast<unsigned char>(digest[i]);
    number >>= 1;
    return number == 0 ? 1 : static_cast<std::int64_t>(number);
}

}  // namespace payments::ledger
