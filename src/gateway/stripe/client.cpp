#include "gateway/stripe/client.hpp"

#include <algorithm>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>

#include "gateway/refund_outcomes.hpp"
#include "gateway/stripe/events.hpp"
#include "gateway/stripe/refunds.hpp"
#include "gateway/stripe/requests.hpp"
#include "gateway/stripe/units.hpp"
#include "support/crypto.hpp"
#include "support/log.hpp"

namespace payments::gateway {
namespace {

namespace asio = boost::asio;
using Steady = std::chrono::steady_clock;
using std::chrono::milliseconds;

// Side by side, so that one silence does not hold up the others; few, because Stripe counts
// requests (docs/providers/stripe.md, 3.4).
constexpr std::size_t asked_together = 8;
// Stripe keeps an idempotency key for at least 24 hours; it is used for an hour less, since the
// clocks differ and a call takes its time.
constexpr std::chrono::hours key_lifetime{23};
// A refund requested longer ago than this was sent before, by a process that has died.
constexpr std::chrono::seconds first_try{10};
// Of 100 refunds each, more than a payment has: no list may hold a check for ever.
constexpr int refund_pages_max = 100;
// Events have some kilobytes each; a page of more than we read is asked for in parts.
constexpr int events_on_page[] = {50, 10, 1};

// Only where nothing was sent can no PaymentIntent exist; every other silence leaves it open.
StartResult without_answer(const HttpsResponse& answer) {
    const bool nothing_sent = answer.kind == HttpsResponse::Kind::unreachable;
    StartResult started;
    started.outcome = nothing_sent ? Outcome::unreachable : Outcome::unanswered;
    started.reason = nothing_sent ? "Stripe could not be reached"
                                  : "Stripe did not answer; the payment is being checked";
    Fact fact;
    fact.kind = nothing_sent ? FactKind::failed : FactKind::unanswered;
    if (nothing_sent) fact.subject = "unreachable";
    fact.detail = answer.why;
    started.facts.push_back(std::move(fact));
    return started;
}

StartResult not_chargeable(const Error& error) {
    StartResult started;
    started.outcome = Outcome::refused;
    started.reason = "Stripe cannot charge this amount";
    Fact fact;
    fact.kind = FactKind::failed;
    fact.subject = "amount";
    fact.detail = error.detail;
    started.facts.push_back(std::move(fact));
    return started;
}

// A charge's sum of refunds no longer holds one that came back, so once there were any they are
// listed.
bool knows_refunds(const Transaction& attempt) {
    return std::ranges::any_of(attempt.entries, [](const LedgerEntry& entry) {
        return is_refund(entry.fact.kind) || entry.fact.kind == FactKind::refund_requested;
    });
}

Time asked_at(const Transaction& attempt, const Refund& refund, Time otherwise) {
    for (const auto& entry : attempt.entries)
        if (entry.fact.kind == FactKind::refund_requested && entry.fact.refund == refund.reference)
            return entry.at;
    return otherwise;
}

bool went_unanswered(const Transaction& attempt, const Refund& refund) {
    return std::ranges::any_of(attempt.entries, [&](const LedgerEntry& entry) {
        return entry.fact.kind == FactKind::refund_unanswered &&
               entry.fact.refund == refund.reference;
    });
}

QueryResult silence_about(const Transaction& attempt) {
    QueryResult said;
    said.transaction_id = attempt.id;
    return said;
}

}  // namespace

// Attempts asked about side by side: each worker takes the next until none is left.
struct Stripe::QueryBatch {
    QueryBatch(std::vector<Transaction> a, Steady::time_point until_, asio::any_io_executor loop)
        : attempts(std::move(a)), until(until_), done(loop, Steady::time_point::max()) {
        for (const auto& attempt : attempts) results.push_back(silence_about(attempt));
    }

    std::vector<Transaction> attempts;
    std::vector<QueryResult> results;
    // Then no further one is asked about: when Stripe is silent, or slow, the others are left for a
    // later batch, so that a batch ends while it is its claimer's (Store::claim_due).
    const Steady::time_point until;
    std::size_t next = 0;
    std::size_t workers = 0;
    std::exception_ptr failure;
    asio::steady_timer done;
};

struct Stripe::Refunds {
    std::vector<Fact> facts;
    bool complete = false;
};

Stripe::Stripe(HttpsClient& client, const Clock& clock, StripeSettings settings)
    : clock_(clock),
      settings_(std::move(settings)),
      account_(stripe::account_of_key(settings_.secret_key)),
      api_(client, settings_.url, settings_.secret_key, settings_.timeout) {}

std::string Stripe::account(Currency) const { return account_; }

std::string Stripe::objection_to(Money amount) const { return stripe::objection_to(amount); }

Task<HttpsResponse> Stripe::create(Transaction attempt, std::string body) {
    StripeApi::Request what{
        "POST", "/v1/payment_intents", std::move(body), stripe::creation_key(attempt), "create"};
    co_return co_await api_.call(std::move(what));
}

Task<StartResult> Stripe::start(Transaction attempt, Payer) {
    auto body = stripe::create_body(attempt);
    if (!body) co_return not_chargeable(body.error());
    const auto answer = co_await create(attempt, std::move(*body));
    if (!is_answered(answer)) co_return without_answer(answer);
    auto started = stripe::read_created(attempt, answer_of(answer));
    if (started.outcome != Outcome::accepted)
        log::warning(
            "Stripe did not accept a payment", "transaction", attempt.reference(), "status",
            std::int64_t{answer.status}, "request_id", answer.header("request-id")
        );
    co_return started;
}

Task<QueryResult> Stripe::read_by_id(Transaction attempt, std::string id) {
    const auto heard =
        co_await api_.get("/v1/payment_intents/" + escaped(id) + "?expand[]=latest_charge", "read");
    if (!is_answered(heard)) co_return silence_about(attempt);
    const auto answer = answer_of(heard);
    auto said = stripe::read_intent(attempt, answer);
    const bool has_refunds = stripe::has_refunds(answer) || knows_refunds(attempt);
    if (!said.answered || !has_refunds) co_return said;

    attempt.provider_id = std::move(id);
    auto refunds = co_await refunds_of(std::move(attempt));
    std::ranges::move(refunds.facts, std::back_inserter(said.facts));
    // With half a list, an attempt that is over would never be asked about again: the missing
    // refunds would stay unknown. So it counts as no answer.
    said.answered = refunds.complete;
    co_return said;
}

Task<QueryResult> Stripe::find(Transaction attempt) {
    auto said = silence_about(attempt);
    // What is over here must not be begun there by asking about it.
    if (is_live(attempt.status) && clock_.now() - attempt.created_at < key_lifetime) {
        // Made by the first try, or made now: either way the key makes it one and the same.
        auto body = stripe::create_body(attempt);
        if (!body) co_return said;
        const auto heard = co_await create(attempt, std::move(*body));
        if (!is_answered(heard)) co_return said;
        auto started = stripe::read_created(attempt, answer_of(heard), true);
        if (started.outcome == Outcome::refused) {
            said.answered = true;
            said.facts = std::move(started.facts);
            co_return said;
        }
        // A repeated creation answers with the object as it was when it was new.
        if (started.outcome == Outcome::accepted)
            co_return co_await read_by_id(attempt, stripe::intent_id(answer_of(heard)));
    }
    co_return co_await search(std::move(attempt));
}

Task<QueryResult> Stripe::search(Transaction attempt) {
    auto said = silence_about(attempt);
    const auto heard =
        co_await api_.get("/v1/payment_intents/search?" + stripe::find_query(attempt), "search");
    if (!is_answered(heard)) co_return said;
    // Search is late, by a minute as a rule and an hour in trouble (docs/providers/stripe.md, 2.4),
    // so it is asked last. Nothing found is a reason to close the attempt only after its deadline.
    const auto found = stripe::read_found(attempt, answer_of(heard));
    said.answered = said.is_unknown = found && found->empty();
    if (!found || found->empty()) co_return said;
    co_return co_await read_by_id(std::move(attempt), *found);
}

Task<QueryResult> Stripe::ask_one(Transaction attempt) {
    // A key of the other mode sees none of its objects, and a 404 would look like an answer.
    if (attempt.account != account_) co_return silence_about(attempt);
    if (attempt.provider_id.empty()) co_return co_await find(std::move(attempt));
    auto id = attempt.provider_id;
    co_return co_await read_by_id(std::move(attempt), std::move(id));
}

Task<void> Stripe::work(Stripe* self, std::shared_ptr<QueryBatch> batch) {
    while (batch->next < batch->attempts.size() && Steady::now() < batch->until) {
        const auto i = batch->next++;
        batch->results[i] = co_await self->ask_one(batch->attempts[i]);
    }
}

Task<std::vector<QueryResult>> Stripe::query(std::vector<Transaction> attempts) {
    const auto loop = co_await asio::this_coro::executor;
    const auto until = Steady::now() + settings_.timeout;
    const auto batch = std::make_shared<QueryBatch>(std::move(attempts), until, loop);
    batch->workers = std::min(batch->attempts.size(), asked_together);
    for (std::size_t i = 0; i < batch->workers; ++i)
        asio::co_spawn(loop, work(this, batch), [batch](std::exception_ptr thrown) {
            if (thrown) batch->failure = thrown;
            if (--batch->workers == 0) batch->done.cancel();
        });

    boost::system::error_code ignored;
    while (batch->workers > 0)
        co_await batch->done.async_wait(asio::redirect_error(asio::use_awaitable, ignored));
    if (batch->failure) std::rethrow_exception(batch->failure);
    co_return batch->results;
}

Task<QueryResult> Stripe::cancel(Transaction attempt) {
    if (attempt.account != account_) co_return silence_about(attempt);
    auto id = attempt.provider_id;
    if (id.empty()) {
        // The creation went unanswered. While its key lives, find() has it found or made now, so
        // that it can be closed and nobody pays it later.
        auto found = co_await find(attempt);
        for (const auto& fact : found.facts)
            if (id.empty()) id = fact.provider_id;
        if (id.empty() || !found.is_cancellable) co_return found;
    }
    // A key of its own: a refusal stored under an old one would be repeated for a day.
    StripeApi::Request what{
        "POST", "/v1/payment_intents/" + escaped(id) + "/cancel", stripe::cancel_body(),
        "pi-cancel-" + crypto::random_hex(16), "cancel"};
    const auto heard = co_await api_.call(std::move(what));
    if (!is_answered(heard)) co_return silence_about(attempt);
    const auto answer = answer_of(heard);
    // Too late, perhaps because it was paid just now: its own state tells
    // (docs/providers/stripe.md, 3.3).
    if (stripe::is_unexpected_state(answer)) co_return co_await read_by_id(attempt, id);
    co_return stripe::read_intent(attempt, answer);
}

Task<Stripe::Refunds> Stripe::refunds_of(Transaction attempt) {
    Refunds all;
    std::string after;
    for (int pages = 0; pages < refund_pages_max; ++pages) {
        const auto query = stripe::refunds_query(attempt.provider_id, after);
        const auto heard = co_await api_.get("/v1/refunds?" + query, "refunds");
        auto page =
            is_answered(heard) ? stripe::read_refunds(attempt, answer_of(heard)) : std::nullopt;
        if (!page) break;
        std::ranges::move(page->facts, std::back_inserter(all.facts));
        all.complete = !page->has_more;
        if (all.complete) break;
        after = page->last_id;
    }
    co_return all;
}

Task<RefundResult> Stripe::send_refund(Transaction attempt, Refund refund, bool sent_before) {
    auto body = stripe::refund_body(attempt, refund);
    if (!body)
        co_return refused_refund(
            Outcome::refused, refund, "Stripe cannot give this amount back", body.error().detail
        );
    StripeApi::Request what{
        "POST", "/v1/refunds", std::move(*body), stripe::refund_key(attempt, refund), "refund"};
    const auto heard = co_await api_.call(std::move(what));
    // When it was sent before, no connection now says nothing of what became of it then.
    if (heard.kind == HttpsResponse::Kind::unreachable && !sent_before)
        co_return refused_refund(
            Outcome::unreachable, refund, "Stripe could not be reached",
            "Stripe was not asked: " + heard.why
        );
    if (!is_answered(heard))
        co_return unconfirmed_refund(Outcome::unanswered, refund, "Stripe", heard.why);
    auto refunded = stripe::read_refund(attempt, refund, answer_of(heard), sent_before);
    if (refunded.outcome != Outcome::accepted)
        log::warning(
            "Stripe did not make a refund", "refund", refund.reference, "why",
            refunded.facts.back().detail, "request_id", heard.header("request-id")
        );
    co_return refunded;
}

Task<RefundResult> Stripe::find_refund(Transaction attempt, Refund refund, bool can_still_be_made) {
    auto listed = co_await refunds_of(std::move(attempt));
    std::erase_if(listed.facts, [&](const Fact& fact) { return fact.refund != refund.reference; });
    if (!listed.facts.empty()) {
        RefundResult found;
        found.outcome = Outcome::accepted;
        found.facts = std::move(listed.facts);
        co_return found;
    }
    if (!listed.complete || can_still_be_made)
        co_return unconfirmed_refund(
            Outcome::unanswered, refund, "Stripe", "it is not on Stripe's list"
        );
    co_return refused_refund(
        Outcome::refused, refund, "Stripe did not make the refund",
        "Stripe knows of no such refund: it was not made"
    );
}

Task<RefundResult> Stripe::refund(Transaction attempt, Refund refund) {
    const auto age = clock_.now() - asked_at(attempt, refund, clock_.now());
    const bool sent_before = went_unanswered(attempt, refund) || age > first_try;
    const bool has_key = age < key_lifetime;
    if (attempt.account != account_ || attempt.provider_id.empty()) {
        const std::string why = "our key is of another account than the payment";
        if (sent_before) co_return unconfirmed_refund(Outcome::unanswered, refund, "Stripe", why);
        co_return refused_refund(Outcome::refused, refund, why, why + ": Stripe was not asked");
    }
    if (has_key) {
        auto refunded = co_await send_refund(attempt, refund, sent_before);
        const bool is_settled =
            refunded.outcome == Outcome::accepted || refunded.outcome == Outcome::refused;
        // Stripe may have stored an error under the key: then every repetition hears just that.
        if (is_settled || !sent_before) co_return refunded;
    }
    co_return co_await find_refund(std::move(attempt), std::move(refund), has_key);
}

Task<ProviderEventPage> Stripe::list(ProviderEventQuery query, std::string after) {
    for (const int limit : events_on_page) {
        const auto query_text = stripe::events_query(query, after, limit);
        const auto heard = co_await api_.get("/v1/events?" + query_text, "events");
        if (is_answered(heard))
            co_return stripe::read_events(answer_of(heard), account_, clock_.now());
        if (!heard.is_too_large) break;
    }
    co_return ProviderEventPage{};
}

Result<Notification> Stripe::read(std::string_view signature, std::string_view body, Time now)
    const {
    return stripe::read_event(signature, body, settings_.webhook_secrets, account_, now);
}

Result<Notification> Stripe::read_kept_without_verifying(const UnmatchedMessage& kept, Time now)
    const {
    return stripe::read_kept_event(kept, account_, now);
}

}  // namespace payments::gateway
