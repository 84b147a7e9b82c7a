#!/usr/bin/env bash
# The benchmarks: release build, what the parts are measured against, then bench/run.py.
#   bench.sh [reads|appends|engine|idle|mongodb|longchats|relay|users…] [--seconds N] [--pairs N]
set -euo pipefail
cd "$(dirname "$0")/../.."
source tools/dev/common.sh

tools/dev/setup.sh bench
# llama.cpp's own benchmark programs take minutes to build, and one part needs them.
parts=$(printf '%s\n' "$@" | grep -xE 'reads|appends|engine|idle|mongodb|longchats|relay|users' || true)
[[ -n $parts && $parts != *engine* ]] || tools/dev/llama.sh bench
# LiteLLM takes 750 MB, and one part needs it.
[[ -n $parts && $parts != *relay* ]] || tools/dev/python.sh relay
tools/dev/build.sh bench
PARLEY_LLAMA_BIN=$(tools/dev/llama.sh prefix)/bin
PARLEY_TEST_MODEL=$(tools/dev/model.sh path)
export PARLEY_LLAMA_BIN PARLEY_TEST_MODEL PARLEY_BINARY=$PWD/build/bench/parley PARLEY_BENCH_BIN=$PWD/build/bench/bench
export PYTHONPATH=$PWD # for the servers that the tests have, too
exec .venv/bin/python bench/run.py "$@"
