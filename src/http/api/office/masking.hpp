#pragma once

#include <string>
#include <string_view>

#include "support/json.hpp"

// Personal data as staff see them (docs/finding.md, 4): enough to recognise a person, too little to
// use. Pure; safe on any thread.
namespace payments::http {

// Billing data of a caller: country, state, city and language stay, an e-mail address and names are
// shortened, of everything else it is only told that it is there ("***").
json::object mask_metas(const json::object& metas);

// A provider's message: what names, reaches or locates a person is masked, at whatever depth; all
// else stays, such as amounts, ids and the last four digits of a card. "" for what is no JSON.
std::string mask_message(std::string_view body);

}  // namespace payments::http
