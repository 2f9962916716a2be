#include <chrono>

#include "http/api/handlers.hpp"
#include "http/server/gzip.hpp"
#include "http/server/negotiation.hpp"
#include "http/server/random_id.hpp"

// listTicketIds: a list that only grows and is polled, so it is streamed and has an ETag.
namespace payments::http {
namespace {

using namespace std::chrono_literals;

constexpr int ids_per_page = 2000;   // some 15 KiB of JSON: one chunk of the answer
constexpr auto settled_after = 60s;  // longer than any commit takes

// {"ticket_ids":[...]}, a page of the store at a time, so that memory does not grow with the list.
class TicketIds final : public BodySource {
public:
    TicketIds(Store& store, std::vector<std::int64_t> first_page)
        : store_(store), page_(std::move(first_page)) {}

    Task<std::string> next_piece() override {
        if (ended_) co_return std::string{};
        auto text = written();
        // A page that is not full is the last. One that is exactly full is followed by an empty
        // one.
        ended_ = page_.size() < static_cast<std::size_t>(ids_per_page);
        if (ended_)
            text += "]}";
        else
            page_ = co_await store_.ticket_ids(page_.back(), ids_per_page);
        co_return text;
    }

private:
    std::string written() {
        std::string text{begun_ ? "" : R"({"ticket_ids":[)"};
        for (const auto id : page_) {
            if (begun_) text += ',';
            text += std::to_string(id);
            begun_ = true;
        }
        return text;
    }

    Store& store_;
    std::vector<std::int64_t> page_;
    bool begun_ = false;
    bool ended_ = false;
};

// The tag is the newest attempt: its number changes with every attempt, and its time tells
// databases apart whose numbers started again. Weak (RFC 9110, 8.8.1), because a ticket that was
// added while the list was read may be on it or not. Replicas may commit attempts in another order
// than that of their numbers, so tickets with a lower number may still appear: until the newest
// attempt is a minute old, longer than any commit takes, a random part makes every tag a new one.
std::string tag_of(const std::optional<NewestAttempt>& newest, Time now) {
    if (!newest) return R"(W/"none")";
    auto tag = "W/\"" + std::to_string(newest->id) + "-" +
               std::to_string(newest->created_at.time_since_epoch().count());
    if (now - newest->created_at < settled_after) tag += "-" + random_id(16);
    return tag + "\"";
}

}  // namespace

Task<Result<Response>> list_ticket_ids(ApiContext& context, RequestContext& request) {
    auto& store = context.flow.store;
    // Read before the list: a ticket added in between makes the list newer than its tag, which only
    // costs a client one more download. The other way round it would miss that ticket for good.
    const auto newest = co_await store.newest_attempt();
    const auto tag = tag_of(newest, context.flow.clock.now());
    Response response{200, "application/json", ""};
    response.headers = {
        {"ETag", tag},
        {"Vary", "Accept-Encoding"},
        {"Cache-Control", "no-cache"},
    };
    if (has_current(request.http, tag)) {
        response.status = 304;
        response.content_type.clear();
        co_return response;
    }
    // The first page is read before the answer begins, while a database that is down can still be
    // answered with a 503.
    auto first_page = co_await store.ticket_ids(0, ids_per_page);
    response.source = std::make_shared<TicketIds>(store, std::move(first_page));
    if (wants_gzip(request.http)) {
        response.source = gzipped(std::move(response.source));
        response.headers.emplace_back("Content-Encoding", "gzip");
    }
    co_return response;
}

}  // namespace payments::http
