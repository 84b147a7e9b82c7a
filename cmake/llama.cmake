# llama.cpp is built once, Release and unsanitised, by tools/dev/llama.sh; every preset links that build.
# PARLEY_LLAMA_PREFIX and PARLEY_LLAMA_SOURCE may name another build of the same version.
if(NOT PARLEY_WITH_LLAMA)
    return()
endif()

set(PARLEY_LLAMA_PREFIX "" CACHE PATH "Folder of a finished llama.cpp build; empty: the one ./dev setup made")
set(PARLEY_LLAMA_SOURCE "" CACHE PATH "Folder of its source; empty: beside the build ./dev setup made")
set(prefix "${PARLEY_LLAMA_PREFIX}")
set(source "${PARLEY_LLAMA_SOURCE}")
if(NOT prefix)
    execute_process(
        COMMAND "${CMAKE_SOURCE_DIR}/tools/dev/llama.sh" prefix
        OUTPUT_VARIABLE prefix
        OUTPUT_STRIP_TRAILING_WHITESPACE COMMAND_ERROR_IS_FATAL ANY)
endif()
if(NOT source)
    execute_process(
        COMMAND "${CMAKE_SOURCE_DIR}/tools/dev/llama.sh" source
        OUTPUT_VARIABLE source
        OUTPUT_STRIP_TRAILING_WHITESPACE COMMAND_ERROR_IS_FATAL ANY)
endif()
if(NOT EXISTS "${prefix}/common/libllama-common.a")
    message(FATAL_ERROR "llama.cpp is not built yet: run ./dev setup, or configure with -DPARLEY_WITH_LLAMA=OFF")
endif()

function(parley_import_llama name file)
    add_library(${name} STATIC IMPORTED GLOBAL)
    set_target_properties(${name} PROPERTIES IMPORTED_LOCATION "${prefix}/${file}")
    target_link_libraries(${name} INTERFACE ${ARGN})
endfunction()

# OpenMP's library is linked statically, so that src/adapters/llama/backend.cpp can say how it waits before it starts.
execute_process(
    COMMAND "${CMAKE_CXX_COMPILER}" -print-file-name=libgomp.a
    OUTPUT_VARIABLE gomp
    OUTPUT_STRIP_TRAILING_WHITESPACE COMMAND_ERROR_IS_FATAL ANY)
if(NOT IS_ABSOLUTE "${gomp}")
    message(STATUS "no static libgomp: set GOMP_SPINCOUNT=1000 in the server's environment (docs/models.md)")
    set(gomp gomp)
endif()

parley_import_llama(llama::ggml_base ggml/src/libggml-base.a Threads::Threads ${CMAKE_DL_LIBS} m)
parley_import_llama(llama::ggml_cpu ggml/src/libggml-cpu.a llama::ggml_base ${gomp})
parley_import_llama(llama::ggml ggml/src/libggml.a llama::ggml_cpu llama::ggml_base)
parley_import_llama(llama::llama src/libllama.a llama::ggml)
parley_import_llama(llama::common_base common/libllama-common-base.a)
parley_import_llama(llama::httplib vendor/cpp-httplib/libcpp-httplib.a)
parley_import_llama(llama::common common/libllama-common.a llama::llama llama::common_base llama::httplib)
target_include_directories(llama::llama INTERFACE "${source}/include" "${source}/ggml/include")
target_include_directories(llama::common INTERFACE "${source}/common" "${source}/vendor")
