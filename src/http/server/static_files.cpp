#include "http/server/static_files.hpp"

#include <algorithm>

#include "http/server/gzip.hpp"
#include "http/server/negotiation.hpp"
#include "support/crypto.hpp"

namespace payments::http {
namespace {

// index-B4ZY6VpT.js: the bundler puts eight characters of the content's hash into the name, which
// are hardly ever all small letters as a word's are. "" without it.
std::string_view hash_in(std::string_view path) {
    constexpr std::size_t hash_length = 8;
    const auto dot = path.rfind('.');
    if (path.find("/assets/") == path.npos || dot == path.npos || dot <= hash_length) return {};
    const auto hash = path.substr(dot - hash_length, hash_length);
    const auto is_digit = [](char c) { return c >= '0' && c <= '9'; };
    const auto is_upper = [](char c) { return c >= 'A' && c <= 'Z'; };
    const auto is_of_hash = [&](char c) {
        return is_digit(c) || is_upper(c) || (c >= 'a' && c <= 'z') || c == '-' || c == '_';
    };
    const bool is_hash =
        path[dot - hash_length - 1] == '-' && std::ranges::all_of(hash, is_of_hash) &&
        (std::ranges::any_of(hash, is_digit) || std::ranges::any_of(hash, is_upper));
    return is_hash ? hash : std::string_view{};
}

std::string tag_of(std::string_view bytes) {
    return crypto::hex(crypto::sha256(bytes)).substr(0, 32);
}

}  // namespace

StaticFiles::StaticFiles(std::span<const Asset> assets, std::string_view prefix) {
    for (const auto& asset : assets) {
        constexpr std::string_view packed_ending = ".gz";
        const bool is_packed = asset.path.ends_with(packed_ending);
        const auto path =
            asset.path.substr(0, asset.path.size() - (is_packed ? packed_ending.size() : 0));
        // A name that has the hash already saves reading all of the file when the process starts.
        const auto hash = hash_in(path);
        auto tag = hash.empty() ? tag_of(asset.bytes) : std::string{hash};
        files_[std::string{prefix} + std::string{path}] = {
            asset.bytes, is_packed, content_type_of(path), !hash.empty(), std::move(tag)};
    }
}

std::string StaticFiles::File::text() const {
    return is_packed ? gunzip(bytes) : std::string{bytes};
}

std::string StaticFiles::text(std::string_view path) const {
    const auto found = files_.find(path);
    return found == files_.end() ? std::string{} : found->second.text();
}

void StaticFiles::replace(std::string_view path, std::string_view text) {
    auto& file = files_.find(path)->second;
    file.own = std::make_shared<const std::string>(gzip(text));
    file.bytes = *file.own;
    file.is_packed = true;
    file.tag = tag_of(text);
}

void StaticFiles::add_address(std::string_view path, std::string_view other) {
    auto file = files_.find(path)->second;
    files_.insert_or_assign(std::string{other}, std::move(file));
}

std::optional<Response> StaticFiles::at(std::string_view path, const Request& request) const {
    const auto found = files_.find(path);
    if (found == files_.end()) return {};
    const auto& file = found->second;

    const bool is_sent_packed = file.is_packed && wants_gzip(request);
    const auto etag = "\"" + file.tag + (is_sent_packed ? "-gz\"" : "\"");
    Response response{200, std::string{file.type}, ""};
    if (has_current(request, etag)) {
        response.status = 304;
        response.content_type.clear();
    } else if (is_sent_packed || !file.is_packed) {
        response.static_body = file.bytes;
        if (is_sent_packed) response.headers.emplace_back("Content-Encoding", "gzip");
    } else {
        response.body = file.text();
    }
    response.headers.emplace_back("ETag", etag);
    response.headers.emplace_back("Vary", "Accept-Encoding");
    response.headers.emplace_back(
        "Cache-Control", file.is_immutable ? "public, max-age=31536000, immutable" : "no-cache"
    );
    response.headers.emplace_back("X-Content-Type-Options", "nosniff");
    return response;
}

}  // namespace payments::http
