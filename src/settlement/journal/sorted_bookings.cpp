#include "settlement/journal/sorted_bookings.hpp"

#include <algorithm>
#include <array>
#include <bit>
#include <cstring>
#include <string>
#include <type_traits>

namespace payments::settlement::journal {
namespace {

// A booking as it is put aside: as it lies in memory, for it is read by this process alone, and
// behind it the texts that are copied.
static_assert(std::is_trivially_copyable_v<Booking>);

std::size_t size_of(const Booking& booking) {
    return sizeof booking + booking.reference.size() + booking.subject.size() +
           booking.provider_id.size();
}

void append(std::string& bytes, const Booking& booking) {
    bytes.append(reinterpret_cast<const char*>(&booking), sizeof booking);
    bytes.append(booking.reference).append(booking.subject).append(booking.provider_id);
}

Booking booking_in(const char* bytes) {
    std::array<char, sizeof(Booking)> copy;
    std::memcpy(copy.data(), bytes, copy.size());
    auto booking = std::bit_cast<Booking>(copy);
    const auto* text = bytes + sizeof booking;
    for (auto* copied : {&booking.reference, &booking.subject, &booking.provider_id}) {
        *copied = {text, copied->size()};
        text += copied->size();
    }
    return booking;
}

}  // namespace

void SortedBookings::add(Booking booking) {
    if (kept_.size() == kept_max_) put_aside();
    for (auto* copied : {&booking.reference, &booking.subject, &booking.provider_id})
        *copied = kept_texts_.keep(*copied);
    kept_.push_back(booking);
    ++size_;
}

std::vector<const Booking*> SortedBookings::kept_in_order() const {
    std::vector<const Booking*> order;
    order.reserve(kept_.size());
    for (const auto& booking : kept_) order.push_back(&booking);
    std::ranges::sort(order, [](const Booking* a, const Booking* b) {
        return comes_before(*a, *b);
    });
    return order;
}

void SortedBookings::put_aside() {
    std::string bytes;
    for (const auto* booking : kept_in_order()) append(bytes, *booking);
    written_.push_back({file_.append(bytes), bytes.size()});
    kept_.clear();
    kept_texts_ = {};
}

// ------------------------------------------------------------------------------------ reading

// Bookings that were sorted together.
class SortedBookings::Reader::Run {
public:
    explicit Run(std::vector<const Booking*> kept) : kept_(std::move(kept)) {}
    Run(const TemporaryFile& file, Written written)
        : file_(&file), place_(written.place), left_(written.bytes) {}

    // False at the end.
    bool step() {
        if (!file_) {
            if (next_ == kept_.size()) return false;
            first_ = *kept_[next_++];
            return true;
        }
        if (!has(sizeof(Booking))) return false;
        // The sizes of its texts stand in its first part.
        first_ = booking_in(bytes_.data() + next_);
        const auto size = size_of(*first_);
        has(size);
        first_ = booking_in(bytes_.data() + next_);
        next_ += size;
        return true;
    }
    const Booking& first() const { return *first_; }

private:
    static constexpr std::size_t piece_bytes = std::size_t{32} << 10;

    // Reads on until so many bytes are there; false when the run is at its end.
    bool has(std::size_t bytes) {
        if (bytes_.size() - next_ >= bytes) return true;
        bytes_.erase(0, next_);
        next_ = 0;
        const auto there = bytes_.size();
        const auto more = std::min<std::uint64_t>(left_, std::max(piece_bytes, bytes));
        bytes_.resize(there + more);
        file_->read(place_, bytes_.data() + there, more);
        place_ += more;
        left_ -= more;
        return bytes_.size() >= bytes;
    }

    std::vector<const Booking*> kept_;
    const TemporaryFile* file_ = nullptr;
    std::uint64_t place_ = 0, left_ = 0;
    std::string bytes_;
    std::size_t next_ = 0;
    std::optional<Booking> first_;
};

SortedBookings::Reader::Reader(const SortedBookings& bookings) {
    const auto add = [this](std::unique_ptr<Run> run) {
        if (run->step()) runs_.push_back(std::move(run));
    };
    for (const auto& written : bookings.written_)
        add(std::make_unique<Run>(bookings.file_, written));
    add(std::make_unique<Run>(bookings.kept_in_order()));
    std::ranges::make_heap(runs_, [this](const auto& a, const auto& b) {
        return comes_later(*a, *b);
    });
}

SortedBookings::Reader::Reader(Reader&&) noexcept = default;
SortedBookings::Reader& SortedBookings::Reader::operator=(Reader&&) noexcept = default;
SortedBookings::Reader::~Reader() = default;

bool SortedBookings::Reader::comes_later(const Run& a, const Run& b) const {
    return comes_before(b.first(), a.first());
}

const Booking* SortedBookings::Reader::next() {
    const auto later = [this](const auto& a, const auto& b) { return comes_later(*a, *b); };
    // Only now is what it gave last no longer looked at.
    if (current_ && current_->step()) {
        runs_.push_back(std::move(current_));
        std::ranges::push_heap(runs_, later);
    }
    current_.reset();
    if (runs_.empty()) return nullptr;
    std::ranges::pop_heap(runs_, later);
    current_ = std::move(runs_.back());
    runs_.pop_back();
    return &current_->first();
}

}  // namespace payments::settlement::journal
