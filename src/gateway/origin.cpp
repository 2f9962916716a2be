#include "gateway/origin.hpp"

#include <stdexcept>

#include "support/url.hpp"

namespace payments::gateway {

Result<Origin> Origin::parse(std::string_view text) {
    const Error wrong{Errc::invalid_request, "must be an https URL, or http on loopback"};
    auto url = Url::parse(text);
    if (!url || url->target.find_first_of("?#") != std::string::npos) return wrong;
    Origin origin;
    origin.tls = url->tls;
    origin.port = url->effective_port();
    origin.host = std::move(url->host);
    origin.path = std::move(url->target);
    while (origin.path.ends_with('/')) origin.path.pop_back();
    return origin;
}

Origin Origin::of(std::string_view url, const char* what) {
    auto origin = parse(url);
    if (!origin) throw std::invalid_argument{std::string{what} + " " + origin.error().detail};
    return std::move(*origin);
}

// Without the path: one server's connections serve all that is below it.
std::string Origin::key() const { return (tls ? "https " : "http ") + host + " " + port; }

std::string Origin::authority() const {
    const auto name = host.find(':') == std::string::npos ? host : "[" + host + "]";
    return port == (tls ? "443" : "80") ? name : name + ":" + port;
}

}  // namespace payments::gateway
