#include "support/scripted_server.hpp"

#include <openssl/bio.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/x509v3.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/ssl.hpp>
#include <boost/asio/write.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/http.hpp>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <mutex>
#include <optional>
#include <set>
#include <stdexcept>
#include <thread>

namespace payments::test {
namespace {

namespace asio = boost::asio;
namespace http = boost::beast::http;
using asio::ip::tcp;

// ------------------------------------------------------------------------- certificates

using Key = std::unique_ptr<EVP_PKEY, decltype(&EVP_PKEY_free)>;
using Certificate = std::unique_ptr<X509, decltype(&X509_free)>;

Key make_key() { return {EVP_EC_gen("P-256"), &EVP_PKEY_free}; }

void extend(X509* certificate, X509* issuer, int nid, const std::string& value) {
    X509V3_CTX context;
    X509V3_set_ctx(&context, issuer, certificate, nullptr, nullptr, 0);
    auto* extension = X509V3_EXT_conf_nid(nullptr, &context, nid, value.c_str());
    if (!extension) throw std::runtime_error{"certificate extension " + value};
    X509_add_ext(certificate, extension, -1);
    X509_EXTENSION_free(extension);
}

Certificate make_certificate(const std::string& name, EVP_PKEY* key, int days) {
    static std::atomic<long> serial{1};
    Certificate made{X509_new(), &X509_free};
    X509_set_version(made.get(), 2);
    ASN1_INTEGER_set(X509_get_serialNumber(made.get()), serial++);
    X509_gmtime_adj(X509_getm_notBefore(made.get()), -60L * 60 * 24 * 30);
    X509_gmtime_adj(X509_getm_notAfter(made.get()), 60L * 60 * 24 * days);
    X509_set_pubkey(made.get(), key);
    const auto* text = reinterpret_cast<const unsigned char*>(name.c_str());
    X509_NAME_add_entry_by_txt(
        X509_get_subject_name(made.get()), "CN", MBSTRING_UTF8, text, -1, -1, 0
    );
    return made;
}

std::string host_entry(const std::string& host) {
    const bool address = host.find_first_not_of("0123456789.") == std::string::npos;
    return (address ? "IP:" : "DNS:") + host;
}

void sign(X509* certificate, X509* issuer, EVP_PKEY* issuer_key) {
    X509_set_issuer_name(certificate, X509_get_subject_name(issuer));
    if (X509_sign(certificate, issuer_key, EVP_sha256()) == 0)
        throw std::runtime_error{"signing a certificate"};
}

template <class Write>
std::string to_file(const std::string& directory, const std::string& name, Write write) {
    const auto path = directory + "/" + name;
    std::unique_ptr<BIO, decltype(&BIO_free)> file{BIO_new_file(path.c_str(), "w"), &BIO_free};
    if (!file || write(file.get()) != 1) throw std::runtime_error{"writing " + path};
    return path;
}

std::string new_directory() {
    auto pattern = (std::filesystem::temp_directory_path() / "payments-tls-XXXXXX").string();
    if (!::mkdtemp(pattern.data())) throw std::runtime_error{"no temporary directory"};
    return pattern;
}

Certificates store(X509* authority, X509* leaf, EVP_PKEY* key) {
    const auto directory = new_directory();
    Certificates files;
    files.authority = to_file(directory, "authority.pem", [&](BIO* f) {
        return PEM_write_bio_X509(f, authority);
    });
    files.chain =
        to_file(directory, "chain.pem", [&](BIO* f) { return PEM_write_bio_X509(f, leaf); });
    files.key = to_file(directory, "key.pem", [&](BIO* f) {
        return PEM_write_bio_PrivateKey(f, key, nullptr, nullptr, 0, nullptr, nullptr);
    });
    return files;
}

std::string lower(std::string text) {
    std::ranges::transform(text, text.begin(), [](unsigned char c) { return std::tolower(c); });
    return text;
}

}  // namespace

Certificates Certificates::make(const std::string& host, int days) {
    const auto root_key = make_key();
    const auto root = make_certificate("Test authority", root_key.get(), 30);
    extend(root.get(), root.get(), NID_basic_constraints, "critical,CA:TRUE");
    sign(root.get(), root.get(), root_key.get());

    const auto key = make_key();
    const auto leaf = make_certificate("Test server", key.get(), days);
    extend(leaf.get(), root.get(), NID_subject_alt_name, host_entry(host));
    sign(leaf.get(), root.get(), root_key.get());
    return store(root.get(), leaf.get(), key.get());
}

Certificates Certificates::self_signed(const std::string& host) {
    const auto key = make_key();
    const auto own = make_certificate("Test server", key.get(), 30);
    extend(own.get(), own.get(), NID_subject_alt_name, host_entry(host));
    sign(own.get(), own.get(), key.get());
    return store(own.get(), own.get(), key.get());
}

// ------------------------------------------------------------------------------- server

std::string HeardRequest::header(const std::string& name) const {
    for (const auto& [key, value] : headers)
        if (key == name) return value;
    return {};
}

Scripted answered(int status, const std::string& body, const std::vector<std::string>& headers) {
    Scripted scripted;
    scripted.bytes = "HTTP/1.1 " + std::to_string(status) + " Scripted\r\n";
    for (const auto& header : headers) scripted.bytes += header + "\r\n";
    scripted.bytes += "Content-Length: " + std::to_string(body.size()) + "\r\n\r\n" + body;
    return scripted;
}

Scripted closed() {
    Scripted scripted;
    scripted.close = true;
    return scripted;
}

Scripted silent() {
    Scripted scripted;
    scripted.hang = true;
    return scripted;
}

struct ScriptedServer::Impl {
    Impl(Script s, std::optional<Certificates> certificates)
        : script(std::move(s)), acceptor(loop, {asio::ip::address_v4::loopback(), 0}) {
        if (certificates) {
            tls.emplace(asio::ssl::context::tls_server);
            tls->use_certificate_chain_file(certificates->chain);
            tls->use_private_key_file(certificates->key, asio::ssl::context::pem);
        }
        port = acceptor.local_endpoint().port();
    }

    Script script;
    asio::io_context loop;
    tcp::acceptor acceptor;
    std::optional<asio::ssl::context> tls;
    unsigned short port = 0;
    std::thread accepting;
    mutable std::mutex mutex;
    std::vector<std::thread> serving;
    std::set<int> open;
    std::vector<HeardRequest> requests;
    int accepted = 0;
    bool stopping = false;

    void accept_all() {
        while (true) {
            auto socket = std::make_shared<tcp::socket>(loop);
            boost::system::error_code error;
            acceptor.accept(*socket, error);
            const std::lock_guard lock{mutex};
            if (stopping) return;
            if (error) continue;
            const auto number = ++accepted;
            open.insert(socket->native_handle());
            serving.emplace_back([this, socket, number] { serve(*socket, number); });
        }
    }

    void serve(tcp::socket& socket, int number) {
        try {
            if (tls) {
                asio::ssl::stream<tcp::socket&> stream{socket, *tls};
                stream.handshake(asio::ssl::stream_base::server);
                converse(stream, number);
            } else {
                converse(socket, number);
            }
        } catch (const std::exception&) {
            // The client left: its test knows why.
        }
        const std::lock_guard lock{mutex};
        open.erase(socket.native_handle());
        boost::system::error_code ignored;
        socket.close(ignored);
    }

    template <class Stream>
    void converse(Stream& stream, int number) {
        boost::beast::flat_buffer buffer;
        while (true) {
            http::request<http::string_body> message;
            http::read(stream, buffer, message);
            HeardRequest request;
            request.method = std::string{message.method_string()};
            request.target = std::string{message.target()};
            request.body = message.body();
            request.connection = number;
            for (const auto& field : message)
                request.headers.emplace_back(
                    lower(std::string{field.name_string()}), std::string{field.value()}
                );
            {
                const std::lock_guard lock{mutex};
                requests.push_back(request);
            }
            const auto todo = script(request);
            if (todo.delay_ms > 0)
                std::this_thread::sleep_for(std::chrono::milliseconds{todo.delay_ms});
            if (todo.hang) continue;  // the next read ends when the client leaves
            if (!todo.bytes.empty()) asio::write(stream, asio::buffer(todo.bytes));
            if (todo.close) return;
        }
    }

    void close_all() {
        const std::lock_guard lock{mutex};
        for (const auto handle : open) ::shutdown(handle, SHUT_RDWR);
    }
};

ScriptedServer::ScriptedServer(Script script)
    : impl_(std::make_shared<Impl>(std::move(script), std::nullopt)) {
    impl_->accepting = std::thread{[impl = impl_.get()] { impl->accept_all(); }};
}

ScriptedServer::ScriptedServer(Script script, Certificates certificates)
    : impl_(std::make_shared<Impl>(std::move(script), std::move(certificates))) {
    impl_->accepting = std::thread{[impl = impl_.get()] { impl->accept_all(); }};
}

ScriptedServer::~ScriptedServer() {
    {
        const std::lock_guard lock{impl_->mutex};
        impl_->stopping = true;
    }
    ::shutdown(impl_->acceptor.native_handle(), SHUT_RDWR);  // wakes the blocking accept
    impl_->accepting.join();
    impl_->close_all();
    for (auto& thread : impl_->serving) thread.join();
}

std::string ScriptedServer::url(const std::string& host) const {
    return (impl_->tls ? "https://" : "http://") + host + ":" + std::to_string(impl_->port);
}

std::vector<HeardRequest> ScriptedServer::heard() const {
    const std::lock_guard lock{impl_->mutex};
    return impl_->requests;
}

int ScriptedServer::connections() const {
    const std::lock_guard lock{impl_->mutex};
    return impl_->accepted;
}

void ScriptedServer::close_connections() { impl_->close_all(); }

std::string deserted_url() {
    asio::io_context loop;
    const tcp::acceptor probe{
        loop, {asio::ip::address_v4::loopback(), 0}
    };
    return "http://127.0.0.1:" + std::to_string(probe.local_endpoint().port());
}

}  // namespace payments::test
