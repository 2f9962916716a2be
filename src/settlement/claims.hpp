#pragma once

#include <array>
#include <cstdint>
#include <span>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "settlement/books.hpp"
#include "settlement/records.hpp"

// Which transaction a line is about (docs/settlements.md, 5: R2 and R3).
namespace payments::settlement {

enum class Strength : std::uint8_t {
    none,
    by_reference,  // our own: "TR123"
    by_id,         // of the provider, for the payment, the refund or the dispute
};

struct Claim {
    Strength strength = Strength::none;
    bool is_tied = false;      // several transactions claim it equally well
    std::uint32_t holder = 0;  // the one that does, unless tied
};

// Lines by their ids; each transaction is looked up in them, so that memory grows with the lines
// alone. `lines` outlives it. For one thread.
class Claims {
public:
    explicit Claims(std::span<const SettlementLine> lines);

    // Whether any line may be about the transaction, which is called `holder` from now on.
    bool claim(const OurTransaction& transaction, std::uint32_t holder);

    const Claim& of(std::size_t line) const { return claims_[line]; }
    // The holders of a tied line, in no order.
    std::vector<std::uint32_t> candidates(std::size_t line) const;

private:
    static constexpr std::uint32_t none = UINT32_MAX;

    struct Entry {
        std::uint32_t line, next;
    };
    using Index = std::unordered_map<std::string_view, std::uint32_t>;  // first entry of each key

    void enter(Index& index, std::string_view key, std::uint32_t line);
    bool look_up(const Index& index, std::string_view key, Strength strength, std::uint32_t holder);

    std::array<Index, 2> by_id_, by_reference_;  // of each processor
    std::vector<Entry> entries_;
    std::vector<Claim> claims_;                                   // of each line
    std::unordered_multimap<std::uint32_t, std::uint32_t> tied_;  // line, holder
};

}  // namespace payments::settlement
