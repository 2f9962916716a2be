#pragma once

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string>
#include <string_view>
#include <vector>

#include "support/temporary_file.hpp"

// Records that are put aside now and read again later, more of them than memory should hold.
namespace payments {

// Into how many parts records are divided, and how much of each part stays in memory before it is
// written: together what a spill costs, whatever is put into it.
struct SpillShape {
    std::size_t parts = 64;
    std::size_t block_bytes = 16'384;
};

// Whole parts are read back, so that one of them has to fit in memory and all of them need not.
// What does not stay in a block goes to one TemporaryFile. For one thread; throws as that.
class Spill {
public:
    explicit Spill(SpillShape shape = {});

    std::size_t parts() const { return parts_.size(); }
    // `part` is less than parts(); a record has less than 4 GiB.
    void append(std::size_t part, std::string_view record);

    // Calls `take` with each record of the part, in the order in which they came. A record is gone
    // when `take` returns.
    template <class Take>
    void each(std::size_t part, Take take) const {
        std::string bytes;
        for (const auto& block : parts_[part].written) {
            read(block, bytes);
            walk(bytes, take);
        }
        walk(parts_[part].open, take);
    }

    // All of a part at once.
    struct Part {
        std::vector<std::string_view> records;  // in the order in which they came
        std::vector<std::string> blocks;        // that they stand in
    };
    Part load(std::size_t part) const;

private:
    struct Block {
        std::uint64_t at;
        std::size_t bytes;
    };
    struct Kept {
        std::vector<Block> written;
        std::string open;
    };
    using Length = std::uint32_t;  // stands before each record

    template <class Take>
    static void walk(std::string_view bytes, Take take) {
        while (!bytes.empty()) {
            Length length = 0;
            std::memcpy(&length, bytes.data(), sizeof length);
            take(bytes.substr(sizeof length, length));
            bytes.remove_prefix(sizeof length + length);
        }
    }
    void read(const Block& block, std::string& bytes) const;
    void write(Kept& part);

    std::size_t block_bytes_;
    std::vector<Kept> parts_;
    TemporaryFile file_;
};

}  // namespace payments
