# Compiler flags shared by every target, through the interface target `options`.
set(CMAKE_CXX_STANDARD 20)
set(CMAKE_CXX_STANDARD_REQUIRED ON)
set(CMAKE_CXX_EXTENSIONS OFF)
set(PAYMENTS_SANITIZE "" CACHE STRING "Sanitizers, as -fsanitize= takes them")
option(PAYMENTS_FUZZ "Build the libFuzzer targets (needs clang)" OFF)

add_library(options INTERFACE)
# A target with MAY_SHADOW (the tests) compiles a folder as one unit: a local name of one file may
# then hide a helper of another.
target_compile_options(options INTERFACE
    -Wall -Wextra -Wpedantic $<$<NOT:$<BOOL:$<TARGET_PROPERTY:MAY_SHADOW>>>:-Wshadow>
    -Wnon-virtual-dtor -Werror)
target_include_directories(options INTERFACE ${PROJECT_SOURCE_DIR}/src)
# Asio is compiled once, in support/asio.cpp: half the build time of the header-only form.
target_compile_definitions(options INTERFACE BOOST_ASIO_SEPARATE_COMPILATION BOOST_BEAST_SEPARATE_COMPILATION)
# Asio takes the memory of coroutines from aligned_alloc, which glibc 2.36 does not keep in a
# thread's cache; operator new aligns well enough and is several times as fast.
target_compile_definitions(options INTERFACE BOOST_ASIO_DISABLE_STD_ALIGNED_ALLOC BOOST_ASIO_DISABLE_BOOST_ALIGN)

if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU")
    # g++ 12 reports false positives inside coroutine frames and the standard library at -O2.
    target_compile_options(options INTERFACE
        -fcoroutines -Wno-maybe-uninitialized -Wno-restrict -Wno-stringop-overflow -Wno-stringop-overread
        -Wno-array-bounds -Wno-mismatched-new-delete -Wno-dangling-pointer)
    if(CMAKE_UNITY_BUILD)  # g++ takes every file but the first for a header
        target_compile_options(options INTERFACE -Wno-subobject-linkage)
    endif()
endif()
if(PAYMENTS_SANITIZE)
    target_compile_options(options INTERFACE -fsanitize=${PAYMENTS_SANITIZE} -fno-omit-frame-pointer)
    target_link_options(options INTERFACE -fsanitize=${PAYMENTS_SANITIZE})
    if(PAYMENTS_FUZZ)  # undefined behaviour ends a target as a broken promise does, instead of being told
        target_compile_options(options INTERFACE -fno-sanitize-recover=undefined)
    endif()
    if(PAYMENTS_SANITIZE MATCHES thread AND CMAKE_CXX_COMPILER_ID STREQUAL "GNU")
        target_compile_options(options INTERFACE -Wno-tsan)  # warns of fences inside Asio
    endif()
endif()

set(CMAKE_CXX_FLAGS_RELEASE "-O2 -DNDEBUG")
set(CMAKE_EXE_LINKER_FLAGS_RELEASE "-Wl,--gc-sections")
# Its compiler is not that of ./test, which judges the warnings.
set(CMAKE_CXX_FLAGS_QUICK "-O0 -DNDEBUG -w")
set(CMAKE_CXX_FLAGS_RELWITHDEBINFO "-O2 -g1 -DNDEBUG")
set(CMAKE_CXX_FLAGS_DEBUG "-O0 -g1")

# harden(target): compiled as Debian hardens its packages (dpkg-buildflags), so that an overflow ends
# the process and an address that leaked is of no use. For what is shipped; tests link the same.
function(harden target)
    target_compile_options(${target} PRIVATE $<$<CONFIG:Release>:-fPIE>
        $<$<CONFIG:Release>:-fstack-protector-strong> $<$<CONFIG:Release>:-Werror=format-security>)
    target_compile_definitions(${target} PRIVATE $<$<CONFIG:Release>:_FORTIFY_SOURCE=2>)
endfunction()

# compile_by_folder(target): with CMAKE_UNITY_BUILD (the release preset), the sources of a folder are
# compiled together, those of small folders with their neighbours'. Reading Asio takes longer than
# compiling most of our files, and templates that a folder shares are made once.
set(compiled_together
    "src/(app|commands|config|http/auth|http/server)" "src/gateway(|/simplepay|/oidc)"
    "src/payment(|/runs)" "src/settlement(|/readers)" "src/flow/(console|office|runs)" "src/http/(console|api/office)"
    "src/storage(|/rules|/sqlite|/verify)" "sandbox(|/shop|/stripe|/tickets)"
    "tests/(auth|commands|config)" "tests/storage/(personal|postgres|settlements)"
    "tests/scenarios/(money|office|runs)")
function(compile_by_folder target)
    get_target_property(sources ${target} SOURCES)
    foreach(source IN LISTS sources)
        get_filename_component(folder ${source} DIRECTORY)
        file(RELATIVE_PATH folder ${PROJECT_SOURCE_DIR} ${folder})
        foreach(neighbours IN LISTS compiled_together)
            if(folder MATCHES "^${neighbours}$")
                string(MAKE_C_IDENTIFIER "${neighbours}" folder)
            endif()
        endforeach()
        set_source_files_properties(${source} PROPERTIES UNITY_GROUP ${folder})
    endforeach()
    set_target_properties(${target} PROPERTIES UNITY_BUILD_MODE GROUP)
endfunction()

# precompile(target): one precompiled header for all, made with the library `service`. Where folders
# are compiled together it would save nothing.
function(precompile target)
    if(CMAKE_UNITY_BUILD)
        return()
    endif()
    if(target STREQUAL service)
        target_precompile_headers(service PRIVATE ${PROJECT_SOURCE_DIR}/src/support/precompiled.hpp)
    else()
        target_precompile_headers(${target} REUSE_FROM service)
    endif()
endfunction()

find_program(CCACHE ccache)
if(CCACHE)
    set(CMAKE_CXX_COMPILER_LAUNCHER
        ${CMAKE_COMMAND} -E env CCACHE_SLOPPINESS=pch_defines,time_macros,include_file_mtime,include_file_ctime
        CCACHE_BASEDIR=${PROJECT_SOURCE_DIR} CCACHE_NOHASHDIR=1 ${CCACHE})
    target_compile_options(options INTERFACE $<$<CXX_COMPILER_ID:GNU>:-fpch-preprocess>)
endif()
find_program(MOLD mold)
if(MOLD)
    target_link_options(options INTERFACE -fuse-ld=mold)
endif()
