#include "support/spill.hpp"

namespace payments {

Spill::Spill(SpillShape shape) : block_bytes_(shape.block_bytes), parts_(shape.parts) {}

void Spill::append(std::size_t part, std::string_view record) {
    auto& kept = parts_[part];
    const auto length = static_cast<Length>(record.size());
    const auto needed = kept.open.size() + sizeof length + record.size();
    if (needed > block_bytes_ && !kept.open.empty()) write(kept);
    if (kept.open.capacity() == 0) kept.open.reserve(block_bytes_);
    char bytes[sizeof length];
    std::memcpy(bytes, &length, sizeof length);
    kept.open.append(bytes, sizeof length).append(record);
}

void Spill::write(Kept& part) {
    part.written.push_back({file_.append(part.open), part.open.size()});
    part.open.clear();
}

void Spill::read(const Block& block, std::string& bytes) const {
    bytes.resize(block.bytes);
    file_.read(block.at, bytes.data(), block.bytes);
}

Spill::Part Spill::load(std::size_t part) const {
    const auto& kept = parts_[part];
    Part loaded;
    // Strings that move would take short records with them.
    loaded.blocks.reserve(kept.written.size() + 1);
    const auto note = [&](std::string_view record) { loaded.records.push_back(record); };
    for (const auto& block : kept.written) {
        read(block, loaded.blocks.emplace_back());
        walk(loaded.blocks.back(), note);
    }
    loaded.blocks.push_back(kept.open);
    walk(loaded.blocks.back(), note);
    return loaded;
}

}  // namespace payments
