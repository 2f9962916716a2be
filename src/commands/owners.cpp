#include "commands/owners.hpp"

#include <charconv>
#include <sstream>

#include "commands/input_files.hpp"

namespace payments {
namespace {

std::optional<std::int64_t> ticket_of(const std::string& text) {
    std::int64_t id = 0;
    const auto* end = text.data() + text.size();
    const auto read = std::from_chars(text.data(), end, id);
    return read.ec == std::errc{} && read.ptr == end && id > 0 ? std::optional{id} : std::nullopt;
}

}  // namespace

Result<PaymentOwners> read_owners(const std::string& file) {
    const auto bytes = bytes_of(file);
    if (!bytes) return Error{Errc::invalid_request, file + ": " + bytes.error().detail};
    PaymentOwners owners;
    std::istringstream lines{*bytes};
    int number = 0;
    for (std::string line; std::getline(lines, line);) {
        ++number;
        if (line.ends_with('\r')) line.pop_back();
        if (line.empty()) continue;
        std::istringstream in{line};
        std::string transaction, ticket, text;
        std::getline(in, transaction, ',') && std::getline(in, ticket, ',') &&
            std::getline(in, text);
        const auto id = id_as_written(transaction);
        const auto ticket_id = ticket_of(ticket);
        const auto code = Code::parse(text);
        if (!id || !ticket_id || !code)
            return Error{
                Errc::invalid_request, file + ", line " + std::to_string(number) +
                                           ": expected TR1042,4711,NORMAL-TOTAL-FEE-EUR-SIMPLE"};
        if (!owners.emplace(*id, PaymentOwner{*ticket_id, *code}).second)
            return Error{
                Errc::invalid_request, file + ", line " + std::to_string(number) + ": TR" +
                                           std::to_string(*id) + " has an owner already"};
    }
    return owners;
}

}  // namespace payments
