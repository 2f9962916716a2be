#include "http/server/chunked_decoder.hpp"

#include <algorithm>

#include "http/server/grammar.hpp"

namespace payments::http {
namespace {

constexpr unsigned most_size_digits = 16;  // as many as fill 64 bits

int hex_digit(char c) {
    if (c >= '0' && c <= '9') return c - '0';
    const char lower = text::to_lower(c);
    return lower >= 'a' && lower <= 'f' ? lower - 'a' + 10 : -1;
}

bool in(const CharacterClass& members, char c) { return members[static_cast<unsigned char>(c)]; }

}  // namespace

void ChunkedDecoder::start(std::size_t body_limit, HeadLimits limits) {
    body_limit_ = body_limit;
    limits_ = limits;
    stage_ = Stage::size;
    progress_ = Progress::partial;
    chunk_left_ = 0;
    size_digits_ = 0;
    extension_bytes_ = trailer_bytes_ = trailer_lines_ = 0;
}

std::size_t ChunkedDecoder::take(std::string_view input, std::string& body) {
    std::size_t taken = 0;
    while (taken < input.size() && progress_ == Progress::partial) {
        if (stage_ == Stage::data) {
            const auto size = std::min<std::uint64_t>(chunk_left_, input.size() - taken);
            body.append(input.substr(taken, size));
            taken += size;
            chunk_left_ -= size;
            if (chunk_left_ == 0) stage_ = Stage::data_return;
        } else {
            take_character(input[taken++], body);
        }
    }
    return taken;
}

void ChunkedDecoder::take_character(char c, const std::string& body) {
    switch (stage_) {
        case Stage::size:
            return take_size_character(c);
        case Stage::extension:
            if (c == '\r') {
                stage_ = Stage::size_end;
            } else if (!in(value_characters, c) || ++extension_bytes_ > extension_bytes) {
                refuse(Errc::malformed_request, "a chunk extension is malformed or too long");
            }
            return;
        case Stage::size_end:
            if (c == '\n') return finish_size(body);
            return refuse(Errc::malformed_request, "a chunk size ends without CR LF");
        case Stage::data:
            return;  // take() copies it
        // A chunk that is longer than it says is how a second request is hidden in a body.
        case Stage::data_return:
            return advance_if(c == '\r', Stage::data_end, "a chunk is longer than its size");
        case Stage::data_end:
            size_digits_ = 0;
            return advance_if(c == '\n', Stage::size, "a chunk ends without CR LF");
        case Stage::last_end:
            if (c != '\n') return refuse(Errc::malformed_request, "the body ends without CR LF");
            progress_ = Progress::complete;
            return;
        default:
            return take_trailer_character(c);
    }
}

void ChunkedDecoder::take_size_character(char c) {
    if (const int digit = hex_digit(c); digit >= 0) {
        if (++size_digits_ > most_size_digits)
            return refuse(Errc::malformed_request, "a chunk size has too many digits");
        chunk_left_ = chunk_left_ * 16 + static_cast<unsigned>(digit);
        return;
    }
    if (size_digits_ > 0 && c == '\r') {
        stage_ = Stage::size_end;
    } else if (size_digits_ > 0 && c == ';') {
        stage_ = Stage::extension;
    } else {
        refuse(Errc::malformed_request, "a chunk size is not a hexadecimal number");
    }
}

void ChunkedDecoder::finish_size(const std::string& body) {
    // Refused by its size line, before any of it is read. `body` never is longer than the limit, so
    // the difference cannot wrap.
    if (chunk_left_ > body_limit_ - body.size())
        return refuse(Errc::body_too_large, "the body is too large");
    stage_ = chunk_left_ == 0 ? Stage::trailer : Stage::data;
}

void ChunkedDecoder::take_trailer_character(char c) {
    if (++trailer_bytes_ > limits_.headers_bytes)
        return refuse(Errc::headers_too_large, "the trailer fields are too long");
    switch (stage_) {
        case Stage::trailer:
            if (c == '\r') {
                stage_ = Stage::last_end;
                return;
            }
            // A trailer is checked as a header is: the next reader of the connection must find its
            // end where we do.
            if (++trailer_lines_ > limits_.header_lines)
                return refuse(Errc::headers_too_large, "there are too many trailer fields");
            return advance_if(
                in(token_characters, c), Stage::trailer_name, "a trailer field is malformed"
            );
        case Stage::trailer_name:
            if (in(token_characters, c)) return;
            return advance_if(c == ':', Stage::trailer_value, "a trailer field is malformed");
        case Stage::trailer_value:
            if (in(value_characters, c)) return;
            return advance_if(c == '\r', Stage::trailer_end, "a trailer field is malformed");
        default:
            return advance_if(c == '\n', Stage::trailer, "a trailer field ends without CR LF");
    }
}

void ChunkedDecoder::advance_if(bool holds, Stage next, const char* otherwise) {
    if (!holds) return refuse(Errc::malformed_request, otherwise);
    stage_ = next;
}

void ChunkedDecoder::refuse(Errc code, const char* detail) {
    progress_ = Progress::refused;
    error_ = Error(code, detail);
}

}  // namespace payments::http
