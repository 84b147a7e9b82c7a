#!/usr/bin/env bash
# The Python environment of the tests and of the lint step: .venv, every version and hash pinned.
set -euo pipefail
cd "$(dirname "$0")/../.."
source tools/dev/common.sh

stamp=.venv/.installed
[[ -f $stamp ]] && cmp -s "$stamp" tests/requirements.txt && exit
say "installing the tests' Python packages into .venv"
python3 -m venv .venv
.venv/bin/python -m pip install --quiet --require-hashes --only-binary :all: --requirement tests/requirements.txt
cp tests/requirements.txt "$stamp"
