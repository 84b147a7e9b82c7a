# embedded/page.hpp: the chat page (web/), built by Vite, compressed and packed into one file (web/tools/compress.js).
# Without Node.js or the page's packages there is none, and the program says so where it would be.
set(page_dir "${CMAKE_BINARY_DIR}/web")
set(web_dir "${CMAKE_SOURCE_DIR}/web")

# parley_why_no_page(<out>): what is missing, in words; empty: nothing.
function(parley_why_no_page out)
    set(${out} "" PARENT_SCOPE)
    find_program(PARLEY_NODE NAMES node nodejs)
    if(NOT PARLEY_NODE)
        set(${out} "Node.js is not installed" PARENT_SCOPE)
        return()
    endif()
    execute_process(
        COMMAND "${PARLEY_NODE}" --version
        OUTPUT_VARIABLE version
        OUTPUT_STRIP_TRAILING_WHITESPACE ERROR_QUIET)
    if(NOT version MATCHES "^v[0-9]+" OR version VERSION_LESS v18)
        set(${out} "Node.js is ${version}, not 18 or newer" PARENT_SCOPE)
    elseif(NOT EXISTS "${web_dir}/node_modules/vite/bin/vite.js")
        set(${out} "the page's packages are not installed" PARENT_SCOPE)
    endif()
endfunction()

if(DEFINED ENV{PARLEY_PAGE}) # built before: in the image, by a stage of its own
    set(built_page "$ENV{PARLEY_PAGE}")
    cmake_path(GET built_page PARENT_PATH built_dir)
    cmake_path(GET built_page FILENAME built_file)
    if(NOT built_file STREQUAL "page.pack" OR NOT EXISTS "${built_page}")
        message(FATAL_ERROR "PARLEY_PAGE has to name a page.pack that is there: ${built_page}")
    endif()
    parley_embed(page FOLDER "${built_dir}" FILES page.pack)
    return()
endif()

if(NOT PARLEY_WEB)
    message(STATUS "The program has no chat page (PARLEY_WEB is OFF)")
    parley_embed(page FOLDER "${page_dir}")
    return()
endif()
parley_why_no_page(why_no_page)
if(why_no_page)
    message(WARNING "The program will have no chat page: ${why_no_page}. ./dev setup run brings what it needs; "
                    "-DPARLEY_WEB=OFF builds without it.")
    parley_embed(page FOLDER "${page_dir}")
    return()
endif()

file(GLOB_RECURSE page_sources CONFIGURE_DEPENDS "${web_dir}/src/*" "${web_dir}/public/*")
list(REMOVE_ITEM page_sources "${web_dir}/src/api/schema.d.ts") # types only, and made of the contract
add_custom_command(
    OUTPUT "${page_dir}/page.pack"
    COMMAND "${CMAKE_COMMAND}" -E env "PARLEY_PAGE_DIR=${page_dir}/page" "${PARLEY_NODE}"
            node_modules/vite/bin/vite.js build --logLevel warn
    COMMAND "${PARLEY_NODE}" tools/compress.js "${page_dir}/page" "${page_dir}/page.pack"
    DEPENDS ${page_sources} "${web_dir}/index.html" "${web_dir}/vite.config.ts" "${web_dir}/package-lock.json"
            "${web_dir}/tools/compress.js"
    WORKING_DIRECTORY "${web_dir}"
    COMMENT "Building the chat page"
    VERBATIM)
add_custom_target(parley_page DEPENDS "${page_dir}/page.pack")
parley_embed(page FOLDER "${page_dir}" FILES page.pack DEPENDS parley_page)
