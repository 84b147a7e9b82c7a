# Cheap protection for what users run; the sanitizers do better in their own presets.
add_library(parley_hardening INTERFACE)
if(CMAKE_BUILD_TYPE STREQUAL "Release" AND NOT PARLEY_SANITIZERS)
    target_compile_options(parley_hardening INTERFACE -fstack-protector-strong -D_FORTIFY_SOURCE=2)
    target_link_options(parley_hardening INTERFACE LINKER:-z,relro,-z,now LINKER:--gc-sections)
endif()
