#pragma once

#include <boost/asio/ssl/context.hpp>
#include <memory>
#include <string>

namespace payments::gateway {

// For clients: TLS 1.2 or newer, the chain verified against the system's store and `trust_file`
// (PEM; "" for none). Reading the store takes tens of milliseconds and megabytes, so all that ask
// for the same, from any thread, share one. Throws boost::system::system_error when the file cannot
// be read.
std::shared_ptr<boost::asio::ssl::context> tls_trusting(const std::string& trust_file);

}  // namespace payments::gateway
