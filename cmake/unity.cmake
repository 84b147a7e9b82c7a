# Several files of a target compiled as one: where all are compiled anyway, a third of the work, since the heavy
# headers are read and their templates made once for eight files. Whoever changes one file wants it off (preset dev).
# Names in anonymous namespaces must differ between the files of a target.
if(PARLEY_WITH_UNITY)
    set(CMAKE_UNITY_BUILD ON)
    set(CMAKE_UNITY_BUILD_BATCH_SIZE 8)
    if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU")
        add_compile_options(-Wno-subobject-linkage) # about types of an anonymous namespace outside of the main file
    endif()
endif()
