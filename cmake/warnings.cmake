# Warnings are errors in our own code; dependencies are SYSTEM and stay quiet.
add_library(parley_warnings INTERFACE)
target_compile_options(
    parley_warnings
    INTERFACE -Wall
              -Wextra
              -Wpedantic
              -Werror
              -Wconversion
              -Wnon-virtual-dtor
              -Wold-style-cast
              -Wcast-align
              -Woverloaded-virtual
              -Wformat=2
              -Wimplicit-fallthrough
              -Wno-missing-field-initializers) # designated initialisers leave the rest at their defaults
if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU")
    target_compile_options(
        parley_warnings
        INTERFACE -Wshadow=local # plain -Wshadow dislikes a variable named as its type
                  -Wduplicated-cond
                  -Wduplicated-branches
                  -Wlogical-op
                  # g++ 12 reports these falsely in the standard library and in coroutine frames.
                  -Wno-maybe-uninitialized
                  -Wno-restrict
                  -Wno-array-bounds
                  -Wno-stringop-overflow
                  -Wno-stringop-overread
                  -Wno-free-nonheap-object
                  -Wno-mismatched-new-delete)
else()
    # libstdc++ 12 uses its own deprecated functions inside of stable_partition.
    target_compile_options(parley_warnings INTERFACE -Wno-deprecated-declarations)
endif()
