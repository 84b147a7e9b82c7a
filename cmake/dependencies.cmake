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
if(PARLEY_WITH_TESTS)
    find_package(GTest REQUIRED)
endif()
set(Python3_FIND_VIRTUALENV STANDARD) # the distribution's, which has PyYAML
find_package(Python3 3.11 REQUIRED COMPONENTS Interpreter)

# yaml-cpp 0.7 has no namespaced target.
if(NOT TARGET yaml-cpp::yaml-cpp)
    add_library(yaml-cpp::yaml-cpp ALIAS yaml-cpp)
endif()
