#include "support/time_zone.hpp"

#include <algorithm>
#include <fstream>
#include <iterator>

namespace payments {
namespace {

namespace chrono = std::chrono;

// Bytes that are taken from the front; what is not there spoils it for good.
class Bytes {
public:
    explicit Bytes(std::string_view left) : left_(left) {}

    std::string_view take(std::size_t count) {
        if (count > left_.size()) {
            is_spoilt_ = true;
            left_ = {};
            return {};
        }
        const auto taken = left_.substr(0, count);
        left_.remove_prefix(count);
        return taken;
    }
    // Big-endian, two's complement.
    std::int64_t number(std::size_t bytes) {
        const auto text = take(bytes);
        if (is_spoilt_) return 0;
        std::uint64_t value = (static_cast<unsigned char>(text.front()) & 0x80) != 0 ? ~0ULL : 0;
        for (const char c : text) value = value << 8 | static_cast<unsigned char>(c);
        return static_cast<std::int64_t>(value);
    }
    std::string_view rest() const { return left_; }
    bool is_spoilt() const { return is_spoilt_; }

private:
    std::string_view left_;
    bool is_spoilt_ = false;
};

// How many of each there are in a block of data.
struct Counts {
    std::size_t is_ut, is_standard, leaps, changes, types, characters;

    std::size_t bytes(std::size_t of_a_time) const {
        return changes * (of_a_time + 1) + types * 6 + characters + leaps * (of_a_time + 4) +
               is_standard + is_ut;
    }
};

std::optional<Counts> read_header(Bytes& file) {
    const auto mark = file.take(4), version = file.take(1);
    file.take(15);
    const auto count = [&] { return static_cast<std::size_t>(file.number(4)); };
    Counts counts{count(), count(), count(), count(), count(), count()};
    const bool is_known = mark == "TZif" && !version.empty() && version.front() >= '2';
    constexpr std::size_t count_max = 100'000;  // the longest file has under 300 changes
    const bool is_sound = counts.types > 0 && counts.types <= 256 && counts.changes <= count_max &&
                          counts.characters <= count_max && counts.leaps <= count_max &&
                          counts.is_ut <= count_max && counts.is_standard <= count_max;
    if (file.is_spoilt() || !is_known || !is_sound) return {};
    return counts;
}

// A text of POSIX (TZ), read from the front.
class Words {
public:
    explicit Words(std::string_view left) : left_(left) {}

    bool is_at_end() const { return left_.empty(); }
    bool take(char c) {
        if (left_.empty() || left_.front() != c) return false;
        left_.remove_prefix(1);
        return true;
    }
    // "CET" or "<+01>".
    bool take_name() {
        const bool is_quoted = take('<');
        const auto end = std::min(
            is_quoted ? left_.find('>') : left_.find_first_of("+-,0123456789"), left_.size()
        );
        left_.remove_prefix(end);
        return end >= 3 && (!is_quoted || take('>'));
    }
    std::optional<unsigned> take_number(unsigned max) {
        unsigned number = 0;
        std::size_t digits = 0;
        for (; digits < left_.size() && digits < 3; ++digits) {
            const char c = left_[digits];
            if (c < '0' || c > '9') break;
            number = number * 10 + static_cast<unsigned>(c - '0');
        }
        left_.remove_prefix(digits);
        return digits > 0 && number <= max ? std::optional{number} : std::nullopt;
    }
    // "-1", "2:30", "167:59:59".
    std::optional<chrono::seconds> take_time() {
        const bool is_negative = take('-');
        if (!is_negative) take('+');
        const auto hour = take_number(167);
        const auto minute = take(':') ? take_number(59) : std::optional{0U};
        const auto second = take(':') ? take_number(59) : std::optional{0U};
        if (!hour || !minute || !second) return {};
        const chrono::seconds time{
            static_cast<std::int64_t>(*hour) * 3600 + *minute * 60 + *second};
        return is_negative ? -time : time;
    }

private:
    std::string_view left_;
};

}  // namespace

TimeZone::Seconds TimeZone::Rule::in(chrono::year year) const {
    const chrono::month of{month};
    const chrono::weekday on{weekday};
    const auto day = week == 5 ? chrono::sys_days{year / of / on[chrono::last]}
                               : chrono::sys_days{year / of / on[week]};
    return Seconds{day} + time;
}

chrono::seconds TimeZone::Rest::offset_at(Seconds moment) const {
    if (!rules) return standard;
    const auto year = chrono::year_month_day{chrono::floor<chrono::days>(moment + standard)}.year();
    // Each in the time that clocks show before it.
    const auto begin = (*rules)[0].in(year)-standard, end = (*rules)[1].in(year)-summer;
    const bool is_summer =
        begin < end ? begin <= moment && moment < end : !(end <= moment && moment < begin);
    return is_summer ? summer : standard;
}

// "CET-1CEST,M3.5.0,M10.5.0/3"; what is west of Greenwich is positive there. Rules by the number of
// a day, which no zone has had since 2010, are not read.
std::optional<TimeZone::Rest> TimeZone::read_rest(std::string_view line) {
    Words words{line};
    Rest rest;
    if (!words.take_name()) return {};
    const auto west = words.take_time();
    if (!west) return {};
    rest.standard = -*west;
    if (words.is_at_end()) return rest;
    if (!words.take_name()) return {};
    rest.summer = rest.standard + chrono::hours{1};
    if (!words.take(',')) {
        const auto summer_west = words.take_time();
        if (!summer_west || !words.take(',')) return {};
        rest.summer = -*summer_west;
    }
    std::array<Rule, 2> rules{};
    for (std::size_t i = 0; i < rules.size(); ++i) {
        if ((i > 0 && !words.take(',')) || !words.take('M')) return {};
        const auto month = words.take_number(12);
        const auto week = words.take('.') ? words.take_number(5) : std::nullopt;
        const auto weekday = words.take('.') ? words.take_number(6) : std::nullopt;
        const auto time =
            words.take('/') ? words.take_time() : std::optional<chrono::seconds>{chrono::hours{2}};
        if (!month || !week || !weekday || !time || *month == 0 || *week == 0) return {};
        rules[i] = {*month, *week, *weekday, *time};
    }
    if (!words.is_at_end()) return {};
    rest.rules = rules;
    return rest;
}

std::optional<TimeZone> TimeZone::load(const std::string& name, const std::string& folder) {
    std::ifstream file{folder + "/" + name, std::ios::binary};
    const std::string bytes{std::istreambuf_iterator<char>{file}, {}};
    return parse(bytes);
}

std::optional<TimeZone> TimeZone::parse(std::string_view file) {
    Bytes bytes{file};
    // A block for readers of 32 bits comes first.
    const auto old = read_header(bytes);
    if (!old) return {};
    bytes.take(old->bytes(4));
    const auto counts = read_header(bytes);
    if (!counts) return {};

    TimeZone zone;
    for (std::size_t i = 0; i < counts->changes; ++i)
        zone.changes_.push_back({Seconds{chrono::seconds{bytes.number(8)}}, {}});
    std::vector<std::size_t> types;
    for (std::size_t i = 0; i < counts->changes; ++i)
        types.push_back(static_cast<std::size_t>(bytes.number(1)) & 0xff);
    std::vector<chrono::seconds> offsets;
    for (std::size_t i = 0; i < counts->types; ++i) {
        offsets.emplace_back(bytes.number(4));
        bytes.take(2);
    }
    bytes.take(counts->bytes(8) - counts->changes * 9 - counts->types * 6);
    if (bytes.is_spoilt()) return {};
    const auto by_time = [](const Change& a, const Change& b) { return a.at < b.at; };
    if (!std::ranges::is_sorted(zone.changes_, by_time)) return {};
    zone.first_ = offsets.front();
    for (std::size_t i = 0; i < types.size(); ++i) {
        if (types[i] >= offsets.size()) return {};
        zone.changes_[i].offset = offsets[types[i]];
    }
    auto line = bytes.rest();
    if (line.size() < 2 || line.front() != '\n' || line.back() != '\n') return {};
    line = line.substr(1, line.size() - 2);
    const auto rest = read_rest(line);
    if (!rest) return {};
    zone.rest_ = *rest;
    return zone;
}

chrono::seconds TimeZone::offset_at(Seconds moment) const {
    const auto next = std::ranges::upper_bound(changes_, moment, {}, &Change::at);
    if (next == changes_.end()) return rest_.offset_at(moment);
    return next == changes_.begin() ? first_ : std::prev(next)->offset;
}

// Of the moments at which clocks may show midnight the first at which they show that or more.
Time TimeZone::start_of(chrono::year_month_day day) const {
    const Seconds shown{chrono::sys_days{day}};
    const auto before = offset_at(shown - chrono::days{1}),
               after = offset_at(shown + chrono::days{1});
    auto from = shown - std::max(before, after), to = shown - std::min(before, after);
    const auto has_begun = [&](Seconds moment) { return moment + offset_at(moment) >= shown; };
    if (has_begun(from)) return from;
    while (to - from > chrono::seconds{1}) {
        const auto middle = from + (to - from) / 2;
        (has_begun(middle) ? to : from) = middle;
    }
    return to;
}

}  // namespace payments
