#include "commands/visitor/asked_erasures.hpp"

#include "support/json.hpp"
#include "support/times.hpp"

namespace payments {
namespace {

std::optional<AskedErasure> asked_in(const json::object& object) {
    const auto* id = json::find(object, "transaction_id");
    const auto created_at = parse_time(json::string_or(object, "created_at", ""));
    if (!id || !id->is_int64() || !created_at) return {};
    AskedErasure asked{id->get_int64(), *created_at};
    asked.asked_at = parse_time(json::string_or(object, "asked_at", "")).value_or(Time{});
    return asked;
}

void add_report(const json::array& payments, std::vector<AskedErasure>& list) {
    for (const auto& payment : payments) {
        if (!payment.is_object()) continue;
        const auto asked = asked_in(payment.get_object());
        if (asked && asked->asked_at != Time{}) list.push_back(*asked);
    }
}

// False for what is no JSON object.
bool add_object(std::string_view text, std::vector<AskedErasure>& list) {
    const auto read = json::parse(text);
    if (!read || !read->is_object()) return false;
    const auto& object = read->get_object();
    const auto* payments = json::find(object, "payments");
    if (payments && payments->is_array()) {
        add_report(payments->get_array(), list);
        return true;
    }
    const auto message = json::string_or(object, "message", std::string{erasure_asked_line});
    const auto asked = asked_in(object);
    if (asked && message == erasure_asked_line) list.push_back(*asked);
    return true;
}

}  // namespace

std::string line_of(const AskedErasure& asked) {
    return json::write(json::object{
        {"transaction_id", asked.transaction_id},
        {"created_at", rfc3339(asked.created_at)},
        {"asked_at", rfc3339(asked.asked_at)}});
}

std::vector<AskedErasure> read_asked_erasures(std::string_view text) {
    std::vector<AskedErasure> list;
    if (add_object(text, list)) return list;  // a report over several lines
    while (!text.empty()) {
        const auto end = std::min(text.find('\n'), text.size());
        const auto line = text.substr(0, end);
        const auto begin = line.find('{');
        if (begin != line.npos) add_object(line.substr(begin), list);
        text.remove_prefix(std::min(end + 1, text.size()));
    }
    return list;
}

}  // namespace payments
