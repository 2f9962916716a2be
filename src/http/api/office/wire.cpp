#include "http/api/office/wire.hpp"

#include "support/times.hpp"

namespace payments::http {

json::value or_null(std::string_view text) {
    return text.empty() ? json::value(nullptr) : json::value(text);
}

json::value or_null(const std::optional<Time>& time) {
    return time ? json::value(rfc3339(*time)) : json::value(nullptr);
}

json::object write_actor(const Actor& actor) {
    return json::object{{"sub", actor.sub}, {"name", actor.name}};
}

json::value write_scope(const std::optional<std::int64_t>& scope_id, const ScopesById& scopes) {
    const auto found = scope_id ? scopes.find(*scope_id) : scopes.end();
    if (found == scopes.end()) return nullptr;
    const auto& [flag, year, event] = found->second;
    return json::object{{"flag", flag}, {"year", year}, {"event", event}};
}

json::object write_summary(const Transaction& t, const ScopesById& scopes) {
    const auto processor = name(t.code.processor);
    const auto refunded = Money::of(t.refunded_minor, t.amount.currency());
    const auto provider_id =
        t.provider_id.empty() ? json::value(nullptr) : json::value(t.provider_id);
    return json::object{
        {"id", t.id},
        {"ticket_id", t.ticket_id},
        {"reference", t.reference()},
        {"code", t.code.text()},
        {"fee_type", t.code.fee_type},
        {"currency", t.amount.currency().code()},
        {"amount", json::amount(t.amount)},
        {"amount_refunded", refunded ? json::amount(*refunded) : json::value(t.refunded_minor)},
        {"processor", processor},
        {"payment_mode", processor},
        {"status", name(t.status)},
        {"provider_transaction_id", provider_id},
        {"created_at", rfc3339(t.created_at)},
        {"updated_at", rfc3339(t.updated_at)},
        {"paid_at", t.paid_at ? json::value(rfc3339(*t.paid_at)) : json::value(nullptr)},
        {"expires_at", rfc3339(t.expires_at)},
        {"scope", write_scope(t.scope_id, scopes)},
    };
}

}  // namespace payments::http
