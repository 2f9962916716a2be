#include "http/api/office/export_lines.hpp"

#include <algorithm>

namespace payments::http {
namespace {

using What = ExportRequest::What;

// Why money that was taken is in review, for whoever books it.
std::string note_of(const Transaction& transaction) {
    // To derive everything takes longer than the line. What differs is in review.
    const auto is_about_second = [](const LedgerEntry& entry) {
        return entry.fact.kind == FactKind::duplicate;
    };
    if (transaction.status != Status::review &&
        std::ranges::none_of(transaction.entries, is_about_second))
        return {};
    const auto facts = facts_of(transaction);
    std::string note = is_mismatch(facts) ? "mismatch" : "";
    if (is_duplicate(facts)) note += note.empty() ? "duplicate" : ", duplicate";
    return note;
}

}  // namespace

void ExportLines::add_head() {
    csv_.begin();
    const auto head = [&](std::initializer_list<std::string_view> names) {
        for (const auto name : names) csv_.text(name);
    };
    if (request_.what == What::daily_totals) {
        head({"day", "measure", "currency", "processor", "fee_type", "reason", "count", "amount"});
    } else if (request_.what == What::payments) {
        head(
            {"reference", "ticket_id", "created_at", "paid_at", "fee_type", "processor", "account",
             "provider_id", "currency", "amount", "refunded", "disputed", "status", "note"}
        );
        if (request_.is_personal) csv_.text("email");
    } else {
        head(
            {"row_id", "at", "kind", "reference", "ticket_id", "fee_type", "processor", "account",
             "provider_id", "currency", "amount", "note"}
        );
    }
    csv_.end_line();
}

void ExportLines::add(const Transaction& transaction) {
    if (request_.what == What::payments)
        add_payment(transaction);
    else
        add_movements(transaction);
}

void ExportLines::add(Time day, const SumRow& row) {
    const auto is_of = [&](Processor processor) { return name(processor) == row.processor; };
    const auto& processors = request_.processors;
    const auto& fee_types = request_.fee_types;
    if (!processors.empty() && std::ranges::none_of(processors, is_of)) return;
    if (!fee_types.empty() && std::ranges::find(fee_types, row.fee_type) == fee_types.end()) return;
    if (is_full()) return;
    csv_.day(day).text(name(row.measure)).text(row.currency).text(row.processor);
    csv_.text(row.fee_type).text(row.reason).number(row.n);
    csv_.amount(row.minor, Currency::of(row.currency).value());
    end_line();
}

void ExportLines::add_payment(const Transaction& of) {
    const auto payment = payment_for(request_, of);
    if (!payment || is_full()) return;
    const auto currency = payment->amount.currency();
    csv_.text(of.reference()).number(of.ticket_id).time(of.created_at).time(payment->paid_at);
    csv_.text(of.code.fee_type).text(name(of.code.processor)).text(of.account);
    csv_.text(of.provider_id).text(currency.code()).amount(payment->amount.minor(), currency);
    csv_.amount(payment->refunded_minor, currency).amount(payment->disputed_minor, currency);
    csv_.text(name(of.status)).text(note_of(of));
    if (request_.is_personal) csv_.text(of.email);
    end_line();
}

void ExportLines::add_movements(const Transaction& of) {
    const auto list = movements_for(request_, of);
    if (list.empty()) return;
    const auto note = note_of(of);
    for (const auto& [id, movement] : list) {
        if (is_full()) return;
        const auto currency = movement.amount.currency();
        const bool is_taken = movement.kind == MovementKind::taken;
        csv_.text(id).time(movement.at).text(name(movement.kind));
        csv_.text(of.reference()).number(of.ticket_id).text(of.code.fee_type);
        csv_.text(name(of.code.processor)).text(of.account);
        csv_.text(is_taken ? of.provider_id : movement.subject).text(currency.code());
        csv_.amount(sign_of(movement.kind) * movement.amount.minor(), currency);
        csv_.text(is_taken ? note : "");
        end_line();
    }
}

void ExportLines::end_line() {
    csv_.end_line();
    ++count_;
}

}  // namespace payments::http
