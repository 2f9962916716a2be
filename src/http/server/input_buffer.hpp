#pragma once

#include <boost/asio/buffer.hpp>
#include <cstring>
#include <memory>
#include <string_view>

namespace payments::http {

// What has been received and not yet consumed. Small while a connection is idle, because there may
// be ten thousand of them; grows for a long head and for bodies, and shrinks again.
class InputBuffer {
public:
    static constexpr std::size_t idle_bytes = 2 * 1024;  // most heads fit
    // Of a body at a time: all connections of a process may be receiving one.
    static constexpr std::size_t largest_wish = 16 * 1024;

    std::string_view bytes() const { return {store_.get() + begin_, end_ - begin_}; }
    bool empty() const { return begin_ == end_; }
    void consume(std::size_t count) { begin_ += count; }
    // Gives the memory back while nothing is received: an answer that is being made needs its own.
    void rest() {
        if (!empty()) return;
        store_.reset();
        capacity_ = begin_ = end_ = 0;
    }
    void received(std::size_t count) { end_ += count; }

    // Where to receive next, never empty; `wish` is how much is expected. Moves what bytes() shows.
    // Doubles while one head does not fit, which HeadLimits bound.
    boost::asio::mutable_buffer room(std::size_t wish) {
        if (empty()) {
            begin_ = end_ = 0;
            if (const auto fit = fitting(wish); fit != capacity_) move_to(fit);
        } else if (end_ == capacity_ && begin_ > 0) {
            move_to(capacity_);
        } else if (end_ == capacity_) {
            move_to(2 * capacity_);
        }
        return {store_.get() + end_, capacity_ - end_};
    }

private:
    static std::size_t fitting(std::size_t wish) {
        return wish > idle_bytes ? largest_wish : idle_bytes;
    }

    void move_to(std::size_t capacity) {
        std::unique_ptr<char[]> moved(new char[capacity]);
        if (!empty()) std::memcpy(moved.get(), store_.get() + begin_, end_ - begin_);
        store_ = std::move(moved);
        capacity_ = capacity;
        end_ -= begin_;
        begin_ = 0;
    }

    std::unique_ptr<char[]> store_;
    std::size_t capacity_ = 0;
    std::size_t begin_ = 0;
    std::size_t end_ = 0;
};

}  // namespace payments::http
