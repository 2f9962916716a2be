#pragma once

#include "http/api/handlers.hpp"
#include "http/api/routes.hpp"

namespace payments::http {

// Decides whose call a request is and whether they may make it: by the token it carries, or, of a
// page of the console, by the user token that its session holds. The token is judged alike.
// `context` outlives it; on its loop's thread only.
class Admission {
public:
    explicit Admission(ApiContext& context) : context_(context) {}

    // Notes the caller in `request`. Errc::unauthorized, forbidden; invalid_request when it has a
    // session and a token. Throws StoreDown.
    Task<Result<void>> admit(const Route& route, RequestContext& request);

private:
    Task<Result<void>> admit_token(
        const Route& route, RequestContext& request, std::string authorization
    );
    Task<Result<void>> admit_session(const Route& route, RequestContext& request, std::string id);

    ApiContext& context_;
};

}  // namespace payments::http
