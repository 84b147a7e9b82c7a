# parley_embed(<name> FOLDER <folder> FILES <file...> [DEPENDS <file or target...>])
# Puts files into the program. Use: link parley_embedded_<name>, include "embedded/<name>.hpp", then
#   parley::embedded::<name>()            every file (name relative to FOLDER, content)
#   parley::embedded::<name>("a/b.css")   one file's content; nullopt if it is not there
set(PARLEY_EMBED_DIR "${CMAKE_BINARY_DIR}/embedded")
file(CONFIGURE OUTPUT "${PARLEY_EMBED_DIR}/include/embedded/file.hpp" CONTENT [[
#pragma once

#include <string_view>

namespace parley::embedded {

/// A file inside the program: lives as long as the program does.
struct file {
    std::string_view name;
    std::string_view content;
};

} // namespace parley::embedded
]])

function(parley_embed name)
    cmake_parse_arguments(ARG "" "FOLDER" "FILES;DEPENDS" ${ARGN})
    set(header "${PARLEY_EMBED_DIR}/include/embedded/${name}.hpp")
    set(source "${PARLEY_EMBED_DIR}/${name}.cpp")
    set(assembly "${PARLEY_EMBED_DIR}/${name}.S")
    set(paths ${ARG_FILES})
    list(TRANSFORM paths PREPEND "${ARG_FOLDER}/")
    set(declarations "")
    set(entries "")
    set(incbins "")
    set(index 0)
    foreach(file IN LISTS ARG_FILES)
        set(symbol "parley_embedded_${name}_${index}")
        string(APPEND declarations "extern const char ${symbol}_begin[];\nextern const char ${symbol}_end[];\n")
        string(APPEND entries "    {\"${file}\", {${symbol}_begin, ${symbol}_end}},\n")
        string(
            APPEND incbins
                   ".global ${symbol}_begin\n.global ${symbol}_end\n.balign 16\n"
                   "${symbol}_begin:\n.incbin \"${ARG_FOLDER}/${file}\"\n${symbol}_end:\n.byte 0\n")
        math(EXPR index "${index} + 1")
    endforeach()
    file(CONFIGURE OUTPUT "${header}" @ONLY CONTENT [[
#pragma once

#include "embedded/file.hpp"

#include <optional>
#include <span>
#include <string_view>

namespace parley::embedded {

/// Every file of this set.
std::span<const file> @name@();

/// The content of one file; nothing if there is no such file.
std::optional<std::string_view> @name@(std::string_view file_name);

} // namespace parley::embedded
]])
    file(CONFIGURE OUTPUT "${source}" @ONLY CONTENT [[
#include "embedded/@name@.hpp"

#include <array>

extern "C" {
@declarations@}

namespace parley::embedded {
namespace {

const std::array<file, @index@> files{{
@entries@}};

} // namespace

std::span<const file> @name@() { return files; }

std::optional<std::string_view> @name@(std::string_view file_name) {
    for (const auto& one : files) {
        if (one.name == file_name) {
            return one.content;
        }
    }
    return std::nullopt;
}

} // namespace parley::embedded
]])
    file(CONFIGURE OUTPUT "${assembly}" @ONLY CONTENT [[
.section .rodata
@incbins@.section .note.GNU-stack,"",%progbits
]])
    set_source_files_properties("${assembly}" PROPERTIES OBJECT_DEPENDS "${paths}")
    add_library(parley_embedded_${name} STATIC "${source}" "${assembly}")
    target_include_directories(parley_embedded_${name} PUBLIC "${PARLEY_EMBED_DIR}/include")
    target_link_libraries(parley_embedded_${name} PRIVATE parley_warnings)
    if(ARG_DEPENDS)
        add_dependencies(parley_embedded_${name} ${ARG_DEPENDS})
    endif()
endfunction()
