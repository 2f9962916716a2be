#include "http/api/pages.hpp"

#include "support/json.hpp"

namespace payments::http {
namespace {

// Redoc styles itself at run time and draws its pictures from data; nothing comes from elsewhere.
constexpr auto content_security_policy =
    "default-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; "
    "worker-src 'self' blob:; object-src 'none'; base-uri 'none'; frame-ancestors 'none'";

using Routes = std::map<std::string, std::string, std::less<>>;

// Where the first operation of a path item has been moved to; a path has one operation here.
std::string place_of(std::string_view path, const json::value& item, const Routes& routes) {
    for (const auto& [method, operation] : item.as_object()) {
        const auto moved = routes.find(json::string_or(operation.as_object(), "operationId", ""));
        if (moved != routes.end()) return moved->second;
    }
    return std::string{path};
}

json::object moved_paths(const json::object& paths, const Routes& routes) {
    json::object result;
    for (const auto& [path, item] : paths) result[place_of(path, item, routes)] = item;
    return result;
}

// What stands before the contract's own description, as the platform labels it.
std::string build_lines(const BuildInfo& build) {
    const auto line = [](std::string_view label, std::string_view value) {
        return "- " + std::string{label} + ": " + std::string{value} + "\n";
    };
    return "Payment and transaction management service.\n\n" +
           line("Software Version", build.version) + line("Git Commit ID", build.commit) +
           line("Build", build.time) + "\n";
}

// The page with what it says of this build in the places made for it.
std::string with_build_shown(std::string text, const BuildInfo& build) {
    const std::pair<std::string_view, std::string_view> places[] = {
        {"{{software-version}}", build.version},
        {"{{git-commit-id}}", build.commit},
        {"{{build}}", build.time},
    };
    for (const auto& [place, value] : places)
        for (auto at = text.find(place); at != text.npos; at = text.find(place, at))
            text.replace(at, place.size(), value);
    return text;
}

std::string with_build(
    std::string_view contract, const BuildInfo& build, const std::string& url, const Routes& routes
) {
    auto document = json::parse(contract).value();
    auto& root = document.as_object();
    auto& info = root["info"].as_object();
    info["description"] = build_lines(build) + json::string_or(info, "description", "");
    info["version"] = build.version;
    info["x-commit"] = build.commit;
    info["x-build-time"] = build.time;
    // A reader of the reference calls what it shows, so it shows where the operations stand here.
    root["paths"] = moved_paths(root["paths"].as_object(), routes);
    if (!url.empty()) root["servers"] = json::array{json::object{{"url", url}}};
    return json::write(document);
}

}  // namespace

Pages::Pages(
    std::span<const Asset> assets, const BuildInfo& build, std::string public_url,
    const Routes& routes
)
    : files_(assets) {
    if (files_.has("/index.html")) {
        files_.replace("/index.html", with_build_shown(files_.text("/index.html"), build));
        files_.add_address("/index.html", "/");
    }
    if (files_.has("/openapi.json")) {
        const auto contract = files_.text("/openapi.json");
        files_.replace("/openapi.json", with_build(contract, build, public_url, routes));
    }
}

std::optional<Response> Pages::at(std::string_view path, const Request& request) const {
    auto response = files_.at(path, request);
    if (response && (path == "/" || path.ends_with(".html")))
        response->headers.emplace_back("Content-Security-Policy", content_security_policy);
    return response;
}

}  // namespace payments::http
