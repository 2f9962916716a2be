#include <algorithm>
#include <cctype>
#include <regex>

#include "tidy/functions.hpp"

namespace payments::tidy {
namespace {

bool is_word(char c) { return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '_'; }

// The code alone: comments and the insides of strings, templates and regular expressions become
// blanks. Line breaks stay, and so does code inside ${}.
class ScriptStripper {
public:
    static std::string strip(const File& file) {
        std::string text;
        for (const auto& line : file.lines) text += line + "\n";
        ScriptStripper stripper{std::move(text)};
        stripper.code(0, false);
        return std::move(stripper.text_);
    }

private:
    explicit ScriptStripper(std::string text) : text_(std::move(text)) {}

    // To the end of the text, or of the ${} that it is inside of.
    std::size_t code(std::size_t i, bool is_in_template) {
        for (int depth = 0; i < text_.size();) {
            if (text_[i] == '{') ++depth;
            if (text_[i] == '}' && depth-- == 0 && is_in_template) return i;
            i = step(i);
        }
        return i;
    }

    std::size_t step(std::size_t i) {
        if (text_.compare(i, 2, "//") == 0) return blank(i, text_.find('\n', i));
        if (text_.compare(i, 2, "/*") == 0) return blank(i, text_.find("*/", i + 2) + 2);
        if (text_[i] == '`') return after_template(i);
        const bool is_quote = text_[i] == '"' || text_[i] == '\'';
        const bool is_regex = text_[i] == '/' && may_be_regex(i);
        if (is_quote || is_regex) {
            const auto end = end_on_line(i, text_[i]);
            // An apostrophe in the text of an element, or a division.
            if (end == std::string::npos) return is_quote ? blank(i, i + 1) : i + 1;
            blank(i, end);
            last_ = '"';
            return end;
        }
        if (!std::isspace(static_cast<unsigned char>(text_[i]))) {
            const bool goes_on = i > 0 && is_word(text_[i - 1]) && is_word(text_[i]);
            word_ = is_word(text_[i]) ? (goes_on ? word_ : "") + text_[i] : "";
            last_ = text_[i];
        }
        return i + 1;
    }

    // A value may begin here; where one has just ended, a slash divides. "</p>" and "/>" are
    // neither.
    bool may_be_regex(std::size_t i) const {
        if (text_.compare(i, 2, "/>") == 0) return false;
        static const Strings words{"return", "typeof", "case", "in", "of", "await", "yield"};
        if (is_word(last_)) return std::ranges::find(words, word_) != words.end();
        return std::string_view{"(,=:[!&|?{};+-*%>~^"}.find(last_) != std::string_view::npos;
    }

    std::size_t end_on_line(std::size_t start, char quote) const {
        bool is_in_class = false;  // [/] does not end a regular expression
        for (auto i = start + 1; i < text_.size() && text_[i] != '\n'; ++i) {
            if (text_[i] == '\\')
                ++i;
            else if (quote == '/' && text_[i] == '[')
                is_in_class = true;
            else if (quote == '/' && text_[i] == ']')
                is_in_class = false;
            else if (text_[i] == quote && !is_in_class)
                return i + 1;
        }
        return std::string::npos;
    }

    std::size_t after_template(std::size_t i) {
        text_[i++] = ' ';
        while (i < text_.size() && text_[i] != '`') {
            if (text_.compare(i, 2, "${") == 0) {
                last_ = '{';
                i = code(blank(i, i + 2), true);
                i = blank(i, i + 1);
            } else {
                i = blank(i, i + (text_[i] == '\\' ? 2 : 1));
            }
        }
        last_ = '"';
        return blank(i, i + 1);
    }

    std::size_t blank(std::size_t from, std::size_t to) {
        to = std::min(to, text_.size());
        for (auto i = from; i < to; ++i)
            if (text_[i] != '\n') text_[i] = ' ';
        return to;
    }

    std::string text_;
    char last_ = ';';   // the last character of code
    std::string word_;  // that it is part of
};

std::string trimmed(std::string_view text) {
    const auto first = text.find_first_not_of(" \n");
    if (first == std::string_view::npos) return "";
    return std::string{text.substr(first, text.find_last_not_of(" \n") + 1 - first)};
}

// Where the parenthesis opens that the last one of `code` closes.
std::size_t opening_parenthesis(std::string_view code) {
    int depth = 0;
    for (auto i = code.size(); i-- > 0;) {
        depth += code[i] == ')' ? 1 : code[i] == '(' ? -1 : 0;
        if (depth == 0) return i;
    }
    return 0;
}

// "f(a): number" becomes "f(a)".
std::string without_return_type(const std::string& text) {
    static const std::regex type{R"(\s*:\s*([\w.\[\]|, ]|<[^()]*>)+)"};
    const auto end = text.rfind(')') + 1;  // 0 without one
    return std::regex_match(text.substr(end), type) ? text.substr(0, end) : text;
}

// The name of the function whose body a brace after `before` opens; "" when it opens anything else.
std::string function_before(std::string_view before) {
    static const Strings controls{"if", "for", "while", "switch", "catch", "await"};
    auto text = trimmed(before);
    const bool is_arrow = text.ends_with("=>");
    if (is_arrow) text = trimmed(std::string_view{text}.substr(0, text.size() - 2));
    text = without_return_type(text);
    if (!text.ends_with(')')) return is_arrow ? text.substr(text.rfind('\n') + 1) : "";
    const auto head = trimmed(std::string_view{text}.substr(0, opening_parenthesis(text)));
    const auto name = trimmed(std::string_view{head}.substr(head.rfind('\n') + 1));
    auto word = name.size();
    while (word > 0 && is_word(name[word - 1])) --word;
    const bool is_control = std::ranges::find(controls, name.substr(word)) != controls.end();
    if (!is_arrow && (is_control || word == name.size())) return "";
    return name.empty() ? "(" : name;
}

}  // namespace

std::vector<Function> script_functions(const File& file) {
    const auto code = ScriptStripper::strip(file);
    std::vector<Function> found, open;  // `open` has an entry for each brace
    std::size_t line = 0;
    for (std::size_t i = 0; i < code.size(); ++i) {
        if (code[i] == '\n') ++line;
        if (code[i] == '{') {
            const auto start = i > 1000 ? i - 1000 : 0;  // no list of parameters is longer
            open.push_back(
                {function_before(std::string_view{code}.substr(start, i - start)), line, 0}
            );
        }
        if (code[i] == '}' && !open.empty()) {
            auto function = open.back();
            open.pop_back();
            function.lines = static_cast<int>(line - function.line) + 1;
            const bool is_list_of_tests = function.name.starts_with("describe(");
            if (!function.name.empty() && !is_list_of_tests) found.push_back(function);
        }
    }
    return found;
}

}  // namespace payments::tidy
