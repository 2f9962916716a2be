#include "commands/verify_ledger.hpp"

#include <unistd.h>

#include <iostream>

#include "app/contexts.hpp"
#include "commands/exit_code.hpp"
#include "support/clock.hpp"

namespace payments {
namespace {

using namespace std::chrono_literals;

// 12345 as "12 345".
std::string grouped(std::int64_t number) {
    auto text = std::to_string(number);
    for (auto i = static_cast<std::ptrdiff_t>(text.size()) - 3; i > 0; i -= 3)
        text.insert(static_cast<std::size_t>(i), " ");
    return text;
}

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
    std::cout << "\n    " << review.reason << "\n    To do: " << what_to_do(review.place.kind)
              << "\n";
}

}  // namespace

ProgressTeller::ProgressTeller(std::ostream& out, bool is_terminal, std::string what, Now now)
    : out_(out),
      is_terminal_(is_terminal),
      what_(std::move(what)),
      now_(std::move(now)),
      began_(now_()),
      told_(began_) {}

ProgressTeller::~ProgressTeller() {
    if (has_line_) out_ << "\r\033[K" << std::flush;
}

void ProgressTeller::tell(std::int64_t done, std::int64_t of) {
    const auto now = now_();
    if (now - told_ < (is_terminal_ ? 1s : 10s)) return;
    told_ = now;
    auto line = grouped(done) + " of " + grouped(of) + " " + what_;
    if (done >= of) {
        line += ", last checks";
    } else if (done > 0) {
        const auto took = std::chrono::duration<double>{now - began_}.count();
        const auto left = took / static_cast<double>(done) * static_cast<double>(of - done);
        line += ", " + grouped(static_cast<std::int64_t>(left) + 1) + " s left";
    }
    if (is_terminal_)
        out_ << "\r\033[K" << line << std::flush;
    else
        out_ << line << "\n" << std::flush;
    has_line_ = is_terminal_;
}

bool print_ledger_report(const DatabaseTarget& database) {
    LedgerReport found;
    {
        ProgressTeller teller{std::cerr, isatty(STDERR_FILENO) == 1, "transactions"};
        VerifyOptions options;
        options.progress = [&](const VerifyProgress& progress) {
            teller.tell(progress.transactions, progress.of);
        };
        found = verify_ledger(database, options);
    }
    for (const auto& [transaction, detail] : found.differences)
        std::cout << (transaction == 0 ? "books" : "TR" + std::to_string(transaction)) << ": "
                  << detail << "\n";
    std::cout << found.transactions << " transactions, " << found.facts << " facts, "
              << found.messages << " messages read again: " << found.differences.size()
              << " differences\n";
    return found.differences.empty();
}

int run_verify_ledger(const Settings& settings) {
    return print_ledger_report(database_of(settings)) ? exit_code::done : exit_code::failed;
}

int list_reviews(const Settings& settings) {
    boost::asio::io_context loop;
    const auto store = Stores{database_of(settings)}.of(loop);
    const auto reviews = run_to_end(loop, store->reviews({SystemClock{}.now(), printed_max, {}}));
    for (const auto& review : reviews.list) print(review);
    std::cout << reviews.total() << " to look at\n";
    return exit_code::done;
}

}  // namespace payments
