#!/usr/bin/env bash
# Python environments, every version and hash pinned.
#   python.sh         .venv: the tests and the lint step
#   python.sh bench   build/venv-bench: what the program of bench/fastapi_rival needs, apart from the tests'
set -euo pipefail
cd "$(dirname "$0")/../.."
source tools/dev/common.sh

venv=.venv requirements=tests/requirements.txt what="the tests'"
if [[ ${1:-} == bench ]]; then
    venv=build/venv-bench requirements=bench/fastapi_rival/requirements.txt what="the benchmarks'"
fi

stamp=$venv/.installed
[[ -f $stamp ]] && cmp -s "$stamp" $requirements && exit
say "installing $what Python packages into $venv"
python3 -m venv $venv
$venv/bin/python -m pip install --quiet --require-hashes --only-binary :all: --requirement $requirements
cp $requirements "$stamp"
