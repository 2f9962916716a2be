#include "flow/settlement/export_books.hpp"

#include <stdexcept>

#include "flow/settlement/our_books.hpp"

namespace payments {

using namespace settlement;

Task<void> record_export(Store& store, Actor by, Time at, ActionDetails details) {
    NewAction action{ActionKind::exported, std::move(by), at, {}, std::move(details)};
    // About no payment and without a key: nothing can be against it.
    const auto recorded = co_await store.record_action(std::move(action));
    if (!recorded) throw std::logic_error{recorded.error().detail};
}

BooksExport::BooksExport(
    Store& store, Settlements& settlements, const TimeZone& zone, BooksRequest request,
    std::function<void(std::int64_t)> heard
)
    : store_(store),
      settlements_(settlements),
      zone_(zone),
      request_(request),
      heard_(std::move(heard)) {}

Task<std::string> BooksExport::next() {
    if (!std::exchange(is_begun_, true)) co_return journal::head_of(request_.format);
    if (!open_) co_await open();
    co_return co_await settlements_.next_of_journal(open_, request_.format);
}

Task<void> BooksExport::open() {
    auto open = co_await settlements_.open_journal(request_.period, zone_, request_.moment);
    OurSideListener hear = [&open](std::size_t part, const OurTransaction& ours) {
        open->maker.hear(part, ours);
    };
    OurSideRequest all{settlements_.begins(), open->maker.moments(), heard_};
    co_await hear_our_side(store_, std::move(all), std::move(hear));
    // Not before: what has heard a part makes no file, whoever asks for the next piece.
    open_ = std::move(open);
}

}  // namespace payments
