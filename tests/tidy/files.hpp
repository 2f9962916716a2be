#pragma once

#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

// The files of this project, as the house rules read them.
namespace payments::tidy {

namespace fs = std::filesystem;
using Strings = std::vector<std::string>;

struct File {
    std::string path;  // from the root of the project
    Strings lines;
};

// All files below a folder that end in one of `endings`, by path; what npm installed, what is
// built and what was generated is left out.
std::vector<File> files_below(const std::string& folder, const Strings& endings);
std::vector<File> cpp_files(const Strings& folders);
std::vector<File> script_files(const Strings& folders);  // .mjs, .ts, .tsx
File file_at(const std::string& path);                   // from the root of the project

// "path:line: ", by which an editor finds it; `line` counts from 0.
std::string at(const File& file, std::size_t line);

bool starts_with_one_of(std::string_view text, const Strings& starts);

}  // namespace payments::tidy
