#pragma once

#include <span>
#include <string_view>

#include "config/settings.hpp"
#include "payment/error.hpp"

namespace payments::config {

enum class Need : std::uint8_t { optional, required };
enum class Show : std::uint8_t { open, secret };

// One setting: how it is called, shown and read.
struct Setting {
    std::string_view name;
    std::string_view form;
    std::string_view fallback;
    Need need;
    Show show;
    std::string_view sentence;
    Result<void> (*take)(std::string_view text, Settings& into);
};
std::span<const Setting> table();

// Operation ids, in the order of their PAYMENTS_ROUTE_ settings.
struct RouteSetting {
    std::string_view setting;
    std::string_view operation;
};
std::span<const RouteSetting> routes();

}  // namespace payments::config
