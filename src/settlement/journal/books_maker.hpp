#pragma once

#include <memory>
#include <span>
#include <vector>

#include "settlement/journal/month.hpp"

namespace payments::settlement::journal {

// Makes the books of a period over months that are closed (docs/settlements.md, 9). What is learned
// about a closed month later is booked on the first day behind it, as corrections that name what
// they are about: a booking that is no longer so is reversed, and what is so instead is booked. For
// one thread. Throws as JournalMaker.
class BooksMaker {
public:
    // `zone` outlives it.
    BooksMaker(const Period& period, const TimeZone& zone, const Delays& delays = {});

    // All of knowledge_for(), in its order, each with the files that were known.
    void add(const Knowledge& known, Evidence evidence);
    // Of each part until when facts of a transaction count in it.
    std::vector<Time> moments() const;

    // When all were added. Reads all their lines, so it has its place beside the loop; hear() and
    // finish() do it when it was not done.
    void begin();
    // Each transaction once for each part.
    void hear(std::size_t part, const OurTransaction& transaction);
    // When all were heard, once.
    Journal finish();
    // The same, with all findings of the newest part, whatever the period.
    MatchedJournal finish(std::span<const Decision> decisions);

private:
    struct Part {
        Knowledge known;
        std::unique_ptr<Evidence> evidence;
        std::unique_ptr<JournalMaker> maker;  // refers to it; made when the first is heard
    };

    const Period period_;
    const TimeZone& zone_;
    const Delays delays_;
    std::vector<Part> parts_;
};

}  // namespace payments::settlement::journal
