#include "flow/settlement/our_books.hpp"

#include "flow/when_all.hpp"
#include "settlement/our_side.hpp"

namespace payments {
namespace {

constexpr int transactions_together = 500;

using Page = std::vector<Transaction>;

// Whom pages are told, and what is told of each transaction.
struct Hearing {
    std::optional<Time> begins;
    std::vector<Time> moments;
    OurSideListener hear;
};

Task<void> read_page(Store* store, PageRequest request, Page* into) {
    *into = co_await store->page(request);
}

Task<void> hear_page(const Hearing* hearing, const Page* page) {
    const auto& [begins, moments, hear] = *hearing;
    for (const auto& transaction : *page)
        for (std::size_t part = 0; part < moments.size(); ++part)
            hear(part, settlement::our_side_of(transaction, begins, moments[part]));
    co_return;
}

}  // namespace

Task<std::int64_t> hear_our_side(
    Store& store, std::optional<Time> begins, std::vector<Time> moments, OurSideListener hear
) {
    const Hearing hearing{begins, std::move(moments), std::move(hear)};
    PageRequest request;
    request.limit = transactions_together;
    request.is_of_money = true;
    auto page = co_await store.page(request);
    std::int64_t count = 0;
    while (!page.empty()) {
        count += std::ssize(page);
        Page next;
        // The database reads the next page while this one is heard.
        std::vector<Task<void>> work;
        request.after_id = page.back().id;
        if (std::ssize(page) == request.limit) work.push_back(read_page(&store, request, &next));
        work.push_back(hear_page(&hearing, &page));
        co_await when_all(std::move(work));
        page = std::move(next);
    }
    co_return count;
}

}  // namespace payments
