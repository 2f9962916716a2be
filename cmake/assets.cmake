# Files that travel inside a binary: pages, migrations, the version.

# bundle_assets(target directory function): every file below `directory` (relative to the project)
# becomes an entry of `std::span<const payments::Asset> payments::function()`; of a file that lies
# there compressed as well (x and x.gz) only that form, from which the other is made for whoever
# wants it. The bytes are taken in by the assembler (.incbin), which costs no compile time. A missing
# directory gives an empty list: the pages are built by scripts/build-web first.
function(bundle_assets target directory function)
    set(root ${PROJECT_SOURCE_DIR}/${directory})
    file(GLOB_RECURSE files CONFIGURE_DEPENDS RELATIVE ${root} ${root}/*)
    set(declarations "")
    set(entries "")
    set(index 0)
    foreach(file IN LISTS files)
        if("${file}.gz" IN_LIST files)
            continue()
        endif()
        set(symbol ${function}_${index})
        string(APPEND declarations
            "asm(\".section .rodata\\n.balign 16\\n${symbol}:\\n.incbin \\\"${root}/${file}\\\"\\n"
            "${symbol}_end:\\n.byte 0\\n.previous\\n\");\n"
            "extern \"C\" const char ${symbol}[], ${symbol}_end[];\n")
        string(APPEND entries
            "        {\"/${file}\", {${symbol}, static_cast<std::size_t>(${symbol}_end - ${symbol})}},\n")
        list(APPEND paths ${root}/${file})
        math(EXPR index "${index} + 1")
    endforeach()
    set(output ${CMAKE_CURRENT_BINARY_DIR}/${function}.cpp)
    set(body "std::span<const Asset> ${function}() {\n    return {};\n}\n")
    if(index GREATER 0)
        set(body "std::span<const Asset> ${function}() {\n    static const Asset assets[] = {\n${entries}    };\n    return assets;\n}\n")
    endif()
    file(CONFIGURE OUTPUT ${output} CONTENT
"#include \"support/assets.hpp\"

${declarations}
namespace payments {
std::span<const Asset> ${function}();
${body}}  // namespace payments
" @ONLY)
    target_sources(${target} PRIVATE ${output})
    set_source_files_properties(${output} PROPERTIES OBJECT_DEPENDS "${paths}" SKIP_PRECOMPILE_HEADERS ON)
endfunction()

# bundle_migrations(target directory): the numbered SQL files, as assets named /sqlite/0001_name.sql.
function(bundle_migrations target directory)
    bundle_assets(${target} ${directory} migration_assets)
endfunction()

# bundle_version(target): payments::build_info(), with the commit and the time of the build. The
# time changes only when the commit does, so an unchanged tree is not linked again.
function(bundle_version target)
    set(output ${CMAKE_CURRENT_BINARY_DIR}/build_info.cpp)
    add_custom_target(build_info
        COMMAND ${CMAKE_COMMAND} -DOUTPUT=${output} -DVERSION=${PROJECT_VERSION}
                -DSOURCE=${PROJECT_SOURCE_DIR} -P ${PROJECT_SOURCE_DIR}/cmake/build_info.cmake
        BYPRODUCTS ${output}
        COMMENT "")
    target_sources(${target} PRIVATE ${output})
    set_source_files_properties(${output} PROPERTIES SKIP_PRECOMPILE_HEADERS ON)
    add_dependencies(${target} build_info)
endfunction()
