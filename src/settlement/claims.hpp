#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "settlement/books.hpp"
#include "settlement/records.hpp"
#include "support/spill.hpp"

// Which transaction a line is about (docs/settlements.md, 5: R2 and R3).
namespace payments::settlement {

enum class Strength : std::uint8_t {
    none,
    by_reference,  // our own: "TR123"
    by_id,         // of the provider, for the payment, the refund or the dispute
};

// A transaction that a line may be about.
struct Claim {
    std::uint32_t line = 0, holder = 0;  // the holder is the transaction, as its caller counts them
    Strength strength = Strength::none;

    friend bool operator==(const Claim&, const Claim&) = default;
};

// The ids of lines and those of transactions, put aside in parts by their hash: what is equal is in
// the same part, so that one part after the other is enough to bring the two together. In memory
// are one part, and some bits for each line. For one thread; throws as Spill.
class Claims {
public:
    explicit Claims(SpillShape shape);

    // First all lines; each is called `number` from now on.
    void enter(const SettlementLine& line, std::uint32_t number);
    // Then the transactions. Whether a line may be about it: it is never said wrongly that none is,
    // and of one in a hundred that one may be, though none is.
    bool may_hold(const OurTransaction& transaction);
    void claim(const OurTransaction& transaction, std::uint32_t holder);
    // Then once.
    void join();
    // Those on lines whose number leaves the rest `part` when it is divided by the parts of the
    // shape: by line, the strongest first, each holder once for each strength.
    std::vector<Claim> of(std::size_t part) const;

private:
    // Tells that a key was never entered, or may have been: a Bloom filter.
    class Filter {
    public:
        void resize(std::size_t keys);
        void add(std::uint64_t hash);
        bool may_have(std::uint64_t hash) const;

    private:
        static constexpr int probes = 4;
        std::vector<std::uint64_t> words_;
    };

    void put(
        Spill& spill, Processor processor, Strength strength, std::string_view id,
        std::uint32_t number
    );
    void fill_filter();
    void join(std::size_t part);

    const SpillShape shape_;
    Spill line_keys_, holder_keys_, claims_;
    std::size_t keys_ = 0;
    Filter filter_;
    bool is_filter_filled_ = false;
    std::string record_;  // for reuse
};

}  // namespace payments::settlement
