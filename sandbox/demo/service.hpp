#pragma once

#include <sys/types.h>

#include <map>
#include <optional>
#include <string>

namespace payments::sandbox {

// The payment service as a process of its own, which ends with this object, and with this process
// whatever becomes of it.
class Service {
public:
    // Starts `program serve` with these settings and no other variable; `log` is what it writes.
    // Throws std::system_error.
    Service(
        const std::string& program, const std::map<std::string, std::string>& settings,
        const std::string& log
    );
    ~Service();
    Service(const Service&) = delete;
    Service& operator=(const Service&) = delete;

    bool has_ended();
    // Asks it to stop and waits until it has.
    void stop();

private:
    pid_t process_ = -1;
};

}  // namespace payments::sandbox
