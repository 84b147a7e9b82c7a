# Boost's header-only parts, compiled once per preset (with that preset's sanitizer) instead of in every file.
add_library(
    parley_boost STATIC "${CMAKE_SOURCE_DIR}/cmake/boost/asio.cpp" "${CMAKE_SOURCE_DIR}/cmake/boost/asio_ssl.cpp"
                        "${CMAKE_SOURCE_DIR}/cmake/boost/beast.cpp" "${CMAKE_SOURCE_DIR}/cmake/boost/json.cpp"
                        "${CMAKE_SOURCE_DIR}/cmake/boost/url.cpp")
target_compile_definitions(
    parley_boost
    PUBLIC BOOST_ASIO_SEPARATE_COMPILATION
           BOOST_ASIO_NO_DEPRECATED
           BOOST_ASIO_DISABLE_BOOST_DATE_TIME
           BOOST_BEAST_SEPARATE_COMPILATION
           BOOST_ALL_NO_LIB)
target_link_libraries(
    parley_boost
    PUBLIC Boost::headers Threads::Threads OpenSSL::SSL OpenSSL::Crypto
    PRIVATE parley_sanitizers parley_hardening)
