#include "http/api/office/person_wire.hpp"

#include <algorithm>
#include <cstdio>
#include <utility>

#include "http/api/office/wire.hpp"
#include "http/api/wire.hpp"
#include "support/times.hpp"

namespace payments::http {
namespace {

constexpr std::size_t held_together = 50;

json::value day_or_null(const std::optional<std::chrono::year_month_day>& day) {
    return day ? json::value(text_of_day(*day)) : json::value(nullptr);
}

json::array write_list(const std::vector<std::string>& list) {
    return json::array(list.begin(), list.end());
}

json::object write_person_payment(const PersonalPayment& payment) {
    return {
        {"transaction_id", payment.id},
        {"ticket_id", payment.ticket_id},
        {"created_at", rfc3339(payment.created_at)},
        {"currency", payment.amount.currency().code()},
        {"amount", json::amount(payment.amount)},
        {"status", name(payment.status)},
        {"state", name(payment.state)},
        {"fate", name(payment.fate.fate)},
        {"has_email", payment.has_email},
        {"members", write_list(payment.members)},
        {"messages", payment.messages},
        {"notes", payment.notes},
        {"kept_members", write_list(payment.kept_members)},
        {"kept_until", day_or_null(payment.kept_until)},
        {"asked_at", or_null(payment.asked_at)},
        {"erased_at", or_null(payment.erased_at)},
    };
}

json::object write_backups(const PersonalBackups& backups) {
    return {
        {"count", backups.count},
        {"first", or_null(backups.first)},
        {"last", or_null(backups.last)},
        {"kept_days", backups.kept_days ? json::value(*backups.kept_days) : json::value(nullptr)},
        {"gone_by", day_or_null(backups.gone_by)},
    };
}

json::object write_held(const HeldPayment& held) {
    json::array messages, actions;
    for (const auto& message : held.messages)
        messages.push_back(json::object{
            {"message_id", message.number},
            {"processor", name(message.processor)},
            {"received_at", rfc3339(message.received_at)},
            {"body", message.body ? json::value(*message.body) : json::value(nullptr)}});
    for (const auto& action : held.actions) {
        json::object details;
        for (const auto& [name, text] : action.details) details[name] = text;
        actions.push_back(json::object{
            {"at", rfc3339(action.at)}, {"kind", action.kind}, {"details", std::move(details)}});
    }
    const auto kept =
        held.kept.empty() ? Result<json::value>{json::value(nullptr)} : json::parse(held.kept);
    return {
        {"transaction", write(held.transaction, Metas::whole)},
        {"email", or_null(held.transaction.email)},
        {"restricted", kept ? *kept : json::value(nullptr)},
        {"messages", std::move(messages)},
        {"actions", std::move(actions)},
    };
}

}  // namespace

std::string text_of_day(std::chrono::year_month_day day) {
    char text[16];
    std::snprintf(
        text, sizeof text, "%04d-%02u-%02u", static_cast<int>(day.year()),
        static_cast<unsigned>(day.month()), static_cast<unsigned>(day.day())
    );
    return text;
}

json::object write_person_report(const PersonalReport& report) {
    json::array payments, exports;
    for (const auto& payment : report.payments) payments.push_back(write_person_payment(payment));
    for (const auto& one : report.exports)
        exports.push_back(json::object{
            {"at", rfc3339(one.at)},
            {"by", one.by},
            {"what", one.what},
            {"from", or_null(one.from)},
            {"to", or_null(one.to)}});
    return {
        {"at", rfc3339(report.at)},
        {"payments", std::move(payments)},
        {"is_complete", report.is_all},
        {"backups", write_backups(report.backups)},
        {"exports", std::move(exports)},
        {"database", report.is_postgres ? "postgresql" : "sqlite"},
        {"files_clean",
         report.is_postgres ? json::value(nullptr) : json::value(report.are_files_clean)},
    };
}

std::vector<std::int64_t> PersonFile::next() {
    const auto begin = ids_.begin() + static_cast<std::ptrdiff_t>(at_);
    at_ = std::min(at_ + held_together, ids_.size());
    return {begin, ids_.begin() + static_cast<std::ptrdiff_t>(at_)};
}

std::string PersonFile::begun() { return std::exchange(is_begun_, true) ? "" : R"({"held":[)"; }

std::string PersonFile::add(const std::vector<HeldPayment>& held) {
    auto text = begun();
    for (const auto& payment : held) {
        if (!told_.empty()) text += ",";
        text += json::write(write_held(payment));
        told_.push_back(payment.report);
        const auto created_at = payment.transaction.created_at;
        oldest_ = std::min(oldest_.value_or(created_at), created_at);
    }
    return text;
}

std::string PersonFile::end(PersonalReport elsewhere) {
    elsewhere.payments = std::move(told_);
    return begun() + R"(],"report":)" + json::write(write_person_report(elsewhere)) + "}";
}

}  // namespace payments::http
