# Writes build_info.cpp; run at every build, changes the file only when the commit has changed.
execute_process(COMMAND git -C ${SOURCE} rev-parse --short=12 HEAD
    OUTPUT_VARIABLE commit OUTPUT_STRIP_TRAILING_WHITESPACE ERROR_QUIET)
if(NOT commit)
    set(commit "unknown")
endif()
if(EXISTS ${OUTPUT})
    file(READ ${OUTPUT} old)
    if(old MATCHES "\"${VERSION}\", \"${commit}\"")
        return()
    endif()
endif()
string(TIMESTAMP now "%Y-%m-%dT%H:%M:%SZ" UTC)  # honours SOURCE_DATE_EPOCH
file(WRITE ${OUTPUT} "#include \"support/assets.hpp\"

namespace payments {
BuildInfo build_info() { return {\"${VERSION}\", \"${commit}\", \"${now}\"}; }
}  // namespace payments
")
