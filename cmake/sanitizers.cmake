# PARLEY_SANITIZERS: empty, or a comma-separated list for -fsanitize.
set(PARLEY_SANITIZERS "" CACHE STRING "Sanitizers, as -fsanitize takes them")
add_library(parley_sanitizers INTERFACE)
if(PARLEY_SANITIZERS)
    target_compile_options(
        parley_sanitizers INTERFACE "-fsanitize=${PARLEY_SANITIZERS}" -fno-omit-frame-pointer -fno-sanitize-recover=all)
    target_link_options(parley_sanitizers INTERFACE "-fsanitize=${PARLEY_SANITIZERS}")
    if(PARLEY_SANITIZERS MATCHES "thread" AND CMAKE_CXX_COMPILER_ID STREQUAL "GNU")
        # Asio uses atomic_thread_fence, which g++'s ThreadSanitizer does not model and warns about.
        target_compile_options(parley_sanitizers INTERFACE -Wno-tsan)
    endif()
endif()
