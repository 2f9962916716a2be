#include "commands/demo.hpp"

#include <unistd.h>

#include <filesystem>
#include <iostream>
#include <vector>

#include "commands/exit_code.hpp"

namespace payments {

int start_demo(const DemoOptions& options) {
    const auto program = std::filesystem::read_symlink("/proc/self/exe");
    const auto folder = program.parent_path();
    // Beside this program where it was built, below libexec where it was installed.
    for (const auto& stand_ins :
         {folder / "ozora-sandbox",
          folder.parent_path() / "libexec/ozora-payments/ozora-sandbox"}) {
        std::vector<std::string> words{stand_ins, "demo", "--service", program};
        if (!options.directory.empty()) {
            words.emplace_back("--directory");
            words.push_back(options.directory);
        }
        if (options.is_check) words.emplace_back("--check");
        std::vector<char*> arguments;
        for (auto& word : words) arguments.push_back(word.data());
        arguments.push_back(nullptr);
        ::execv(stand_ins.c_str(), arguments.data());
    }
    std::cerr << "ozora-payments: the stand-ins are not installed; on Debian they are in the "
                 "package ozora-payments-demo\n";
    return exit_code::failed;
}

}  // namespace payments
