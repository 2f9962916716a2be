#include <gtest/gtest.h>

#include <utility>

#include "http/server/chunked_decoder.hpp"
#include "http/server/head_parser.hpp"

using namespace payments;
using namespace payments::http;

namespace {

constexpr HeadLimits limits{64, 256, 4};

struct Parsed {
    Progress progress;
    Errc error;
    Request request;
    Framing framing;
    std::size_t size;
};

Parsed parse(const std::string& bytes, std::size_t step) {
    HeadParser parser(limits);
    parser.start();
    Request request;
    auto progress = Progress::partial;
    for (auto end = std::min(step, bytes.size()); progress == Progress::partial; end += step) {
        const auto arrived = std::string(bytes, 0, end);  // a new place in memory each time
        progress = parser.take(arrived, request);
        if (end >= bytes.size()) break;
    }
    return {progress, parser.error().code, request, parser.framing(), parser.size()};
}

Parsed parse(const std::string& bytes) {
    return parse(bytes, std::max<std::size_t>(bytes.size(), 1));
}

std::string with(const std::string& fields) {
    return "GET / HTTP/1.1\r\nHost: a\r\n" + fields + "\r\n";
}

TEST(HeadParser, reads_method_target_and_fields) {
    const std::string head =
        "POST /a/%20b?c=%3F&d HTTP/1.1\r\nHost: Shop:80\r\nX-Mixed-CASE: \t two words "
        "\t\r\nE:\r\n\r\n";
    const auto parsed = parse(head + "the body");
    ASSERT_EQ(parsed.progress, Progress::complete);
    EXPECT_EQ(parsed.request.method, "POST");
    EXPECT_EQ(parsed.request.path, "/a/%20b");
    EXPECT_EQ(parsed.request.query, "c=%3F&d");
    const std::vector<std::pair<std::string, std::string>> fields{
        {"host", "Shop:80"}, {"x-mixed-case", "two words"}, {"e", ""}};
    EXPECT_EQ(parsed.request.headers, fields);
    EXPECT_EQ(parsed.size, head.size());
}

TEST(HeadParser, skips_one_empty_line_before_the_request) {
    EXPECT_EQ(parse("\r\n" + with("")).progress, Progress::complete);
    EXPECT_EQ(parse("\r\n\r\n" + with("")).progress, Progress::refused);
}

TEST(HeadParser, takes_an_absolute_target_of_the_same_host) {
    const auto parsed = parse("GET http://Shop:80/a?b HTTP/1.1\r\nHost: shop:80\r\n\r\n");
    ASSERT_EQ(parsed.progress, Progress::complete);
    EXPECT_EQ(parsed.request.path, "/a");
    EXPECT_EQ(parsed.request.query, "b");
    const auto bare = parse("GET http://shop?b HTTP/1.1\r\nHost: shop\r\n\r\n");
    ASSERT_EQ(bare.progress, Progress::complete);
    EXPECT_EQ(bare.request.path, "/");
    EXPECT_EQ(bare.request.query, "b");
}

TEST(HeadParser, takes_the_asterisk_for_options_only) {
    EXPECT_EQ(parse("OPTIONS * HTTP/1.1\r\nHost: a\r\n\r\n").request.path, "*");
    EXPECT_EQ(parse("GET * HTTP/1.1\r\nHost: a\r\n\r\n").progress, Progress::refused);
}

TEST(HeadParser, reads_how_the_message_goes_on) {
    EXPECT_EQ(parse(with("Content-Length: 12\r\n")).framing.content_length, 12u);
    // Names of transfer codings are compared in any case (RFC 9112, 7).
    for (const auto* coding : {"chunked", "Chunked", "CHUNKED"})
        EXPECT_TRUE(
            parse(with("Transfer-Encoding: " + std::string{coding} + "\r\n")).framing.chunked
        );
    EXPECT_TRUE(parse(with("Connection: x, Close\r\n")).framing.close);
    EXPECT_FALSE(parse(with("Connection: keep-alive\r\n")).framing.close);
    EXPECT_TRUE(parse(with("Expect: 100-Continue\r\n")).framing.expects_continue);
    EXPECT_TRUE(parse("GET / HTTP/1.0\r\n\r\n").framing.close);
    EXPECT_FALSE(parse("GET / HTTP/1.0\r\nExpect: 100-continue\r\n\r\n").framing.expects_continue);
}

TEST(HeadParser, a_content_length_beyond_64_bits_is_merely_too_large) {
    const auto parsed = parse(with("Content-Length: 99999999999999999999999\r\n"));
    ASSERT_EQ(parsed.progress, Progress::complete);
    EXPECT_EQ(parsed.framing.content_length, UINT64_MAX);
}

TEST(HeadParser, keeps_a_request_id_of_plain_characters_only) {
    const auto id_of = [](const std::string& value) {
        return parse(with("X-Request-Id: " + value + "\r\n")).request.id;
    };
    EXPECT_EQ(id_of("Abc.1_2-3"), "Abc.1_2-3");
    EXPECT_EQ(id_of(std::string(128, 'a')), std::string(128, 'a'));
    EXPECT_EQ(id_of(std::string(129, 'a')), "");
    EXPECT_EQ(id_of("a b"), "");
    EXPECT_EQ(id_of("a\"b"), "");
    EXPECT_EQ(id_of(""), "");
}

TEST(HeadParser, limits_hold_to_the_byte) {
    const auto line_of = [](std::size_t size) {
        return "GET /" + std::string(size - 14, 'a') + " HTTP/1.1\r\nHost: a\r\n\r\n";
    };
    EXPECT_EQ(parse(line_of(64)).progress, Progress::complete);
    EXPECT_EQ(parse(line_of(65)).error, Errc::target_too_long);

    const auto fields_of = [](std::size_t size) {  // beside "Host: a" and its own frame
        return with("B: " + std::string(size - 9 - 5, 'b') + "\r\n");
    };
    EXPECT_EQ(parse(fields_of(256)).progress, Progress::complete);
    EXPECT_EQ(parse(fields_of(257)).error, Errc::headers_too_large);

    EXPECT_EQ(parse(with("A:\r\nB:\r\nC:\r\n")).progress, Progress::complete);
    EXPECT_EQ(parse(with("A:\r\nB:\r\nC:\r\nD:\r\n")).error, Errc::headers_too_large);
}

TEST(HeadParser, a_line_without_end_is_refused_once_it_is_too_long) {
    EXPECT_EQ(parse("GET /" + std::string(100, 'a'), 1).error, Errc::target_too_long);
    EXPECT_EQ(
        parse("GET / HTTP/1.1\r\nA: " + std::string(400, 'a'), 1).error, Errc::headers_too_large
    );
}

TEST(HeadParser, a_tls_handshake_is_refused_at_its_first_byte) {
    EXPECT_EQ(parse("\x16\x03\x01\x02").progress, Progress::refused);
}

const std::string nul(1, '\0');
const std::string length = "Content-Length: 5\r\n";
const std::string chunked = "Transfer-Encoding: chunked\r\n";
// A request line of its own, with a good Host.
std::string line(const std::string& request_line) { return request_line + "\r\nHost: a\r\n\r\n"; }

const std::pair<const char*, std::string> malformed[] = {
    {"bare LF after the request line", "GET / HTTP/1.1\nHost: a\r\n\r\n"},
    {"bare LF after a field", "GET / HTTP/1.1\r\nHost: a\n\r\n"},
    {"bare LF at the end", "GET / HTTP/1.1\r\nHost: a\r\n\n"},
    {"bare CR in a value", with("A: b\rc\r\n")},
    {"bare CR in the target", line("GET /\r HTTP/1.1")},
    {"carriage return twice", line("GET / HTTP/1.1\r")},
    {"folded field", with("A: b\r\n c: d\r\n")},
    {"folded first field", "GET / HTTP/1.1\r\n Host: a\r\n\r\n"},
    {"white space before the colon", with("A : b\r\n")},
    {"tab before the colon", with("Transfer-Encoding\t: chunked\r\n")},
    {"no colon", with("A\r\n")},
    {"no name", with(": b\r\n")},
    {"NUL in a name", with("A" + nul + ": b\r\n")},
    {"NUL in a value", with("A: b" + nul + "\r\n")},
    {"control byte in a value", with("A: b\x01\r\n")},
    {"delete byte in a value", with("A: b\x7f\r\n")},
    {"NUL in the target", "GET /" + nul + line(" HTTP/1.1")},
    {"raw non-ASCII in the target", line("GET /\xc3\xa9 HTTP/1.1")},
    {"fragment in the target", line("GET /#a HTTP/1.1")},
    {"empty target", line("GET  HTTP/1.1")},
    {"target without slash", line("GET a HTTP/1.1")},
    {"authority as target", "CONNECT a:80 HTTP/1.1\r\nHost: a:80\r\n\r\n"},
    {"absolute target, other host", line("GET http://b/ HTTP/1.1")},
    {"absolute target without host", line("GET http:/// HTTP/1.1")},
    {"absolute target with user", line("GET http://u@a/ HTTP/1.1")},
    {"absolute target, other scheme", line("GET ftp://a/ HTTP/1.1")},
    {"method that is no token", line("GE(T / HTTP/1.1")},
    {"no method", line(" / HTTP/1.1")},
    {"two spaces in the line", line("GET /  HTTP/1.1")},
    {"tab in the line", line("GET\t/ HTTP/1.1")},
    {"space after the version", line("GET / HTTP/1.1 ")},
    {"no version", line("GET /")},
    {"HTTP/0.9", line("GET / HTTP/0.9")},
    {"HTTP/1.2", line("GET / HTTP/1.2")},
    {"lower case version", line("GET / http/1.1")},
    {"HTTP/2 preface", "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"},
    {"no Host", "GET / HTTP/1.1\r\n\r\n"},
    {"two Hosts", line("GET / HTTP/1.1\r\nHost: a")},
    {"empty Host", "GET / HTTP/1.1\r\nHost:\r\n\r\n"},
    {"several names in Host", "GET / HTTP/1.1\r\nHost: a, b\r\n\r\n"},
    {"path in Host", "GET / HTTP/1.1\r\nHost: a/b\r\n\r\n"},
    {"user in Host", "GET / HTTP/1.1\r\nHost: u@a\r\n\r\n"},
    {"two Hosts in HTTP/1.0", "GET / HTTP/1.0\r\nHost: a\r\nHost: b\r\n\r\n"},
    {"length with sign", with("Content-Length: +5\r\n")},
    {"negative length", with("Content-Length: -5\r\n")},
    {"list of lengths", with("Content-Length: 5, 5\r\n")},
    {"two equal lengths", with(length + length)},
    {"two lengths", with(length + "Content-Length: 6\r\n")},
    {"empty length", with("Content-Length:\r\n")},
    {"hexadecimal length", with("Content-Length: 0x5\r\n")},
    {"fractional length", with("Content-Length: 5.0\r\n")},
    {"white space inside a length", with("Content-Length: 1 2\r\n")},
    {"white space around a length", with("Content-Length:  5 \r\n")},
    {"tab before a length", with("Content-Length:\t5\r\n")},
    {"length and chunked", with(length + chunked)},
    {"chunked and length", with(chunked + length)},
    {"gzip, chunked", with("Transfer-Encoding: gzip, chunked\r\n")},
    {"identity", with("Transfer-Encoding: identity\r\n")},
    {"quoted chunked", with("Transfer-Encoding: \"chunked\"\r\n")},
    {"tab before chunked", with("Transfer-Encoding:\tchunked\r\n")},
    {"chunked twice", with(chunked + chunked)},
    {"chunked in HTTP/1.0", "POST / HTTP/1.0\r\nTransfer-Encoding: chunked\r\n\r\n"},
};

TEST(HeadParser, malformed_heads_are_refused_however_they_arrive) {
    for (const auto& [what, bytes] : malformed) {
        for (const std::size_t step : {bytes.size(), std::size_t{1}, std::size_t{7}}) {
            const auto parsed = parse(bytes, step);
            EXPECT_EQ(parsed.progress, Progress::refused) << what << ", step " << step;
            EXPECT_EQ(parsed.error, Errc::malformed_request) << what << ", step " << step;
        }
    }
}

TEST(HeadParser, every_beginning_of_a_good_head_is_partial) {
    const auto head = with("Content-Length: 5\r\nA: b\r\n");
    for (std::size_t size = 0; size < head.size(); ++size)
        EXPECT_EQ(parse(head.substr(0, size), 1).progress, Progress::partial) << size;
    EXPECT_EQ(parse(head, 1).progress, Progress::complete);
}

// ---------------------------------------------------------------------------------- chunks

struct Decoded {
    Progress progress;
    Errc error;
    std::string body;
    std::string rest;
};

Decoded decode(const std::string& bytes, std::size_t step) {
    ChunkedDecoder decoder;
    decoder.start(10, limits);
    Decoded decoded{Progress::partial, Errc::internal, {}, {}};
    std::size_t at = 0;
    while (at < bytes.size() && decoder.progress() == Progress::partial)
        at += decoder.take(std::string_view(bytes).substr(at, step), decoded.body);
    decoded.progress = decoder.progress();
    if (decoded.progress == Progress::refused) decoded.error = decoder.error().code;
    decoded.rest = bytes.substr(at);
    return decoded;
}

TEST(ChunkedDecoder, joins_chunks_and_leaves_what_follows) {
    for (const std::size_t step : {1, 3, 100}) {
        const auto decoded =
            decode("3\r\nabc\r\n0007;a=\"b c\"\r\ndefghij\r\n0\r\nExpires: now\r\n\r\nGET", step);
        EXPECT_EQ(decoded.progress, Progress::complete) << step;
        EXPECT_EQ(decoded.body, "abcdefghij") << step;
        EXPECT_EQ(decoded.rest, "GET") << step;
    }
}

TEST(ChunkedDecoder, malformed_bodies_are_refused) {
    const std::string bodies[] = {
        "\r\n",
        "g\r\n",
        "-1\r\n",
        "+1\r\n",
        "0x1\r\n",
        " 1\r\n",
        "1 \r\na",
        "1 ;a\r\n",
        "1\na\r\n",
        "1\r\r\n",
        "1\r\nab\r\n",
        "1\r\na\n0\r\n\r\n",
        "1\r\na\rb",
        "00000000000000001\r\n",
        "1;a\nb\r\n",
        "1;a" + nul + "\r\n",
        "1;" + std::string(1025, 'a') + "\r\n",
        "0\r\n\n",
        "0\r\n\r\r",
        "0\r\n a: b\r\n\r\n",
        "0\r\na : b\r\n\r\n",
        "0\r\na\r\n\r\n",
        "0\r\na: b\n\r\n",
        "0\r\na: " + nul + "\r\n\r\n",
        "0\r\na: b\r\r\n\r\n",
    };
    for (const auto& body : bodies)
        for (const std::size_t step : {1, 100000})
            EXPECT_EQ(decode(body, step).error, Errc::malformed_request) << body << " by " << step;
}

TEST(ChunkedDecoder, the_body_limit_counts_all_chunks) {
    EXPECT_EQ(decode("a\r\n0123456789\r\n0\r\n\r\n", 100).progress, Progress::complete);
    EXPECT_EQ(decode("b\r\n", 100).error, Errc::body_too_large);
    EXPECT_EQ(decode("9\r\n012345678\r\n2\r\n", 100).error, Errc::body_too_large);
    EXPECT_EQ(decode("ffffffffffffffff\r\n", 100).error, Errc::body_too_large);
}

TEST(ChunkedDecoder, trailers_share_the_limits_of_headers) {
    const auto trailer = [](std::size_t size) {
        return "0\r\na:" + std::string(size, 'b') + "\r\n\r\n";
    };
    EXPECT_EQ(decode(trailer(200), 100000).progress, Progress::complete);
    EXPECT_EQ(decode(trailer(300), 100000).error, Errc::headers_too_large);
    EXPECT_EQ(decode("0\r\na:\r\na:\r\na:\r\na:\r\n\r\n", 100).progress, Progress::complete);
    EXPECT_EQ(
        decode("0\r\na:\r\na:\r\na:\r\na:\r\na:\r\n\r\n", 100).error, Errc::headers_too_large
    );
}

}  // namespace
