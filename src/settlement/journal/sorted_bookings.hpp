#pragma once

#include <cstddef>
#include <memory>
#include <optional>
#include <vector>

#include "settlement/journal/booking.hpp"
#include "settlement/journal/kept_texts.hpp"
#include "support/temporary_file.hpp"

namespace payments::settlement::journal {

// Takes bookings in any order and gives them in that of files. Memory does not grow with them: so
// many are kept, the others are sorted and put aside. For one thread. Throws TemporaryFilesDown.
class SortedBookings {
public:
    static constexpr std::size_t kept_bookings = 16'384;

    explicit SortedBookings(std::size_t kept_max = kept_bookings) : kept_max_(kept_max) {}

    // Of its texts the reference, the subject and the provider's id are copied; all others outlive
    // this.
    void add(Booking booking);
    std::size_t size() const { return size_; }

    // From the first to the last; of several readers each begins anew. What it reads neither moves
    // nor grows meanwhile.
    class Reader {
    public:
        explicit Reader(const SortedBookings& bookings);
        Reader(Reader&&) noexcept;
        Reader& operator=(Reader&&) noexcept;
        ~Reader();

        // Nothing at the end. Its copied texts live until the next call.
        const Booking* next();

    private:
        class Run;
        bool comes_later(const Run& a, const Run& b) const;

        std::vector<std::unique_ptr<Run>> runs_;  // a heap: in front is that of the next booking
        std::unique_ptr<Run> current_;            // the one that the last booking came from
    };

    template <class Take>
    void each(Take take) const {
        Reader reader{*this};
        while (const auto* booking = reader.next()) take(*booking);
    }

private:
    struct Written {
        std::uint64_t place, bytes;
    };

    std::vector<const Booking*> kept_in_order() const;
    void put_aside();

    std::size_t kept_max_;
    std::size_t size_ = 0;
    std::vector<Booking> kept_;
    KeptTexts kept_texts_;
    std::vector<Written> written_;
    TemporaryFile file_;
};

}  // namespace payments::settlement::journal
