#include "sandbox/download.hpp"

#include <cstdio>

namespace payments::sandbox {
namespace {

std::string html(std::string_view text) {
    std::string escaped;
    for (const char c : text) {
        if (c == '<')
            escaped += "&lt;";
        else if (c == '&')
            escaped += "&amp;";
        else if (c == '"')
            escaped += "&quot;";
        else
            escaped += c;
    }
    return escaped;
}

std::string day_text(std::chrono::sys_days day, const char* form) {
    const std::chrono::year_month_day date{day};
    char text[32];
    std::snprintf(
        text, sizeof text, form, static_cast<int>(date.year()), static_cast<unsigned>(date.month()),
        static_cast<unsigned>(date.day())
    );
    return text;
}

}  // namespace

Reply download(const std::string& name, std::string content_type, std::string bytes) {
    Reply reply{200, std::move(content_type), std::move(bytes)};
    reply.headers.emplace_back("Content-Disposition", "attachment; filename=\"" + name + "\"");
    return reply;
}

Reply page_of_links(
    std::string_view title, std::string_view text,
    const std::vector<std::pair<std::string, std::string>>& links
) {
    auto page = R"(<!doctype html><html lang="en"><meta charset="utf-8"><title>)" + html(title) +
                "</title><h1>" + html(title) + "</h1><p>" + html(text) + "</p><ul>";
    for (const auto& [path, name] : links)
        page += "<li><a href=\"" + html(path) + "\">" + html(name) + "</a></li>";
    if (links.empty()) page += "<li>Nothing yet.</li>";
    return Reply{200, "text/html; charset=utf-8", page + "</ul></html>"};
}

std::string with_two_decimals(std::int64_t minor, char point) {
    const auto size = minor < 0 ? -minor : minor;
    const auto cents = std::to_string(size % 100);
    return (minor < 0 ? "-" : "") + std::to_string(size / 100) + point +
           (cents.size() < 2 ? "0" : "") + cents;
}

std::string table_cell(std::string_view text, char separator) {
    if (text.find_first_of(std::string{"\"\r\n"} + separator) == text.npos)
        return std::string{text};
    std::string cell = "\"";
    for (const char c : text) {
        if (c == '"') cell += '"';
        cell += c;
    }
    return cell + '"';
}

std::optional<std::chrono::sys_days> day_in(std::string_view text) {
    int year = 0;
    unsigned month = 0, day = 0;
    char more = 0;
    const std::string copy{text};
    if (copy.size() != 10 ||
        std::sscanf(copy.c_str(), "%4d-%2u-%2u%c", &year, &month, &day, &more) != 3)
        return std::nullopt;
    const std::chrono::year_month_day date{
        std::chrono::year{year}, std::chrono::month{month}, std::chrono::day{day}};
    if (!date.ok()) return std::nullopt;
    return std::chrono::sys_days{date};
}

std::string text_of_day(std::chrono::sys_days day) { return day_text(day, "%04d-%02u-%02u"); }

std::string short_text_of_day(std::chrono::sys_days day) { return day_text(day, "%04d%02u%02u"); }

}  // namespace payments::sandbox
