#!/usr/bin/env bash
# llama-server out of the same source as the embedded models, for the tests of the upstream adapter only: another
# program that speaks OpenAI's API. Built once, beside the libraries; takes some minutes.
#   llama_server.sh prefix   prints where the program is, or will be
#   llama_server.sh build    builds it if it is missing
set -euo pipefail
cd "$(dirname "$0")/../.."
source tools/dev/common.sh

source_dir=$(tools/dev/llama.sh source)
libraries=$(tools/dev/llama.sh prefix)
prefix=$libraries-server
server=$prefix/bin/llama-server

case ${1:-} in
prefix) printf '%s\n' "$server" ;;
build)
    [[ -x $server ]] && exit
    tools/dev/llama.sh build
    say "building llama-server for tests (some minutes)"
    # A folder of its own, so that the libraries which every preset links are never touched. It has no web page.
    CFLAGS=-w CXXFLAGS="-w -include $libraries-amx.hpp" cmake -S "$source_dir" -B "$prefix" -G Ninja \
        -DCMAKE_BUILD_TYPE=Release -DBUILD_SHARED_LIBS=OFF -DGGML_NATIVE="${PARLEY_LLAMA_NATIVE:-ON}" \
        -DLLAMA_OPENSSL=OFF -DLLAMA_BUILD_TESTS=OFF -DLLAMA_BUILD_EXAMPLES=OFF -DLLAMA_BUILD_APP=OFF \
        -DLLAMA_BUILD_SERVER=ON -DLLAMA_BUILD_UI=OFF -DLLAMA_USE_PREBUILT_UI=OFF \
        --log-level=ERROR >/dev/null
    cmake --build "$prefix" --target llama-server --parallel "${PARLEY_JOBS:-1}"
    ;;
*) die "usage: llama_server.sh prefix|build" ;;
esac
