#include "simulate/twin/server.hpp"

#include <libpq-fe.h>

#include <algorithm>
#include <set>
#include <stdexcept>

#include "storage/rules/actions.hpp"

namespace payments::simulate {
namespace {

using postgres::ResultSet;
using postgres::Statement;

const std::string table_names[] = {"transactions", "facts",  "notifications", "unmatched",
                                   "matches",      "outbox", "actions",       "action_chains"};
// Delivering changes these, and is no change of Batch.
const std::set<std::string, std::less<>> of_delivery{"tries",   "next_at", "delivered_at",
                                                     "dead_at", "skipped", "last_error"};

std::uint64_t big_endian(std::string_view bytes) {
    std::uint64_t number = 0;
    for (const char byte : bytes) number = number << 8 | static_cast<unsigned char>(byte);
    return number;
}

std::string as_bytes(std::int64_t number) {
    std::string bytes;
    for (int shift = 56; shift >= 0; shift -= 8)
        bytes += static_cast<char>(static_cast<std::uint64_t>(number) >> shift & 0xff);
    return bytes;
}

std::string readable(const Cell& cell) {
    if (const auto* number = std::get_if<std::int64_t>(&cell)) return std::to_string(*number);
    if (const auto* text = std::get_if<std::string>(&cell)) return "'" + *text + "'";
    return "NULL";
}

// "a, b" in words.
std::vector<std::string> words_of(std::string_view list) {
    std::vector<std::string> words;
    std::string word;
    for (const char c : list) {
        if (c != ',' && c != ' ') {
            word += c;
        } else if (!word.empty()) {
            words.push_back(std::exchange(word, {}));
        }
    }
    if (!word.empty()) words.push_back(std::move(word));
    return words;
}

// What stands between `before` and `after`.
std::string_view between(std::string_view text, std::string_view before, std::string_view after) {
    const auto from = text.find(before);
    if (from == text.npos) throw std::logic_error{"no " + std::string{before}};
    text.remove_prefix(from + before.size());
    return text.substr(0, text.find(after));
}

std::vector<std::string> selected_by(const Statement& question) {
    return words_of(between(question.sql, "SELECT ", " FROM"));
}

ResultSet result_of(
    const std::vector<std::string>& columns, const std::vector<std::vector<Cell>>& rows
) {
    ResultSet made{PQmakeEmptyPGresult(nullptr, PGRES_TUPLES_OK)};
    auto* raw = const_cast<pg_result*>(made.raw());
    std::vector<PGresAttDesc> described;
    for (const auto& name : columns)
        described.push_back({const_cast<char*>(name.c_str()), 0, 0, 1, 0, -1, 0});
    PQsetResultAttrs(raw, static_cast<int>(described.size()), described.data());
    for (std::size_t row = 0; row < rows.size(); ++row)
        for (std::size_t column = 0; column < columns.size(); ++column) {
            const auto& cell = rows[row][column];
            const bool is_null = std::holds_alternative<std::monostate>(cell);
            std::string bytes;
            if (const auto* number = std::get_if<std::int64_t>(&cell)) bytes = as_bytes(*number);
            if (const auto* text = std::get_if<std::string>(&cell)) bytes = *text;
            PQsetvalue(
                raw, static_cast<int>(row), static_cast<int>(column), bytes.data(),
                is_null ? -1 : static_cast<int>(bytes.size())
            );
        }
    return made;
}

ResultSet result_of(const std::vector<std::string>& columns, const std::vector<CellRow>& rows) {
    std::vector<std::vector<Cell>> cells;
    for (const auto& row : rows) {
        cells.emplace_back();
        for (const auto& column : columns) cells.back().push_back(row.at(column));
    }
    return result_of(columns, cells);
}

bool holds(const std::vector<Cell>& list, const Cell& cell) {
    return std::ranges::find(list, cell) != list.end();
}

bool is_true(const Cell& cell) { return cell == Cell{std::int64_t{1}}; }

std::string difference_between(const CellRow& twin, const CellRow& original, bool is_of_outbox) {
    for (const auto& [column, cell] : original) {
        if (is_of_outbox && of_delivery.contains(column)) continue;
        const auto found = twin.find(column);
        const auto& other = found == twin.end() ? Cell{} : found->second;
        if (other != cell) return column + " is " + readable(other) + " and not " + readable(cell);
    }
    return {};
}

}  // namespace

std::vector<Cell> cells_of(const postgres::Value& value) {
    const std::string_view all{*value.bytes};
    const auto cell_of = [](std::uint64_t type, std::string_view bytes) {
        const bool is_number = type == 20 || type == 16;  // int8, bool
        if (!is_number) return Cell{std::string{bytes}};
        return Cell{static_cast<std::int64_t>(big_endian(bytes))};
    };
    const bool is_array = value.type >= 1000;
    if (!is_array) return {cell_of(value.type, all)};
    std::vector<Cell> cells;
    const auto type = big_endian(all.substr(8, 4));
    // Behind the head: of each element its length, -1 for NULL, and its bytes.
    for (std::size_t at = 20; at < all.size();) {
        const auto size = static_cast<std::int32_t>(big_endian(all.substr(at, 4)));
        at += 4;
        if (size < 0) {
            cells.emplace_back();
            continue;
        }
        cells.push_back(cell_of(type, all.substr(at, static_cast<std::size_t>(size))));
        at += static_cast<std::size_t>(size);
    }
    return cells;
}

std::vector<CellRow> ServerInMemory::Columns::rows() const {
    std::vector<CellRow> made(values.front().size());
    for (std::size_t column = 0; column < names.size(); ++column)
        for (std::size_t row = 0; row < made.size(); ++row)
            made[row][names[column]] = values[column].at(row);
    return made;
}

// ------------------------------------------------------------------------------- the original

// What a column has that an INSERT does not name.
CellRow ServerInMemory::defaults_of(const std::string& name) {
    CellRow defaults;
    auto columns = original_.query("SELECT name, dflt_value FROM pragma_table_info(?1)", name);
    while (columns.next()) {
        auto& cell = defaults[columns.text(0)];
        const auto text = columns.text(1);
        if (text == "''") cell = std::string{};
        if (text == "0") cell = std::int64_t{0};
    }
    return defaults;
}

std::vector<CellRow> ServerInMemory::originals(const std::string& name, const std::string& where) {
    std::string list;
    for (const auto& [column, cell] : tables_.at(name).defaults)
        list += (list.empty() ? "" : ", ") + column + ", typeof(" + column + ")";
    auto rows = original_.query("SELECT " + list + " FROM " + name + where);
    std::vector<CellRow> all;
    while (rows.next()) {
        auto& row = all.emplace_back();
        int at = 0;
        for (const auto& [column, cell] : tables_.at(name).defaults) {
            const auto type = rows.text(at + 1);
            if (type == "integer")
                row[column] = rows.integer(at);
            else if (type == "null")
                row[column] = Cell{};
            else
                row[column] = rows.text(at);
            at += 2;
        }
    }
    return all;
}

void ServerInMemory::load() {
    for (const auto& name : table_names) {
        auto& table = tables_[name];
        if (table.defaults.empty()) table.defaults = defaults_of(name);
        table.rows = originals(name, name == "facts" ? " ORDER BY transaction_id, seq" : "");
    }
}

// The number that SQLite has given to the next row, or to the one so many later.
std::int64_t ServerInMemory::next_number(const std::string& name, std::size_t how_many_later) {
    std::int64_t last = 0;
    for (const auto& row : table(name)) last = std::max(last, std::get<std::int64_t>(row.at("id")));
    auto rows = original_.query(
        "SELECT id FROM " + name + " WHERE id > ?1 ORDER BY id LIMIT 1 OFFSET ?2", last,
        static_cast<std::int64_t>(how_many_later)
    );
    if (rows.next()) return rows.integer(0);
    return 1'000'000 + static_cast<std::int64_t>(how_many_later);  // SQLite has no such row
}

std::string ServerInMemory::difference_of(std::int64_t transaction_id) {
    const auto id = Cell{transaction_id};
    const auto found = std::ranges::find_if(table("transactions"), [&](const CellRow& row) {
        return row.at("id") == id;
    });
    const auto original =
        originals("transactions", " WHERE id = " + std::to_string(transaction_id));
    const auto reference = "TR" + std::to_string(transaction_id) + ": ";
    if (found == table("transactions").end() || original.empty())
        return reference + "one of them has no such row";
    auto difference = difference_between(*found, original.front(), false);
    if (!difference.empty()) return reference + difference;
    for (const auto& name : table_names) {
        auto rows = original_.query("SELECT count(*) FROM " + name);
        rows.next();
        const auto count = std::to_string(table(name).size());
        if (rows.text(0) != count) return count + " rows of " + name + ", not " + rows.text(0);
    }
    return {};
}

std::string ServerInMemory::difference() {
    for (const auto& name : table_names) {
        auto all = originals(name, "");
        auto ours = table(name);
        if (all.size() != ours.size()) return "there are more or fewer " + name;
        const auto order = [&](const CellRow& a, const CellRow& b) {
            const std::string first = a.contains("notification_id") ? "notification_id"
                                      : a.contains("id")            ? "id"
                                                                    : "transaction_id";
            const std::string second = a.contains("seq") ? "seq" : first;
            return std::pair{a.at(first), a.at(second)} < std::pair{b.at(first), b.at(second)};
        };
        std::ranges::sort(all, order);
        std::ranges::sort(ours, order);
        for (std::size_t i = 0; i < all.size(); ++i) {
            const auto difference = difference_between(ours[i], all[i], name == "outbox");
            if (!difference.empty()) return "a row of " + name + ": " + difference;
        }
    }
    return {};
}

// -------------------------------------------------------------------------------- what is asked

// The tickets of transactions $1, of those with the provider's ids $2, and tickets $3.
ResultSet ServerInMemory::attempts(const Statement& question) {
    const auto ids = cells_of(question.values[0]), provider_ids = cells_of(question.values[1]);
    auto tickets = cells_of(question.values[2]);
    const Cell none{std::string{}};
    for (const auto& row : table("transactions")) {
        const auto& provider_id = row.at("provider_id");
        const bool is_named = provider_id != none && holds(provider_ids, provider_id);
        if (is_named || holds(ids, row.at("id"))) tickets.push_back(row.at("ticket_id"));
    }
    std::vector<CellRow> found;
    for (const auto& row : table("transactions"))
        if (holds(tickets, row.at("ticket_id"))) found.push_back(row);
    std::ranges::sort(found, {}, [](const CellRow& row) { return row.at("id"); });
    return result_of(selected_by(question), found);
}

// The answer may hold facts of attempts that were not locked: Batch passes over them.
ResultSet ServerInMemory::facts(const Statement& question) {
    return result_of(selected_by(question), table("facts"));
}

ResultSet ServerInMemory::messages(const Statement& question) {
    const auto identities = cells_of(question.values[0]);
    std::vector<CellRow> found;
    for (const auto& row : table("notifications"))
        if (holds(identities, row.at("identity"))) found.push_back(row);
    return result_of(selected_by(question), found);
}

// Each with the newest number of any message.
ResultSet ServerInMemory::unmatched(const Statement& question) {
    const auto numbers = cells_of(question.values[0]);
    Cell newest{std::int64_t{0}};
    for (const auto& row : table("notifications")) newest = std::max(newest, row.at("id"));
    std::vector<std::vector<Cell>> found;
    for (const auto& row : table("notifications")) {
        const bool is_matched = std::ranges::any_of(table("matches"), [&](const CellRow& match) {
            return match.at("notification_id") == row.at("id");
        });
        if (holds(numbers, row.at("id")) && row.at("transaction_id") == Cell{} && !is_matched)
            found.push_back({row.at("id"), row.at("hash"), newest});
    }
    return result_of({"id", "hash", "max"}, found);
}

ResultSet ServerInMemory::attempt_numbers(const Statement& question) {
    const auto tickets = cells_of(question.values[0]), fee_types = cells_of(question.values[1]);
    std::set<std::pair<Cell, Cell>> wanted;
    for (std::size_t i = 0; i < tickets.size(); ++i) wanted.emplace(tickets[i], fee_types[i]);
    for (const auto& row : table("transactions"))
        if (is_true(row.at("live")) || is_true(row.at("holds_fee")))
            wanted.erase({row.at("ticket_id"), row.at("fee_type")});
    std::vector<std::vector<Cell>> numbers;
    for (std::size_t i = 0; i < wanted.size(); ++i)
        numbers.push_back({next_number("transactions", i)});
    return result_of({"nextval"}, numbers);
}

ResultSet ServerInMemory::numbers(const Statement& question, const std::string& name) {
    std::vector<std::vector<Cell>> numbers;
    const auto count = std::get<std::int64_t>(cells_of(question.values[0])[0]);
    for (std::int64_t i = 0; i < count; ++i)
        numbers.push_back({next_number(name, static_cast<std::size_t>(i))});
    return result_of({"nextval"}, numbers);
}

// A chain that has not begun is held without a row: SQLite begins it with its first action.
ResultSet ServerInMemory::action_ends(const Statement& question) {
    std::set<Cell> chains;
    for (const auto& chain : cells_of(question.values[0])) chains.insert(chain);
    std::vector<std::vector<Cell>> ends;
    for (const auto& chain : chains) {
        const auto begun = std::ranges::find_if(table("action_chains"), [&](const CellRow& row) {
            return row.at("transaction_id") == chain;
        });
        const bool is_there = std::ranges::any_of(table("transactions"), [&](const CellRow& row) {
            return row.at("id") == chain;
        });
        if (begun != table("action_chains").end())
            ends.push_back({chain, begun->at("length"), begun->at("hash")});
        else if (is_there || chain == Cell{std::int64_t{0}})
            ends.push_back({chain, std::int64_t{0}, std::string{}});
    }
    return result_of({"transaction_id", "length", "hash"}, ends);
}

ResultSet ServerInMemory::newest_reviews(const Statement& question) {
    const auto entries = cells_of(question.values[0]);
    std::map<Cell, CellRow> newest;
    for (const auto& row : table("actions")) {
        if (row.at("kind") != Cell{std::string{"review"}}) continue;
        if (!holds(entries, row.at("about"))) continue;
        const auto [found, is_first] = newest.emplace(row.at("about"), row);
        if (!is_first && found->second.at("seq") < row.at("seq")) found->second = row;
    }
    std::vector<CellRow> rows;
    for (const auto& [about, row] : newest) rows.push_back(row);
    return result_of(words_of(ledger::action_columns), rows);
}

std::vector<ResultSet> ServerInMemory::answer(const std::vector<Statement>& questions) {
    const auto says = [](const Statement& question, std::string_view words) {
        return question.sql.find(words) != question.sql.npos;
    };
    std::vector<ResultSet> answers;
    for (const auto& question : questions) {
        if (says(question, "kind = 'review'"))
            answers.push_back(newest_reviews(question));
        else if (says(question, "'actions_number'"))
            answers.push_back(numbers(question, "actions"));
        else if (says(question, "action_chains"))
            answers.push_back(action_ends(question));
        else if (says(question, "pg_advisory_xact_lock"))
            answers.push_back(result_of({}, std::vector<CellRow>{}));  // nobody else is there
        else if (says(question, "FOR UPDATE"))
            answers.push_back(attempts(question));
        else if (says(question, "FROM facts"))
            answers.push_back(facts(question));
        else if (says(question, "transactions_number"))
            answers.push_back(attempt_numbers(question));
        else if (says(question, "notifications_number"))
            answers.push_back(numbers(question, "notifications"));
        else if (says(question, "max(id)"))
            answers.push_back(unmatched(question));
        else
            answers.push_back(messages(question));
    }
    return answers;
}

// ------------------------------------------------------------------------------ what is written

void ServerInMemory::insert(const Statement& statement) {
    const std::string name{between(statement.sql, "INSERT INTO ", " (")};
    Columns columns{words_of(between(statement.sql, " (", ")")), {}};
    for (const auto& value : statement.values) columns.values.push_back(cells_of(value));
    for (auto& row : columns.rows()) {
        const bool is_numbered = tables_.at(name).defaults.contains("id") && !row.contains("id");
        if (is_numbered) row["id"] = next_number(name, 0);
        row.insert(tables_.at(name).defaults.begin(), tables_.at(name).defaults.end());
        table(name).push_back(std::move(row));
    }
}

void ServerInMemory::update_attempts(const Statement& statement) {
    Columns columns{words_of(between(statement.sql, " AS u(", ")")), {}};
    for (const auto& value : statement.values) columns.values.push_back(cells_of(value));
    for (const auto& changed : columns.rows())
        for (auto& row : table("transactions"))
            if (row.at("id") == changed.at("id"))
                for (const auto& [column, cell] : changed) row.at(column) = cell;
}

void ServerInMemory::wake(const Statement& statement) {
    const auto processors = cells_of(statement.values[0]);
    const auto provider_ids = cells_of(statement.values[1]), times = cells_of(statement.values[2]);
    for (std::size_t i = 0; i < times.size(); ++i)
        for (auto& row : table("unmatched"))
            if (row.at("processor") == processors[i] && row.at("provider_id") == provider_ids[i] &&
                provider_ids[i] != Cell{std::string{}})
                row.at("next_try_at") = times[i];
}

void ServerInMemory::move_action_ends(const Statement& statement) {
    Columns columns{words_of(between(statement.sql, " AS u(", ")")), {}};
    for (const auto& value : statement.values) columns.values.push_back(cells_of(value));
    auto& chains = table("action_chains");
    for (const auto& end : columns.rows()) {
        if (end.at("length") == Cell{std::int64_t{0}}) continue;  // held, and not begun
        std::erase_if(chains, [&](const CellRow& row) {
            return row.at("transaction_id") == end.at("transaction_id");
        });
        chains.push_back(end);
    }
}

void ServerInMemory::write(const std::vector<Statement>& statements) {
    for (const auto& statement : statements) {
        // Which rows the same sums come in depends on the batch.
        if (statement.sql.starts_with("INSERT INTO totals_pending")) continue;
        if (statement.sql.starts_with("INSERT"))
            insert(statement);
        else if (statement.sql.starts_with("UPDATE transactions"))
            update_attempts(statement);
        else if (statement.sql.starts_with("UPDATE action_chains"))
            move_action_ends(statement);
        else if (statement.sql.starts_with("UPDATE unmatched"))
            wake(statement);
        else if (statement.sql.starts_with("DELETE FROM unmatched"))
            std::erase_if(
                table("unmatched"), [matched = cells_of(statement.values[0])](const CellRow& row
                                    ) { return holds(matched, row.at("notification_id")); }
            );
        else
            throw std::logic_error{"who knows what this does: " + std::string{statement.sql}};
    }
}

}  // namespace payments::simulate
