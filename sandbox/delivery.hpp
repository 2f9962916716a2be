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

// How a provider judges the answer to its notification.
struct Judgement {
    bool accepted = false;
    std::string label;  // "OK", "NOT200", ...
};

// A notification: sent, its answer judged, and sent again until one is accepted or the schedule of
// retries is used up.
struct Notice {
    std::string operation;              // in the log: "ipn", "webhook"
    std::string about;                  // shown in lists: an order or event id
    std::string fault;                  // the ordered fault it carries, if any
    std::function<Outgoing()> message;  // called for every attempt: signatures carry the time
    std::function<Judgement(const Outgoing&, const Fetched&)> judge;
    std::function<void()> then;  // once, after the first attempt; may be empty
};

// Delivers IPNs (docs/providers/simplepay.md, 7.5) and webhooks. Retries are due at fixed offsets
// from the first attempt, in sandbox time. To be called on the loop's thread.
class Deliveries {
public:
    Deliveries(SandboxContext& world, Journal& journal, std::vector<std::chrono::seconds> offsets)
        : world_(world),
          journal_(journal),
          offsets_(std::move(offsets)),
          alive_(std::make_shared<bool>(true)) {}

    // The first attempt is made after `delay` of sandbox time. The number is for `resend`.
    std::uint64_t send(Notice notice, std::chrono::milliseconds delay = {});
    // Sends it at once, accepted or not; the planned retries stay. False: there is no such number.
    bool resend(std::uint64_t number);
    boost::json::array list() const;
    // Forgets all notices and their planned retries; the answer to an attempt under way is dropped.
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
