#include "support/log.hpp"

#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <cerrno>
#include <csignal>
#include <mutex>
#include <shared_mutex>
#include <vector>

#include "support/json.hpp"
#include "support/times.hpp"
#include "support/utf8.hpp"

namespace payments::log {
namespace {

constexpr std::size_t text_bytes_max = 4096;  // of one value; the rest of a longer one is cut off

std::atomic<Level> lowest{Level::info};
std::atomic<std::int64_t> lost{0};    // lines, of the whole life of the process
std::atomic<std::int64_t> untold{0};  // of them: since the last line that was written

// Longest first, so that a secret which contains another is replaced as a whole.
// Written at the start only; every line reads it.
std::shared_mutex secrets_guard;
std::vector<std::string>& secrets() {
    // Made by its first user: other files' globals may log before those of this file are made.
    static std::vector<std::string> known;
    return known;
}

std::string_view name(Level level) {
    switch (level) {
        case Level::debug:
            return "debug";
        case Level::info:
            return "info";
        case Level::warning:
            return "warning";
        case Level::error:
            return "error";
    }
    return "error";
}

// Before a text is cut and escaped: half a secret, or an escaped one, would not be found.
std::string redacted(std::string_view text) {
    std::string clean{text};
    const std::shared_lock lock{secrets_guard};
    for (const auto& secret : secrets())
        for (auto at = clean.find(secret); at != clean.npos; at = clean.find(secret, at)) {
            clean.replace(at, secret.size(), "[redacted]");
            // Past the mark: a secret that is a part of it would be replaced for ever.
            at += std::string_view("[redacted]").size();
        }
    return clean;
}

// A line must stay JSON whatever bytes a caller sent: foreign ones become U+FFFD.
std::string as_utf8(std::string_view text) {
    std::string clean;
    clean.reserve(std::min(text.size(), text_bytes_max));
    while (!text.empty() && clean.size() < text_bytes_max) {
        const auto size = utf8::character_bytes(text);
        clean += size == 0 ? utf8::replacement : text.substr(0, size);
        text.remove_prefix(std::max<std::size_t>(size, 1));
    }
    if (!text.empty()) clean += "...";
    return clean;
}

json::value to_json(const decltype(Field::value)& value) {
    if (const auto* text = std::get_if<std::string_view>(&value))
        return json::value(as_utf8(redacted(*text)));
    if (const auto* number = std::get_if<std::int64_t>(&value)) return json::value(*number);
    return json::value(std::get<bool>(value));
}

// One call for the whole line, so that lines of several threads or processes do not mix. A log
// that cannot be written must not stop payments: what is left is given up. Whether all was written.
bool write_line(std::string_view line) {
    while (!line.empty()) {
        const auto written = ::write(STDERR_FILENO, line.data(), line.size());
        if (written < 0 && errno == EINTR) continue;
        if (written <= 0) return false;
        line.remove_prefix(static_cast<std::size_t>(written));
    }
    return true;
}

std::string line_of(Level level, std::string_view message, std::span<const Field> fields) {
    json::object line;
    line.reserve(3 + fields.size());
    const auto now = std::chrono::system_clock::now();
    line.emplace("time", rfc3339(std::chrono::floor<std::chrono::milliseconds>(now)));
    line.emplace("level", name(level));
    line.emplace("message", as_utf8(redacted(message)));
    for (const auto& [key, value] : fields) line.emplace(key, to_json(value));
    return json::write(line) + '\n';
}

// Whoever reads the log must learn that it has a gap.
void tell_of_lost() {
    const auto count = untold.exchange(0);
    if (count == 0) return;
    const std::array fields{Field{"lines", count}};
    if (!write_line(line_of(Level::warning, "lines of the log were lost", fields))) untold += count;
}

}  // namespace

void set_level(Level level) { lowest.store(level, std::memory_order_relaxed); }
// Relaxed: a line more or less while somebody sets the level does no harm.
bool is_written(Level level) { return level >= lowest.load(std::memory_order_relaxed); }

void redact(std::string secret) {
    if (secret.empty()) return;
    const std::unique_lock lock{secrets_guard};
    auto& known = secrets();
    if (std::ranges::find(known, secret) != known.end()) return;
    known.push_back(std::move(secret));
    std::ranges::stable_sort(known, std::ranges::greater{}, &std::string::size);
}

void outlive_readers() { std::signal(SIGPIPE, SIG_IGN); }

std::int64_t lost_lines() { return lost; }

void write_fields(Level level, std::string_view message, std::span<const Field> fields) {
    if (!is_written(level)) return;
    if (write_line(line_of(level, message, fields))) return tell_of_lost();
    ++lost;
    ++untold;
}

}  // namespace payments::log
