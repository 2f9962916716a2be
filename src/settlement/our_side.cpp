#include "settlement/our_side.hpp"

#include <algorithm>
#include <set>

#include "payment/movements.hpp"
#include "support/json.hpp"
#include "support/times.hpp"

namespace payments::settlement {
namespace {

// Lists what moved, movement by movement.
class OurSide {
public:
    explicit OurSide(const Transaction& transaction)
        : made_{
              transaction.id,
              transaction.reference(),
              transaction.code.processor,
              transaction.account,
              transaction.amount.currency(),
              transaction.amount.minor(),
              transaction.provider_id,
              {}} {
        made_.status = transaction.status;
        made_.ticket_id = transaction.ticket_id;
        made_.fee_type = transaction.code.fee_type;
    }

    void add(const Movement& movement) {
        const auto minor = movement.amount.minor();
        switch (movement.kind) {
            case MovementKind::taken:
                made_.paid_at = movement.at;
                made_.minor = minor;
                made_.currency = movement.amount.currency();
                return;
            case MovementKind::given_back:
                // One that was made on the provider's pages has no name of ours.
                made_.refunds.push_back(
                    {movement.refund.empty() ? movement.subject : movement.refund, movement.subject,
                     minor, movement.at}
                );
                return;
            case MovementKind::came_back:
                newest(made_.refunds, movement.subject).failed_at = movement.at;
                return;
            case MovementKind::disputed:
                made_.disputes.push_back({movement.subject, minor, movement.at});
                return;
            case MovementKind::dispute_won:
                newest(made_.disputes, movement.subject).won_at = movement.at;
                return;
        }
    }
    // That a dispute was lost moves nothing more: its money is gone already.
    void add_loss(const LedgerEntry& entry) {
        const auto dispute = std::ranges::find(
            made_.disputes.rbegin(), made_.disputes.rend(), entry.fact.subject,
            &OurDispute::provider_id
        );
        if (dispute != made_.disputes.rend()) dispute->lost_at = std::max(dispute->at, entry.at);
    }
    OurTransaction made() && {
        // Amounts that nobody has told yet move nothing.
        std::erase_if(made_.refunds, [](const OurRefund& refund) { return refund.minor == 0; });
        std::erase_if(made_.disputes, [](const OurDispute& dispute) { return dispute.minor == 0; });
        return std::move(made_);
    }

private:
    // The movement that is undone comes before what undoes it.
    template <class Moved>
    static Moved& newest(std::vector<Moved>& all, const std::string& provider_id) {
        return *std::ranges::find(all.rbegin(), all.rend(), provider_id, &Moved::provider_id);
    }

    OurTransaction made_;
};

json::object json_of(const OurRefund& refund) {
    json::object item;
    item["name"] = refund.name;
    if (!refund.provider_id.empty()) item["provider_refund_id"] = refund.provider_id;
    item["amount_minor"] = refund.minor;
    item["at"] = rfc3339(refund.at);
    if (refund.failed_at) item["failed_at"] = rfc3339(*refund.failed_at);
    return item;
}

json::object json_of(const OurDispute& dispute) {
    json::object item;
    item["id"] = dispute.provider_id;
    item["amount_minor"] = dispute.minor;
    item["at"] = rfc3339(dispute.at);
    if (dispute.won_at) item["won_at"] = rfc3339(*dispute.won_at);
    if (dispute.lost_at) item["lost_at"] = rfc3339(*dispute.lost_at);
    return item;
}

template <class Item>
json::array list_of(const std::vector<Item>& items) {
    json::array list;
    for (const auto& item : items) list.push_back(json_of(item));
    return list;
}

// Another payment of the same fee is a transaction of its own, with a line of its own. This is one
// number under which the provider has taken money twice, and so a person's.
bool is_captured_twice(const Transaction& transaction) {
    std::set<std::string_view> ids;
    for (const auto& entry : transaction.entries)
        if (entry.fact.kind == FactKind::captured && !entry.fact.provider_id.empty())
            ids.insert(entry.fact.provider_id);
    return ids.size() > 1;
}

}  // namespace

OurTransaction our_side_of(const Transaction& transaction, std::optional<Time> begins, Time as_of) {
    const auto is_later = [as_of](const LedgerEntry& entry) { return entry.at > as_of; };
    if (std::ranges::any_of(transaction.entries, is_later)) {
        auto then = transaction;
        std::erase_if(then.entries, is_later);
        then.status = status(facts_of(then));
        return our_side_of(then, begins);
    }
    OurSide side{transaction};
    for (const auto& movement : movements(transaction)) side.add(movement);
    for (const auto& entry : transaction.entries)
        if (entry.fact.kind == FactKind::dispute_lost) side.add_loss(entry);
    auto made = std::move(side).made();
    made.is_settled_before = begins && made.paid_at && *made.paid_at < *begins;
    made.is_duplicate_known = is_captured_twice(transaction);
    return made;
}

OurTransaction known_at(OurTransaction transaction, Time as_of) {
    const auto forget = [as_of](std::optional<Time>& at) {
        if (at && *at > as_of) at.reset();
    };
    forget(transaction.paid_at);
    std::erase_if(transaction.refunds, [as_of](const OurRefund& one) { return one.at > as_of; });
    for (auto& refund : transaction.refunds) forget(refund.failed_at);
    std::erase_if(transaction.disputes, [as_of](const OurDispute& one) { return one.at > as_of; });
    for (auto& dispute : transaction.disputes) {
        forget(dispute.won_at);
        forget(dispute.lost_at);
    }
    return transaction;
}

std::string written(const OurTransaction& transaction) {
    const auto& t = transaction;
    json::object item;
    item["id"] = t.id;
    item["reference"] = t.reference;
    if (t.ticket_id > 0) item["ticket_id"] = t.ticket_id;
    if (!t.fee_type.empty()) item["fee_type"] = t.fee_type;
    item["processor"] = name(t.processor);
    item["account"] = t.account;
    item["currency"] = t.currency.code();
    item["amount_minor"] = t.minor;
    item["status"] = name(t.status);
    if (!t.provider_id.empty()) item["provider_id"] = t.provider_id;
    if (!t.charge_id.empty()) item["charge"] = t.charge_id;
    if (t.paid_at) item["paid_at"] = rfc3339(*t.paid_at);
    if (t.is_settled_before) item["capture_settled_before"] = true;
    if (t.is_duplicate_known) item["review"] = "duplicate";
    if (!t.refunds.empty()) item["refunds"] = list_of(t.refunds);
    if (!t.disputes.empty()) item["disputes"] = list_of(t.disputes);
    return json::write(item);
}

std::string books_head(Time as_of) {
    return "{\"as_of\":\"" + rfc3339(as_of) + "\",\n\"transactions\":[\n";
}

namespace {

json::array json_of(const std::vector<Decision>& decisions) {
    json::array list;
    for (const auto& decision : decisions) {
        json::object item;
        item["key"] = decision.key;
        item["amount_minor"] = decision.minor;
        item["currency"] = decision.currency;
        if (!decision.reason.empty()) item["reason"] = decision.reason;
        list.push_back(std::move(item));
    }
    return list;
}

json::object json_of(const ClosingInBooks& closing) {
    json::object item;
    item["month"] = closing.month;
    item["at"] = rfc3339(closing.at);
    item["files"] = closing.files;
    item["by"] = closing.by;
    if (!closing.reason.empty()) item["reason"] = closing.reason;
    item["decisions"] = json_of(closing.decisions);
    return item;
}

}  // namespace

std::string books_tail(
    const std::vector<Decision>& decisions, const std::vector<ClosingInBooks>& closings
) {
    json::array list;
    for (const auto& closing : closings) list.push_back(json_of(closing));
    return "\n],\n\"decisions\":" + json::write(json_of(decisions)) +
           ",\n\"closings\":" + json::write(list) + "}\n";
}

}  // namespace payments::settlement
