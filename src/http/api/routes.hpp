#pragma once

#include <map>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "http/api/handlers.hpp"
#include "http/auth/verifier.hpp"

namespace payments::http {

// One operation of the API: who may call it, with what, and who answers.
struct Route {
    std::string_view operation;  // the operationId of openapi.yaml
    std::string_view method;
    std::string_view path;  // by default; PAYMENTS_ROUTE_... may move it
    // browser: public, with CORS and a rate limit for each address; either: a token of any kind;
    // page: a page of the console, whoever uses it, with that limit; session: one that is signed
    // in. A session of the console stands for its user's token.
    enum class Caller : std::uint8_t {
        anyone,
        browser,
        user,
        service,
        either,
        page,
        session
    } caller;
    // raw: the signed bytes of a notification, which its handler reads itself.
    enum class Body : std::uint8_t { none, json, raw } body;
    // Checks the privileges that need no body to decide; nullptr for none. Errc::forbidden.
    Result<void> (*may)(const Privileges&);
    Handler handler;
};

// Every operation of docs/design.md, 2.1, and the addresses for operators.
std::span<const Route> all_routes();

// Finds routes by path. Never changes once made, so that all loops may use it.
class RouteTable {
public:
    // `moved` maps an operation to the path where this installation wants it. Without the console
    // there is nothing at its addresses.
    explicit RouteTable(
        const std::map<std::string, std::string, std::less<>>& moved, bool has_console = false
    );

    // All methods at this path; nullptr when nothing is there.
    const std::vector<const Route*>* at(std::string_view path) const;

private:
    std::map<std::string, std::vector<const Route*>, std::less<>> by_path_;
};

}  // namespace payments::http
