# The files inside the program: the default configuration, the contract, Swagger UI.

# embedded/configs.hpp
if(EXISTS "${CMAKE_SOURCE_DIR}/configs/default.yaml")
    file(GLOB configs RELATIVE "${CMAKE_SOURCE_DIR}/configs" CONFIGURE_DEPENDS "${CMAKE_SOURCE_DIR}/configs/*.yaml")
    parley_embed(configs FOLDER "${CMAKE_SOURCE_DIR}/configs" FILES ${configs})
else()
    parley_embed(configs FOLDER "${CMAKE_SOURCE_DIR}/configs")
endif()

# embedded/api.hpp: api/openapi.yaml as openapi.json, keys in the same order.
set(api_dir "${CMAKE_BINARY_DIR}/api")
if(EXISTS "${CMAKE_SOURCE_DIR}/api/openapi.yaml")
    add_custom_command(
        OUTPUT "${api_dir}/openapi.json"
        COMMAND "${PARLEY_PYTHON}" "${CMAKE_SOURCE_DIR}/tools/yaml_to_json.py" "${CMAKE_SOURCE_DIR}/api/openapi.yaml"
                "${api_dir}/openapi.json"
        DEPENDS "${CMAKE_SOURCE_DIR}/api/openapi.yaml" "${CMAKE_SOURCE_DIR}/tools/yaml_to_json.py"
        VERBATIM)
    add_custom_target(parley_openapi_json DEPENDS "${api_dir}/openapi.json")
    parley_embed(api FOLDER "${api_dir}" FILES openapi.json DEPENDS parley_openapi_json)
else()
    parley_embed(api FOLDER "${api_dir}")
endif()

# embedded/swagger_ui.hpp: brought by ./dev setup (npm, exact version); without it /docs has nothing to show.
set(swagger_dir "${CMAKE_SOURCE_DIR}/web/node_modules/swagger-ui-dist")
if(EXISTS "${swagger_dir}/swagger-ui-bundle.js")
    parley_embed(
        swagger_ui
        FOLDER "${swagger_dir}"
        FILES swagger-ui.css
              index.css
              swagger-ui-bundle.js
              swagger-ui-standalone-preset.js
              favicon-16x16.png
              favicon-32x32.png
              LICENSE
              NOTICE)
else()
    message(WARNING "Swagger UI is not installed: run ./dev setup")
    parley_embed(swagger_ui FOLDER "${swagger_dir}")
endif()
