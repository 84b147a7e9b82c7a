#!/usr/bin/env bash
# Writes requirements.txt beside every requirements.in: every version and hash, no registry addresses.
#   lock.sh [FOLDER…]    tests, bench/fastapi_rival and bench/relay unless named
set -euo pipefail
cd "$(dirname "$0")/../.."
# shellcheck source=tools/dev/common.sh
source tools/dev/common.sh

tmp=$(mktemp -d)
trap 'rm -rf "$tmp"' EXIT
python3 -m venv "$tmp"
"$tmp/bin/pip" install --quiet pip-tools
[[ $# -gt 0 ]] || set -- tests bench/fastapi_rival bench/relay
for folder in "$@"; do
    (cd "$folder" && "$tmp/bin/pip-compile" --quiet --upgrade --generate-hashes --no-emit-index-url \
        --no-emit-find-links --no-header --no-annotate --strip-extras --output-file requirements.txt requirements.in)
done
