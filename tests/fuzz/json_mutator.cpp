#include <algorithm>
#include <random>
#include <vector>

#include "fuzz.hpp"

// Changes JSON as JSON: most changes of single bytes only make it unreadable, and what reads the
// members is never reached. Half of the changes stay libFuzzer's own, with its dictionary.
extern "C" std::size_t LLVMFuzzerMutate(std::uint8_t* data, std::size_t size, std::size_t max_size);

namespace {

using namespace payments;
using Random = std::minstd_rand;

std::size_t below(Random& random, std::size_t count) {
    return std::uniform_int_distribution<std::size_t>(0, count - 1)(random);
}

void collect(json::value& node, std::vector<json::value*>& nodes) {
    nodes.push_back(&node);
    if (auto* list = node.if_array())
        for (auto& item : *list) collect(item, nodes);
    if (auto* object = node.if_object())
        for (auto& member : *object) collect(member.value(), nodes);
}

json::value any_scalar(Random& random) {
    const json::value scalars[] = {
        nullptr, true,          false,          0,       1,     -1,        42,       43,
        1749000, 0.01,          12990,          12990.5, 1e300, INT64_MAX, "",       "0",
        "TR42",  "TR43",        "12990",        "-5.0",  "HUF", "huf",     "\u00e9", "test",
        "live",  json::array{}, json::object{},
    };
    return scalars[below(random, std::size(scalars))];
}

json::value with_changed_text(const boost::json::string& text, Random& random) {
    std::string changed{std::string_view{text}};
    changed.resize(changed.size() + 8);
    auto* bytes = reinterpret_cast<std::uint8_t*>(changed.data());
    changed.resize(LLVMFuzzerMutate(bytes, text.size(), changed.size()));
    return below(random, 8) == 0 ? json::value(changed + changed) : json::value(changed);
}

void change(json::value& node, const json::value& other, Random& random) {
    if (auto* list = node.if_array(); list && !list->empty() && below(random, 2) == 0) {
        const auto at = below(random, list->size());
        if (below(random, 2) == 0)
            list->erase(list->begin() + static_cast<std::ptrdiff_t>(at));
        else
            list->push_back(json::value((*list)[at]));
        return;
    }
    if (auto* object = node.if_object(); object && !object->empty() && below(random, 2) == 0) {
        const auto* member = object->begin() + below(random, object->size());
        object->erase(member);
        return;
    }
    if (node.is_string() && below(random, 2) == 0)
        node = with_changed_text(node.get_string(), random);
    else
        node = below(random, 2) == 0 ? json::value(other) : any_scalar(random);
}

}  // namespace

extern "C" std::size_t LLVMFuzzerCustomMutator(
    std::uint8_t* data, std::size_t size, std::size_t max_size, unsigned seed
) {
    Random random(seed);
    auto tree = below(random, 2) == 0 ? json::parse(fuzz::text_of(data, size))
                                      : Result<json::value>{Errc::malformed_json};
    if (!tree) return LLVMFuzzerMutate(data, size, max_size);

    for (auto changes = 1 + below(random, 3); changes > 0; --changes) {
        std::vector<json::value*> nodes;
        collect(*tree, nodes);
        const json::value other{*nodes[below(random, nodes.size())]};
        change(*nodes[below(random, nodes.size())], other, random);
    }
    const auto text = json::write(*tree);
    if (text.size() > max_size) return LLVMFuzzerMutate(data, size, max_size);
    std::ranges::copy(text, data);
    return text.size();
}
