#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <cstdio>
#include <stdexcept>
#include <vector>

#include "commands.hpp"

namespace payments::bench {

void time_flush(const std::string& directory, int count) {
    const auto path = directory + "/flush";
    const int file = ::open(path.c_str(), O_RDWR | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
    if (file < 0) throw std::runtime_error{path + " cannot be made"};
    std::array<char, 8192> page{};
    std::vector<double> millis;
    for (int i = 0; i < count; ++i) {
        // Over the same pages again, as the write-ahead log is after its first round.
        const off_t place = static_cast<off_t>(page.size()) * (i % 64);
        const bool written = ::pwrite(file, page.data(), page.size(), place) == 8192;
        const auto began = std::chrono::steady_clock::now();
        if (!written || ::fdatasync(file) != 0) throw std::runtime_error{path + " fails"};
        const std::chrono::duration<double, std::milli> took =
            std::chrono::steady_clock::now() - began;
        if (i >= 64) millis.push_back(took.count());
    }
    ::close(file);
    ::unlink(path.c_str());
    std::ranges::sort(millis);
    std::printf(
        R"({"flushes":%zu,"p50_ms":%.2f,"p99_ms":%.2f})"
        "\n",
        millis.size(), millis[millis.size() / 2], millis[millis.size() * 99 / 100]
    );
}

}  // namespace payments::bench
