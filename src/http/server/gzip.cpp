#include "http/server/gzip.hpp"

#include <zlib.h>

#include <new>
#include <stdexcept>
#include <string_view>

namespace payments::http {
namespace {

// For long lists of short words, which a large window compresses no better: 64 KiB a body.
constexpr int level = 3;
constexpr int window_bits = 13;
constexpr int memory_level = 6;
constexpr int as_gzip = 16;  // added to the window: gzip's frame instead of zlib's
constexpr std::size_t step_bytes = 16 * 1024;

class Gzip final : public BodySource {
public:
    explicit Gzip(std::shared_ptr<BodySource> plain) : plain_(std::move(plain)) {
        if (deflateInit2(
                &stream_, level, Z_DEFLATED, window_bits + as_gzip, memory_level, Z_DEFAULT_STRATEGY
            ) != Z_OK)
            throw std::bad_alloc{};
    }
    Gzip(const Gzip&) = delete;
    ~Gzip() override { deflateEnd(&stream_); }

    // Several plain pieces may fit into one; the last one holds at least gzip's checksum.
    Task<std::string> next_piece() override {
        std::string packed;
        while (packed.empty() && !ended_) {
            const auto piece = co_await plain_->next_piece();
            ended_ = piece.empty();
            packed = compress(piece);
        }
        co_return packed;
    }

private:
    std::string compress(std::string_view piece) {
        stream_.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(piece.data()));
        stream_.avail_in = static_cast<uInt>(piece.size());
        std::string packed;
        std::size_t size = 0;
        do {
            packed.resize(size + step_bytes);
            stream_.next_out = reinterpret_cast<Bytef*>(packed.data() + size);
            stream_.avail_out = step_bytes;
            if (deflate(&stream_, ended_ ? Z_FINISH : Z_NO_FLUSH) == Z_STREAM_ERROR)
                throw std::logic_error{"a body cannot be compressed"};
            size = packed.size() - stream_.avail_out;
        } while (stream_.avail_out == 0);
        packed.resize(size);
        return packed;
    }

    std::shared_ptr<BodySource> plain_;
    z_stream stream_{};
    bool ended_ = false;
};

}  // namespace

std::string gzip(std::string_view bytes) {
    z_stream stream{};
    if (deflateInit2(
            &stream, Z_BEST_COMPRESSION, Z_DEFLATED, MAX_WBITS + as_gzip, MAX_MEM_LEVEL,
            Z_DEFAULT_STRATEGY
        ) != Z_OK)
        throw std::bad_alloc{};
    std::string packed(deflateBound(&stream, bytes.size()), '\0');
    stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(bytes.data()));
    stream.avail_in = static_cast<uInt>(bytes.size());
    stream.next_out = reinterpret_cast<Bytef*>(packed.data());
    stream.avail_out = static_cast<uInt>(packed.size());
    deflate(&stream, Z_FINISH);  // the bound is enough for all of it
    packed.resize(stream.total_out);
    deflateEnd(&stream);
    return packed;
}

std::string gunzip(std::string_view packed) {
    z_stream stream{};
    if (inflateInit2(&stream, MAX_WBITS + as_gzip) != Z_OK) throw std::bad_alloc{};
    stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(packed.data()));
    stream.avail_in = static_cast<uInt>(packed.size());
    std::string bytes;
    int code = Z_OK;
    while (code == Z_OK) {
        bytes.resize(stream.total_out + step_bytes);
        stream.next_out = reinterpret_cast<Bytef*>(bytes.data() + stream.total_out);
        stream.avail_out = step_bytes;
        code = inflate(&stream, Z_NO_FLUSH);
    }
    bytes.resize(stream.total_out);
    const bool is_whole = code == Z_STREAM_END && stream.avail_in == 0;
    inflateEnd(&stream);
    if (!is_whole) throw std::invalid_argument{"not a whole gzip stream"};
    return bytes;
}

std::shared_ptr<BodySource> gzipped(std::shared_ptr<BodySource> plain) {
    return std::make_shared<Gzip>(std::move(plain));
}

}  // namespace payments::http
