#include <algorithm>
#include <boost/json/parse.hpp>
#include <cmath>

#include "fuzz.hpp"

// Whatever is read must be written so that it is read as the same again, and must mean what
// Boost's own reader takes it for.
namespace {

using namespace payments;
using fuzz::require;

void require_same(const json::value& ours, const boost::json::value& theirs) {
    if (ours.is_number()) {
        require(theirs.is_number());
        // Boost takes 0e99999 for no number at all.
        const auto a = ours.to_number<double>(), b = theirs.to_number<double>();
        require(a == b || std::isnan(b) || std::abs(a - b) <= 1e-12 * std::abs(b));
        return;
    }
    require(ours.kind() == theirs.kind());
    if (const auto* list = ours.if_array()) {
        require(list->size() == theirs.get_array().size());
        for (std::size_t i = 0; i < list->size(); ++i)
            require_same((*list)[i], theirs.get_array()[i]);
    } else if (const auto* object = ours.if_object()) {
        require(object->size() == theirs.get_object().size());
        for (const auto& member : *object)
            require_same(member.value(), theirs.get_object().at(member.key()));
    } else {
        require(ours == theirs);
    }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const auto text = fuzz::text_of(data, size);
    const auto first = json::parse(text);
    boost::json::error_code failed;
    const auto theirs = boost::json::parse(text, failed);
    if (!first) {
        const bool malformed = first.error().code == Errc::malformed_json;
        require(malformed == first.error().wrong.empty());
        if (malformed) require(failed.failed());
        for (const auto& wrong : first.error().wrong)
            require(json::parse(json::write(json::value(wrong.pointer))).has_value());
        return 0;
    }
    require(!failed.failed());
    require_same(*first, theirs);

    const auto again = json::parse(json::write(*first));
    require(again && json::write(*again) == json::write(*first));
    const auto sorted = json::parse(json::canonical(*first));
    require(sorted && json::write(*sorted) == json::canonical(*first));
    require(json::canonical(*again) == json::canonical(*sorted));
    return 0;
}
