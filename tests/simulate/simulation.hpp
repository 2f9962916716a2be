#pragma once

#include "simulate/flows.hpp"
#include "simulate/settlement/told.hpp"

namespace payments::simulate {

struct Options {
    bool is_told = false;              // keep the story
    std::optional<Plan> plan{};        // instead of the seed's own
    std::int64_t kill_at_step = 0;     // the service dies right after this step; 0 for never
    bool power_is_lost = false;        // with it
    bool has_settlements = false;      // else that is up to the seed
    std::optional<Mistake> mistake{};  // in them; without it that is up to the seed, too
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
