#include "flow/settlement/our_books.hpp"

#include "settlement/our_side.hpp"

namespace payments {

constexpr int transactions_together = 500;

Task<std::int64_t> hear_our_side(
    Store& store, std::optional<Time> begins, std::vector<Time> moments, OurSideListener hear
) {
    std::int64_t count = 0;
    PageRequest request;
    request.limit = transactions_together;
    for (;;) {
        const auto page = co_await store.page(request);
        for (const auto& transaction : page)
            for (std::size_t part = 0; part < moments.size(); ++part)
                hear(part, settlement::our_side_of(transaction, begins, moments[part]));
        count += std::ssize(page);
        if (std::ssize(page) < request.limit) co_return count;
        request.after_id = page.back().id;
    }
}

}  // namespace payments
