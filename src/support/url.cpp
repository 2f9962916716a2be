#include "support/url.hpp"

#include <algorithm>
#include <boost/asio/ip/address.hpp>
#include <charconv>

#include "support/text.hpp"

namespace payments {
namespace {

Error wrong_url(std::string detail) { return {Errc::invalid_request, std::move(detail)}; }

bool is_visible_ascii(std::string_view text) {
    return std::ranges::all_of(text, [](char c) { return c > 0x20 && c < 0x7f; });
}

// 253: the longest name that fits into a DNS message (RFC 1035).
bool is_host_name(std::string_view host) {
    constexpr std::string_view allowed = "abcdefghijklmnopqrstuvwxyz0123456789-.";
    return !host.empty() && host.size() <= 253 && host.front() != '.' && host.front() != '-' &&
           host.find_first_not_of(allowed) == std::string_view::npos &&
           host.find("..") == std::string_view::npos;
}

bool is_port(std::string_view port) {
    unsigned number = 0;
    const auto* end = port.data() + port.size();
    const auto [rest, error] = std::from_chars(port.data(), end, number);
    return error == std::errc{} && rest == end && number >= 1 && number <= 65535;
}

}  // namespace

Result<Authority> split_authority(std::string_view text) {
    const auto end = text.starts_with('[') ? text.find(']') : text.find(':');
    if (text.starts_with('[')) {
        if (end == std::string_view::npos) return wrong_url("the bracket is not closed");
        const auto rest = text.substr(end + 1);
        if (!rest.empty() && !rest.starts_with(':')) return wrong_url("no port after the bracket");
        const auto port = rest.empty() ? rest : rest.substr(1);
        return Authority{std::string{text.substr(1, end - 1)}, std::string{port}};
    }
    const auto port = end == std::string_view::npos ? std::string_view{} : text.substr(end + 1);
    return Authority{std::string{text.substr(0, end)}, std::string{port}};
}

Result<Url> Url::parse(std::string_view text) {
    Url url;
    url.tls = text.starts_with("https://");
    if (!is_visible_ascii(text) || (!url.tls && !text.starts_with("http://")))
        return wrong_url("an https:// URL");
    const auto after_scheme = text.substr(url.tls ? 8 : 7);
    // Host names have no case, and browsers write them in lower case into Origin, which is compared
    // with this as text.
    const auto authority = text::lower(after_scheme.substr(0, after_scheme.find_first_of("/?#")));
    url.target = after_scheme.substr(authority.size());
    url.origin = (url.tls ? "https://" : "http://") + authority;

    // A password in a URL would be shown wherever the URL is.
    if (authority.find('@') != std::string::npos)
        return wrong_url("a URL without user or password");
    auto parts = split_authority(authority);
    if (!parts) return wrong_url("a URL whose host can be read: " + parts.error().detail);
    url.host = std::move(parts->host);
    url.port = std::move(parts->port);
    boost::system::error_code not_an_address;
    const auto address = boost::asio::ip::make_address(url.host, not_an_address);
    if (not_an_address && !is_host_name(url.host))
        return wrong_url("a URL with a host name or an IP address");
    if (authority.ends_with(':') || (!url.port.empty() && !is_port(url.port)))
        return wrong_url("a URL with a port from 1 to 65535, or none");
    // "localhost" by its name alone: any other name would have to be looked up, and may be moved.
    url.is_loopback = not_an_address ? url.host == "localhost" : address.is_loopback();
    if (!url.tls && !url.is_loopback)
        return wrong_url("an https:// URL: plain http:// is for loopback addresses only");
    return url;
}

}  // namespace payments
