#pragma once

#include <memory>

#include "http/server/body_source.hpp"

namespace payments::http {

// The same body as gzip (RFC 1952), compressed while it is sent.
std::shared_ptr<BodySource> gzipped(std::shared_ptr<BodySource> plain);

}  // namespace payments::http
