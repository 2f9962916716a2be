#pragma once

#include <cstdint>

namespace payments::simulate {

struct Run {
    std::uint64_t seeds = 10'000;
    std::uint64_t from = 1;
    bool has_settlements = false;  // every world, not one of four
    int jobs = 2;                  // processes
};

// Both return what the program exits with. Progress and figures go to standard output.
int run_many(const Run& run);
int tell_story(std::uint64_t seed, bool has_settlements);

}  // namespace payments::simulate
