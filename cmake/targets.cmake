# One target per folder. Authors add and remove files; they edit no lists.

# parley_sources(<out> [folder]): the .cpp files below a folder, looked for again by every build.
function(parley_sources out)
    set(folder "${CMAKE_CURRENT_SOURCE_DIR}")
    if(ARGC GREATER 1)
        set(folder "${ARGV1}")
    endif()
    file(GLOB_RECURSE files CONFIGURE_DEPENDS "${folder}/*.cpp")
    set(${out} "${files}" PARENT_SCOPE)
endfunction()

# parley_add_library(<name> [PCH base|http|none] [DEPENDS target...] [PRIVATE_DEPENDS target...])
# DEPENDS are seen by users of the library's headers; PRIVATE_DEPENDS (a driver) only by its own files.
# A folder with headers only becomes an INTERFACE library.
function(parley_add_library name)
    cmake_parse_arguments(ARG "" "PCH" "DEPENDS;PRIVATE_DEPENDS" ${ARGN})
    parley_sources(sources)
    if(NOT sources)
        add_library(${name} INTERFACE)
        target_include_directories(${name} INTERFACE "${PROJECT_SOURCE_DIR}/src")
        target_link_libraries(${name} INTERFACE parley_boost ${ARG_DEPENDS})
        return()
    endif()
    add_library(${name} STATIC ${sources})
    target_include_directories(${name} PUBLIC "${PROJECT_SOURCE_DIR}/src")
    target_link_libraries(
        ${name}
        PUBLIC parley_boost ${ARG_DEPENDS}
        PRIVATE parley_warnings parley_sanitizers parley_hardening ${ARG_PRIVATE_DEPENDS})
    if(NOT ARG_PCH)
        set(ARG_PCH base)
    endif()
    parley_use_pch(${name} ${ARG_PCH})
endfunction()

# parley_add_executable(<name> SOURCES file... [PCH kind] [DEPENDS target...])
function(parley_add_executable name)
    cmake_parse_arguments(ARG "" "PCH" "SOURCES;DEPENDS" ${ARGN})
    add_executable(${name} ${ARG_SOURCES})
    target_link_libraries(
        ${name} PRIVATE parley_boost ${ARG_DEPENDS} parley_warnings parley_sanitizers parley_hardening)
    if(NOT ARG_PCH)
        set(ARG_PCH base)
    endif()
    parley_use_pch(${name} ${ARG_PCH})
endfunction()

# parley_add_test(<name> SOURCES file... [DEPENDS target...] [LABELS label...])
# One GoogleTest program, one ctest entry; tools/dev/test.sh says how long it may take. A program without a test in it
# fails.
function(parley_add_test name)
    cmake_parse_arguments(ARG "" "" "SOURCES;DEPENDS;LABELS" ${ARGN})
    parley_add_executable(${name} SOURCES ${ARG_SOURCES} PCH test DEPENDS ${ARG_DEPENDS} GTest::gtest_main)
    target_include_directories(${name} PRIVATE "${PROJECT_SOURCE_DIR}/src" "${PROJECT_SOURCE_DIR}/tests")
    target_compile_options(${name} PRIVATE ${parley_test_options})
    add_test(NAME ${name} COMMAND ${name} --gtest_brief=1)
    set_tests_properties(
        ${name}
        PROPERTIES LABELS "${ARG_LABELS}"
                   WORKING_DIRECTORY "${PROJECT_SOURCE_DIR}"
                   FAIL_REGULAR_EXPRESSION " 0 tests from 0 test suites ran")
endfunction()

# parley_add_tests(<kind> [DEPENDS target...]): every folder below this one becomes one test program
# parley_<kind>_<folder>; files directly here become parley_<kind>.
function(parley_add_tests kind)
    cmake_parse_arguments(ARG "" "" "DEPENDS" ${ARGN})
    file(GLOB here CONFIGURE_DEPENDS "${CMAKE_CURRENT_SOURCE_DIR}/*.cpp")
    if(here)
        parley_add_test(parley_${kind} SOURCES ${here} DEPENDS ${ARG_DEPENDS} LABELS ${kind})
    endif()
    file(GLOB folders LIST_DIRECTORIES true CONFIGURE_DEPENDS "${CMAKE_CURRENT_SOURCE_DIR}/*")
    foreach(folder IN LISTS folders)
        cmake_path(GET folder FILENAME area)
        parley_sources(sources "${folder}")
        if(sources AND NOT (area STREQUAL "llama" AND NOT PARLEY_WITH_LLAMA))
            # A unit test links its own folder's library, so that it builds while others do not.
            set(depends ${ARG_DEPENDS})
            if(kind STREQUAL "unit" AND TARGET parley_${area})
                set(depends parley_${area})
                if(area STREQUAL "modules")
                    list(APPEND depends parley_memory) # modules stand on ports: here on what is behind them in memory
                endif()
            endif()
            parley_add_test(parley_${kind}_${area} SOURCES ${sources} DEPENDS ${depends} LABELS ${kind})
        endif()
    endforeach()
endfunction()
