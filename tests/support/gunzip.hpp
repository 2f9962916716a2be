#pragma once

#include <zlib.h>

#include <stdexcept>
#include <string>

namespace payments::testing_support {

// What was compressed; throws when it is not one whole gzip stream.
inline std::string gunzip(const std::string& packed) {
    z_stream stream{};
    constexpr int only_gzip = 16;
    if (inflateInit2(&stream, MAX_WBITS + only_gzip) != Z_OK) throw std::bad_alloc{};
    stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(packed.data()));
    stream.avail_in = static_cast<uInt>(packed.size());
    std::string plain;
    int code = Z_OK;
    while (code == Z_OK) {
        char part[16 * 1024];
        stream.next_out = reinterpret_cast<Bytef*>(part);
        stream.avail_out = sizeof part;
        code = inflate(&stream, Z_NO_FLUSH);
        plain.append(part, sizeof part - stream.avail_out);
    }
    const bool is_whole = code == Z_STREAM_END && stream.avail_in == 0;
    inflateEnd(&stream);
    if (!is_whole) throw std::runtime_error{"not a whole gzip stream"};
    return plain;
}

}  // namespace payments::testing_support
