#include "simulate/broken/variants.hpp"

namespace payments::simulate {
namespace {

using ledger::AttemptRow;

// Passes everything on; what breaks one says only what it does differently.
class BrokenBooks : public ledger::Books {
public:
    explicit BrokenBooks(ledger::Books& real) : real_(real) {}

    std::optional<AttemptRow> attempt_row(std::int64_t id) override {
        return real_.attempt_row(id);
    }
    std::optional<std::int64_t> id_of_provider_id(Processor who, std::string_view id) override {
        return real_.id_of_provider_id(who, id);
    }
    std::vector<ledger::FeeAttempt> attempts_of_fee(
        std::int64_t ticket_id, std::string_view fee_type, std::int64_t except
    ) override {
        return real_.attempts_of_fee(ticket_id, fee_type, except);
    }
    std::vector<std::int64_t> attempts_of_ticket(std::int64_t ticket_id) override {
        return real_.attempts_of_ticket(ticket_id);
    }
    std::optional<ledger::UnmatchedRow> unmatched_row(std::int64_t number) override {
        return real_.unmatched_row(number);
    }
    AttemptRow insert(const NewAttempt& attempt) override { return real_.insert(attempt); }
    void update(const AttemptRow& after, ledger::Flags flags) override {
        real_.update(after, std::move(flags));
    }
    void insert_facts(const ledger::Change& change) override { real_.insert_facts(change); }
    void insert_outgoing_event(const ledger::NewOutgoingEvent& event) override {
        real_.insert_outgoing_event(event);
    }
    std::optional<std::int64_t> keep_message(
        const Heard& heard, std::optional<std::int64_t> transaction_id,
        std::string_view unmatched_reason, std::string_view hash
    ) override {
        return real_.keep_message(heard, transaction_id, unmatched_reason, hash);
    }
    void schedule_retry(const Heard& heard, std::int64_t number, Time next_try_at) override {
        real_.schedule_retry(heard, number, next_try_at);
    }
    void retry_unmatched_now(Processor who, std::string_view provider_id, Time now) override {
        real_.retry_unmatched_now(who, provider_id, now);
    }
    void insert_match(
        std::int64_t number, std::int64_t transaction_id, Time at,
        const ledger::UnmatchedRow& unmatched, std::string_view hash
    ) override {
        real_.insert_match(number, transaction_id, at, unmatched, hash);
    }
    void add_totals(const ledger::Totals& totals) override { real_.add_totals(totals); }
    void move(std::int64_t id, std::int64_t scope_id) override { real_.move(id, scope_id); }
    void mark_counted(std::int64_t id) override { real_.mark_counted(id); }
    ledger::ActionsEnd end_of_actions(std::int64_t chain) override {
        return real_.end_of_actions(chain);
    }
    std::optional<Action> action_with_key(
        std::int64_t chain, std::string_view kind, std::string_view key
    ) override {
        return real_.action_with_key(chain, kind, key);
    }
    std::optional<Action> newest_review(std::string_view about) override {
        return real_.newest_review(about);
    }
    std::int64_t insert_action(
        const Action& action, std::string_view details, std::string_view hash
    ) override {
        return real_.insert_action(action, details, hash);
    }

private:
    ledger::Books& real_;
};

template <class Broken>
Variant with_books(std::string name, std::string what) {
    Variant variant;
    variant.name = std::move(name);
    variant.what = std::move(what);
    variant.twin = [](ledger::Books& real) { return std::make_unique<Broken>(real); };
    return variant;
}

struct FindsNoHolder : BrokenBooks {
    using BrokenBooks::BrokenBooks;
    std::vector<ledger::FeeAttempt> attempts_of_fee(
        std::int64_t ticket_id, std::string_view fee_type, std::int64_t except
    ) override {
        auto found = BrokenBooks::attempts_of_fee(ticket_id, fee_type, except);
        for (auto& attempt : found) attempt.holds_fee = false;
        return found;
    }
};

struct WritesNoEvent : BrokenBooks {
    using BrokenBooks::BrokenBooks;
    void insert_outgoing_event(const ledger::NewOutgoingEvent&) override {}
};

struct FreesEveryFee : BrokenBooks {
    using BrokenBooks::BrokenBooks;
    void update(const AttemptRow& after, ledger::Flags flags) override {
        flags.holds_fee = false;
        BrokenBooks::update(after, std::move(flags));
    }
};

struct LosesTheWish : BrokenBooks {
    using BrokenBooks::BrokenBooks;
    void update(const AttemptRow& after, ledger::Flags flags) override {
        auto row = after;
        row.wanted_at.reset();
        BrokenBooks::update(row, std::move(flags));
    }
};

}  // namespace

std::vector<Variant> broken_books() {
    return {
        with_books<FindsNoHolder>("twin finds no holder", "PostgreSQL knows no fee that is paid"),
        with_books<WritesNoEvent>("twin writes no event", "PostgreSQL tells others of nothing"),
        with_books<FreesEveryFee>("twin frees every fee", "PostgreSQL notes no fee as held"),
        with_books<LosesTheWish>(
            "twin loses the wish", "PostgreSQL forgets that a check was asked for"
        ),
    };
}

}  // namespace payments::simulate
