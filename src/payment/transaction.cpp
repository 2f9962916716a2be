#include "payment/transaction.hpp"

#include <algorithm>
#include <charconv>

namespace payments {
namespace {

constexpr std::string_view source_names[] = {"service", "visitor", "ipn",
                                             "webhook", "query",   "staff"};
static_assert(std::size(source_names) == static_cast<std::size_t>(Source::staff) + 1);

}  // namespace

std::string_view name(Source source) { return source_names[static_cast<std::size_t>(source)]; }

Result<Source> source_of(std::string_view text) {
    const auto* found = std::ranges::find(source_names, text);
    if (found == std::end(source_names))
        return Error{Errc::internal, "unknown source " + std::string{text}};
    return static_cast<Source>(found - source_names);
}

Facts facts_of(const Transaction& transaction) {
    Facts facts;
    for (const auto& entry : transaction.entries)
        facts = learn(std::move(facts), entry.fact, transaction.terms());
    return facts;
}

bool holds_fee(const Transaction& transaction) { return holds_fee(facts_of(transaction)); }

Error unknown_transaction(std::int64_t id) {
    return {Errc::unknown_transaction, "there is no transaction " + std::to_string(id)};
}

std::optional<std::int64_t> id_of_reference(std::string_view reference) {
    // No leading zero: one number has one reference.
    if (!reference.starts_with("TR") || reference.size() < 3 || reference[2] < '1' ||
        reference[2] > '9')
        return {};
    std::int64_t id = 0;
    const auto* end = reference.data() + reference.size();
    const auto [rest, error] = std::from_chars(reference.data() + 2, end, id);
    if (error != std::errc{} || rest != end) return {};
    return id;
}

std::optional<std::int64_t> id_as_written(const std::string& text) {
    const auto id = id_of_reference(text);
    return id ? id : id_of_reference("TR" + text);
}

}  // namespace payments
