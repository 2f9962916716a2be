#pragma once

#include <span>
#include <string_view>

#include "config/settings.hpp"
#include "payment/error.hpp"

namespace payments::config {

enum class Need : std::uint8_t { optional, required };
enum class Show : std::uint8_t { open, secret };

// One setting: its name, its documentation, and how its text is read.
struct Setting {
    std::string_view name;      // PAYMENTS_LISTEN
    std::string_view form;      // what the text looks like: "1 to 256"
    std::string_view fallback;  // the text that counts when it is not set, "" for none
    Need need;
    Show show;                  // a secret is no plain flag, and is never quoted in a mistake
    std::string_view sentence;  // what it does, ends with a full stop
    // Reads the text into the settings. The error's detail continues "PAYMENTS_X must be".
    Result<void> (*take)(std::string_view text, Settings& into);
};
// In the order in which settings are listed and mistakes reported.
// Any thread; it never changes.
std::span<const Setting> table();

// Operation ids, in the order of their PAYMENTS_ROUTE_ settings.
// Each moves the path of one operation of docs/design.md, 2.1.
struct RouteSetting {
    std::string_view setting;
    std::string_view operation;
};
std::span<const RouteSetting> routes();

}  // namespace payments::config
