#pragma once

#include <string>
#include <string_view>

namespace payments {

// A file that has its name only when it is whole, and ".part" behind it until then; or standard
// output, "-". What is there and no file, as a pipe or /dev/null, stays what it is and is written
// to. Throws std::system_error.
class OutputFile {
public:
    explicit OutputFile(const std::string& name);
    OutputFile(const OutputFile&) = delete;
    OutputFile& operator=(const OutputFile&) = delete;
    ~OutputFile();

    void write(std::string_view text);
    void finish();

private:
    const std::string name_, part_;  // the same for what is no file
    int file_;
    bool is_whole_ = false;
};

}  // namespace payments
