#pragma once

#include <span>

#include "config/table.hpp"
#include "config/values.hpp"

// What the parts of the table are written in: three sorts of rows, and ways to keep what a text was
// read as. Free of state; any thread.
namespace payments::config {

using Text = std::string_view;
using Take = Result<void> (*)(Text text, Settings& to);

// Three sorts of rows. A secret has no default: one that everybody knows would sign as well.
// constexpr, not consteval: there clang 14 makes functions of lambdas that are given no text.
constexpr Setting required(Text name, Text form, Text sentence, Take take) {
    return {name, form, "", Need::required, Show::open, sentence, take};
}
constexpr Setting optional(Text name, Text form, Text fallback, Text sentence, Take take) {
    return {name, form, fallback, Need::optional, Show::open, sentence, take};
}
constexpr Setting secret(Text name, Text form, Text sentence, Take take) {
    return {name, form, "", Need::optional, Show::secret, sentence, take};
}

template <class T>
Result<void> keep(Result<T> read, T& into) {
    if (!read) return read.error();
    into = std::move(*read);
    return {};
}

template <class Integer>
Result<void> keep_number(Text text, std::int64_t least, std::int64_t most, Integer& into) {
    const auto number = read_number(text, least, most);
    if (!number) return number.error();
    into = static_cast<Integer>(*number);
    return {};
}

template <class Duration>
Result<void> keep_time(Text text, std::int64_t least, std::int64_t most, Duration& into) {
    const auto number = read_number(text, least, most);
    if (!number) return number.error();
    into = Duration{*number};
    return {};
}

inline Result<void> keep_set(const Result<std::vector<std::string>>& read, auto& set) {
    if (!read) return read.error();
    set = {read->begin(), read->end()};
    return {};
}

// Asked by the compiler: a row that lacks a part, or has the name of another, does not build.
constexpr bool every_row_is_complete_and_unlike_the_others(std::span<const Setting> settings) {
    for (std::size_t i = 0; i < settings.size(); ++i) {
        const auto& row = settings[i];
        if (!row.name.starts_with("PAYMENTS_") || !row.sentence.ends_with('.')) return false;
        if (row.form.empty()) return false;  // `take` is no constant under -fsanitize=undefined
        if (row.need == Need::required && !row.fallback.empty()) return false;
        for (std::size_t j = 0; j < i; ++j)
            if (settings[j].name == row.name) return false;
    }
    return true;
}

// The parts of the table behind its first one.
std::span<const Setting> route_rows();    // the paths of the operations
std::span<const Setting> console_rows();  // the back office
std::span<const Setting> settlement_rows();
std::span<const Setting> personal_rows();  // personal data

}  // namespace payments::config
