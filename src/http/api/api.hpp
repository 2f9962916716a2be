#pragma once

#include <set>
#include <string>
#include <vector>

#include "http/api/client_address.hpp"
#include "http/api/handlers.hpp"
#include "http/api/pages.hpp"
#include "http/api/routes.hpp"
#include "http/auth/verifier.hpp"
#include "http/server/server.hpp"

namespace payments::http {

// What all event loops of the process share; outlives them.
struct ApiShared {
    const RouteTable& routes;
    const Pages& pages;
    const TrustedProxies& proxies;
    const std::set<std::string, std::less<>>& allowed_origins;  // for browsers on other pages
    RateLimiter& per_address;
    std::size_t webhook_body_bytes;
};

// The API at one event loop: finds the route, checks in the order of docs/design.md, 2.8, and lets
// the handler answer.
class Api : public Application {
public:
    Api(ApiShared shared, ApiContext services, TokenVerifier tokens);

    std::size_t body_limit(std::string_view method, std::string_view path) const override;
    Task<Response> answer(Request& request) override;
    Response refuse(const Error& error, const std::string& request_id) const override;

private:
    Response answer_beside_page(const Request& request) const;
    Task<Response> dispatch(const Route& route, Request& request);
    Task<Result<Response>> pass(const Route& route, RequestContext& call);
    Task<Result<Caller>> admit(const Route& route, std::string authorization);
    Result<void> limit_address(const Route& route, const Request& request);
    Response options(const std::vector<const Route*>& routes, const Request& request) const;
    void allow_origin(const Route& route, const Request& request, Response& response) const;

    ApiShared shared_;
    ApiContext services_;
    TokenVerifier tokens_;
};

}  // namespace payments::http
