#!/usr/bin/env bash
# clang-tidy over every translation unit of the lint preset; headers through them. Arguments: regular expressions
# of files; default all of src.
set -euo pipefail
cd "$(dirname "$0")/../.."
source tools/dev/common.sh

tools/dev/setup.sh lint
tools/dev/build.sh lint help >/dev/null # configure only: it writes compile_commands.json and the generated headers
[[ $# -gt 0 ]] || set -- "$PWD/src/.*\\.cpp$"
# Without clang's count of warnings in headers of others, which are not shown.
run-clang-tidy-19 -quiet -p build/lint -j "${PARLEY_JOBS:-$(nproc)}" -warnings-as-errors='*' "$@" 2>&1 |
    sed -E '/^[0-9]+ warnings? generated\.$/d; /^$/d'
