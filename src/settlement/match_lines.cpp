#include "settlement/match_lines.hpp"

#include <algorithm>
#include <cstring>
#include <map>
#include <span>
#include <tuple>

#include "settlement/claims.hpp"
#include "settlement/compare.hpp"
#include "settlement/fees.hpp"
#include "settlement/match_transaction.hpp"
#include "settlement/packed.hpp"
#include "settlement/sums.hpp"

namespace payments::settlement {
namespace {

void look_at(const SettlementLine& line, Report& report) {
    auto& account = report.account(line.processor, line.account, line.currency);
    ++account.lines;
    count_fees(line, account.fees_minor);
    const auto note = [&](FindingKind kind, std::int64_t minor, std::string detail) {
        Finding finding{
            kind,        subject_of(line), minor, line.currency, std::string{name(line.processor)},
            line.account};
        finding.detail = std::move(detail);
        finding.payout_id = line.payout_id;
        finding.key = key_of(finding, line.line_id);
        report.findings.push_back(std::move(finding));
    };
    if (const auto error = arithmetic_error(line))
        note(
            FindingKind::line_arithmetic, *error,
            readable(line.gross_minor, line.currency) + " less a fee of " +
                readable(line.fee_minor, line.currency) + " is not " +
                readable(line.net_minor, line.currency) +
                ", or its parts are not the fee, or it has a fraction that does not exist"
        );
    if (line.kind == LineKind::unknown)
        note(
            FindingKind::kind_unknown,
            absolute(line.gross_minor == 0 ? line.net_minor : line.gross_minor),
            "lines of the kind \"" + line.kind_as_written + "\" are not known"
        );
}

// A line that was handed to a transaction, as it is put aside.
struct ClaimedBytes {
    std::uint32_t holder, number;
    Strength strength;
    std::string_view line{};

    static constexpr std::size_t head_bytes = 2 * sizeof(std::uint32_t) + 1;

    // Written into `bytes`.
    std::string_view before(std::string_view packed_line, std::string& bytes) const {
        char head[head_bytes];
        std::memcpy(head, &holder, sizeof holder);
        std::memcpy(head + sizeof holder, &number, sizeof number);
        head[head_bytes - 1] = static_cast<char>(strength);
        return bytes.assign(head, head_bytes).append(packed_line);
    }
    static ClaimedBytes of(std::string_view record) {
        ClaimedBytes read{};
        std::memcpy(&read.holder, record.data(), sizeof read.holder);
        std::memcpy(&read.number, record.data() + sizeof read.holder, sizeof read.number);
        read.strength = static_cast<Strength>(record[head_bytes - 1]);
        read.line = record.substr(head_bytes);
        return read;
    }
};

}  // namespace

struct LineMatcher::Parts {
    // A line that several transactions claim equally well; findings name them.
    struct Tied {
        SettlementLine line;
        std::vector<std::uint32_t> holders;
    };
    using Name = std::pair<std::int64_t, std::string>;  // id and reference

    Report& report;
    Bookkeeper books;
    Claims claims;
    Spill lines, held, claimed;  // in parts by number, by holder, by holder
    std::uint32_t line_count = 0, held_count = 0;
    std::string bytes{};  // for reuse
    std::vector<Tied> tied{};
    std::map<std::uint32_t, Name> names{};  // of holders of tied lines

    std::size_t part_of(std::uint32_t number) const { return number % lines.parts(); }

    // Hands each line of a part to the transaction that it is about.
    void hand_out(std::size_t part) {
        const auto all = claims.of(part);
        auto next = all.begin();
        auto number = static_cast<std::uint32_t>(part);
        lines.each(part, [&](std::string_view record) {
            const auto first = next;
            while (next != all.end() && next->line == number && next->strength == first->strength)
                ++next;
            hand_out(number, record, {first, next});
            while (next != all.end() && next->line == number) ++next;
            number += static_cast<std::uint32_t>(lines.parts());
        });
    }

    // `best` are the strongest claims on the line.
    void hand_out(std::uint32_t number, std::string_view record, std::span<const Claim> best) {
        if (best.size() == 1) {
            const ClaimedBytes place{best.front().holder, number, best.front().strength};
            claimed.append(part_of(place.holder), place.before(record, bytes));
            return;
        }
        auto line = unpack_line(record);
        if (!is_of_customer(line.kind)) return;
        if (best.empty())
            return books.note_unknown(
                line, FindingKind::line_unknown, subject_of(line),
                "no payment of ours has the ids or the reference \"" + line.reference +
                    "\" of this line"
            );
        auto& [_, holders] = tied.emplace_back(Tied{std::move(line), {}});
        for (const auto& claim : best) {
            holders.push_back(claim.holder);
            names[claim.holder];
        }
    }

    // Decides about each transaction of a part.
    void decide(std::size_t part) {
        const auto loaded = claimed.load(part);
        std::vector<ClaimedBytes> lines_of;
        for (const auto record : loaded.records) lines_of.push_back(ClaimedBytes::of(record));
        std::ranges::stable_sort(lines_of, {}, &ClaimedBytes::holder);
        auto next = lines_of.begin();
        auto holder = static_cast<std::uint32_t>(part);
        held.each(part, [&](std::string_view record) {
            const auto ours = unpack_transaction(record);
            const auto first = next;
            while (next != lines_of.end() && next->holder == holder) ++next;
            decide(ours, {first, next});
            if (const auto name = names.find(holder); name != names.end())
                name->second = {ours.id, ours.reference};
            holder += static_cast<std::uint32_t>(lines.parts());
        });
    }

    void decide(const OurTransaction& ours, std::span<const ClaimedBytes> records) {
        std::vector<SettlementLine> unpacked;
        for (const auto& record : records) unpacked.push_back(unpack_line(record.line));
        std::vector<ClaimedLine> sorted;
        for (std::size_t i = 0; i < records.size(); ++i)
            sorted.push_back({&unpacked[i], records[i].strength, records[i].number});
        std::ranges::sort(sorted, [](const ClaimedLine& a, const ClaimedLine& b) {
            return std::tie(a.line->account, a.line->line_id) <
                   std::tie(b.line->account, b.line->line_id);
        });
        books.match(ours, sorted);
    }

    void note_tied() {
        for (const auto& [line, holders] : tied)
            books.note_unknown(
                line, FindingKind::ambiguous, subject_of(line),
                "may be about each of " + names_of(holders)
            );
    }

    std::string names_of(const std::vector<std::uint32_t>& holders) const {
        std::vector<Name> sorted;
        for (const auto holder : holders) sorted.push_back(names.at(holder));
        std::ranges::sort(sorted);
        std::string list;
        for (const auto& [id, reference] : sorted)
            list.append(list.empty() ? "" : ", ").append(reference);
        return list;
    }
};

LineMatcher::LineMatcher(
    const Delays& delays, Time as_of, Report& report, FactListener listener, SpillShape shape
)
    : parts_(new Parts{
          report, Bookkeeper{delays, as_of, report, std::move(listener)}, Claims{shape},
          Spill{shape}, Spill{shape}, Spill{shape}}) {}

LineMatcher::~LineMatcher() = default;

void LineMatcher::add(const SettlementLine& line) {
    auto& parts = *parts_;
    const auto number = parts.line_count++;
    if (is_of_customer(line.kind)) parts.claims.enter(line, number);
    parts.bytes.clear();
    pack(line, parts.bytes);
    parts.lines.append(parts.part_of(number), parts.bytes);
    look_at(line, parts.report);
}

void LineMatcher::hear(const OurTransaction& transaction) {
    auto& parts = *parts_;
    if (!parts.claims.may_hold(transaction)) return parts.books.match(transaction, {});
    const auto holder = parts.held_count++;
    parts.claims.claim(transaction, holder);
    parts.bytes.clear();
    pack(transaction, parts.bytes);
    parts.held.append(parts.part_of(holder), parts.bytes);
}

void LineMatcher::finish() {
    auto& parts = *parts_;
    parts.claims.join();
    for (std::size_t part = 0; part < parts.lines.parts(); ++part) parts.hand_out(part);
    for (std::size_t part = 0; part < parts.lines.parts(); ++part) parts.decide(part);
    parts.note_tied();
}

std::uint32_t LineMatcher::count() const { return parts_->line_count; }

void LineMatcher::each_line(const std::function<void(std::uint32_t, const SettlementLine&)>& take
) const {
    const auto& lines = parts_->lines;
    for (std::size_t part = 0; part < lines.parts(); ++part) {
        auto number = static_cast<std::uint32_t>(part);
        lines.each(part, [&](std::string_view record) {
            take(number, unpack_line(record));
            number += static_cast<std::uint32_t>(lines.parts());
        });
    }
}

}  // namespace payments::settlement
