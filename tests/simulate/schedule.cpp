#include "simulate/schedule.hpp"

#include <algorithm>
#include <boost/asio/associated_executor.hpp>
#include <boost/asio/async_result.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/use_awaitable.hpp>

namespace payments::simulate {

namespace asio = boost::asio;

void Schedule::at(Time when, Owner owner, Action action) {
    events_.push_back({std::max(when, now_), random_.next(), owner, std::move(action)});
    std::ranges::push_heap(events_, later);
}

std::optional<Time> Schedule::next() const {
    if (events_.empty()) return {};
    return events_.front().when;
}

void Schedule::step() {
    std::ranges::pop_heap(events_, later);
    const auto event = std::move(events_.back());
    events_.pop_back();
    now_ = event.when;
    event.action();
}

void Schedule::drop_service() {
    // What is dropped may hold coroutines, whose ends must not find the heap half done.
    std::vector<Event> dropped;
    std::map<std::uint64_t, Action> unwoken;
    unwoken.swap(waiting_);
    for (auto& event : events_)
        if (event.owner == Owner::service) dropped.push_back(std::move(event));
    std::erase_if(events_, [](const Event& event) { return event.owner == Owner::service; });
    std::ranges::make_heap(events_, later);
}

Task<void> Doorbell::wait() {
    if (rung_) co_return;
    co_await asio::async_initiate<const asio::use_awaitable_t<>, void()>(
        [this](auto handler) {
            auto shared = std::make_shared<decltype(handler)>(std::move(handler));
            schedule_.waiting_[number_] = [shared] {
                const auto executor = asio::get_associated_executor(*shared);
                asio::post(executor, [shared] { std::move (*shared)(); });
            };
        },
        asio::use_awaitable
    );
}

void Doorbell::ring() {
    rung_ = true;
    const auto found = schedule_.waiting_.find(number_);
    if (found == schedule_.waiting_.end()) return;
    const auto resume = std::move(found->second);
    schedule_.waiting_.erase(found);
    resume();
}

}  // namespace payments::simulate
