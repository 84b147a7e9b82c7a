# What the distribution brings. Imported targets are SYSTEM: their headers raise no warnings.
set(THREADS_PREFER_PTHREAD_FLAG ON)
find_package(Threads REQUIRED)
find_package(Boost 1.81 REQUIRED)
find_package(OpenSSL 3 REQUIRED)
find_package(SQLite3 3.40 REQUIRED)
find_package(fmt REQUIRED)
find_package(spdlog REQUIRED)
find_package(yaml-cpp REQUIRED)
find_package(CLI11 REQUIRED)
find_package(prometheus-cpp REQUIRED)
find_package(mongoc-1.0 1.23 REQUIRED)
if(PARLEY_WITH_TESTS)
    find_package(GTest REQUIRED)
endif()

# hiredis 0.14 brings no package of CMake's, and its pkg-config file defines macros that fit no precompiled header.
find_library(HIREDIS_LIBRARY hiredis REQUIRED)
find_path(HIREDIS_INCLUDE hiredis/hiredis.h REQUIRED)
add_library(hiredis_client UNKNOWN IMPORTED)
set_target_properties(hiredis_client PROPERTIES IMPORTED_LOCATION "${HIREDIS_LIBRARY}"
                                                INTERFACE_INCLUDE_DIRECTORIES "${HIREDIS_INCLUDE}")

# A Python that has PyYAML: the distribution's, or else the first in PATH.
foreach(python IN ITEMS /usr/bin/python3 python3)
    execute_process(COMMAND ${python} -c "import yaml" RESULT_VARIABLE failed ERROR_QUIET)
    if(NOT failed)
        set(PARLEY_PYTHON ${python})
        break()
    endif()
endforeach()
if(NOT PARLEY_PYTHON)
    message(FATAL_ERROR "No python3 with PyYAML: run ./dev setup")
endif()

# yaml-cpp 0.7 has no namespaced target.
if(NOT TARGET yaml-cpp::yaml-cpp)
    add_library(yaml-cpp::yaml-cpp ALIAS yaml-cpp)
endif()
