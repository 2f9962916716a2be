#include "sandbox/known_faults.hpp"

#include <algorithm>

namespace payments::sandbox {
namespace {

constexpr GeneralFault general[] = {
    {"no-answer", When::before},  {"reset", When::before},       {"500", When::before},
    {"503", When::before},        {"late-before", When::before}, {"no-answer-after", When::after},
    {"reset-after", When::after}, {"500-after", When::after},    {"late", When::after},
    {"garbage", When::after},     {"empty", When::after},        {"truncated", When::after},
    {"redirect", When::after},
};

bool fits(std::string_view name, std::string_view pattern) {
    if (!pattern.ends_with('*')) return name == pattern;
    pattern.remove_suffix(1);
    return name.starts_with(pattern);
}

bool lists(std::string_view names, std::string_view name) {
    while (!names.empty()) {
        const auto end = std::min(names.find(' '), names.size());
        if (fits(name, names.substr(0, end))) return true;
        names.remove_prefix(std::min(end + 1, names.size()));
    }
    return false;
}

}  // namespace

const GeneralFault* general_fault(std::string_view name) {
    const auto* found = std::ranges::find(general, name, &GeneralFault::name);
    return found == std::end(general) ? nullptr : found;
}

std::string refusal_of_fault(
    std::span<const KnownFaults> known, std::string_view operation, std::string_view fault
) {
    std::string operations, faults;
    bool is_operation = false;
    for (const auto& row : known) {
        operations += ' ' + std::string{row.operations};
        if (!lists(row.operations, operation)) continue;
        if ((row.is_request && general_fault(fault)) || lists(row.faults, fault)) return {};
        is_operation = true;
        if (row.is_request)
            for (const auto& one : general) faults += ' ' + std::string{one.name};
        if (!row.faults.empty()) faults += ' ' + std::string{row.faults};
    }
    if (!is_operation)
        return "there is no operation '" + std::string{operation} + "', only" + operations;
    return std::string{operation} + " knows no fault '" + std::string{fault} + "', only" + faults;
}

}  // namespace payments::sandbox
