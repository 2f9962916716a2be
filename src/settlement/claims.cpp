#include "settlement/claims.hpp"

#include <algorithm>
#include <bit>
#include <cstring>
#include <functional>
#include <tuple>

namespace payments::settlement {
namespace {

// A record is the number of a line or a holder, and behind it the key: a character for the kind of
// id, and the id.
constexpr std::size_t number_bytes = sizeof(std::uint32_t);

std::string_view key_of(std::string_view record) { return record.substr(number_bytes); }
std::uint32_t number_of(std::string_view record) {
    std::uint32_t number = 0;
    std::memcpy(&number, record.data(), number_bytes);
    return number;
}

char tag_of(Processor processor, Strength strength) {
    return static_cast<char>(
        'A' + 2 * static_cast<int>(processor) + (strength == Strength::by_id ? 1 : 0)
    );
}
Strength strength_of(std::string_view key) {
    return (key.front() - 'A') % 2 == 1 ? Strength::by_id : Strength::by_reference;
}

void write(std::string& record, std::uint32_t number, char tag, std::string_view id) {
    char bytes[number_bytes];
    std::memcpy(bytes, &number, number_bytes);
    record.assign(bytes, number_bytes).append(1, tag).append(id);
}

std::uint64_t hash_of(std::string_view key) { return std::hash<std::string_view>{}(key); }

// Calls `with` with each id that a transaction is known by; some of them may be "".
template <class With>
void each_id(const OurTransaction& transaction, With with) {
    with(Strength::by_id, transaction.provider_id);
    with(Strength::by_id, transaction.charge_id);
    for (const auto& refund : transaction.refunds) with(Strength::by_id, refund.provider_id);
    for (const auto& dispute : transaction.disputes) with(Strength::by_id, dispute.provider_id);
    with(Strength::by_reference, transaction.reference);
}

// Records of a part by their keys.
class Index {
public:
    explicit Index(const std::vector<std::string_view>& records)
        : records_(records), first_(std::bit_ceil(records.size() + 1), none) {
        for (std::uint32_t i = 0; i < records.size(); ++i) {
            auto& first = place_of(key_of(records[i]));
            next_.push_back(first);
            first = i;
        }
    }

    template <class Take>
    void each_equal(std::string_view key, Take take) {
        for (auto i = place_of(key); i != none; i = next_[i])
            if (key_of(records_[i]) == key) take(records_[i]);
    }

private:
    static constexpr std::uint32_t none = UINT32_MAX;

    // Parts are made by the lower bits of the hash.
    std::uint32_t& place_of(std::string_view key) {
        return first_[(hash_of(key) >> 20) & (first_.size() - 1)];
    }

    const std::vector<std::string_view>& records_;
    std::vector<std::uint32_t> first_, next_;
};

}  // namespace

// Ten bits for each key, of which four are set, are wrong about one key in a hundred.
void Claims::Filter::resize(std::size_t keys) { words_.assign(keys * 10 / 64 + 1, 0); }

void Claims::Filter::add(std::uint64_t hash) {
    const auto step = std::rotl(hash, 32) | 1;
    for (int i = 0; i < probes; ++i, hash += step)
        words_[(hash >> 6) % words_.size()] |= std::uint64_t{1} << (hash & 63);
}

bool Claims::Filter::may_have(std::uint64_t hash) const {
    const auto step = std::rotl(hash, 32) | 1;
    for (int i = 0; i < probes; ++i, hash += step)
        if ((words_[(hash >> 6) % words_.size()] >> (hash & 63) & 1) == 0) return false;
    return true;
}

Claims::Claims(SpillShape shape)
    : shape_(shape), line_keys_(shape), holder_keys_(shape), claims_(shape) {}

void Claims::put(
    Spill& spill, Processor processor, Strength strength, std::string_view id, std::uint32_t number
) {
    write(record_, number, tag_of(processor, strength), id);
    spill.append(hash_of(key_of(record_)) % shape_.parts, record_);
}

void Claims::enter(const SettlementLine& line, std::uint32_t number) {
    const auto put_key = [&](Strength strength, const std::string& id) {
        if (id.empty()) return;
        put(line_keys_, line.processor, strength, id, number);
        ++keys_;
    };
    put_key(Strength::by_id, line.source_id);
    if (line.charge_id != line.source_id) put_key(Strength::by_id, line.charge_id);
    if (line.payment_id != line.source_id) put_key(Strength::by_id, line.payment_id);
    put_key(Strength::by_reference, line.reference);
}

void Claims::fill_filter() {
    filter_.resize(keys_);
    for (std::size_t part = 0; part < shape_.parts; ++part)
        line_keys_.each(part, [&](std::string_view record) {
            filter_.add(hash_of(key_of(record)));
        });
    is_filter_filled_ = true;
}

bool Claims::may_hold(const OurTransaction& transaction) {
    if (!is_filter_filled_) fill_filter();
    bool any = false;
    each_id(transaction, [&](Strength strength, const std::string& id) {
        if (any || id.empty()) return;
        write(record_, 0, tag_of(transaction.processor, strength), id);
        any = filter_.may_have(hash_of(key_of(record_)));
    });
    return any;
}

void Claims::claim(const OurTransaction& transaction, std::uint32_t holder) {
    each_id(transaction, [&](Strength strength, const std::string& id) {
        if (!id.empty()) put(holder_keys_, transaction.processor, strength, id, holder);
    });
}

void Claims::join() {
    for (std::size_t part = 0; part < shape_.parts; ++part) join(part);
    line_keys_ = Spill{shape_};
    holder_keys_ = Spill{shape_};
}

void Claims::join(std::size_t part) {
    const auto lines = line_keys_.load(part);
    if (lines.records.empty()) return;
    Index index{lines.records};
    holder_keys_.each(part, [&](std::string_view holder) {
        const auto key = key_of(holder);
        index.each_equal(key, [&](std::string_view line) {
            const Claim claim{number_of(line), number_of(holder), strength_of(key)};
            char bytes[sizeof claim];
            std::memcpy(bytes, &claim, sizeof claim);
            claims_.append(claim.line % shape_.parts, {bytes, sizeof bytes});
        });
    });
}

std::vector<Claim> Claims::of(std::size_t part) const {
    std::vector<Claim> claims;
    claims_.each(part, [&](std::string_view record) {
        std::memcpy(&claims.emplace_back(), record.data(), sizeof(Claim));
    });
    std::ranges::sort(claims, [](const Claim& a, const Claim& b) {
        return std::tuple{a.line, b.strength, a.holder} < std::tuple{b.line, a.strength, b.holder};
    });
    claims.erase(std::unique(claims.begin(), claims.end()), claims.end());
    return claims;
}

}  // namespace payments::settlement
