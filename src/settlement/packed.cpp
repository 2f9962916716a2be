#include "settlement/packed.hpp"

#include <bit>
#include <type_traits>

namespace payments::settlement {
namespace {

class Packer {
public:
    explicit Packer(std::string& bytes) : bytes_(bytes) {}

    template <class... T>
    void operator()(const T&... fields) {
        (put(fields), ...);
    }

private:
    // Seven bits to a byte, the sign first, so that small numbers are short.
    void put_number(std::int64_t number) {
        auto rest = (static_cast<std::uint64_t>(number) << 1) ^
                    static_cast<std::uint64_t>(number < 0 ? -1 : 0);
        char bytes[10];
        std::size_t count = 0;
        for (; rest > 127; rest >>= 7) bytes[count++] = static_cast<char>(rest | 128);
        bytes[count++] = static_cast<char>(rest);
        bytes_.append(bytes, count);
    }

    template <class T>
    requires(std::is_integral_v<T> || std::is_enum_v<T>) void put(T number) {
        put_number(static_cast<std::int64_t>(number));
    }
    void put(const std::string& text) {
        put_number(std::ssize(text));
        bytes_ += text;
    }
    void put(Currency currency) { put(std::bit_cast<std::uint8_t>(currency)); }
    void put(Day day) { put_number(day.time_since_epoch().count()); }
    void put(Time time) { put_number(time.time_since_epoch().count()); }
    template <class T>
    void put(const std::optional<T>& value) {
        put(value.has_value());
        if (value) put(*value);
    }
    template <class T>
    void put(const std::vector<T>& list) {
        put_number(std::ssize(list));
        for (const auto& item : list) put(item);
    }
    template <class T>
    requires std::is_aggregate_v<T>
    void put(const T& record) { each_field(*this, record); }

    std::string& bytes_;
};

class Unpacker {
public:
    explicit Unpacker(std::string_view bytes) : bytes_(bytes) {}

    template <class... T>
    void operator()(T&... fields) {
        (get(fields), ...);
    }
    const char* at() const { return bytes_.data(); }

private:
    std::int64_t number() {
        std::uint64_t bits = 0;
        for (int shift = 0;; shift += 7) {
            const auto byte = static_cast<unsigned char>(bytes_.front());
            bytes_.remove_prefix(1);
            bits |= std::uint64_t{byte & 127U} << shift;
            if (byte < 128) break;
        }
        return static_cast<std::int64_t>((bits >> 1) ^ (~(bits & 1) + 1));
    }

    template <class T>
    requires(std::is_integral_v<T> || std::is_enum_v<T>) void get(T& value) {
        value = static_cast<T>(number());
    }
    void get(std::string& text) {
        const auto size = static_cast<std::size_t>(number());
        text = bytes_.substr(0, size);
        bytes_.remove_prefix(size);
    }
    void get(Currency& currency) {
        currency = std::bit_cast<Currency>(static_cast<std::uint8_t>(number()));
    }
    void get(Day& day) { day = Day{std::chrono::days{number()}}; }
    void get(Time& time) { time = Time{Time::duration{number()}}; }
    template <class T>
    void get(std::optional<T>& value) {
        bool has_value = false;
        get(has_value);
        if (!has_value) return value.reset();
        value.emplace(blank<T>());
        get(*value);
    }
    template <class T>
    void get(std::vector<T>& list) {
        const auto size = number();
        for (std::int64_t i = 0; i < size; ++i) {
            list.push_back(blank<T>());
            get(list.back());
        }
    }
    template <class T>
    requires std::is_aggregate_v<T>
    void get(T& record) { each_field(*this, record); }

    template <class T>
    static T blank() {
        if constexpr (std::is_same_v<T, Amount>)
            return {0, std::bit_cast<Currency>(std::uint8_t{0})};
        else
            return T{};
    }

    std::string_view bytes_;
};

// One list of fields for both ways. What tells a line apart from others comes first.
template <class Archive, class Line>
void fields_of_identity(Archive& archive, Line& line) {
    archive(line.processor, line.account, line.line_id);
}
template <class Archive, class Line>
void fields_of_line(Archive& archive, Line& line) {
    fields_of_identity(archive, line);
    archive(
        line.kind, line.kind_as_written, line.source_id, line.charge_id, line.payment_id,
        line.reference, line.currency, line.gross_minor, line.fee_minor, line.net_minor,
        line.fee_parts, line.facing, line.rate, line.at, line.day, line.payout_id, line.row
    );
}
template <class Archive, class Ours>
void fields_of_transaction(Archive& archive, Ours& ours) {
    archive(
        ours.id, ours.reference, ours.processor, ours.account, ours.currency, ours.minor,
        ours.provider_id, ours.charge_id, ours.paid_at, ours.is_settled_before,
        ours.is_duplicate_known, ours.refunds, ours.disputes, ours.status, ours.ticket_id,
        ours.fee_type
    );
}

template <class Archive, class Record>
void each_field(Archive& archive, Record& record) {
    using T = std::remove_const_t<Record>;
    if constexpr (std::is_same_v<T, Amount>) {
        archive(record.minor, record.currency);
    } else if constexpr (std::is_same_v<T, Rate>) {
        archive(record.digits, record.decimals);
    } else if constexpr (std::is_same_v<T, FeePart>) {
        archive(record.kind, record.minor);
    } else if constexpr (std::is_same_v<T, OurRefund>) {
        archive(record.name, record.provider_id, record.minor, record.at, record.failed_at);
    } else {
        static_assert(std::is_same_v<T, OurDispute>);
        archive(record.provider_id, record.minor, record.at, record.won_at, record.lost_at);
    }
}

const auto any_currency = std::bit_cast<Currency>(std::uint8_t{0});

}  // namespace

void pack(const SettlementLine& line, std::string& bytes) {
    Packer packer{bytes};
    fields_of_line(packer, line);
}

void pack(const OurTransaction& transaction, std::string& bytes) {
    Packer packer{bytes};
    fields_of_transaction(packer, transaction);
}

SettlementLine unpack_line(std::string_view bytes) {
    SettlementLine line{.processor = {}, .account = {}, .currency = any_currency};
    Unpacker unpacker{bytes};
    fields_of_line(unpacker, line);
    return line;
}

OurTransaction unpack_transaction(std::string_view bytes) {
    OurTransaction ours{
        .reference = {},
        .processor = {},
        .account = {},
        .currency = any_currency,
        .provider_id = {},
        .charge_id = {}};
    Unpacker unpacker{bytes};
    fields_of_transaction(unpacker, ours);
    return ours;
}

std::string_view identity_of(std::string_view packed_line) {
    SettlementLine line{.processor = {}, .account = {}, .currency = any_currency};
    Unpacker unpacker{packed_line};
    fields_of_identity(unpacker, line);
    return packed_line.substr(0, static_cast<std::size_t>(unpacker.at() - packed_line.data()));
}

}  // namespace payments::settlement
