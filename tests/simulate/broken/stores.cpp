#include <algorithm>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/this_coro.hpp>

#include "simulate/broken/variants.hpp"
#include "simulate/forwarding.hpp"
#include "storage/sqlite/books.hpp"
#include "storage/sqlite/queries.hpp"

namespace payments::simulate {
namespace {

namespace asio = boost::asio;

class BrokenStore : public ForwardingStore {
public:
    explicit BrokenStore(StoreToBreak real)
        : ForwardingStore(real.store), behind_(real.behind), process_began_(real.process_began) {}

protected:
    sqlite::Database& behind_;
    const Time process_began_;
};

template <class Broken>
Variant with_store(std::string name, std::string what) {
    Variant variant;
    variant.name = std::move(name);
    variant.what = std::move(what);
    variant.store = [](StoreToBreak real) { return std::make_unique<Broken>(real); };
    return variant;
}

// --------------------------------------------------------------------------------- opening

struct CallsBeforeCommit : BrokenStore {
    using BrokenStore::BrokenStore;

    static Task<void> open_later(Store& store, NewAttempt attempt) {
        try {
            co_await store.open(std::move(attempt));
        } catch (const StoreDown&) {
            co_return;
        }
    }

    Task<Opened> open(NewAttempt attempt) override {
        const auto& fee_type = attempt.code.fee_type;
        sqlite::SqliteBooks books{behind_};
        const auto others = books.attempts_of_fee(attempt.ticket_id, fee_type, 0);
        if (std::ranges::any_of(others, [](const auto& one) { return one.holds_fee || one.live; }))
            co_return co_await store_.open(std::move(attempt));
        auto rows = behind_.query("SELECT coalesce(max(id), 0) + 1 FROM transactions");
        rows.next();
        Opened opened{
            Transaction{
                .id = rows.integer(0),
                .ticket_id = attempt.ticket_id,
                .code = attempt.code,
                .amount = attempt.amount,
                .account = attempt.account,
                .email = attempt.email,
                .metas = attempt.metas,
                .created_at = attempt.now,
                .expires_at = attempt.expires_at,
            },
            true};
        asio::co_spawn(
            co_await asio::this_coro::executor, open_later(store_, std::move(attempt)),
            asio::detached
        );
        co_return opened;
    }
};

struct GuardsNothing : BrokenStore {
    using BrokenStore::BrokenStore;
    Task<Opened> open(NewAttempt attempt) override {
        behind_.change("UPDATE transactions SET live = 0, holds_fee = 0");
        co_return co_await store_.open(std::move(attempt));
    }
};

struct ForgetsUnknown : BrokenStore {
    using BrokenStore::BrokenStore;
    Task<Opened> open(NewAttempt attempt) override {
        behind_.change("UPDATE transactions SET live = 0 WHERE status = 'unknown'");
        co_return co_await store_.open(std::move(attempt));
    }
};

// ------------------------------------------------------------------------------- recording

struct LastWordWins : BrokenStore {
    using BrokenStore::BrokenStore;
    Task<Recorded> record(Heard heard) override {
        auto recorded = co_await store_.record(std::move(heard));
        if (!recorded.transaction || recorded.transaction->entries.empty()) co_return recorded;
        const auto last = recorded.transaction->entries.back().fact.kind;
        if (last == FactKind::failed || last == FactKind::cancelled || last == FactKind::expired) {
            behind_.change(
                "UPDATE transactions SET status = 'failed', holds_fee = 0 WHERE id = ?1",
                recorded.transaction->id
            );
            recorded.transaction->status = Status::failed;
        }
        co_return recorded;
    }
};

// Records it while all other payments are out of sight.
struct SeesNoOtherPayment : BrokenStore {
    using BrokenStore::BrokenStore;

    Task<Recorded> record_alone(Heard heard) {
        const auto id = heard.subject.transaction_id.value_or(0);
        behind_.change(
            "UPDATE transactions SET fee_type = 'HIDDEN-' || id WHERE id <> ?1"
            " AND paid_at IS NOT NULL",
            id
        );
        auto recorded = co_await store_.record(std::move(heard));
        behind_.change("UPDATE transactions SET fee_type = 'FULL-FEE' WHERE fee_type LIKE 'HID%'");
        co_return recorded;
    }
    static bool has(const Heard& heard, FactKind kind) {
        return std::ranges::find(heard.facts, kind, &Fact::kind) != heard.facts.end();
    }
};

struct FlagsNoDuplicates : SeesNoOtherPayment {
    using SeesNoOtherPayment::SeesNoOtherPayment;
    Task<Recorded> record(Heard heard) override { return record_alone(std::move(heard)); }
};

struct KeepsTheFlag : SeesNoOtherPayment {
    using SeesNoOtherPayment::SeesNoOtherPayment;
    Task<Recorded> record(Heard heard) override {
        const bool may_lose_money =
            has(heard, FactKind::refunded) && !has(heard, FactKind::refund_failed);
        return may_lose_money ? record_alone(std::move(heard)) : store_.record(std::move(heard));
    }
};

struct HoldsFeeByWord : BrokenStore {
    using BrokenStore::BrokenStore;
    Task<Recorded> record(Heard heard) override {
        auto recorded = co_await store_.record(std::move(heard));
        behind_.change(
            "UPDATE transactions SET holds_fee = 1 WHERE status = 'refunded' AND NOT EXISTS"
            " (SELECT 1 FROM transactions o WHERE o.ticket_id = transactions.ticket_id"
            " AND o.fee_type = transactions.fee_type AND o.holds_fee = 1)"
        );
        co_return recorded;
    }
};

struct TellsOthersLater : BrokenStore {
    using BrokenStore::BrokenStore;
    Task<Recorded> record(Heard heard) override {
        auto recorded = co_await store_.record(std::move(heard));
        if (!recorded.transaction || recorded.transaction->status == recorded.before)
            co_return recorded;
        behind_.execute("DROP TABLE IF EXISTS temp.untold");
        behind_.execute("CREATE TEMP TABLE untold AS SELECT * FROM outbox");
        behind_.change(
            "DELETE FROM temp.untold WHERE id < (SELECT max(id) FROM outbox WHERE"
            " transaction_id = ?1) OR transaction_id <> ?1",
            recorded.transaction->id
        );
        behind_.execute("DELETE FROM outbox WHERE id IN (SELECT id FROM temp.untold)");
        co_await store_.forget_keys(Time{});  // another commit
        behind_.execute(
            "INSERT INTO outbox SELECT * FROM temp.untold WHERE id NOT IN (SELECT id FROM outbox)"
        );
        co_return recorded;
    }
};

// ----------------------------------------------------------------------- refunds, reconciling

struct ReservesNothing : BrokenStore {
    using BrokenStore::BrokenStore;
    Task<Result<ReservedRefund>> reserve_refund(NewRefund refund) override {
        auto known = sqlite::transaction(behind_, refund.transaction_id);
        if (!known) co_return Error{Errc::unknown_transaction, "no such transaction"};
        const auto request = request_refund(*known, refund.details);
        if (!request) co_return request.error();
        co_return ReservedRefund{std::move(*known), {request->refund, *request->amount}, true};
    }
};

struct ClaimsForGood : BrokenStore {
    using BrokenStore::BrokenStore;
    Task<Recorded> record(Heard heard) override {
        const bool is_claimed = heard.claimed_for.has_value();
        auto recorded = co_await store_.record(std::move(heard));
        if (is_claimed && recorded.transaction)
            behind_.change(
                "UPDATE transactions SET check_at = NULL WHERE id = ?1", recorded.transaction->id
            );
        co_return recorded;
    }
};

struct HidesTheOpen : BrokenStore {
    using BrokenStore::BrokenStore;
    Task<Recorded> record(Heard heard) override {
        std::erase_if(heard.facts, [](const Fact& fact) {
            return fact.kind == FactKind::still_payable;
        });
        co_return co_await store_.record(std::move(heard));
    }
};

// What a person has ended is over, whatever its provider may say.
struct StaffHasTheLastWord : BrokenStore {
    using BrokenStore::BrokenStore;
    Task<Recorded> record(Heard heard) override {
        auto recorded = co_await store_.record(std::move(heard));
        if (recorded.transaction && facts_of(*recorded.transaction).is_closed)
            behind_.change(
                "UPDATE transactions SET check_at = NULL WHERE id = ?1", recorded.transaction->id
            );
        co_return recorded;
    }
};

struct ListsWhatIsOver : BrokenStore {
    using BrokenStore::BrokenStore;
    Task<Recorded> record(Heard heard) override {
        auto recorded = co_await store_.record(std::move(heard));
        behind_.change("UPDATE transactions SET watched = 0 WHERE status IN ('created', 'pending')"
        );
        co_return recorded;
    }
};

struct ForgetsAtRestart : BrokenStore {
    using BrokenStore::BrokenStore;
    Task<std::vector<Transaction>> claim_due(DueClaim claim) override {
        auto due = co_await store_.claim_due(std::move(claim));
        std::erase_if(due, [&](const Transaction& attempt) {
            return attempt.created_at < process_began_;
        });
        co_return due;
    }
};

// Whoever was slow hears of its start as if the attempt had waited for it.
struct ForgetsTheEnd : BrokenStore {
    using BrokenStore::BrokenStore;
    Task<Recorded> record(Heard heard) override {
        const bool is_start =
            heard.source == Source::service &&
            std::ranges::find(heard.facts, FactKind::accepted, &Fact::kind) != heard.facts.end();
        auto recorded = co_await store_.record(std::move(heard));
        if (is_start && recorded.transaction && has_ended_unpaid(recorded.transaction->status))
            recorded.transaction->status = Status::pending;
        co_return recorded;
    }
};

}  // namespace

std::vector<Variant> broken_stores() {
    return {
        with_store<CallsBeforeCommit>(
            "commit after the call", "the provider is called before the intent is on disk"
        ),
        with_store<GuardsNothing>("no unique key", "any number of attempts may be alive"),
        with_store<ForgetsUnknown>(
            "unknown does not block", "a start without an answer is no hindrance to the next"
        ),
        with_store<ForgetsTheEnd>(
            "hands out what is over", "a start that was given up is answered when it comes at last"
        ),
        with_store<LastWordWins>("the last word wins", "a late failure outranks a capture"),
        with_store<FlagsNoDuplicates>(
            "duplicates are not flagged", "the second capture of a fee is paid like the first"
        ),
        with_store<KeepsTheFlag>(
            "the flag outlives its cause", "a duplicate stays one when the payment was given back"
        ),
        with_store<HoldsFeeByWord>(
            "a word holds the fee", "what was paid and given back is never offered again"
        ),
        with_store<TellsOthersLater>(
            "outbox outside the commit", "the outgoing event is written in a commit of its own"
        ),
        with_store<ReservesNothing>(
            "refund without reservation", "the provider is called and nothing is held back"
        ),
        with_store<ClaimsForGood>(
            "claims for good", "a check that is to be made at once is not planned besides"
        ),
        with_store<HidesTheOpen>(
            "open there and unseen",
            "nobody is told of what is over here and can still be paid at its provider"
        ),
        with_store<StaffHasTheLastWord>(
            "staff has the last word", "nobody asks about what a person has ended"
        ),
        with_store<ListsWhatIsOver>("hangs unseen", "what never comes to an end is on no list"),
        with_store<ForgetsAtRestart>(
            "forgets at a restart", "only attempts of this process are looked after"
        ),
    };
}

}  // namespace payments::simulate
