#include "simulate/service.hpp"

// The ports of a simulated service that need no more than a few lines.
namespace payments::simulate {

Task<void> WakingClock::sleep_until(Time when) {
    const auto bell = std::make_shared<Doorbell>(schedule_);
    schedule_.at(when, Schedule::Owner::service, [bell] { bell->ring(); });
    co_await bell->wait();
}

Task<void> SimClock::sleep_until(Time when) {
    const auto bell = std::make_shared<Doorbell>(stage_.schedule);
    sleepers_.push_back({when, bell});
    co_await bell->wait();
}

std::optional<Time> SimClock::next(std::optional<Time> due) const {
    if (!due || sleepers_.empty()) return {};
    auto first = Time::max();
    for (const auto& sleeper : sleepers_) first = std::min(first, sleeper.until);
    return std::max(first, *due);
}

void SimClock::wake() {
    std::vector<Sleeper> awake;
    for (const auto& sleeper : sleepers_)
        if (sleeper.until <= now()) awake.push_back(sleeper);
    std::erase_if(sleepers_, [&](const Sleeper& sleeper) { return sleeper.until <= now(); });
    for (const auto& sleeper : awake) sleeper.bell->ring();
}

Task<Result<Ticket>> SimTickets::get(std::int64_t id, std::optional<Privileges>, std::string) {
    if (stage_.strikes(stage_.plan.tickets_down))
        co_return Error{Errc::tickets_unavailable, "the tickets service is down"};
    co_return tickets.at(id);
}

Result<Return> SimReturns::read_return(std::string_view r, std::string_view s) const {
    if (s != "good") return Error{Errc::invalid_signature, "the return is not signed"};
    std::istringstream words{std::string{r}};
    std::string reference;
    Return back;
    words >> reference >> back.provider_id >> back.account >> back.result;
    back.transaction_id = id_of_reference(reference).value_or(0);
    return back;
}

}  // namespace payments::simulate
