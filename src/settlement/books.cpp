#include "settlement/books.hpp"

#include "settlement/journal/month.hpp"
#include "settlement/records.hpp"
#include "support/json.hpp"
#include "support/times.hpp"

namespace payments::settlement {
namespace {

constexpr std::size_t text_max = 1'020;  // 255 characters, as reasons may have

// Reads the members of one object of the document and notes what is wrong with them.
class Reader {
public:
    Reader(const json::value& value, std::string pointer, std::vector<Wrong>& wrong)
        : object_(value.if_object()), pointer_(std::move(pointer)), wrong_(wrong) {
        if (!object_) add("", "must be an object");
    }

    bool is_object() const { return object_ != nullptr; }
    void add(const std::string& name, std::string detail) {
        if (wrong_.size() < json::wrong_max)
            wrong_.push_back({pointer_to(name), std::move(detail)});
    }
    std::string pointer_to(const std::string& name) const {
        return name.empty() ? pointer_ : pointer_ + "/" + name;
    }
    const json::value* find(const char* name) const {
        return object_ ? json::find(*object_, name) : nullptr;
    }

    std::string text(const char* name, bool is_needed = true) {
        const auto* found = find(name);
        if (!found) {
            if (is_needed) add(name, "is missing");
            return {};
        }
        if (!found->is_string() || found->get_string().size() > text_max) {
            add(name, "must be a text of at most 1020 bytes");
            return {};
        }
        return std::string{found->get_string()};
    }
    std::int64_t minor(const char* name) {
        const auto* found = find(name);
        if (found && found->is_int64() && found->get_int64() >= 0 &&
            found->get_int64() <= amount_limit_minor)
            return found->get_int64();
        add(name, "must be whole minor units, at least 0");
        return 0;
    }
    // What a finding is about, which may be of many lines.
    std::int64_t sum(const char* name) {
        const auto* found = find(name);
        if (found && found->is_int64() && found->get_int64() >= 0) return found->get_int64();
        add(name, "must be a whole number, at least 0");
        return 0;
    }
    std::int64_t whole_number(const char* name, bool is_needed = true) {
        const auto* found = find(name);
        if (!found && !is_needed) return 0;
        if (found && found->is_int64() && found->get_int64() > 0) return found->get_int64();
        add(name, "must be an integer of at least 1");
        return 0;
    }
    std::optional<Time> time(const char* name, bool is_needed = true) {
        const auto words = text(name, is_needed);
        if (words.empty()) return std::nullopt;
        const auto read = parse_time(words);
        if (!read) add(name, "must be a time such as 2026-07-09T22:00:00Z");
        return read;
    }
    bool flag(const char* name) {
        const auto* found = find(name);
        if (found && !found->is_bool()) add(name, "must be true or false");
        return found && found->is_bool() && found->get_bool();
    }
    // Calls `take` with a reader of each item; a list that is missing is empty.
    template <class Take>
    void list(const char* name, Take take) {
        const auto* found = find(name);
        if (!found) return;
        if (!found->is_array()) return add(name, "must be a list");
        const auto& items = found->get_array();
        for (std::size_t i = 0; i < items.size(); ++i) {
            Reader item{items[i], pointer_to(name) + "/" + std::to_string(i), wrong_};
            if (item.is_object()) take(item);
        }
    }

private:
    const json::object* object_;
    std::string pointer_;
    std::vector<Wrong>& wrong_;
};

std::int64_t some_minor(Reader& members, const char* name) {
    const auto minor = members.minor(name);
    if (minor == 0) members.add(name, "must be more than 0");
    return minor;
}

OurRefund read_refund(Reader& members) {
    OurRefund refund;
    refund.name = members.text("name");
    refund.provider_id = members.text("provider_refund_id", false);
    refund.minor = some_minor(members, "amount_minor");
    refund.at = members.time("at").value_or(Time{});
    refund.failed_at = members.time("failed_at", false);
    // Where only that it failed is told, it is waited for since the refund itself.
    if (!refund.failed_at && members.text("state", false) == "failed") refund.failed_at = refund.at;
    return refund;
}

OurDispute read_dispute(Reader& members) {
    OurDispute dispute;
    dispute.provider_id = members.text("id");
    dispute.minor = some_minor(members, "amount_minor");
    dispute.at = members.time("at").value_or(Time{});
    dispute.won_at = members.time("won_at", false);
    dispute.lost_at = members.time("lost_at", false);
    const auto state = members.text("state", false);
    if (!dispute.won_at && state == "won") dispute.won_at = dispute.at;
    if (!dispute.lost_at && state == "lost") dispute.lost_at = dispute.at;
    return dispute;
}

// Money was taken, whatever has become of it since. Of a dispute one may hear before the capture.
bool means_captured(Status status) {
    return status == Status::paid || status == Status::partially_refunded ||
           status == Status::refunded;
}

std::optional<OurTransaction> read_transaction(Reader& members) {
    const auto processor_name = members.text("processor");
    const auto processor = processor_of(processor_name);
    if (!processor && !processor_name.empty())
        members.add("processor", "must be SIMPLE or STRIPE-INTENTS");
    const auto code = members.text("currency");
    const auto currency = Currency::of(code);
    if (!currency && !code.empty()) members.add("currency", "must be a currency of ISO 4217");
    const auto status_name = members.text("status");
    const auto status = status_of(status_name);
    if (!status && !status_name.empty()) members.add("status", "is no status of a transaction");

    const auto id = members.whole_number("id");
    const auto reference = members.text("reference");
    const auto account = members.text("account");
    const auto minor = members.minor("amount_minor");
    const auto paid_at = members.time("paid_at", false);
    if (status && means_captured(*status) && !paid_at)
        members.add("paid_at", "is missing of a payment that is " + status_name);
    if (!processor || !currency) return std::nullopt;

    OurTransaction transaction{id, reference, *processor, account, *currency, minor, {}, {}};
    transaction.paid_at = paid_at;
    transaction.provider_id = members.text("provider_id", false);
    transaction.charge_id = members.text("charge", false);
    if (status) transaction.status = *status;
    transaction.ticket_id = members.whole_number("ticket_id", false);
    transaction.fee_type = members.text("fee_type", false);
    transaction.is_settled_before = members.flag("capture_settled_before");
    transaction.is_duplicate_known = members.text("review", false).starts_with("duplicate");
    members.list("refunds", [&](Reader& item) {
        transaction.refunds.push_back(read_refund(item));
    });
    members.list("disputes", [&](Reader& item) {
        // A question of the bank moves no money.
        if (item.text("state", false) != "inquiry")
            transaction.disputes.push_back(read_dispute(item));
    });
    return transaction;
}

Decision read_decision(Reader& members) {
    Decision decision;
    decision.key = members.text("key");
    decision.minor = members.sum("amount_minor");
    decision.currency = members.text("currency");
    decision.reason = members.text("reason", false);
    return decision;
}

ClosingInBooks read_closing(Reader& members) {
    ClosingInBooks closing;
    closing.month = members.text("month");
    if (!journal::read_month(closing.month)) members.add("month", "must be one such as 2026-11");
    closing.at = members.time("at").value_or(Time{});
    closing.files = members.sum("files");
    closing.by = members.text("by", false);
    closing.reason = members.text("reason", false);
    members.list("decisions", [&](Reader& item) {
        closing.decisions.push_back(read_decision(item));
    });
    return closing;
}

}  // namespace

Result<Books> read_books(std::string_view document) {
    const auto tree = json::parse(document);
    if (!tree) return tree.error();
    std::vector<Wrong> wrong;
    Reader members{*tree, "", wrong};
    Books books;
    if (members.is_object()) books.as_of = members.time("as_of").value_or(Time{});
    if (members.is_object() && !members.find("transactions"))
        members.add("transactions", "is missing");
    members.list("transactions", [&](Reader& item) {
        if (auto read = read_transaction(item)) books.transactions.push_back(std::move(*read));
    });
    members.list("decisions", [&](Reader& item) {
        books.decisions.push_back(read_decision(item));
    });
    members.list("closings", [&](Reader& item) {
        auto closing = read_closing(item);
        if (!books.closings.empty() && closing.month <= books.closings.back().month)
            item.add("month", "must be later than that of the one before");
        books.closings.push_back(std::move(closing));
    });
    if (wrong.empty()) return books;
    Error error{Errc::invalid_request, wrong.front().pointer + " " + wrong.front().detail};
    error.wrong = std::move(wrong);
    return error;
}

}  // namespace payments::settlement
