#include "sandbox/demo/service.hpp"

#include <fcntl.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <system_error>
#include <vector>

namespace payments::sandbox {
namespace {

[[noreturn]] void fail(const std::string& what) {
    throw std::system_error(errno, std::generic_category(), what);
}

std::vector<std::string> environment(const std::map<std::string, std::string>& settings) {
    std::vector<std::string> variables;
    for (const auto& [name, value] : settings) variables.push_back(name + "=" + value);
    return variables;
}

std::vector<char*> pointers(std::vector<std::string>& texts) {
    std::vector<char*> list;
    for (auto& text : texts) list.push_back(text.data());
    list.push_back(nullptr);
    return list;
}

}  // namespace

Service::Service(
    const std::string& program, const std::map<std::string, std::string>& settings,
    const std::string& log
) {
    std::vector<std::string> words{program, "serve"};
    auto variables = environment(settings);
    // Made before the fork: afterwards only what is safe in a signal handler may be called.
    const auto arguments = pointers(words), environment = pointers(variables);
    const int output = ::open(log.c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
    if (output < 0) fail(log);
    const pid_t parent = ::getpid();
    process_ = ::fork();
    if (process_ == 0) {
        // Ctrl-C is for the demo, which stops the service when it is ready to.
        ::setpgid(0, 0);
        ::prctl(PR_SET_PDEATHSIG, SIGTERM);
        if (::getppid() == parent && ::dup2(output, 1) >= 0 && ::dup2(output, 2) >= 0)
            ::execve(program.c_str(), arguments.data(), environment.data());
        ::_exit(127);
    }
    ::close(output);
    if (process_ < 0) fail("fork");
}

Service::~Service() { stop(); }

bool Service::has_ended() {
    if (process_ < 0) return true;
    int status = 0;
    if (::waitpid(process_, &status, WNOHANG) != process_) return false;
    process_ = -1;
    return true;
}

void Service::stop() {
    if (has_ended()) return;
    ::kill(process_, SIGTERM);
    int status = 0;
    while (::waitpid(process_, &status, 0) < 0 && errno == EINTR) {
    }
    process_ = -1;
}

}  // namespace payments::sandbox
