#pragma once

#include <boost/json/array.hpp>
#include <chrono>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "sandbox/stand_in.hpp"

namespace payments::sandbox {

// What a provider thinks of an answer to its notification.
struct Judgement {
    bool accepted = false;
    std::string label;  // "OK", "NOT200", ...
};

// One notification on its way: sent, judged, and sent again until it is accepted or the schedule
// is used up.
struct Notice {
    std::string operation;              // for evidence: "ipn", "webhook"
    std::string about;                  // shown in lists: an order or event id
    std::string fault;                  // what was done to it on purpose
    std::function<Outgoing()> message;  // made anew for every attempt
    std::function<Judgement(const Outgoing&, const Fetched&)> judge;
    std::function<void()> then;  // once, after the first attempt; may be empty
};

// The worker behind IPNs and webhooks. Retries fall at fixed offsets from the first attempt, in
// sandbox time.
class Deliveries {
public:
    Deliveries(SandboxContext& world, Journal& journal, std::vector<std::chrono::seconds> offsets)
        : world_(world),
          journal_(journal),
          offsets_(std::move(offsets)),
          alive_(std::make_shared<bool>(true)) {}

    // The first attempt is made after `delay` of sandbox time. The number is for `resend`.
    std::uint64_t send(Notice notice, std::chrono::milliseconds delay = {});
    // Sends once more at once, whatever became of it; the planned retries stay. False: unknown.
    bool resend(std::uint64_t number);
    boost::json::array list() const;
    // Forgets all notices and their planned retries; an attempt that runs is not kept.
    void clear();

private:
    struct Track {
        Notice notice;
        Time first{};
        std::size_t retries = 0;
        int attempts = 0;
        bool accepted = false;
        bool given_up = false;
        std::string label = "PLANNED";
    };
    void attempt_now(std::uint64_t number, bool by_schedule);
    Task<void> attempt(std::uint64_t number, bool by_schedule);
    void plan_retry(std::uint64_t number);

    SandboxContext& world_;
    Journal& journal_;
    std::vector<std::chrono::seconds> offsets_;
    std::map<std::uint64_t, Track> tracks_;
    std::uint64_t next_ = 1;
    std::shared_ptr<bool> alive_;  // planned tasks look here before they touch this object
};

}  // namespace payments::sandbox
