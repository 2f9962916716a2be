#pragma once

#include "simulate/flows.hpp"

namespace payments::simulate {

struct Options {
    bool is_told = false;           // keep the story
    std::optional<Plan> plan{};     // instead of the seed's own
    std::int64_t kill_at_step = 0;  // the service dies right after this step; 0 for never
    bool power_is_lost = false;     // with it
};

struct Verdict {
    std::string violation;  // "" when all held
    std::vector<std::string> story;
    Tally tally;
};

// One world, from its first visitor until nothing is left to happen. The same seed is the same
// world, step by step.
Verdict simulate(std::uint64_t seed, const Variant& variant = {}, Options options = {});

}  // namespace payments::simulate
