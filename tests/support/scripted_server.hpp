#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

// A server on loopback that does as it is told, for one client's tests: real sockets, real TLS.
namespace payments::test {

struct HeardRequest {
    std::string method, target, body;
    std::vector<std::pair<std::string, std::string>> headers;  // names in lower case
    int connection = 0;  // which connection it came on, from 1

    std::string header(const std::string& name) const;
};

// What is done about a request.
struct Scripted {
    int delay_ms = 0;    // before anything else
    std::string bytes;   // sent as they are
    bool close = false;  // afterwards, or at once when there are no bytes
    bool hang = false;   // neither answer nor close
};
// A complete answer.
Scripted answered(
    int status, const std::string& body, const std::vector<std::string>& headers = {}
);
Scripted closed();
Scripted silent();

// PEM files of a certificate authority and a server certificate made for one test.
struct Certificates {
    std::string authority, chain, key;  // paths

    // `host` is the name (or address) it is for; `days` may be negative: expired.
    static Certificates make(const std::string& host, int days);
    static Certificates self_signed(const std::string& host);
};

class ScriptedServer {
public:
    using Script = std::function<Scripted(const HeardRequest&)>;

    explicit ScriptedServer(Script script);
    ScriptedServer(Script script, Certificates certificates);
    ~ScriptedServer();

    std::string url(const std::string& host = "127.0.0.1") const;
    std::vector<HeardRequest> heard() const;
    int connections() const;
    // Closes the connections that are open, as a server does with idle ones.
    void close_connections();

private:
    struct Impl;
    std::shared_ptr<Impl> impl_;
};

// An address on loopback at which nobody listens.
std::string deserted_url();

}  // namespace payments::test
