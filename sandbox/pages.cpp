#include "sandbox/pages.hpp"

#include <span>

#include "http/server/gzip.hpp"
#include "support/assets.hpp"

namespace payments {
std::span<const Asset> shop_assets();  // generated from web/dist/shop
}

namespace payments::sandbox {
namespace {

const Asset* find(std::string_view path) {
    for (const auto& asset : shop_assets()) {
        if (asset.path == path) return &asset;
    }
    return nullptr;
}

}  // namespace

Reply page_reply(const Request& request, std::string_view path, std::string_view otherwise) {
    const auto* plain = find(path);
    const auto* packed = find(std::string{path} + ".gz");
    const bool is_there = plain || packed;
    if (!is_there && otherwise.empty()) return Reply{404, "text/html", "<h1>Not found</h1>"};
    if (!is_there) return Reply{200, "text/html; charset=utf-8", std::string{otherwise}};
    const auto* accepted = request.header("accept-encoding");
    const bool unpacks = accepted && accepted->find("gzip") != accepted->npos;
    Reply reply{200, std::string{content_type_of(path)}, ""};
    reply.body = packed && !unpacks ? http::gunzip(packed->bytes)
                                    : std::string{(packed ? packed : plain)->bytes};
    if (packed && unpacks) reply.headers.emplace_back("Content-Encoding", "gzip");
    reply.headers.emplace_back("Vary", "Accept-Encoding");
    reply.headers.emplace_back(
        "Cache-Control",
        path.starts_with("/assets/") ? "public, max-age=31536000, immutable" : "no-cache"
    );
    return reply;
}

}  // namespace payments::sandbox
