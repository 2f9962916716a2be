#include "commands/settlement/zone.hpp"

#include <stdexcept>

namespace payments {

TimeZone load_zone(const std::string& name) {
    auto zone = TimeZone::load(name);
    if (!zone)
        throw std::runtime_error{"the time zone " + name + " is unknown: is tzdata installed?"};
    return std::move(*zone);
}

}  // namespace payments
