#include "storage/postgres/cursor.hpp"

#include "storage/rules/rows.hpp"

namespace payments::postgres {
namespace {

constexpr int fetched_at_once = 500;

// Class XX: the server found its own data damaged. Also by what another cursor had it fetch ahead.
void check_is_sound(const Failed& failed) {
    if (failed.state.starts_with("XX")) throw from_row::Damaged{failed.what()};
}

}  // namespace

Cursor::Cursor(
    Session& session, std::string name, const std::string& sql, const std::vector<Value>& parameters
) try
    : session_(session), name_(std::move(name)), rows_(nullptr), ahead_(session) {
    session_.ask("DECLARE " + name_ + " NO SCROLL CURSOR FOR " + sql, parameters);
    fetch();
} catch (const Failed& failed) {
    check_is_sound(failed);
    throw;
}

void Cursor::fetch() { ahead_.send("FETCH " + std::to_string(fetched_at_once) + " FROM " + name_); }

bool Cursor::next() try {
    if (is_at_end_) return false;
    if (++row_ < size_) return true;
    const bool was_last = size_ > 0 && size_ < fetched_at_once;
    if (!was_last) {
        rows_ = ahead_.take();
        size_ = rows_.size();
        row_ = 0;
    }
    is_at_end_ = was_last || size_ == 0;
    if (is_at_end_) session_.run("CLOSE " + name_);
    // The server goes on while these are looked at.
    else if (size_ == fetched_at_once)
        fetch();
    return !is_at_end_;
} catch (const Failed& failed) {
    check_is_sound(failed);
    raise(session_.address(), failed);
}

}  // namespace payments::postgres
