#!/usr/bin/env bash
# Python environments, every version and hash pinned.
#   python.sh         .venv: the tests and the lint step
#   python.sh bench   build/venv-bench: what the program of bench/fastapi_rival needs, apart from the tests'
#   python.sh relay   build/venv-relay: LiteLLM's proxy, a rival of the relay benchmark
set -euo pipefail
cd "$(dirname "$0")/../.."
source tools/dev/common.sh

venv=.venv requirements=tests/requirements.txt what="the tests'"
if [[ ${1:-} == bench ]]; then
    venv=build/venv-bench requirements=bench/fastapi_rival/requirements.txt what="the benchmarks'"
elif [[ ${1:-} == relay ]]; then
    venv=build/venv-relay requirements=bench/relay/requirements.txt what="the relay benchmark's"
fi

stamp=$venv/.installed
[[ -f $stamp ]] && cmp -s "$stamp" $requirements && exit
say "installing $what Python packages into $venv"
python3 -m venv $venv
$venv/bin/python -m pip install --quiet --require-hashes --only-binary :all: --requirement $requirements
cp $requirements "$stamp"
