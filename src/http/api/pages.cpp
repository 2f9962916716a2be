#include "http/api/pages.hpp"

#include <algorithm>

#include "http/server/gzip.hpp"
#include "http/server/negotiation.hpp"
#include "support/crypto.hpp"
#include "support/json.hpp"

namespace payments::http {
namespace {

// index-B4ZY6VpT.js: the bundler puts eight characters of the content's hash into the name, which
// are hardly ever all small letters as a word's are.
bool has_hash(std::string_view path) {
    constexpr std::size_t hash_length = 8;
    const auto dot = path.rfind('.');
    if (!path.starts_with("/assets/") || dot == path.npos || dot <= hash_length) return false;
    const auto hash = path.substr(dot - hash_length, hash_length);
    const auto is_digit = [](char c) { return c >= '0' && c <= '9'; };
    const auto is_upper = [](char c) { return c >= 'A' && c <= 'Z'; };
    const auto is_of_hash = [&](char c) {
        return is_digit(c) || is_upper(c) || (c >= 'a' && c <= 'z') || c == '-' || c == '_';
    };
    return path[dot - hash_length - 1] == '-' && std::ranges::all_of(hash, is_of_hash) &&
           (std::ranges::any_of(hash, is_digit) || std::ranges::any_of(hash, is_upper));
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
std::string with_build_shown(std::string_view page, const BuildInfo& build) {
    const std::pair<std::string_view, std::string_view> places[] = {
        {"{{software-version}}", build.version},
        {"{{git-commit-id}}", build.commit},
        {"{{build}}", build.time},
    };
    std::string text{page};
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
) {
    for (const auto& asset : assets)
        if (!asset.path.ends_with(".gz")) add(asset);
    for (const auto& asset : assets) {
        if (!asset.path.ends_with(".gz")) continue;
        const auto page = pages_.find(asset.path.substr(0, asset.path.size() - 3));
        if (page != pages_.end()) page->second.gzipped = Form::of(asset.bytes);
    }
    if (const auto index = pages_.find("/index.html"); index != pages_.end()) {
        index_ = with_build_shown(index->second.plain.bytes, build);
        index->second.plain = Form::of(index_);
        index->second.gzipped.reset();
        pages_["/"] = index->second;
    }
    if (const auto contract = pages_.find("/openapi.json"); contract != pages_.end()) {
        openapi_ = with_build(contract->second.plain.bytes, build, public_url, routes);
        openapi_gzipped_ = gzip(openapi_);
        contract->second.plain = Form::of(openapi_);
        contract->second.gzipped = Form::of(openapi_gzipped_);
    }
}

Pages::Form Pages::Form::of(std::string_view bytes) {
    return {bytes, "\"" + crypto::hex(crypto::sha256(bytes)).substr(0, 32) + "\""};
}

void Pages::add(const Asset& asset) {
    pages_[std::string{asset.path}] = {
        Form::of(asset.bytes), {}, content_type_of(asset.path), has_hash(asset.path)};
}

std::optional<Response> Pages::at(std::string_view path, const Request& request) const {
    const auto found = pages_.find(path);
    if (found == pages_.end()) return {};
    const auto& page = found->second;

    const bool packed = page.gzipped && wants_gzip(request);
    const auto& form = packed ? *page.gzipped : page.plain;
    Response response{200, std::string{page.type}, ""};
    if (has_current(request, form.etag)) {
        response.status = 304;
        response.content_type.clear();
    } else {
        response.static_body = form.bytes;
        if (packed) response.headers.emplace_back("Content-Encoding", "gzip");
    }
    response.headers.emplace_back("ETag", form.etag);
    response.headers.emplace_back("Vary", "Accept-Encoding");
    // It may be kept and is asked about each time, but for what is named by its content: after an
    // update nobody reads the old reference.
    response.headers.emplace_back(
        "Cache-Control", page.is_immutable ? "public, max-age=31536000, immutable" : "no-cache"
    );
    response.headers.emplace_back("X-Content-Type-Options", "nosniff");
    if (page.type.starts_with("text/html"))
        response.headers.emplace_back("Content-Security-Policy", content_security_policy);
    return response;
}

}  // namespace payments::http
