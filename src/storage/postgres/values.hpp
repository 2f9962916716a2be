#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "flow/ports.hpp"

struct pg_result;

// Values as PostgreSQL's binary format has them: parameters of a statement, and rows of its answer.
// Binary, so that bytes need no escaping and numbers no parsing. Times are milliseconds since 1970
// UTC in bigint.
namespace payments::postgres {

struct Bytes {  // bytea; everything else that is text is UTF-8
    std::string_view bytes;
};

// One parameter: its type's number in pg_type, and its bytes; nothing for NULL.
struct Value {
    std::uint32_t type;
    std::optional<std::string> bytes;
};

Value value(std::int64_t number);
Value value(bool flag);
Value value(std::string_view text);
Value value(Bytes bytes);
inline Value value(int number) { return value(std::int64_t{number}); }
inline Value value(const char* text) { return value(std::string_view{text}); }
inline Value value(const std::string& text) { return value(std::string_view{text}); }
inline Value value(Time time) { return value(std::int64_t{time.time_since_epoch().count()}); }
Value null_number();
template <class T>
Value value(const std::optional<T>& number) {
    return number ? value(*number) : null_number();
}

// An array parameter: one column of rows that are written, or looked for, together.
class Column {
public:
    enum class Of : std::uint8_t { numbers, texts, bytes, flags };
    explicit Column(Of of);

    // Throws std::logic_error for a value of another type.
    void add(const Value& element);
    void add_null();
    Value value() const;
    std::size_t size() const { return count_; }

private:
    std::uint32_t element_type_, array_type_;
    std::string elements_;
    std::uint32_t count_ = 0;
};

Value numbers(const std::vector<std::int64_t>& list);
Value texts(const std::vector<std::string>& list);

// Rows to be written together, column by column: `add` takes a row's values in their order.
class Table {
public:
    explicit Table(std::vector<Column::Of> columns);

    template <class... T>
    void add(const T&... values) {
        auto column = columns_.begin();
        (append(*column++, values), ...);
    }
    bool empty() const { return columns_.front().size() == 0; }
    std::vector<Value> values() const;

private:
    template <class T>
    static void append(Column& column, const T& element) {
        column.add(postgres::value(element));
    }
    template <class T>
    static void append(Column& column, const std::optional<T>& element) {
        if (element)
            column.add(postgres::value(*element));
        else
            column.add_null();
    }

    std::vector<Column> columns_;
};

// Rows as COPY takes them in its binary format, for Session::copy().
class CopyRows {
public:
    CopyRows();

    // A row begins, of so many values, which follow.
    void begin_row(std::size_t values);
    void add(std::int64_t number);
    void add(std::string_view text);
    void add_null();
    // Once.
    std::string bytes() &&;

private:
    std::string bytes_;
};

// One row of an answer, columns from 0; lives as long as its answer. The caller knows the types.
// It does not look whether a column is of the type it is read as.
class Row {
public:
    Row(const pg_result* result, int row) : result_(result), row_(row) {}

    bool is_null(int column) const;
    std::int64_t integer(int column) const;  // of bigint and integer; 0 for NULL
    bool flag(int column) const;
    std::string text(int column) const;  // of bytea as well; "" for NULL
    Time time(int column) const;
    std::optional<Time> time_or_null(int column) const;

private:
    std::string_view bytes(int column) const;
    const pg_result* result_;
    int row_;
};

// What one statement came to.
// Owns libpq's result. For one thread at a time, and independent of its connection.
class ResultSet {
public:
    explicit ResultSet(pg_result* result) : result_(result) {}
    ResultSet(ResultSet&& other) noexcept : result_(std::exchange(other.result_, nullptr)) {}
    ResultSet& operator=(ResultSet&& other) noexcept {
        std::swap(result_, other.result_);
        return *this;
    }
    ~ResultSet();

    int size() const;  // rows
    bool empty() const { return size() == 0; }
    Row operator[](int row) const { return {result_, row}; }
    std::int64_t changed() const;  // rows that were inserted, updated or deleted
    const pg_result* raw() const { return result_; }

private:
    pg_result* result_;
};

}  // namespace payments::postgres
