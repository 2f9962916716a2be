#pragma once

#include <algorithm>
#include <optional>
#include <string>
#include <vector>

#include "http/api/members.hpp"
#include "payment/fact.hpp"
#include "support/time_zone.hpp"

// Members that several operations of the back office have, read alike: what is wrong is noted with
// `members`, as it does itself. Pure; safe on any thread.
namespace payments::http {

inline constexpr std::size_t note_max = 2000;  // characters of what staff write

// Words of a list, each once and as `read` understands it; more than `items_max` are not looked at.
template <class T, class Read>
std::vector<T> read_list(
    Members& members, std::string_view name, std::size_t items_max, Read read
) {
    std::vector<T> list;
    const auto* words = members.optional_array(name);
    if (words == nullptr) return list;
    if (words->size() > items_max) {
        members.add(name, "must have at most " + std::to_string(items_max) + " items");
        return list;
    }
    for (std::size_t i = 0; i < words->size(); ++i) {
        const auto* word = (*words)[i].if_string();
        const auto one = word ? read(std::string_view{*word}) : std::optional<T>{};
        if (!one)
            members.add_to_item(name, i, "is none of those there are");
        else if (std::ranges::find(list, *one) == list.end())
            list.push_back(*one);
    }
    return list;
}

// A time, or a day, which stands for its beginning in the zone; without a zone days are wrong.
std::optional<Time> read_moment(
    Members& members, std::string_view name, const std::optional<TimeZone>& zone
);
std::optional<std::int64_t> read_optional_id(Members& members, std::string_view name);
// Of a page, 1 to 200.
std::size_t read_limit(Members& members, std::size_t otherwise);
// Of something that people are to read: not blank, with the blanks around it cut.
std::string read_words(Members& members, std::string_view name, std::size_t length_max);

}  // namespace payments::http
