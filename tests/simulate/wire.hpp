#pragma once

#include <optional>

#include "simulate/stage.hpp"

namespace payments::simulate {

// How a call from the service to the outside ends, as an adapter would report it.
template <class T>
struct CallResult {
    Outcome outcome = Outcome::unanswered;  // accepted: `answer` is there
    std::optional<T> answer;
};

// How chance lets one call go: which faults it meets, and when.
struct CallPlan {
    bool unreachable = false;
    bool garbled = false;
    std::vector<std::chrono::milliseconds> arrivals;  // of the request; none when it is lost
    std::chrono::milliseconds back{0};
    bool answer_is_lost = false;
};
struct Request {
    std::optional<Processor> to;  // nothing: not to a provider
    std::string what;             // for the trace
    bool is_repeatable = false;   // may arrive twice
    std::chrono::milliseconds timeout{10'000};

    Request(std::optional<Processor> p, std::string w, bool repeatable)
        : to(p), what(std::move(w)), is_repeatable(repeatable) {}
};
// Now and then a process is held up before its call, by seconds to minutes: by a busy machine, or
// because its clock is behind. Others, and the rest of its own coroutines, go on meanwhile.
Task<void> be_held_up(Stage* stage, std::string before);

CallPlan plan_call(Stage& stage, const Request& request);

// Sends a request to a provider and waits for its answer. A request that was sent arrives even when
// the service is killed meanwhile; an answer that comes after the timeout or the kill is dropped.
template <class T>
Task<CallResult<T>> call(Stage* stage, Request request, std::function<T()> at_provider) {
    struct Line {
        explicit Line(Schedule& schedule) : bell(schedule) {}
        Doorbell bell;
        std::optional<T> answer;
    };
    auto& schedule = stage->schedule;
    const auto plan = plan_call(*stage, request);
    const auto what = request.what;
    auto line = std::make_shared<Line>(schedule);
    CallResult<T> heard;
    if (plan.unreachable) {
        stage->tell(what, ": the connection is refused");
        schedule.in(plan.back, Schedule::Owner::service, [line] { line->bell.ring(); });
        co_await line->bell.wait();
        heard.outcome = Outcome::unreachable;
        co_return heard;
    }
    if (plan.arrivals.empty()) stage->tell(what, ": lost on its way");
    const std::weak_ptr<Line> distant = line;
    for (const auto arrival : plan.arrivals)
        schedule.in(arrival, Schedule::Owner::world, [stage, what, plan, at_provider, distant] {
            stage->tell(what, ": arrives", plan.answer_is_lost ? ", its answer is lost" : "");
            auto said = at_provider();
            const auto open_line = distant.lock();
            if (!open_line || plan.answer_is_lost) return;
            stage->schedule.in(plan.back, Schedule::Owner::service, [open_line, said] {
                if (!open_line->bell.has_rung()) open_line->answer = said;
                open_line->bell.ring();
            });
        });
    schedule.in(request.timeout, Schedule::Owner::service, [line] { line->bell.ring(); });
    co_await line->bell.wait();

    heard.answer = std::move(line->answer);
    if (heard.answer) heard.outcome = plan.garbled ? Outcome::garbled : Outcome::accepted;
    if (!heard.answer) stage->tell(what, ": no answer in time");
    if (heard.outcome == Outcome::garbled) stage->tell(what, ": its answer is garbled");
    co_return heard;
}

}  // namespace payments::simulate
