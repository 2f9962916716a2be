#include "commands/settlement/settings.hpp"

#include <stdexcept>

#include "support/time_zone.hpp"

namespace payments {

settlement::Delays delays_of(const SettlementConfig& config) {
    return {config.simplepay_days, config.stripe_days, config.bank_days};
}

std::optional<Time> beginning_of(const Settings& settings) {
    if (!settings.settlements.from) return std::nullopt;
    const auto zone = TimeZone::load(settings.time_zone);
    if (!zone)
        throw std::runtime_error{
            "the time zone " + settings.time_zone + " is unknown: is tzdata installed?"};
    return zone->start_of(*settings.settlements.from);
}

}  // namespace payments
