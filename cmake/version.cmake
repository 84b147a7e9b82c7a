# "parley_version.hpp": the version of project(), the commit, the compiler. The commit is that of the last configure;
# the file changes only with its content, so that a new commit rebuilds one or two files.
set(PARLEY_COMMIT "unknown")
if(DEFINED ENV{PARLEY_COMMIT}) # where there is no repository: in the image
    set(PARLEY_COMMIT "$ENV{PARLEY_COMMIT}")
endif()
find_package(Git QUIET)
if(Git_FOUND)
    execute_process(
        COMMAND "${GIT_EXECUTABLE}" -C "${CMAKE_SOURCE_DIR}" rev-parse --short=12 HEAD
        OUTPUT_VARIABLE commit
        OUTPUT_STRIP_TRAILING_WHITESPACE ERROR_QUIET
        RESULT_VARIABLE failed)
    if(NOT failed)
        set(PARLEY_COMMIT "${commit}")
    endif()
endif()
set(PARLEY_COMPILER "${CMAKE_CXX_COMPILER_ID} ${CMAKE_CXX_COMPILER_VERSION}")
string(REPLACE "GNU" "g++" PARLEY_COMPILER "${PARLEY_COMPILER}")
file(CONFIGURE OUTPUT "${CMAKE_BINARY_DIR}/generated/parley_version.hpp" @ONLY CONTENT [[
#pragma once

namespace parley {

inline constexpr char version[] = "@PROJECT_VERSION@";
inline constexpr char version_commit[] = "@PARLEY_COMMIT@";
inline constexpr char version_compiler[] = "@PARLEY_COMPILER@";
inline constexpr char version_build_type[] = "@CMAKE_BUILD_TYPE@";

} // namespace parley
]])
add_library(parley_version INTERFACE)
target_include_directories(parley_version INTERFACE "${CMAKE_BINARY_DIR}/generated")
