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
    std::string_view
        path;  // by default; PAYMENTS_ROUTE_... may move it. "{}" stands for one segment
    // browser: public, with CORS and a rate limit for each address; either: a token of any kind;
    // visit: whoever is sent there, with that limit; page: a page of the console, whoever uses it,
    // with that limit; session: one that is signed in. A session of the console stands for its
    // user's token.
    enum class Caller : std::uint8_t {
        anyone,
        browser,
        user,
        service,
        either,
        visit,
        page,
        session,
    } caller;
    // raw: the signed bytes of a notification, which its handler reads itself; form: likewise, of
    // an HTML form's type; file: likewise, of a settlement, up to settlement_file_bytes_max.
    enum class Body : std::uint8_t { none, json, raw, form, file } body;
    // Checks the privileges that need no body to decide; nullptr for none. Errc::forbidden.
    Result<void> (*may)(const Privileges&);
    Handler handler;
    // Where its time goes. start: as outside, and is refused while there is more to do than can be
    // done in time (overload.hpp); here: of one client so many at a time (shares.hpp); outside: it
    // waits for somebody else.
    enum class Work : std::uint8_t { here, outside, start } work = Work::here;
    // An answer that is known without asking anybody, in place of a handler.
    Response (*known)() = nullptr;
};

inline constexpr std::size_t settlement_file_bytes_max = 32 * 1024 * 1024;

// How staff sign in to the console.
enum class ConsoleSignIn : std::uint8_t { none, token, oidc, handoff };

// Where an installation has it; `moved` as RouteTable takes it.
std::string path_of(
    const Route& route, const std::map<std::string, std::string, std::less<>>& moved
);

// Every operation of docs/design.md, 2.1, and the addresses for operators.
std::span<const Route> all_routes();

// Finds routes by path. Never changes once made, so that all loops may use it.
class RouteTable {
public:
    // `moved` maps an operation to the path where this installation wants it, and "settlements" to
    // where those of settlements begin. Of the console's
    // operations those are there that its way to sign in has.
    explicit RouteTable(
        const std::map<std::string, std::string, std::less<>>& moved,
        ConsoleSignIn console = ConsoleSignIn::none
    );

    // All methods at this path; nullptr when nothing is there.
    const std::vector<const Route*>* at(std::string_view path) const;
    // What stands in the place of "{}" in a path that at() knows, percent-decoded; "" where there
    // is no such place. Errc::invalid_request for a wrong %.
    Result<std::string> segment_in(std::string_view path) const;

private:
    // A path with "{}" in it.
    struct Pattern {
        std::string before, after;
        std::vector<const Route*> routes{};

        bool fits(std::string_view path) const;
    };
    const Pattern* pattern_of(std::string_view path) const;

    std::map<std::string, std::vector<const Route*>, std::less<>> by_path_;
    std::vector<Pattern> patterns_;
};

}  // namespace payments::http
