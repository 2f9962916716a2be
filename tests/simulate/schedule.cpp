#include "simulate/schedule.hpp"

#include <algorithm>
#include <boost/asio/associated_executor.hpp>
#include <boost/asio/async_result.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/use_awaitable.hpp>

namespace payments::simulate {

namespace asio = boost::asio;

void Schedule::at(Time when, Owner owner, Action action) {
    steps_.push_back({std::max(when, now_), random_.next(), owner, std::move(action)});
    std::ranges::push_heap(steps_, later);
}

std::optional<Time> Schedule::next() const {
    if (steps_.empty()) return {};
    return steps_.front().when;
}

void Schedule::step() {
    std::ranges::pop_heap(steps_, later);
    const auto step = std::move(steps_.back());
    steps_.pop_back();
    now_ = step.when;
    step.action();
}

void Schedule::drop_service() {
    // A dropped step may own coroutines; their destructors must not find the heap half rebuilt.
    std::vector<Step> dropped;
    std::map<std::uint64_t, Action> unwoken;
    unwoken.swap(waiting_);
    for (auto& step : steps_)
        if (step.owner == Owner::service) dropped.push_back(std::move(step));
    std::erase_if(steps_, [](const Step& step) { return step.owner == Owner::service; });
    std::ranges::make_heap(steps_, later);
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
