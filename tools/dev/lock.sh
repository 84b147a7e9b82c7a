#!/usr/bin/env bash
# Writes tests/requirements.txt from tests/requirements.in: every version and hash, no registry addresses.
set -euo pipefail
cd "$(dirname "$0")/../../tests"
# shellcheck source=tools/dev/common.sh
source ../tools/dev/common.sh

tmp=$(mktemp -d)
trap 'rm -rf "$tmp"' EXIT
python3 -m venv "$tmp"
"$tmp/bin/pip" install --quiet pip-tools
"$tmp/bin/pip-compile" --quiet --upgrade --generate-hashes --no-emit-index-url --no-emit-find-links --no-header \
    --no-annotate --strip-extras --output-file requirements.txt requirements.in
