#pragma once

#include <string>
#include <string_view>

namespace payments {

// A file that has its name only when it is whole, and ".part" behind it until then; or standard
// output, "-". Throws std::system_error.
class OutputFile {
public:
    explicit OutputFile(const std::string& name);
    OutputFile(const OutputFile&) = delete;
    OutputFile& operator=(const OutputFile&) = delete;
    ~OutputFile();

    void write(std::string_view text);
    void finish();

private:
    const std::string name_, part_;
    int file_;
    bool is_whole_ = false;
};

}  // namespace payments
