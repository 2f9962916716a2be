#include "commands/review.hpp"

#include <iostream>

#include "app/contexts.hpp"
#include "commands/exit_code.hpp"
#include "payment/handling.hpp"
#include "support/clock.hpp"

namespace payments {
namespace {

// What a person reads at one sitting; the count tells whether there is more.
constexpr std::size_t printed_max = 1'000;

void print(const Review& review) {
    std::cout << rfc3339(review.place.since) << "  " << name(review.place.kind) << "  ";
    if (const auto& transaction = review.transaction)
        std::cout << transaction->reference() << ", ticket " << transaction->ticket_id << ", "
                  << transaction->amount.decimal() << " " << transaction->amount.currency().code()
                  << ", " << name(transaction->status) << ", " << name(transaction->code.processor)
                  << (transaction->provider_id.empty() ? "" : " ") << transaction->provider_id;
    if (const auto& message = review.message)
        std::cout << name(message->processor) << " " << message->identity;
    if (const auto owner = owner_of(review.handled))
        std::cout << "  (" << owner->name << " has it since " << rfc3339(review.handled->at) << ")";
    std::cout << "\n    " << review.reason << "\n    To do: " << what_to_do(review.place.kind)
              << "\n";
}

}  // namespace

int print_reviews(const Settings& settings) {
    boost::asio::io_context loop;
    const auto store = Stores{database_of(settings)}.of(loop);
    const auto reviews = run_to_end(loop, store->reviews({SystemClock{}.now(), printed_max}));
    for (const auto& review : reviews.list) print(review);
    std::cout << reviews.total() << " to look at\n";
    return exit_code::done;
}

}  // namespace payments
