#pragma once

#include <ostream>
#include <vector>

#include "simulate/flows.hpp"

namespace payments::simulate {

// Services that are wrong in one way each. The simulation must find every one of them; a rule whose
// breach it would not notice is a rule it does not check.
std::vector<Variant> broken_variants();

// Those with a store, with a gateway, with a flow, with PostgreSQL's books, with refund runs, and
// with settlements of their own.
std::vector<Variant> broken_stores();
std::vector<Variant> broken_gateways();
std::vector<Variant> broken_flows();
std::vector<Variant> broken_books();
std::vector<Variant> broken_runs();
std::vector<Variant> broken_settlements();

// How a test names one.
inline void PrintTo(const Variant& variant, std::ostream* out) { *out << variant.what; }

}  // namespace payments::simulate
