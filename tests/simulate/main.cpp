#include <charconv>
#include <cstdio>
#include <cstring>
#include <optional>
#include <string_view>

#include "simulate/runner.hpp"

namespace {

constexpr const char* usage =
    "tests/simulate/run [--seeds N] [--from S] [--jobs J]   many worlds; stops at a broken one\n"
    "tests/simulate/run --seed S                            one world, and its story\n"
    "    --settlements all    in every world, not in one of four\n";

bool read_number(const char* text, std::uint64_t& number) {
    const auto* end = text + std::strlen(text);
    const auto [rest, error] = std::from_chars(text, end, number);
    return error == std::errc{} && rest == end;
}

}  // namespace

int main(int count, char** words) {
    using namespace payments::simulate;
    Run run;
    std::optional<std::uint64_t> told;
    for (int i = 1; i < count; i += 2) {
        std::uint64_t number = 0;
        const std::string_view word = words[i];
        const bool is_all = i + 1 < count && std::string_view{words[i + 1]} == "all";
        if (word == "--settlements" && is_all) {
            run.has_settlements = true;
            continue;
        }
        if (i + 1 == count || !read_number(words[i + 1], number)) {
            std::fputs(usage, stderr);
            return 2;
        }
        if (word == "--seeds")
            run.seeds = number;
        else if (word == "--from")
            run.from = number;
        else if (word == "--jobs")
            run.jobs = static_cast<int>(number);
        else if (word == "--seed")
            told = number;
        else {
            std::fputs(usage, stderr);
            return 2;
        }
    }
    return told ? tell_story(*told, run.has_settlements) : run_many(run);
}
