#include "http/api/pages.hpp"

#include "http/server/negotiation.hpp"
#include "support/crypto.hpp"
#include "support/json.hpp"

namespace payments::http {
namespace {

// Half a digest, which is enough to tell two builds apart.
std::string etag_of(std::string_view bytes) {
    return "\"" + crypto::hex(crypto::sha256(bytes)).substr(0, 32) + "\"";
}

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

std::string with_build(
    std::string_view contract, const BuildInfo& build, const std::string& url, const Routes& routes
) {
    auto document = json::parse(contract).value();
    auto& root = document.as_object();
    auto& info = root["info"].as_object();
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
) {
    for (const auto& asset : assets)
        if (!asset.path.ends_with(".gz")) add(asset);
    for (const auto& asset : assets) {
        if (!asset.path.ends_with(".gz")) continue;
        const auto page = pages_.find(asset.path.substr(0, asset.path.size() - 3));
        if (page != pages_.end()) page->second.gzipped = asset.bytes;
    }
    if (const auto index = pages_.find("/index.html"); index != pages_.end())
        pages_["/"] = index->second;
    if (const auto contract = pages_.find("/openapi.json"); contract != pages_.end()) {
        openapi_ = with_build(contract->second.bytes, build, public_url, routes);
        contract->second = {openapi_, "", "application/json", etag_of(openapi_)};
    }
}

void Pages::add(const Asset& asset) {
    pages_[std::string{asset.path}] = {
        asset.bytes, "", content_type_of(asset.path), etag_of(asset.bytes)};
}

std::optional<Response> Pages::at(std::string_view path, const Request& request) const {
    const auto found = pages_.find(path);
    if (found == pages_.end()) return {};
    const auto& page = found->second;

    Response response{200, std::string{page.type}, ""};
    if (has_current(request, page.etag)) {
        response.status = 304;
        response.content_type.clear();
    } else if (!page.gzipped.empty() && wants_gzip(request)) {
        response.static_body = page.gzipped;
        response.headers.emplace_back("Content-Encoding", "gzip");
    } else {
        response.static_body = page.bytes;
    }
    response.headers.emplace_back("ETag", page.etag);
    response.headers.emplace_back("Vary", "Accept-Encoding");
    // It may be kept and is asked about each time: after an update nobody reads the old reference.
    response.headers.emplace_back("Cache-Control", "no-cache");
    response.headers.emplace_back("X-Content-Type-Options", "nosniff");
    if (page.type.starts_with("text/html"))
        response.headers.emplace_back("Content-Security-Policy", content_security_policy);
    return response;
}

}  // namespace payments::http
