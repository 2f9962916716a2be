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
    std::string_view path;  // as designed; a deployment may move it
    enum class Caller : std::uint8_t { anyone, browser, user, service, either } caller;
    enum class Body : std::uint8_t { none, json, raw } body;
    Result<void> (*may)(const Privileges&);  // what needs no body to decide; nullptr for nothing
    Handler handler;
};

std::span<const Route> all_routes();

// Finds routes by path and method.
class RouteTable {
public:
    // `moved` maps an operation to the path a deployment wants it at.
    explicit RouteTable(const std::map<std::string, std::string, std::less<>>& moved);

    // All methods at this path; nullptr when nothing is there.
    const std::vector<const Route*>* at(std::string_view path) const;

private:
    std::map<std::string, std::vector<const Route*>, std::less<>> by_path_;
};

}  // namespace payments::http
