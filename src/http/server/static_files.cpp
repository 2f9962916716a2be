#include "http/server/static_files.hpp"

#include <algorithm>

#include "http/server/negotiation.hpp"
#include "support/crypto.hpp"

namespace payments::http {
namespace {

// index-B4ZY6VpT.js: the bundler puts eight characters of the content's hash into the name, which
// are hardly ever all small letters as a word's are.
bool has_hash(std::string_view path) {
    constexpr std::size_t hash_length = 8;
    const auto dot = path.rfind('.');
    if (path.find("/assets/") == path.npos || dot == path.npos || dot <= hash_length) return false;
    const auto hash = path.substr(dot - hash_length, hash_length);
    const auto is_digit = [](char c) { return c >= '0' && c <= '9'; };
    const auto is_upper = [](char c) { return c >= 'A' && c <= 'Z'; };
    const auto is_of_hash = [&](char c) {
        return is_digit(c) || is_upper(c) || (c >= 'a' && c <= 'z') || c == '-' || c == '_';
    };
    return path[dot - hash_length - 1] == '-' && std::ranges::all_of(hash, is_of_hash) &&
           (std::ranges::any_of(hash, is_digit) || std::ranges::any_of(hash, is_upper));
}

}  // namespace

StaticFiles::StaticFiles(std::span<const Asset> assets, std::string_view prefix) {
    for (const auto& asset : assets)
        if (!asset.path.ends_with(".gz"))
            files_[std::string{prefix} + std::string{asset.path}] = {
                Form::of(asset.bytes), {}, content_type_of(asset.path), has_hash(asset.path)};
    for (const auto& asset : assets) {
        if (!asset.path.ends_with(".gz")) continue;
        const auto path = asset.path.substr(0, asset.path.size() - 3);
        const auto file = files_.find(std::string{prefix} + std::string{path});
        if (file != files_.end()) file->second.gzipped = Form::of(asset.bytes);
    }
}

StaticFiles::Form StaticFiles::Form::of(std::string_view bytes) {
    return {bytes, "\"" + crypto::hex(crypto::sha256(bytes)).substr(0, 32) + "\""};
}

std::string_view StaticFiles::bytes(std::string_view path) const {
    const auto found = files_.find(path);
    return found == files_.end() ? std::string_view{} : found->second.plain.bytes;
}

void StaticFiles::replace(std::string_view path, std::string_view plain, std::string_view gzipped) {
    auto& file = files_.find(path)->second;
    file.plain = Form::of(plain);
    file.gzipped.reset();
    if (!gzipped.empty()) file.gzipped = Form::of(gzipped);
}

void StaticFiles::add_address(std::string_view path, std::string_view other) {
    auto file = files_.find(path)->second;
    files_.insert_or_assign(std::string{other}, std::move(file));
}

std::optional<Response> StaticFiles::at(std::string_view path, const Request& request) const {
    const auto found = files_.find(path);
    if (found == files_.end()) return {};
    const auto& file = found->second;

    const bool packed = file.gzipped && wants_gzip(request);
    const auto& form = packed ? *file.gzipped : file.plain;
    Response response{200, std::string{file.type}, ""};
    if (has_current(request, form.etag)) {
        response.status = 304;
        response.content_type.clear();
    } else {
        response.static_body = form.bytes;
        if (packed) response.headers.emplace_back("Content-Encoding", "gzip");
    }
    response.headers.emplace_back("ETag", form.etag);
    response.headers.emplace_back("Vary", "Accept-Encoding");
    response.headers.emplace_back(
        "Cache-Control", file.is_immutable ? "public, max-age=31536000, immutable" : "no-cache"
    );
    response.headers.emplace_back("X-Content-Type-Options", "nosniff");
    return response;
}

}  // namespace payments::http
