#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <numeric>

#include "fixtures/facts.hpp"
#include "payment/refunds.hpp"

namespace payments {
namespace {

using namespace testing_support;

constexpr std::int64_t captured_minor = 22'000;

// A payment, the provider that holds its money, and a line between them that loses and repeats.
// The provider does what it is asked at any moment until 15 minutes have passed, or never.
class Till {
public:
    Till() {
        Fact captured;
        captured.kind = FactKind::captured;
        captured.amount = eur(captured_minor);
        hear(captured);
    }

    void ask(std::int64_t minor) {
        const auto asked = request_refund(paid_, {eur(minor), "", ""});
        if (!asked) return;
        hear(*asked);
        on_the_way_.push_back({asked->refund, minor});
    }

    enum class Answer { heard, lost, lost_unnoticed };
    void make(std::size_t which, Answer answer) {
        if (on_the_way_.empty()) return;
        const auto asked = take(which);
        made_.push_back({"re_" + std::to_string(made_.size() + 1), asked.name, asked.minor});
        if (answer == Answer::heard) hear(made_.back().fact(made_.back().name));
        if (answer == Answer::lost) hear(about(FactKind::refund_unanswered, asked.name));
    }
    void refuse(std::size_t which) {
        if (!on_the_way_.empty()) hear(about(FactKind::refund_refused, take(which).name));
    }
    // Our call ended without an answer; the provider may still do it.
    void hang_up(std::size_t which) {
        if (on_the_way_.empty()) return;
        hear(about(FactKind::refund_unanswered, on_the_way_[which % on_the_way_.size()].name));
    }
    void bounce(std::size_t which) {
        if (made_.empty()) return;
        auto& refund = made_[which % made_.size()];
        refund.came_back = true;
        hear(refund.failure());
    }
    void deliver_answer_late(std::size_t which) {
        if (made_.empty()) return;
        const auto& refund = made_[which % made_.size()];
        hear(refund.fact(refund.name));
    }
    void read_list() {
        for (const auto& refund : made_) {
            hear(refund.fact(""));
            if (refund.came_back) hear(refund.failure());
        }
        for (auto& fact : match_listed_refunds(paid_, now_)) hear(std::move(fact));
    }
    void wait() {
        now_ += 16min;
        on_the_way_.clear();  // never done
    }
    void repeat(std::size_t which) { hear(paid_.entries[which % paid_.entries.size()].fact); }

    std::int64_t given_minor() const {
        return std::accumulate(made_.begin(), made_.end(), std::int64_t{0}, [](auto sum, auto& r) {
            return r.came_back ? sum : sum + r.minor;
        });
    }
    std::int64_t may_be_given_minor() const {
        return std::accumulate(
            on_the_way_.begin(), on_the_way_.end(), given_minor(),
            [](auto sum, auto& asked) { return sum + asked.minor; }
        );
    }
    const Transaction& paid() const { return paid_; }

private:
    struct Asked {
        std::string name;
        std::int64_t minor;
    };
    struct Made {
        std::string id, name;
        std::int64_t minor;
        bool came_back = false;

        Fact fact(const std::string& our_name) const {
            auto fact = about(FactKind::refunded, our_name);
            fact.subject = id;
            fact.amount = eur(minor);
            return fact;
        }
        Fact failure() const {
            auto fact = about(FactKind::refund_failed, "");
            fact.subject = id;
            return fact;
        }
    };

    static Fact about(FactKind kind, const std::string& name) {
        Fact fact;
        fact.kind = kind;
        fact.refund = name;
        return fact;
    }
    // As the store does: once under its identity.
    void hear(Fact fact) {
        for (const auto& event : paid_.entries)
            if (event.fact.identity() == fact.identity()) return;
        paid_.entries.push_back({now_, Source::query, std::move(fact)});
    }
    Asked take(std::size_t which) {
        const auto at = on_the_way_.begin() + static_cast<long>(which % on_the_way_.size());
        const auto asked = *at;
        on_the_way_.erase(at);
        return asked;
    }

    Time now_{std::chrono::sys_days{std::chrono::March / 2 / 2026}};
    Transaction paid_{
        .id = 42,
        .ticket_id = 7,
        .code = Code::parse("FULL-FEE-EUR-SIMPLE").value(),
        .amount = eur(captured_minor),
        .account = "M",
        .email = "",
        .metas = "{}",
        .created_at = now_,
        .expires_at = now_ + 30min};
    std::vector<Asked> on_the_way_;
    std::vector<Made> made_;
};

void any_step(Till& till) {
    const auto which = *rc::gen::inRange<std::size_t>(0, 8);
    switch (*rc::gen::inRange(0, 12)) {
        case 0:
        case 1:
        case 2:
            return till.ask(*rc::gen::element(5'000, 5'000, 11'000, 17'000));
        case 3:
            return till.make(which, Till::Answer::heard);
        case 4:
            return till.make(which, Till::Answer::lost);
        case 5:
            return till.make(which, Till::Answer::lost_unnoticed);
        case 6:
            return till.refuse(which);
        case 7:
            return till.hang_up(which);
        case 8:
            return till.bounce(which);
        case 9:
            return till.deliver_answer_late(which);
        case 10:
            return till.read_list();
        default:
            return *rc::gen::arbitrary<bool>() ? till.wait() : till.repeat(which);
    }
}

RC_GTEST_PROP(RefundsProperty, no_order_of_events_gives_back_more_than_was_captured, ()) {
    Till till;
    const auto steps = *rc::gen::inRange(0, 30);
    for (int i = 0; i < steps; ++i) {
        any_step(till);
        RC_ASSERT(till.may_be_given_minor() <= captured_minor);
    }
}

RC_GTEST_PROP(RefundsProperty, once_the_provider_has_told_all_the_books_say_what_was_given, ()) {
    Till till;
    const auto steps = *rc::gen::inRange(0, 30);
    for (int i = 0; i < steps; ++i) any_step(till);
    till.wait();
    till.read_list();
    const auto facts = facts_of(till.paid());
    RC_ASSERT(refunded_minor(facts) == till.given_minor());
    RC_ASSERT(reserved_minor(facts) == 0);
    RC_ASSERT(refundable_minor(facts) == captured_minor - till.given_minor());
}

}  // namespace
}  // namespace payments
