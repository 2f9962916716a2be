#include "gateway/tickets.hpp"

#include <stdexcept>

#include "support/json.hpp"
#include "support/log.hpp"

namespace payments::gateway {
namespace {

using std::chrono::milliseconds;
using namespace std::chrono_literals;

// A fifth of a token's life (docs/design.md, 5.1), so that one in use always has time left. Signing
// one for each call took a third of the CPU time of a start.
constexpr auto tokens_kept_for = 1min;
constexpr std::size_t tokens_kept_max = 64;  // staff have a few sets of privileges

Error unavailable(int retry_after_s) {
    return Error{Errc::tickets_unavailable, "the tickets service is not available"}.retry_after(
        retry_after_s
    );
}

// Trouble of the service itself; a refusal (4xx) is an answer.
bool is_failure(const HttpsResponse& answer) {
    return answer.kind != HttpsResponse::Kind::answered || answer.status >= 500;
}

}  // namespace

TicketService::TicketService(
    HttpsClient& client, const Clock& clock, TicketsSettings settings, Mint mint
)
    : client_(client),
      clock_(clock),
      settings_(std::move(settings)),
      mint_(std::move(mint)),
      origin_(Origin::of(settings_.url, "tickets service URL")) {}

// Signing a token takes longer than the rest of a call, and those of equal privileges are equal.
const std::string& TicketService::token(const std::optional<Privileges>& on_behalf_of) {
    const auto now = clock_.now();
    const auto known = tokens_.find(on_behalf_of);
    if (known != tokens_.end()) {
        const auto age = now - known->second.minted_at;
        // Below 0 when the clock was set back: then it is signed anew.
        if (age >= 0ms && age < tokens_kept_for) return known->second.text;
        tokens_.erase(known);
    }
    // All at once: to know the oldest would cost more than signing a few again.
    if (tokens_.size() >= tokens_kept_max) tokens_.clear();
    KeptToken minted{mint_(on_behalf_of ? &*on_behalf_of : nullptr), now};
    return tokens_.emplace(on_behalf_of, std::move(minted)).first->second.text;
}

// After too many failures in a row nobody waits for a service that is down: calls fail at once
// for a while, then a single one finds out whether it is back.
bool TicketService::may_call() {
    if (failures_ < settings_.failures_max) return true;
    if (probing_ || clock_.steady() < rests_until_) return false;
    probing_ = true;
    return true;
}

void TicketService::note(bool worked) {
    probing_ = false;
    failures_ = worked ? 0 : failures_ + 1;
    if (failures_ >= settings_.failures_max) rests_until_ = clock_.steady() + settings_.rest;
}

// A call that ends in an exception has failed as well: without this, a probe that threw would be
// waited for for ever, and no ticket could be read until the process is started again.
class TicketService::Outcome {
public:
    explicit Outcome(TicketService& service) : service_(service) {}
    ~Outcome() { service_.note(worked); }
    Outcome(const Outcome&) = delete;
    Outcome& operator=(const Outcome&) = delete;
    bool worked = false;

private:
    TicketService& service_;
};

Task<HttpsResponse> TicketService::call(HttpsRequest request) {
    const auto begin = std::chrono::steady_clock::now();
    auto answer = co_await client_.send(origin_, request, settings_.timeout);
    const auto spent =
        std::chrono::duration_cast<milliseconds>(std::chrono::steady_clock::now() - begin);
    // Reading a ticket changes nothing, so a connection that broke is worth one more try.
    if (answer.kind != HttpsResponse::Kind::answered && spent < settings_.timeout)
        answer = co_await client_.send(origin_, std::move(request), settings_.timeout - spent);
    co_return answer;
}

Task<Result<Ticket>> TicketService::get(
    std::int64_t ticket_id, std::optional<Privileges> on_behalf_of, std::string traceparent
) {
    if (!may_call()) co_return unavailable(static_cast<int>(settings_.rest.count() / 1000));
    Outcome outcome{*this};

    Headers headers;
    headers.emplace_back("Content-Type", "application/json");
    headers.emplace_back("Accept", "application/json");
    headers.emplace_back("Authorization", "Bearer " + token(on_behalf_of));
    if (!traceparent.empty()) headers.emplace_back("traceparent", traceparent);
    auto body = json::write(json::object{{"ticket_id", ticket_id}});
    HttpsRequest request{"POST", "/tickets/get", std::move(headers), std::move(body)};
    request.repeatable = true;
    request.provider = "tickets";
    request.operation = "get";

    const auto answer = co_await call(std::move(request));
    outcome.worked = !is_failure(answer);
    if (answer.kind == HttpsResponse::Kind::unreachable) co_return unavailable(1);
    if (answer.kind == HttpsResponse::Kind::unanswered)
        co_return Error{Errc::tickets_timeout, "the tickets service did not answer"}.retry_after(1);
    if (answer.status == 200) co_return read_ticket(ticket_id, answer.body);
    if (answer.status == 404)
        co_return Error{Errc::unknown_ticket, "there is no ticket " + std::to_string(ticket_id)};
    if (answer.status == 403)
        co_return Error{Errc::ticket_out_of_scope, "the ticket is outside your scope"};
    // Anything else means our own token or request: the caller cannot mend it, so it is told no
    // more than that tickets cannot be had.
    log::warning("the tickets service refused a call", "status", std::int64_t{answer.status});
    co_return unavailable(1);
}

}  // namespace payments::gateway
