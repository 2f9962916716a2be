#include "commands/actor.hpp"

#include <pwd.h>
#include <unistd.h>

namespace payments {
namespace {

// The name of whoever runs this process, or the number where there is no name.
std::string user_of_machine() {
    const auto* user = getpwuid(geteuid());
    return user ? user->pw_name : "user " + std::to_string(geteuid());
}

}  // namespace

Actor actor_of(const std::string& by) {
    return {"command line", by.empty() ? user_of_machine() : by};
}

}  // namespace payments
