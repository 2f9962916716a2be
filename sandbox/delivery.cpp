#include "sandbox/delivery.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>

#include "support/clock.hpp"
#include "support/json.hpp"

namespace payments::sandbox {

std::uint64_t Deliveries::send(Notice notice, std::chrono::milliseconds delay) {
    const auto number = next_++;
    Track track;
    track.notice = std::move(notice);
    tracks_.emplace(number, std::move(track));
    if (delay.count() <= 0) {
        attempt_now(number, true);
    } else {
        world_.clock.after(delay, [this, number, alive = std::weak_ptr{alive_}] {
            if (alive.lock()) attempt_now(number, true);
        });
    }
    return number;
}

bool Deliveries::resend(std::uint64_t number) {
    if (!tracks_.contains(number)) return false;
    attempt_now(number, false);
    return true;
}

void Deliveries::clear() {
    tracks_.clear();
    alive_ = std::make_shared<bool>(true);
}

void Deliveries::attempt_now(std::uint64_t number, bool by_schedule) {
    boost::asio::co_spawn(world_.loop, attempt(number, by_schedule), boost::asio::detached);
}

Task<void> Deliveries::attempt(std::uint64_t number, bool by_schedule) {
    const std::weak_ptr alive{alive_};
    if (!tracks_.contains(number)) co_return;
    auto& starting = tracks_.at(number);
    const bool is_first = starting.attempts++ == 0;
    if (is_first) starting.first = world_.clock.now();
    const auto notice = starting.notice;
    const auto message = notice.message();
    const auto answer = co_await fetch(message);
    if (!alive.lock()) co_return;
    const auto judgement = notice.judge(message, answer);
    journal_.called(notice.operation, message, answer, judgement.label, notice.fault);
    auto& track = tracks_.at(number);
    track.accepted = track.accepted || judgement.accepted;
    track.label = judgement.label;
    if (by_schedule && !track.accepted) plan_retry(number);
    if (is_first && notice.then) notice.then();
}

void Deliveries::plan_retry(std::uint64_t number) {
    auto& track = tracks_.at(number);
    if (track.retries == offsets_.size()) {
        track.given_up = true;
        return;
    }
    const auto when = track.first + offsets_[track.retries++];
    world_.clock.at(when, [this, number, alive = std::weak_ptr{alive_}] {
        if (!alive.lock()) return;
        const auto found = tracks_.find(number);
        if (found != tracks_.end() && !found->second.accepted) attempt_now(number, true);
    });
}

json::array Deliveries::list() const {
    json::array all;
    for (const auto& [number, track] : tracks_) {
        all.push_back(json::object{
            {"number", number},
            {"operation", track.notice.operation},
            {"about", track.notice.about},
            {"fault", track.notice.fault},
            {"attempts", track.attempts},
            {"first_attempt", track.attempts > 0 ? rfc3339(track.first) : ""},
            {"accepted", track.accepted},
            {"given_up", track.given_up},
            {"label", track.label}});
    }
    return all;
}

}  // namespace payments::sandbox
