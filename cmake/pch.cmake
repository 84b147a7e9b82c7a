# Precompiled headers, shared by all targets that name the same kind:
#   base  the standard library, Asio's coroutines, Boost.JSON
#   http  base and Beast
#   test  base and GoogleTest
# They only save time: every file still includes what it uses (the lint preset builds without them).
# What ccache needs to cache files that use one.
set(pch_options -fpch-preprocess)
if(CMAKE_CXX_COMPILER_ID MATCHES "Clang")
    set(pch_options -Xclang -fno-pch-timestamp)
endif()

# Tests are compiled as quickly as can be: that takes half the time, and only what they test has to be fast.
set(parley_test_options -O0)

function(parley_add_pch kind)
    add_library(parley_pch_${kind} STATIC "${CMAKE_SOURCE_DIR}/cmake/pch/empty.cpp")
    target_link_libraries(
        parley_pch_${kind} PRIVATE parley_warnings parley_sanitizers parley_hardening parley_boost ${ARGN})
    if(PARLEY_WITH_PCH)
        target_compile_options(parley_pch_${kind} PRIVATE ${pch_options})
        target_precompile_headers(parley_pch_${kind} PRIVATE "${CMAKE_SOURCE_DIR}/cmake/pch/${kind}.hpp")
    endif()
endfunction()

parley_add_pch(base)
parley_add_pch(http)
if(PARLEY_WITH_TESTS)
    parley_add_pch(test GTest::gtest)
    target_compile_options(parley_pch_test PRIVATE ${parley_test_options})
endif()

function(parley_use_pch target kind)
    if(PARLEY_WITH_PCH AND NOT kind STREQUAL "none")
        target_compile_options(${target} PRIVATE ${pch_options})
        target_precompile_headers(${target} REUSE_FROM parley_pch_${kind})
    endif()
endfunction()
