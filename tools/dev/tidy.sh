#!/usr/bin/env bash
# clang-tidy over all of src, or over the files named. Eight files at a time (cmake/unity.cmake): read one by one, their
# common headers cost five times as much as they do.
set -euo pipefail
cd "$(dirname "$0")/../.."
source tools/dev/common.sh

tools/dev/setup.sh lint
tools/dev/build.sh lint help >/dev/null # configure only: it writes compile_commands.json and the generated headers
if [[ $# -gt 0 ]]; then
    exec clang-tidy-19 --quiet -p build/lint --warnings-as-errors='*' "$@"
fi
# Without clang's count of warnings in headers of others, which are not shown. That one file includes others is the
# build's doing.
run-clang-tidy-19 -quiet -p build/lint -j "${PARLEY_JOBS:-$(nproc)}" -warnings-as-errors='*' \
    -checks=-bugprone-suspicious-include "^$PWD/build/lint/src/" 2>&1 |
    sed -E '/^[0-9]+ warnings? generated\.$/d; /^$/d'
