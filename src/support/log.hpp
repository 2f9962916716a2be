#pragma once

#include <initializer_list>
#include <string>
#include <string_view>
#include <utility>
#include <variant>

// Structured JSON lines on standard error. A line has time, level, message and the fields given;
// fields are named constants at the call site, so that personal data cannot slip in by dumping an
// object. Known secrets (registered at start) are replaced wherever they appear.
namespace payments::log {

enum class Level { debug, info, warning, error };

using Field = std::pair<std::string_view, std::variant<std::string_view, std::int64_t, bool>>;

void set_level(Level level);
void redact(std::string secret);
void write(Level level, std::string_view message, std::initializer_list<Field> fields = {});

inline void debug(std::string_view m, std::initializer_list<Field> f = {}) {
    write(Level::debug, m, f);
}
inline void info(std::string_view m, std::initializer_list<Field> f = {}) {
    write(Level::info, m, f);
}
inline void warning(std::string_view m, std::initializer_list<Field> f = {}) {
    write(Level::warning, m, f);
}
inline void error(std::string_view m, std::initializer_list<Field> f = {}) {
    write(Level::error, m, f);
}

}  // namespace payments::log
