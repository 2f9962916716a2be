#include "storage/postgres/cursor.hpp"

#include "storage/rules/rows.hpp"

namespace payments::postgres {
namespace {

constexpr int fetched_at_once = 500;

// Class XX: the server found its own data damaged.
ResultSet ask(Session& session, const std::string& sql) try {
    return session.ask(sql);
} catch (const Failed& failed) {
    if (failed.state.starts_with("XX")) throw from_row::Damaged{failed.what()};
    raise(session.address(), failed);
}

}  // namespace

Cursor::Cursor(
    Session& session, std::string name, const std::string& sql, const std::vector<Value>& parameters
)
    : session_(session), name_(std::move(name)), rows_(nullptr) {
    session_.ask("DECLARE " + name_ + " NO SCROLL CURSOR FOR " + sql, parameters);
}

bool Cursor::next() {
    if (is_at_end_) return false;
    if (++row_ < size_) return true;
    rows_ = ask(session_, "FETCH " + std::to_string(fetched_at_once) + " FROM " + name_);
    size_ = rows_.size();
    row_ = 0;
    is_at_end_ = size_ == 0;
    if (is_at_end_) session_.run("CLOSE " + name_);
    return !is_at_end_;
}

}  // namespace payments::postgres
