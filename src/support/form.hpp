#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

// Names and values as queries and forms carry them (application/x-www-form-urlencoded). Pure
// functions; any thread.
namespace payments::form {

using Pairs = std::vector<std::pair<std::string, std::string>>;

// All but unreserved characters (RFC 3986, 2.3) as %XX.
std::string escape(std::string_view text);
std::string write(const Pairs& pairs);

// Nothing for a wrong %, for a name that comes twice (two readers may take another of the two,
// RFC 6749, 3.1), and for more than pairs_max.
inline constexpr std::size_t pairs_max = 64;
std::optional<Pairs> read(std::string_view text);
// "" without such a name.
std::string value_of(const Pairs& pairs, std::string_view name);

}  // namespace payments::form
