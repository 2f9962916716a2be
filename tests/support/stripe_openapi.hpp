#pragma once

#include <string>
#include <utility>
#include <vector>

// Holds a request to Stripe against Stripe's own OpenAPI data, more strictly than Stripe's test
// servers do: unknown names (inside objects too), types, required members, enumerations, lengths.
namespace payments::test {

using FormFields = std::vector<std::pair<std::string, std::string>>;
// Strict: percent-encoding must be well-formed, every pair needs its '='.
FormFields decode_form(const std::string& text);

// What is wrong with the request, a line each; empty when nothing is. `path` is with its query,
// `body` the form of a POST.
std::vector<std::string> stripe_faults(
    const std::string& method, const std::string& path, const std::string& body
);

}  // namespace payments::test
