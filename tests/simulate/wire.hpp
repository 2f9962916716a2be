#pragma once

#include <optional>

#include "simulate/stage.hpp"

namespace payments::simulate {

// How a call from the service to the outside ends, as an adapter would tell.
template <class T>
struct Heard_back {
    Outcome outcome = Outcome::unanswered;  // accepted: `answer` is there
    std::optional<T> answer;
};

// What chance has in store for one call.
struct Fate {
    bool unreachable = false;
    bool garbled = false;
    std::vector<std::chrono::milliseconds> arrivals;  // of the request; none when it is lost
    std::chrono::milliseconds back{0};
    bool answer_is_lost = false;
};
struct Request {
    std::optional<Processor> to;  // nothing: nobody who takes money
    std::string what;             // for the story
    bool is_repeatable = false;   // may arrive twice
    std::chrono::milliseconds timeout{10'000};

    Request(std::optional<Processor> p, std::string w, bool repeatable)
        : to(p), what(std::move(w)), is_repeatable(repeatable) {}
};
Fate fate_of_call(Stage& stage, const Request& request);

// A request under way to a provider, and its answer under way to the service. A request that was
// sent arrives whatever becomes of the service; an answer finds only who still waits.
template <class T>
Task<Heard_back<T>> call(Stage* stage, Request request, std::function<T()> at_provider) {
    struct Line {
        explicit Line(Schedule& schedule) : bell(schedule) {}
        Doorbell bell;
        std::optional<T> answer;
    };
    auto& schedule = stage->schedule;
    const auto fate = fate_of_call(*stage, request);
    const auto what = request.what;
    auto line = std::make_shared<Line>(schedule);
    Heard_back<T> heard;
    if (fate.unreachable) {
        stage->tell(what, ": the connection is refused");
        schedule.in(fate.back, Schedule::Owner::service, [line] { line->bell.ring(); });
        co_await line->bell.wait();
        heard.outcome = Outcome::unreachable;
        co_return heard;
    }
    if (fate.arrivals.empty()) stage->tell(what, ": lost on its way");
    const std::weak_ptr<Line> distant = line;
    for (const auto arrival : fate.arrivals)
        schedule.in(arrival, Schedule::Owner::world, [stage, what, fate, at_provider, distant] {
            stage->tell(what, ": arrives", fate.answer_is_lost ? ", its answer is lost" : "");
            auto said = at_provider();
            const auto open_line = distant.lock();
            if (!open_line || fate.answer_is_lost) return;
            stage->schedule.in(fate.back, Schedule::Owner::service, [open_line, said] {
                if (!open_line->bell.has_rung()) open_line->answer = said;
                open_line->bell.ring();
            });
        });
    schedule.in(request.timeout, Schedule::Owner::service, [line] { line->bell.ring(); });
    co_await line->bell.wait();

    heard.answer = std::move(line->answer);
    if (heard.answer) heard.outcome = fate.garbled ? Outcome::garbled : Outcome::accepted;
    if (!heard.answer) stage->tell(what, ": no answer in time");
    if (heard.outcome == Outcome::garbled) stage->tell(what, ": its answer is garbled");
    co_return heard;
}

}  // namespace payments::simulate
