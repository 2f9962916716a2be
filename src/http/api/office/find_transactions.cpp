#include "flow/office/act.hpp"
#include "http/api/api_resources.hpp"
#include "http/api/handlers.hpp"
#include "http/api/office/requests.hpp"
#include "http/api/office/wire.hpp"
#include "support/crypto.hpp"

// findTransactions: the payments that a person looks for (docs/finding.md, 2).
namespace payments::http {
namespace {

// The same search of a person is on record once an hour, however many pages of it are read.
std::string search_key(const std::string& who, const std::string& email, Time now) {
    const auto hour = std::chrono::floor<std::chrono::hours>(now).time_since_epoch().count();
    return crypto::hex(crypto::sha256(who + "\n" + email + "\n" + std::to_string(hour)));
}

}  // namespace

Task<Result<Response>> find_transactions(ApiContext& context, RequestContext& request) {
    auto query = read_find(request.body, context.resources.zone);
    if (!query) co_return query.error();
    json::array read_as;
    if (query->text)
        for (const auto word : query->text->read_as()) read_as.push_back(json::value(word));
    const bool means_nothing = query->text && read_as.empty();
    json::array list;
    json::value next(nullptr);
    if (!means_nothing) {
        if (query->text && !query->text->email.empty()) {
            auto email = query->text->email;
            auto by = request.actor();
            auto key = search_key(by.sub, email, context.flow.clock.now());
            co_await record_email_search(
                context.flow, std::move(by), std::move(email), std::move(key)
            );
        }
        const auto found =
            co_await find_payments(context.flow, request.privileges, std::move(*query));
        for (const auto& transaction : found.page.list)
            list.push_back(write_summary(transaction, found.scopes));
        if (found.page.next) next = *found.page.next;
    }
    json::object body{
        {"transactions", std::move(list)},
        {"next", std::move(next)},
        {"read_as", std::move(read_as)},
    };
    co_return json_reply(body);
}

}  // namespace payments::http
