#include "http/server/message.hpp"

#include <charconv>
#include <stdexcept>

#include "http/server/grammar.hpp"

namespace payments::http {
namespace {

constexpr struct {
    int status;
    std::string_view phrase;
} reasons[] = {
    {200, "OK"},
    {201, "Created"},
    {202, "Accepted"},
    {204, "No Content"},
    {301, "Moved Permanently"},
    {302, "Found"},
    {303, "See Other"},
    {304, "Not Modified"},
    {307, "Temporary Redirect"},
    {308, "Permanent Redirect"},
    {400, "Bad Request"},
    {401, "Unauthorized"},
    {402, "Payment Required"},
    {403, "Forbidden"},
    {404, "Not Found"},
    {405, "Method Not Allowed"},
    {406, "Not Acceptable"},
    {408, "Request Timeout"},
    {409, "Conflict"},
    {410, "Gone"},
    {412, "Precondition Failed"},
    {413, "Content Too Large"},
    {414, "URI Too Long"},
    {415, "Unsupported Media Type"},
    {422, "Unprocessable Content"},
    {429, "Too Many Requests"},
    {431, "Request Header Fields Too Large"},
    {500, "Internal Server Error"},
    {501, "Not Implemented"},
    {502, "Bad Gateway"},
    {503, "Service Unavailable"},
    {504, "Gateway Timeout"},
};

std::string_view reason(int status) {
    for (const auto& known : reasons)
        if (known.status == status) return known.phrase;
    return "";  // the phrase may be empty (RFC 9112 section 4)
}

void append_number(std::string& out, std::size_t number) {
    char digits[20];
    const auto end = std::to_chars(digits, digits + sizeof digits, number).ptr;
    out.append(digits, end);
}

void append_field(std::string& out, std::string_view name, std::string_view value) {
    if (!is_token(name) || !all_in(value_characters, value))
        // A foreign text with a line break would be a header, or an answer, of its own.
        throw std::invalid_argument("a response header cannot be sent: " + std::string(name));
    out.append(name).append(": ").append(value).append("\r\n");
}

// How the client finds the end of the body; without a word, at the end of the connection.
void append_framing(std::string& out, const Response& response, bool knows_chunks) {
    if (!response.source) {
        out.append("Content-Length: ");
        append_number(out, response.payload().size());
        out.append("\r\n");
    } else if (knows_chunks) {
        out.append("Transfer-Encoding: chunked\r\n");
    }
}

// The application cannot know them, and a second length would let two readers see two answers.
bool belongs_to_server(std::string_view name) {
    for (const std::string_view own :
         {"content-length", "transfer-encoding", "connection", "date", "x-request-id"})
        if (equal_ignoring_case(name, own)) return true;
    return false;
}

}  // namespace

const std::string* Request::header(std::string_view name) const {
    for (const auto& [known, value] : headers)
        if (known == name) return &value;
    return nullptr;
}

std::string header_or_empty(const Request& request, std::string_view name) {
    const auto* value = request.header(name);
    return value == nullptr ? std::string{} : *value;
}

std::string header_list(const Request& request, std::string_view name) {
    std::string list;
    for (const auto& [known, value] : request.headers)
        if (known == name) list.append(list.empty() ? "" : ", ").append(value);
    return list;
}

bool may_have_body(int status) { return status >= 200 && status != 204 && status != 304; }

bool asks_to_close(const Response& response) {
    for (const auto& [name, value] : response.headers)
        if (equal_ignoring_case(name, "connection") && list_contains(value, "close")) return true;
    return false;
}

void append_head(std::string& out, const Response& response, const AnswerContext& context) {
    out.append("HTTP/1.1 ");
    append_number(out, static_cast<std::size_t>(response.status));
    out.append(" ").append(reason(response.status)).append("\r\n");
    out.append("Date: ").append(context.date).append("\r\n");
    if (!response.content_type.empty()) append_field(out, "Content-Type", response.content_type);
    if (may_have_body(response.status)) append_framing(out, response, context.knows_chunks);
    out.append("X-Request-Id: ").append(context.request_id).append("\r\n");
    for (const auto& [name, value] : response.headers)
        if (!belongs_to_server(name)) append_field(out, name, value);
    out.append(context.close ? "Connection: close\r\n\r\n" : "\r\n");
}

}  // namespace payments::http
