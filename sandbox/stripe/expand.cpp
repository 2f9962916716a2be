#include <algorithm>
#include <iterator>

#include "sandbox/stripe/stripe.hpp"
#include "support/json.hpp"

// The `expand` parameter: an object in the place of its id (docs/providers/stripe.md, 2.4).
namespace payments::sandbox {

using namespace stripe;

namespace {

constexpr std::size_t expand_levels_max = 4;

// Members that hold the id of another object. Those whose kind is empty are of kinds that the
// stand-in never has: they may be asked for, and stay null.
struct Expandable {
    std::string_view object, member, kind;
};
constexpr Expandable expandables[] = {
    {"payment_intent", "application", ""},
    {"payment_intent", "customer", ""},
    {"payment_intent", "invoice", ""},
    {"payment_intent", "latest_charge", "charge"},
    {"payment_intent", "on_behalf_of", ""},
    {"payment_intent", "payment_method", "payment_method"},
    {"payment_intent", "review", ""},
    {"charge", "application", ""},
    {"charge", "application_fee", ""},
    {"charge", "balance_transaction", "balance_transaction"},
    {"charge", "customer", ""},
    {"charge", "failure_balance_transaction", ""},
    {"charge", "invoice", ""},
    {"charge", "on_behalf_of", ""},
    {"charge", "payment_intent", "payment_intent"},
    {"charge", "refunds", "refund"},  // a list
    {"charge", "review", ""},
    {"charge", "source_transfer", ""},
    {"charge", "transfer", ""},
    {"refund", "balance_transaction", "balance_transaction"},
    {"refund", "charge", "charge"},
    {"refund", "failure_balance_transaction", "balance_transaction"},
    {"refund", "payment_intent", "payment_intent"},
    {"refund", "source_transfer_reversal", ""},
    {"refund", "transfer_reversal", ""},
    {"balance_transaction", "source", "source"},  // a charge, refund, dispute or payout
    {"dispute", "charge", "charge"},
    {"dispute", "payment_intent", "payment_intent"},
    {"payout", "balance_transaction", "balance_transaction"},
    {"payout", "destination", ""},
    {"payout", "failure_balance_transaction", "balance_transaction"},
    {"payout", "original_payout", ""},
    {"payout", "reversed_by", ""},
    {"payment_method", "customer", ""},
};

const Expandable* find_expandable(std::string_view object, std::string_view member) {
    const auto* const found =
        std::find_if(std::begin(expandables), std::end(expandables), [&](const Expandable& one) {
            return one.object == object && one.member == member;
        });
    return found == std::end(expandables) ? nullptr : found;
}

// The kind of object an operation answers with, alone or in a list.
std::string_view kind_of_answer(std::string_view operation) {
    if (operation.ends_with("event") || operation.ends_with("events")) return "event";
    if (operation == "get-charge") return "charge";
    if (operation.find("balance") != operation.npos) return "balance_transaction";
    if (operation.find("payout") != operation.npos) return "payout";
    return operation.find("refund") == operation.npos ? "payment_intent" : "refund";
}

constexpr std::string_view sources[] = {"charge", "refund", "dispute", "payout"};

// Whether `kind` has what `path` leads to, whatever the object at hand holds.
bool leads_somewhere(std::string_view kind, std::span<const std::string> path) {
    while (!path.empty()) {
        if (kind == "source") {
            return std::any_of(std::begin(sources), std::end(sources), [&](const auto& source) {
                return leads_somewhere(source, path);
            });
        }
        const auto* one = find_expandable(kind, path.front());
        if (!one) return false;
        if (one->kind.empty()) return true;
        const bool is_list = one->member == "refunds";
        path = path.subspan(1);
        if (is_list && !path.empty()) {
            if (path.front() != "data" || path.size() < 2) return false;
            path = path.subspan(1);
        }
        kind = one->kind;
    }
    return true;
}

}  // namespace

std::vector<std::string> stripe::expand_path(std::string_view text) {
    std::vector<std::string> path;
    while (!text.empty()) {
        const auto end = std::min(text.find('.'), text.size());
        path.emplace_back(text.substr(0, end));
        text.remove_prefix(std::min(end + 1, text.size()));
    }
    return path;
}

std::optional<FormProblem> stripe::check_expand(const Form& form, std::string_view operation) {
    const auto kind = kind_of_answer(operation);
    const bool is_list = operation.starts_with("list") || operation == "search";
    for (const auto& text : form.list("expand")) {
        if (operation == "search" && text == "total_count") continue;
        const auto path = expand_path(text);
        if (path.size() > expand_levels_max) {
            return FormProblem{
                "", "You cannot expand more than 4 levels of a property (Property: " + text + ").",
                ""};
        }
        const std::span<const std::string> whole{path};
        const bool in_list = is_list && path.size() > 1 && path.front() == "data";
        if (in_list && leads_somewhere(kind, whole.subspan(1))) continue;
        if (!is_list && !path.empty() && leads_somewhere(kind, whole)) continue;
        auto message = "This property cannot be expanded (" + text + ").";
        if (is_list && leads_somewhere(kind, whole)) {
            message += " You may want to try expanding 'data." + text + "' instead.";
        }
        return FormProblem{"", message, ""};
    }
    return std::nullopt;
}

const json::object* Stripe::object_of(std::string_view kind, const std::string& id) const {
    if (kind == "source") {
        if (id.starts_with("ch_")) return object_of("charge", id);
        if (id.starts_with("re_")) return object_of("refund", id);
        if (id.starts_with("po_")) return object_of("payout", id);
        for (const auto& [charge, dispute] : disputes_)
            if (is(dispute.at("id"), id)) return &dispute;
        return nullptr;
    }
    if (kind == "payout") {
        const auto found = balance_.payouts.find(id);
        return found == balance_.payouts.end() ? nullptr : &found->second.object;
    }
    if (kind == "payment_intent") {
        const auto found = intents_.find(id);
        return found == intents_.end() ? nullptr : &found->second.object;
    }
    const auto& in = kind == "charge"           ? charges_
                     : kind == "refund"         ? refunds_
                     : kind == "payment_method" ? payment_methods_
                                                : balance_.lines;
    const auto found = in.find(id);
    return found == in.end() ? nullptr : &found->second;
}

json::object Stripe::refunds_of(const json::object& charge) const {
    const std::string id{charge.at("id").as_string()};
    std::vector<const json::object*> newest_first;
    for (auto it = refund_order_.rbegin(); it != refund_order_.rend(); ++it) {
        newest_first.push_back(&refunds_.at(*it));
    }
    const auto wanted = [&](const json::object& refund) { return is(refund.at("charge"), id); };
    return page_of(newest_first, wanted, Form{}, "/v1/charges/" + id + "/refunds").body;
}

// Along a path that check_expand has let pass. A member that is null, or that this caller may not
// see, stays as it is.
void Stripe::expand(json::object& object, std::span<const std::string> path) const {
    if (path.empty()) return;
    const auto rest = path.subspan(1);
    const std::string_view name = path.front();
    const auto kind_of = [](const json::object& of) -> std::string_view {
        const auto* kind = of.if_contains("object");
        return kind && kind->is_string() ? std::string_view{kind->get_string()} : "";
    };
    if (name == "refunds" && kind_of(object) == "charge" && !object.contains("refunds")) {
        object["refunds"] = refunds_of(object);
    }
    auto* member = object.if_contains(name);
    if (!member) return;
    if (auto* list = member->if_array()) {
        for (auto& one : *list) {
            if (auto* element = one.if_object()) expand(*element, rest);
        }
        return;
    }
    const auto* expandable = find_expandable(kind_of(object), name);
    if (expandable && member->is_string()) {
        const auto* whole = object_of(expandable->kind, std::string{member->get_string()});
        if (whole) *member = *whole;
    }
    if (auto* inner = member->if_object()) expand(*inner, rest);
}

}  // namespace payments::sandbox
