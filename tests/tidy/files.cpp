#include "tidy/files.hpp"

#include <algorithm>
#include <fstream>

namespace payments::tidy {
namespace {

Strings lines_of(const fs::path& path) {
    std::ifstream file{path};
    Strings lines;
    for (std::string line; std::getline(file, line);) lines.push_back(line);
    return lines;
}

std::vector<File> files_below_all(const Strings& folders, const Strings& endings) {
    std::vector<File> files;
    for (const auto& folder : folders)
        std::ranges::move(files_below(folder, endings), std::back_inserter(files));
    return files;
}

}  // namespace

std::vector<File> files_below(const std::string& folder, const Strings& endings) {
    const fs::path root{PROJECT_ROOT};
    std::vector<File> files;
    for (fs::recursive_directory_iterator entry{root / folder}, end; entry != end; ++entry) {
        const auto name = entry->path().filename().string();
        if (name == "node_modules" || name == "dist" || name == "generated") {
            entry.disable_recursion_pending();
            continue;
        }
        const bool wanted =
            std::ranges::find(endings, entry->path().extension().string()) != endings.end();
        if (entry->is_regular_file() && wanted)
            files.push_back({fs::relative(entry->path(), root).string(), lines_of(entry->path())});
    }
    std::ranges::sort(files, {}, &File::path);
    return files;
}

std::vector<File> cpp_files(const Strings& folders) {
    return files_below_all(folders, {".hpp", ".cpp"});
}

std::vector<File> script_files(const Strings& folders) {
    return files_below_all(folders, {".mjs", ".ts", ".tsx"});
}

File file_at(const std::string& path) { return {path, lines_of(fs::path{PROJECT_ROOT} / path)}; }

std::string at(const File& file, std::size_t line) {
    return file.path + ":" + std::to_string(line + 1) + ": ";
}

bool starts_with_one_of(std::string_view text, const Strings& starts) {
    return std::ranges::any_of(starts, [&](const auto& start) { return text.starts_with(start); });
}

}  // namespace payments::tidy
