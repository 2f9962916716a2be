#pragma once

#include <functional>
#include <memory>
#include <string>

#include "flow/ports.hpp"
#include "flow/settlement/settlements.hpp"

// Books of what is on record for an accountant's program (docs/settlements.md, 9), read while they
// are written. On the loop of the store; all throw as both ports do.
namespace payments {

// Puts on record that somebody takes a file, before anything of it is read.
Task<void> record_export(Store& store, Actor by, Time at, ActionDetails details);

// The movements of whole days as a table or a journal.
struct BooksRequest {
    settlement::journal::Period period;
    settlement::journal::FileFormat format;
    Moment moment;
};

// The file, piece by piece, of which the first is there at once.
class BooksExport {
public:
    // All outlive it. `heard` is called now and then with how many numbers of transactions
    // have been passed, if not empty.
    BooksExport(
        Store& store, Settlements& settlements, const TimeZone& zone, BooksRequest request,
        std::function<void(std::int64_t)> heard = {}
    );
    BooksExport(const BooksExport&) = delete;
    BooksExport& operator=(const BooksExport&) = delete;

    // Some lines; "" at the end. What it throws is the end too, and the file is not whole.
    Task<std::string> next();
    // When the second piece is there.
    std::size_t movements() const { return open_->journal->bookings.size(); }

private:
    Task<void> open();

    Store& store_;
    Settlements& settlements_;
    const TimeZone& zone_;
    const BooksRequest request_;
    const std::function<void(std::int64_t)> heard_;
    bool is_begun_ = false;
    std::shared_ptr<OpenJournal> open_;
};

}  // namespace payments
