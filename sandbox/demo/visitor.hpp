#pragma once

#include <boost/json/object.hpp>
#include <string>
#include <vector>

#include "flow/task.hpp"

namespace payments::sandbox {

// Where the parts of a running demo are.
struct Places {
    std::string payments, shop, stripe;

    Places() = default;  // not an aggregate: it is passed to coroutines
};

// Pays one ticket through each processor without a browser, as the shop's pages do, and gives the
// two transactions once they are paid. Throws std::runtime_error where something goes otherwise.
Task<std::vector<boost::json::object>> pay_through_each(Places places);

// Whether the service says that it is ready.
Task<bool> is_ready(std::string payments_url);

}  // namespace payments::sandbox
