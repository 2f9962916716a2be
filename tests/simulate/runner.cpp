#include "simulate/runner.hpp"

#include <poll.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <vector>

#include "simulate/place.hpp"
#include "simulate/simulation.hpp"

namespace payments::simulate {
namespace {

using Steady = std::chrono::steady_clock;

// What a worker writes to its pipe: small enough to arrive whole.
struct Report {
    Tally tally;
    std::uint64_t broken_seed = 0;
    bool has_failed = false;
};

void work(const Run& run, int job, int pipe) {
    Report report;
    auto told = Steady::now();
    const auto tell = [&] {
        if (::write(pipe, &report, sizeof report) != sizeof report) ::_exit(1);
        report = {};
        told = Steady::now();
    };
    for (auto i = static_cast<std::uint64_t>(job); i < run.seeds; i += run.jobs) {
        const auto seed = run.from + i;
        const auto outcome = simulate(seed, {}, {.has_settlements = run.has_settlements});
        report.tally.add(outcome.tally);
        if (!outcome.violation.empty()) {
            report.has_failed = true;
            report.broken_seed = seed;
            break;
        }
        if (Steady::now() - told > std::chrono::milliseconds{500}) tell();
    }
    tell();
}

struct Worker {
    pid_t process;
    int pipe;
};

Worker begin_work(const Run& run, int job) {
    int ends[2];
    if (::pipe(ends) != 0) return {-1, -1};
    std::fflush(stdout);
    const auto process = ::fork();
    if (process == 0) {
        ::close(ends[0]);
        work(run, job, ends[1]);
        ::_exit(0);
    }
    ::close(ends[1]);
    return {process, ends[0]};
}

void print_progress(const Run& run, const Tally& sum, double seconds) {
    const auto rate = static_cast<double>(sum.seeds) / std::max(seconds, 0.001);
    const auto left = static_cast<double>(run.seeds) - static_cast<double>(sum.seeds);
    std::printf(
        "%9lld seeds  %6.0f/s  %lld payments  %lld faults  %lld kills  %.0f s left\n",
        static_cast<long long>(sum.seeds), rate, static_cast<long long>(sum.payments),
        static_cast<long long>(sum.faults), static_cast<long long>(sum.kills),
        left / std::max(rate, 0.001)
    );
    std::fflush(stdout);
}

void print_sum(const Tally& sum, double seconds) {
    const std::pair<const char*, std::int64_t> rows[] = {
        {"worlds", sum.seeds},
        {"steps", sum.steps},
        {"starts", sum.starts},
        {"payments at a provider", sum.payments},
        {"begun there when over here", sum.late_starts},
        {"captured", sum.captures},
        {"given back at the desk", sum.refunds},
        {"notices", sum.notices},
        {"commits", sum.commits},
        {"faults", sum.faults},
        {"kills", sum.kills},
        {"power lost", sum.power_losses},
        {"databases set back", sum.restores},
        {"attempts for a person to look at", sum.reviews},
        {"worlds with settlements", sum.settlements},
        {"files of settlements", sum.files},
        {"months that were closed", sum.closes},
        {"mistakes in them", sum.mistakes},
    };
    for (const auto& [what, number] : rows)
        std::printf("%12lld  %s\n", static_cast<long long>(number), what);
    std::printf(
        "%12.1f  seconds, %.0f worlds a second\n", seconds, static_cast<double>(sum.seeds) / seconds
    );
}

void print_broken(std::uint64_t seed) {
    std::printf("BROKEN  tests/simulate/run --seed %llu\n", static_cast<unsigned long long>(seed));
    std::fflush(stdout);
}

}  // namespace

int run_many(const Run& run) {
    Place::the();  // migrated once, for all workers
    const auto began = Steady::now();
    const auto seconds = [&] {
        return std::chrono::duration<double>(Steady::now() - began).count();
    };
    std::vector<Worker> workers;
    for (int job = 0; job < run.jobs; ++job) workers.push_back(begin_work(run, job));

    Tally sum;
    std::vector<std::uint64_t> broken;
    double printed = 0;
    std::size_t open = workers.size();
    while (open > 0) {
        std::vector<pollfd> pipes;
        for (const auto& worker : workers) pipes.push_back({worker.pipe, POLLIN, 0});
        ::poll(pipes.data(), pipes.size(), 1000);
        for (std::size_t i = 0; i < workers.size(); ++i) {
            if (!(pipes[i].revents & (POLLIN | POLLHUP))) continue;
            Report report;
            if (::read(workers[i].pipe, &report, sizeof report) == sizeof report) {
                sum.add(report.tally);
                if (!report.has_failed) continue;
                broken.push_back(report.broken_seed);
                print_broken(report.broken_seed);
            } else {
                ::close(workers[i].pipe);
                workers[i].pipe = -1;
                --open;
            }
        }
        if (seconds() - printed >= 1) {
            printed = seconds();
            print_progress(run, sum, printed);
        }
    }
    bool all_ended_well = true;
    for (const auto& worker : workers) {
        int status = 0;
        ::waitpid(worker.process, &status, 0);
        all_ended_well = all_ended_well && WIFEXITED(status) && WEXITSTATUS(status) == 0;
    }
    print_sum(sum, seconds());
    if (!all_ended_well) std::puts("a worker died");
    std::ranges::sort(broken);
    for (const auto seed : broken) print_broken(seed);
    if (!broken.empty()) tell_story(broken.front(), run.has_settlements);
    return all_ended_well && broken.empty() ? 0 : 1;
}

int tell_story(std::uint64_t seed, bool has_settlements) {
    const Options options{.is_told = true, .has_settlements = has_settlements};
    const auto outcome = simulate(seed, {}, options);
    for (const auto& line : outcome.story) std::puts(line.c_str());
    std::puts(outcome.violation.empty() ? "all is well" : ("BROKEN: " + outcome.violation).c_str());
    return outcome.violation.empty() ? 0 : 1;
}

}  // namespace payments::simulate
