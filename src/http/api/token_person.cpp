#include "http/api/token_person.hpp"

#include "http/api/api_resources.hpp"
#include "http/console/oidc_sign_in.hpp"

namespace payments::http {

Task<Result<TokenPerson>> person_of(ApiContext& context, std::string token, Time now) {
    std::string authorization = "Bearer " + token;
    const auto caller =
        co_await context.tokens.verify(std::move(authorization), Accepts::user, now);
    if (!caller) co_return caller.error();
    const auto read = Token::read(token);
    if (!read) co_return read.error();
    const auto claims = read_claims(*read);
    if (!claims) co_return claims.error();
    const auto until = check_claims(*claims, {}, now);
    if (!until) co_return until.error();
    TokenPerson person{
        caller->name, json::string_or(*claims, "name", caller->name), *until,
        authentication_time(*claims)};
    co_return person;
}

}  // namespace payments::http
