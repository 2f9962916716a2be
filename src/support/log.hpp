#pragma once

#include <array>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <tuple>
#include <type_traits>
#include <variant>

// Structured JSON lines on standard error. A line has time, level, message, and the fields whose
// names and values follow the message in turn:
//
//     log::warning("not offered", "ticket_id", ticket.id, "reason", reason);
//
// Fields are named one by one, so that personal data cannot slip in by dumping an object
// (docs/design.md, 2.10). Known secrets (registered at the start) are replaced wherever they
// appear. A line is one write(2), so lines of several threads do not mix. Any thread may log. A
// line that cannot be written is lost and counted: a full disk of the log, or a reader that went
// away, must not stop payments.
namespace payments::log {

enum class Level { debug, info, warning, error };

struct Field {
    std::string_view name;
    std::variant<std::string_view, std::int64_t, bool> value;
};

// Lines below `level` are dropped from then on. Before anything else: Level::info.
void set_level(Level level);
// Whether lines of this level are not dropped. Any thread.
bool is_written(Level level);
// From then on `secret` is replaced in every line; "" is ignored.
// At the start, before the first line that could show it. Any thread.
void redact(std::string secret);
// From then on a reader of standard output or error that goes away is a failed write and no longer
// the end of the process (SIGPIPE). For whatever changes something; commands that only print end
// as other tools do. For the whole process; before its threads.
void outlive_readers();
// Lines that could not be written since the process began. The next one that can be written is
// followed by a warning that says how many are missing before it.
std::int64_t lost_lines();
// A value beyond 4096 bytes is cut; bytes that are not UTF-8 become U+FFFD, so that a line is JSON
// whatever a caller sent.
void write_fields(Level level, std::string_view message, std::span<const Field> fields);

template <class Value>
Field field(std::string_view name, const Value& value) {
    if constexpr (std::is_same_v<Value, bool>)
        return {name, value};
    else if constexpr (std::is_integral_v<Value>)
        return {name, std::int64_t{value}};
    else
        return {name, std::string_view{value}};
}

template <class... Rest>
void write(Level level, std::string_view message, const Rest&... names_and_values) {
    static_assert(sizeof...(Rest) % 2 == 0, "every field has a name and a value");
    if (!is_written(level)) return;
    const auto all = std::tie(names_and_values...);
    [&]<std::size_t... I>(std::index_sequence<I...>) {
        const std::array<Field, sizeof...(I)> fields{
            field(std::get<2 * I>(all), std::get<2 * I + 1>(all))...};
        write_fields(level, message, fields);
    }
    (std::make_index_sequence<sizeof...(Rest) / 2>{});
}

template <class... Rest>
void debug(std::string_view message, const Rest&... names_and_values) {
    write(Level::debug, message, names_and_values...);
}
template <class... Rest>
void info(std::string_view message, const Rest&... names_and_values) {
    write(Level::info, message, names_and_values...);
}
template <class... Rest>
void warning(std::string_view message, const Rest&... names_and_values) {
    write(Level::warning, message, names_and_values...);
}
template <class... Rest>
void error(std::string_view message, const Rest&... names_and_values) {
    write(Level::error, message, names_and_values...);
}

}  // namespace payments::log
