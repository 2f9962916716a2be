#pragma once

#include <memory>
#include <string>
#include <string_view>

#include "http/server/body_source.hpp"

namespace payments::http {

// The same body as gzip (RFC 1952), compressed on the loop while it is sent, piece by piece. Its
// next_piece throws what that of `plain` throws. Throws std::bad_alloc.
// 64 KiB while it lives (gzip.cpp); a piece may be "" only at the end, as BodySource asks.
std::shared_ptr<BodySource> gzipped(std::shared_ptr<BodySource> plain);

// A whole text as gzip, as small as it gets: for what is compressed once. Throws std::bad_alloc.
std::string gzip(std::string_view bytes);

// The text that was compressed. Throws std::invalid_argument when it is not one whole gzip stream.
std::string gunzip(std::string_view packed);

}  // namespace payments::http
