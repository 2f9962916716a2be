#include "storage/postgres/values.hpp"

#include <charconv>

#include "storage/postgres/libpq.hpp"

namespace payments::postgres {
namespace {

// src/include/catalog/pg_type.dat of PostgreSQL; they never change.
enum Type : std::uint32_t {
    bool_type = 16,
    bytea_type = 17,
    int8_type = 20,
    text_type = 25,
    bool_array = 1000,
    bytea_array = 1001,
    text_array = 1009,
    int8_array = 1016,
};

// Network byte order.
template <class Unsigned>
void append(std::string& out, Unsigned number) {
    for (int shift = static_cast<int>(sizeof(Unsigned) * 8) - 8; shift >= 0; shift -= 8)
        out += static_cast<char>(number >> shift & 0xff);
}

std::uint64_t read(std::string_view bytes) {
    std::uint64_t number = 0;
    for (const char byte : bytes) number = number << 8 | static_cast<unsigned char>(byte);
    return number;
}

}  // namespace

Value value(std::int64_t number) {
    std::string bytes;
    append(bytes, static_cast<std::uint64_t>(number));
    return {int8_type, std::move(bytes)};
}

Value value(bool flag) { return {bool_type, std::string(1, flag ? '\1' : '\0')}; }

Value value(std::string_view text) { return {text_type, std::string{text}}; }

Value value(Bytes bytes) { return {bytea_type, std::string{bytes.bytes}}; }

Value null_number() { return {int8_type, {}}; }

// A signature, no flags, nothing more in the head; a count of -1 ends the rows.
CopyRows::CopyRows() : bytes_("PGCOPY\n\377\r\n\0\0\0\0\0\0\0\0\0", 19) {}

void CopyRows::begin_row(std::size_t values) { append(bytes_, static_cast<std::uint16_t>(values)); }

void CopyRows::add(std::int64_t number) {
    append(bytes_, std::uint32_t{sizeof number});
    append(bytes_, static_cast<std::uint64_t>(number));
}

void CopyRows::add(std::string_view text) {
    append(bytes_, static_cast<std::uint32_t>(text.size()));
    bytes_ += text;
}

void CopyRows::add_null() { append(bytes_, UINT32_MAX); }

std::string CopyRows::bytes() && {
    append(bytes_, std::uint16_t{UINT16_MAX});
    return std::move(bytes_);
}

Column::Column(Of of) {
    constexpr std::uint32_t types[][2] = {
        {int8_type, int8_array},
        {text_type, text_array},
        {bytea_type, bytea_array},
        {bool_type, bool_array}};
    element_type_ = types[static_cast<std::size_t>(of)][0];
    array_type_ = types[static_cast<std::size_t>(of)][1];
}

void Column::add(const Value& element) {
    if (element.type != element_type_) throw std::logic_error{"a value of another column"};
    append(elements_, static_cast<std::uint32_t>(element.bytes->size()));
    elements_ += *element.bytes;
    ++count_;
}

void Column::add_null() {
    append(elements_, std::uint32_t{0xffffffff});
    ++count_;
}

// Dimensions, whether NULLs may be in it, the element's type; of the dimension its size and where
// it begins to count; then each element behind its length.
Value Column::value() const {
    std::string bytes;
    append(bytes, std::uint32_t{count_ > 0 ? 1U : 0U});
    append(bytes, std::uint32_t{1});
    append(bytes, element_type_);
    if (count_ > 0) {
        append(bytes, count_);
        append(bytes, std::uint32_t{1});
        bytes += elements_;
    }
    return {array_type_, std::move(bytes)};
}

Value numbers(const std::vector<std::int64_t>& list) {
    Column column{Column::Of::numbers};
    for (const auto number : list) column.add(value(number));
    return column.value();
}

Value texts(const std::vector<std::string>& list) {
    Column column{Column::Of::texts};
    for (const auto& text : list) column.add(value(text));
    return column.value();
}

Table::Table(std::vector<Column::Of> columns) {
    for (const auto of : columns) columns_.emplace_back(of);
}

std::vector<Value> Table::values() const {
    std::vector<Value> values;
    for (const auto& column : columns_) values.push_back(column.value());
    return values;
}

bool Row::is_null(int column) const { return libpq().PQgetisnull(result_, row_, column) == 1; }

std::string_view Row::bytes(int column) const {
    return {
        libpq().PQgetvalue(result_, row_, column),
        static_cast<std::size_t>(libpq().PQgetlength(result_, row_, column))};
}

std::int64_t Row::integer(int column) const {
    const auto found = bytes(column);
    // count() and versions are not all of one width.
    if (found.size() == sizeof(std::int32_t))
        return static_cast<std::int32_t>(static_cast<std::uint32_t>(read(found)));
    return static_cast<std::int64_t>(read(found));
}

bool Row::flag(int column) const { return read(bytes(column)) != 0; }

std::string Row::text(int column) const { return std::string{bytes(column)}; }

Time Row::time(int column) const { return Time{std::chrono::milliseconds{integer(column)}}; }

std::optional<Time> Row::time_or_null(int column) const {
    if (is_null(column)) return {};
    return time(column);
}

ResultSet::~ResultSet() {
    if (result_ != nullptr) libpq().PQclear(result_);
}

int ResultSet::size() const { return libpq().PQntuples(result_); }

std::int64_t ResultSet::changed() const {
    const std::string_view text{libpq().PQcmdTuples(result_)};
    std::int64_t count = 0;
    std::from_chars(text.data(), text.data() + text.size(), count);
    return count;
}

}  // namespace payments::postgres
