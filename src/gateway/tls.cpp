#include "gateway/tls.hpp"

#include <openssl/ssl.h>

#include <map>
#include <mutex>

namespace payments::gateway {

namespace ssl = boost::asio::ssl;

std::shared_ptr<ssl::context> tls_trusting(const std::string& trust_file) {
    static std::mutex guard;
    // Weak: the last client that ends takes the certificates with it.
    static std::map<std::string, std::weak_ptr<ssl::context>> in_use;
    // Held while the store is read: of loops that start together one reads, and the others share
    // it.
    const std::lock_guard lock{guard};
    if (auto tls = in_use[trust_file].lock()) return tls;

    auto tls = std::make_shared<ssl::context>(ssl::context::tls_client);
    SSL_CTX_set_min_proto_version(tls->native_handle(), TLS1_2_VERSION);
    tls->set_verify_mode(ssl::verify_peer);
    tls->set_default_verify_paths();
    if (!trust_file.empty()) tls->load_verify_file(trust_file);
    in_use[trust_file] = tls;
    return tls;
}

}  // namespace payments::gateway
