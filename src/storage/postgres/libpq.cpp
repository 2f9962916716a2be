#include "storage/postgres/libpq.hpp"

#include <dlfcn.h>

#include <stdexcept>
#include <string>
#include <type_traits>

namespace payments::postgres {
namespace {

// It stays loaded until the process ends.
Libpq loaded() {
    auto* library = dlopen("libpq.so.5", RTLD_NOW | RTLD_LOCAL);
    if (library == nullptr) throw std::runtime_error{std::string{"PostgreSQL: "} + dlerror()};
    const auto find = [library](auto& function, const char* name) {
        auto* found = dlsym(library, name);
        if (found == nullptr) throw std::runtime_error{std::string{"PostgreSQL: "} + dlerror()};
        function = reinterpret_cast<std::remove_reference_t<decltype(function)>>(found);
    };
    Libpq functions;
#define LIBPQ_FIND(function) find(functions.function, #function);
    LIBPQ_FUNCTIONS(LIBPQ_FIND)
#undef LIBPQ_FIND
    return functions;
}

}  // namespace

const Libpq& libpq() {
    static const Libpq functions = loaded();
    return functions;
}

}  // namespace payments::postgres
