#pragma once

#include <atomic>
#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/steady_timer.hpp>
#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "flow/task.hpp"
#include "http/auth/jwks.hpp"
#include "payment/transaction.hpp"

namespace payments::http {

// Where a key set comes from (docs/design.md, 4.2).
struct KeySource {
    std::string name;  // for messages: the path or the URL
    // The whole set. Its own deadline (5 s for a URL) is up to it; an exception is a failure.
    std::function<Task<Result<std::string>>()> fetch;
    // A text that changes when the set does, cheap to ask for; left empty when there is none.
    std::function<std::string()> stamp;
    KeySet::Unusable unusable = KeySet::Unusable::skipped;  // of keys in it
};

// A file, stamped by its time, size and inode; a key in it that cannot be used makes the whole
// unusable. Read on the loop: it is small and local.
KeySource file_source(std::string path);

// The keys that tokens of one kind are verified with, shared by all event loops of the process and
// kept fresh: one fetch at a time, and the old keys stay when it fails, for an identity provider
// that is down must not take this service with it. Any member may be called on any loop's thread;
// it must outlive the loops.
class KeyRing {
public:
    // A change of the stamp is looked for this often, and heeded at once.
    static constexpr std::chrono::seconds look_interval{1};
    // Tokens with a kid we do not know make us fetch no more often than this.
    static constexpr std::chrono::seconds fetch_interval{10};
    // Without a stamp the set is fetched again when it is this old, so that a key that was
    // withdrawn is not trusted for ever.
    static constexpr std::chrono::minutes age_max{5};

    explicit KeyRing(KeySource source);

    // The first fetch, before anything is served. What is wrong with a set that is used all the
    // same (KeySet::remarks) is logged, here and whenever it changes. Errc::invalid_request says
    // what is wrong with which key. Throws std::logic_error when it is not the first.
    Task<Result<void>> load(Time now);

    std::shared_ptr<const KeySet> keys() const;
    // Grows with every new set, so that a verifier sees without a lock whether to take it.
    std::uint64_t version() const { return version_.load(std::memory_order_acquire); }

    // When the set that is in use was read, and why it could not be read again since; "" when
    // that was not tried, or went well.
    struct Freshness {
        Time read_at;
        std::string trouble;
    };
    Freshness freshness() const;

    // Whether `look` has something to do.
    bool is_look_due(Time now) const;
    // Fetches when the source has changed; a set that is merely old is fetched in the background.
    // The ring must outlive the loop.
    Task<void> look(Time now);
    // Fetches because a token names a key we do not know, unless that was tried just now and the
    // stamp is still the same: tokens with invented kids must not make us flood the source. While
    // another fetch runs, waits for its end, for 6 s at most. A failure is logged, not returned.
    Task<void> renew(Time now);

private:
    using Waiter = std::shared_ptr<boost::asio::steady_timer>;
    enum class Turn : std::uint8_t { fetch, wait, too_soon };
    class Running;
    class Waiting;

    bool is_changed() const;
    bool is_old(Time now) const;
    Turn take_turn(Time now, const Waiter& waiter);
    Task<Result<void>> fetch();
    void finish();
    void forget(const Waiter& waiter);

    KeySource source_;
    std::atomic<std::uint64_t> version_{0};
    std::atomic<Time> next_look_{Time::min()};

    mutable std::mutex guard_;  // of everything below; never held across a co_await
    std::shared_ptr<const KeySet> keys_ = std::make_shared<KeySet>();
    std::string stamp_;
    Time fetched_at_ = Time::min();  // when that was begun last
    Freshness freshness_{Time::min(), ""};
    bool running_ = false;
    std::vector<Waiter> waiters_;
};

}  // namespace payments::http
