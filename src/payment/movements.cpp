#include "payment/movements.hpp"

#include <algorithm>
#include <array>
#include <map>
#include <span>
#include <utility>

namespace payments {
namespace {

constexpr std::string_view movement_names[] = {
    "taken", "given_back", "came_back", "disputed", "dispute_won"};
static_assert(std::size(movement_names) == static_cast<std::size_t>(MovementKind::dispute_won) + 1);

// One thing of which amounts are heard again and again: when first, and the amount that counts.
struct Heard {
    std::optional<Time> at;
    std::optional<Money> amount;
    std::string refund;

    void add(Time when, const std::optional<Money>& heard, Currency preferred) {
        at = at ? std::min(*at, when) : when;
        if (heard && (!amount || outranks(*heard, *amount, preferred))) amount = heard;
    }

private:
    static bool outranks(const Money& a, const Money& b, Currency preferred) {
        if (a.currency() == b.currency()) return a.minor() > b.minor();
        if (a.currency() == preferred || b.currency() == preferred)
            return a.currency() == preferred;
        return a.currency().code() < b.currency().code();
    }
};

// All that is said of one dispute.
struct DisputeStory {
    struct Said {
        DisputeWord word;
        Time at;
    };
    struct Moved {
        DisputeMovement movement;
        Time at;
    };
    std::vector<Said> words;
    std::vector<Moved> movements;
    std::optional<Money> amount;  // in the currency of the terms
};

bool takes_money(DisputeState state) {
    return state == DisputeState::unclear || state == DisputeState::open ||
           state == DisputeState::lost;
}

class Collector {
public:
    explicit Collector(const Transaction& transaction) : terms_(transaction.terms()) {}

    void hear(const LedgerEntry& entry) {
        const auto& fact = entry.fact;
        const auto preferred = terms_.amount.currency();
        if (fact.kind == FactKind::captured)
            capture_.add(entry.at, fact.amount ? fact.amount : terms_.amount, preferred);
        if (is_refund(fact.kind)) {
            auto& refund = refunds_[fact.subject];
            refund.add(entry.at, fact.amount, preferred);
            if (!fact.refund.empty()) refund.refund = std::max(refund.refund, fact.refund);
        }
        if (fact.kind == FactKind::refund_failed)
            failures_[fact.subject].add(entry.at, {}, preferred);
        hear_dispute(entry);
    }

    std::vector<Movement> told() && {
        if (capture_.at)
            add(*capture_.at, MovementKind::taken, "", capture_.amount.value_or(terms_.amount));
        for (const auto& [id, refund] : refunds_) tell_refund(id, refund);
        for (auto& [id, dispute] : disputes_) tell_dispute(id, dispute);
        std::ranges::stable_sort(movements_, {}, &Movement::at);
        return std::move(movements_);
    }

private:
    void hear_dispute(const LedgerEntry& entry) {
        const auto& fact = entry.fact;
        if (const auto state = dispute_state_of(fact.kind)) {
            auto& dispute = disputes_[fact.subject];
            dispute.words.push_back({{fact.occurred_at, *state}, entry.at});
            const bool counts = fact.amount && fact.amount->currency() == terms_.amount.currency();
            if (counts && (!dispute.amount || dispute.amount->minor() < fact.amount->minor()))
                dispute.amount = fact.amount;
        }
        const bool withdrawn = fact.kind == FactKind::dispute_withdrawn;
        if (withdrawn || fact.kind == FactKind::dispute_reinstated)
            disputes_[fact.subject].movements.push_back({{fact.occurred_at, withdrawn}, entry.at});
    }

    void tell_refund(const std::string& id, const Heard& refund) {
        const auto nothing = Money::of(0, terms_.amount.currency()).value();
        const auto amount = refund.amount.value_or(nothing);
        add(*refund.at, MovementKind::given_back, id, amount, refund.refund);
        const auto failure = failures_.find(id);
        if (failure == failures_.end()) return;
        const auto back_at = std::max(*refund.at, *failure->second.at);
        add(back_at, MovementKind::came_back, id, amount, refund.refund);
    }

    // Each word by its own moment, whenever it was heard. No movement is earlier than the one
    // before it.
    void tell_dispute(const std::string& id, DisputeStory& dispute) {
        std::ranges::sort(dispute.words, {}, [](const DisputeStory::Said& said) {
            return std::pair{said.word, said.at};
        });
        std::ranges::sort(dispute.movements, {}, [](const DisputeStory::Moved& moved) {
            return std::pair{moved.movement, moved.at};
        });
        const auto amount = dispute.amount.value_or(capture_.amount.value_or(terms_.amount));
        bool is_gone = false;
        Time at = Time::min();
        const auto pass = [&](bool takes, Time when) {
            at = std::max(at, when);
            if (takes != is_gone)
                add(at, takes ? MovementKind::disputed : MovementKind::dispute_won, id, amount);
            is_gone = takes;
        };
        for (const auto& [word, when] : dispute.words) {
            if (word.state != DisputeState::prevented)
                pass(takes_money(word.state), when);
            else
                pass_prevented(dispute, when, pass);
        }
    }

    // Only what moved on our balance tells whether one that was settled early took the money.
    template <class Pass>
    static void pass_prevented(const DisputeStory& dispute, Time when, Pass pass) {
        std::optional<Time> withdrawn_at;
        for (const auto& [movement, at] : dispute.movements)
            if (movement.withdrawn) withdrawn_at = withdrawn_at ? std::min(*withdrawn_at, at) : at;
        if (!withdrawn_at) return pass(false, when);
        pass(true, std::max(when, *withdrawn_at));
        const auto& newest = dispute.movements.back();
        if (!newest.movement.withdrawn) pass(false, newest.at);
    }

    void add(
        Time at, MovementKind kind, const std::string& subject, Money amount,
        const std::string& refund = {}
    ) {
        movements_.push_back({at, kind, subject, refund, amount});
    }

    const Terms terms_;
    Heard capture_;
    std::map<std::string, Heard> refunds_, failures_;
    std::map<std::string, DisputeStory> disputes_;
    std::vector<Movement> movements_;
};

}  // namespace

std::string_view name(MovementKind kind) { return movement_names[static_cast<std::size_t>(kind)]; }

bool is_of_money(FactKind kind) {
    return kind == FactKind::captured || is_refund(kind) || kind == FactKind::refund_failed ||
           kind == FactKind::dispute_withdrawn || kind == FactKind::dispute_reinstated ||
           dispute_state_of(kind).has_value();
}

int sign_of(MovementKind kind) {
    return kind == MovementKind::given_back || kind == MovementKind::disputed ? -1 : 1;
}

std::vector<Movement> movements(const Transaction& transaction, std::size_t known) {
    const auto& all = transaction.entries;
    Collector collector{transaction};
    for (const auto& entry : std::span{all}.first(std::min(known, all.size())))
        collector.hear(entry);
    return std::move(collector).told();
}

}  // namespace payments
