#include <algorithm>
#include <cctype>

#include "tidy/functions.hpp"

namespace payments::tidy {
namespace {

// The code alone: comments, the insides of literals and preprocessor lines become blanks, so that
// braces can be counted. Line breaks stay.
class CppStripper {
public:
    static std::string strip(const File& file) {
        std::string text;
        for (const auto& line : file.lines) text += (line.starts_with('#') ? "" : line) + "\n";
        return CppStripper{std::move(text)}.run();
    }

private:
    explicit CppStripper(std::string text) : text_(std::move(text)) {}

    std::string run() {
        for (std::size_t i = 0; i < text_.size();) i = step(i);
        return std::move(text_);
    }

    std::size_t step(std::size_t i) {
        if (text_.compare(i, 2, "//") == 0) return blank(i, text_.find('\n', i));
        if (text_.compare(i, 2, "/*") == 0) return blank(i, text_.find("*/", i) + 2);
        const bool after_word =
            i > 0 && std::isalnum(static_cast<unsigned char>(text_[i - 1])) != 0;
        if (text_.compare(i, 2, "R\"") == 0 && !after_word) return blank(i, end_of_raw(i));
        if (text_[i] == '"') return blank(i, end_of_literal(i, '"'));
        if (text_[i] == '\'' && !after_word) return blank(i, end_of_literal(i, '\''));
        return i + 1;
    }

    std::size_t end_of_raw(std::size_t start) const {
        const auto open = text_.find('(', start);
        const auto close = ")" + text_.substr(start + 2, open - start - 2) + "\"";
        return text_.find(close, open) + close.size();
    }

    std::size_t end_of_literal(std::size_t start, char quote) const {
        auto i = start + 1;
        while (i < text_.size() && text_[i] != quote) i += text_[i] == '\\' ? 2 : 1;
        return i + 1;
    }

    std::size_t blank(std::size_t from, std::size_t to) {
        to = std::min(to, text_.size());
        for (auto i = from; i < to; ++i)
            if (text_[i] != '\n') text_[i] = ' ';
        return to;
    }

    std::string text_;
};

// What stands before a brace: does it open the body of a function?
bool declares_function(std::string_view before) {
    int depth = 0;
    bool has_parentheses = false;
    for (const char c : before) {
        if (c == '(') has_parentheses = true;
        depth += c == '(' ? 1 : c == ')' ? -1 : 0;
        if (c == '=' && depth == 0 && before.find("operator") == std::string_view::npos)
            return false;
    }
    return has_parentheses && depth == 0;
}

}  // namespace

std::vector<Function> cpp_functions(const File& file) {
    const auto code = CppStripper::strip(file);
    std::vector<Function> found;
    std::vector<bool> open;  // a brace for each level: is it a function's?
    std::size_t declaration = 0;
    Function current;
    for (std::size_t i = 0; i < code.size(); ++i) {
        const bool inside = std::ranges::find(open, true) != open.end();
        if (code[i] == '{') {
            const auto first = std::min(code.find_first_not_of(" \n", declaration), i);
            const std::string before = code.substr(first, i - first);
            const bool is_function = !inside && declares_function(before);
            if (is_function) {
                const auto line = std::count(code.begin(), code.begin() + first, '\n');
                current = {before.substr(0, before.find('(')), static_cast<std::size_t>(line), 0};
            }
            open.push_back(is_function);
        }
        if (code[i] == '}' && !open.empty()) {
            if (open.back()) {
                const auto last = std::count(code.begin(), code.begin() + i, '\n');
                current.lines = static_cast<int>(last) - static_cast<int>(current.line) + 1;
                found.push_back(current);
            }
            open.pop_back();
        }
        const bool ends_something = code[i] == '{' || code[i] == '}' || code[i] == ';';
        if (ends_something && std::ranges::find(open, true) == open.end()) declaration = i + 1;
    }
    return found;
}

}  // namespace payments::tidy
