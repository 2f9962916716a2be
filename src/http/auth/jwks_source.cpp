#include "http/auth/jwks_source.hpp"

#include <sys/stat.h>

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <stdexcept>

#include "support/log.hpp"

namespace payments::http {
namespace {

namespace asio = boost::asio;

// A fetch ends within its own deadline of 5 s; other loops wait a little longer for its result, and
// then go on with the keys they have.
constexpr std::chrono::seconds wait_max{6};

Task<Result<std::string>> read_file(std::string path) { co_return read_key_file(path); }

// Time, size and inode: a file that is replaced within a tick of the file system's clock differs in
// the last.
std::string file_stamp(const std::string& path) {
    struct stat file {};
    if (::stat(path.c_str(), &file) != 0) return "missing";
    return std::to_string(file.st_mtim.tv_sec) + '.' + std::to_string(file.st_mtim.tv_nsec) + ' ' +
           std::to_string(file.st_size) + ' ' + std::to_string(file.st_ino);
}

// The system clock may be set back; then nothing counts as recent.
bool is_within(Time now, Time since, Time::duration interval) {
    return since != Time::min() && now >= since && now - since < interval;
}

Task<Result<KeySet>> fetch_set(const KeySource& source) {
    try {
        const auto text = co_await source.fetch();
        if (!text) co_return text.error();
        co_return KeySet::read(*text, source.unusable);
    } catch (const std::exception& e) {
        co_return Error(Errc::invalid_request, e.what());
    }
}

}  // namespace

KeySource file_source(std::string path) {
    const auto fetch = [path] { return read_file(path); };
    const auto stamp = [path] { return file_stamp(path); };
    return {path, fetch, stamp, KeySet::Unusable::refused};
}

// The fetch under way. Its destructor wakes those who wait for it, whether it returned, threw, or
// was destroyed with its loop.
class KeyRing::Running {
public:
    explicit Running(KeyRing& ring) : ring_(ring) {}
    Running(const Running&) = delete;
    Running& operator=(const Running&) = delete;
    ~Running() { ring_.finish(); }

private:
    KeyRing& ring_;
};

// A coroutine that waits for another loop's fetch. When its own loop ends before that, the ring
// must not keep the timer, which would outlive the loop it belongs to.
class KeyRing::Waiting {
public:
    Waiting(KeyRing& ring, Waiter waiter) : ring_(ring), waiter_(std::move(waiter)) {}
    Waiting(const Waiting&) = delete;
    Waiting& operator=(const Waiting&) = delete;
    ~Waiting() { ring_.forget(waiter_); }

private:
    KeyRing& ring_;
    const Waiter waiter_;
};

KeyRing::KeyRing(KeySource source) : source_(std::move(source)) {}

std::shared_ptr<const KeySet> KeyRing::keys() const {
    const std::lock_guard lock{guard_};
    return keys_;
}

KeyRing::Freshness KeyRing::freshness() const {
    const std::lock_guard lock{guard_};
    return freshness_;
}

bool KeyRing::is_look_due(Time now) const {
    const auto next = next_look_.load(std::memory_order_relaxed);
    return now >= next || next - now > look_interval;
}

Task<Result<void>> KeyRing::load(Time now) {
    if (take_turn(now, nullptr) != Turn::fetch)
        throw std::logic_error("keys are loaded once, before they are used");
    const auto loaded = co_await fetch();
    if (!loaded)
        co_return Error(Errc::invalid_request, source_.name + ": " + loaded.error().detail);
    co_return Result<void>{};
}

Task<void> KeyRing::look(Time now) {
    next_look_.store(now + look_interval, std::memory_order_relaxed);
    // A file is read at once, in passing; a URL in the background, so that no request waits for
    // it.
    if (source_.stamp) {
        if (is_changed()) co_await renew(now);
    } else if (is_old(now)) {
        asio::co_spawn(co_await asio::this_coro::executor, renew(now), asio::detached);
    }
}

Task<void> KeyRing::renew(Time now) {
    const auto waiter =
        std::make_shared<asio::steady_timer>(co_await asio::this_coro::executor, wait_max);
    switch (take_turn(now, waiter)) {
        case Turn::too_soon:
            co_return;
        case Turn::wait: {
            const Waiting waiting{*this, waiter};
            co_await waiter->async_wait(asio::as_tuple(asio::use_awaitable));
            co_return;
        }
        case Turn::fetch:
            break;
    }
    const auto fetched = co_await fetch();
    if (!fetched)
        log::warning(
            "the keys could not be read again, the old ones stay in use", "source", source_.name,
            "reason", fetched.error().detail
        );
}

bool KeyRing::is_changed() const {
    const auto stamp = source_.stamp();
    const std::lock_guard lock{guard_};
    return stamp != stamp_;
}

bool KeyRing::is_old(Time now) const {
    const std::lock_guard lock{guard_};
    return !is_within(now, fetched_at_, age_max);
}

KeyRing::Turn KeyRing::take_turn(Time now, const Waiter& waiter) {
    // Read before the set: when the file changes in between, the next look sees another stamp and
    // fetches again.
    auto stamp = source_.stamp ? source_.stamp() : std::string{};
    const std::lock_guard lock{guard_};
    if (running_) {
        if (waiter) waiters_.push_back(waiter);
        return Turn::wait;
    }
    const bool changed = stamp != stamp_;
    if (!changed && is_within(now, fetched_at_, fetch_interval)) return Turn::too_soon;
    stamp_ = std::move(stamp);
    fetched_at_ = now;
    running_ = true;
    return Turn::fetch;
}

Task<Result<void>> KeyRing::fetch() {
    const Running running{*this};
    auto set = co_await fetch_set(source_);
    if (!set) {
        const std::lock_guard lock{guard_};
        freshness_.trouble = source_.name + ": " + set.error().detail;
        co_return set.error();
    }
    if (set->remarks() != keys()->remarks())
        for (const auto& remark : set->remarks())
            log::warning("a key set has a key to be mended", "source", source_.name, "key", remark);
    const std::lock_guard lock{guard_};
    keys_ = std::make_shared<const KeySet>(std::move(*set));
    freshness_ = {fetched_at_, ""};
    version_.fetch_add(1, std::memory_order_release);
    co_return Result<void>{};
}

void KeyRing::forget(const Waiter& waiter) {
    const std::lock_guard lock{guard_};
    std::erase(waiters_, waiter);
}

void KeyRing::finish() {
    std::vector<Waiter> waiters;
    {
        const std::lock_guard lock{guard_};
        running_ = false;
        waiters.swap(waiters_);
    }
    // A timer may only be used on its own loop's thread. The reference moves there too: were ours
    // the last one, the timer would be destroyed here, perhaps after its loop.
    for (auto& waiter : waiters) {
        const auto executor = waiter->get_executor();
        asio::post(executor, [waiter = std::move(waiter)] { waiter->cancel(); });
    }
}

}  // namespace payments::http
