#include "app/cli_help.hpp"

#include "adapters/sqlite/sqlite_version.hpp"
#include "parley_version.hpp"
#if PARLEY_WITH_LLAMA
#    include "adapters/llama/llama_version.hpp"
#endif

#include <boost/version.hpp>
#include <fmt/format.h>

namespace parley {

std::string_view help_description() {
    return "Parley keeps conversations with language models: a self-hosted server with one documented HTTP "
           "API,\n"
           "a durable store and a model inside.";
}

std::string_view help_footer() {
    return R"(Examples:
  parley serve                                  serve on http://127.0.0.1:8080, /docs explains the API
  parley serve --config my.yaml --port 9000     the file over the defaults, the flag over the file
  parley check-config --config my.yaml          what would be in force, and where each value comes from
  parley chat                                   talk to the running server; prints the interaction's id
  parley chat --interaction ID                  go on with an earlier one
  echo "Say hello." | parley chat               one question, one answer on standard output
  parley health                                 whether the running server can serve, for health checks
  parley backup /backups/parley.db              copy the SQLite store while the server runs
  parley users create --admin                   the first administrator, and a key
  parley keys create USER --expires 90d         a key for a user; it is told this once
  parley migrate-store --to mongodb.yaml        copy everything into another store, and compare

Environment (below the flags, above the file):
  PARLEY_<KEY>        any key in capitals, dots as underscores: PARLEY_SERVER_PORT=9000, PARLEY_LOG_LEVEL=debug.
                      One that is no key is an error.
  PARLEY_MODELS       the list of models as YAML or JSON: '[{name: tiny, path: /models/tiny.gguf}]'
  PARLEY_UPSTREAMS    the list of servers that run models; their keys are in variables that it names
  PARLEY_CONFIG       the file for --config
  PARLEY_TO_STORE_... the new store for parley migrate-store, such as PARLEY_TO_STORE_URI
  PARLEY_URL          the address for parley chat, health, users and keys
  PARLEY_API_KEY      the key for them, when the server wants one
  NO_COLOR            no colours

Files:
  ${XDG_DATA_HOME:-~/.local/share}/parley       conversations (store.path, --data)
  ${XDG_CACHE_HOME:-~/.cache}/parley/models     the default model (models[].path)
  No file is read but the one named with --config; all keys: parley check-config --markdown

Exit codes:
  0  done        1  could not start, or failed while running; health: not ready
  2  the command line is wrong        3  the configuration is wrong        4  chat, users, keys: no server answers
  5  migrate-store: the copy is not the same as the source)";
}

namespace {

std::string_view llama_text() {
#if PARLEY_WITH_LLAMA
    return llama_cpp_version();
#else
    return "not built in";
#endif
}

}  // namespace

std::string version_text() {
    auto const boost =
        fmt::format("{}.{}.{}", BOOST_VERSION / 100'000, BOOST_VERSION / 100 % 1'000, BOOST_VERSION % 100);
    return fmt::format(
        "parley {}\ncommit     {}\ncompiler   {}, {}\nllama.cpp  {}\nSQLite     {}\nBoost      {}", version,
        version_commit, version_compiler, version_build_type, llama_text(), sqlite::library_version(), boost);
}

}  // namespace parley
