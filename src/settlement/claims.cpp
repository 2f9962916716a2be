#include "settlement/claims.hpp"

namespace payments::settlement {
namespace {

std::size_t place(Processor processor) { return static_cast<std::size_t>(processor); }

}  // namespace

Claims::Claims(std::span<const SettlementLine> lines) : claims_(lines.size()) {
    for (std::uint32_t i = 0; i < lines.size(); ++i) {
        const auto& line = lines[i];
        if (!is_of_customer(line.kind)) continue;
        auto& ids = by_id_[place(line.processor)];
        enter(ids, line.source_id, i);
        if (line.charge_id != line.source_id) enter(ids, line.charge_id, i);
        if (line.payment_id != line.source_id) enter(ids, line.payment_id, i);
        enter(by_reference_[place(line.processor)], line.reference, i);
    }
}

void Claims::enter(Index& index, std::string_view key, std::uint32_t line) {
    if (key.empty()) return;
    const auto [first, is_new] = index.emplace(key, none);
    entries_.push_back({line, first->second});
    first->second = static_cast<std::uint32_t>(entries_.size() - 1);
}

bool Claims::claim(const OurTransaction& transaction, std::uint32_t holder) {
    const auto& ids = by_id_[place(transaction.processor)];
    bool any = false;
    const auto by_id = [&](std::string_view key) {
        any |= look_up(ids, key, Strength::by_id, holder);
    };
    by_id(transaction.provider_id);
    by_id(transaction.charge_id);
    for (const auto& refund : transaction.refunds) by_id(refund.provider_id);
    for (const auto& dispute : transaction.disputes) by_id(dispute.provider_id);
    const auto& references = by_reference_[place(transaction.processor)];
    any |= look_up(references, transaction.reference, Strength::by_reference, holder);
    return any;
}

bool Claims::look_up(
    const Index& index, std::string_view key, Strength strength, std::uint32_t holder
) {
    const auto first = key.empty() ? index.end() : index.find(key);
    if (first == index.end()) return false;
    for (auto i = first->second; i != none; i = entries_[i].next) {
        const auto line = entries_[i].line;
        auto& claim = claims_[line];
        if (claim.strength > strength) continue;
        if (claim.strength < strength) {
            tied_.erase(line);
            claim = {strength, false, holder};
        } else if (claim.holder != holder) {
            if (!claim.is_tied) tied_.emplace(line, claim.holder);
            tied_.emplace(line, holder);
            claim = {strength, true, holder};
        }
    }
    return true;
}

std::vector<std::uint32_t> Claims::candidates(std::size_t line) const {
    std::vector<std::uint32_t> holders;
    const auto [first, last] = tied_.equal_range(static_cast<std::uint32_t>(line));
    for (auto entry = first; entry != last; ++entry) holders.push_back(entry->second);
    return holders;
}

}  // namespace payments::settlement
