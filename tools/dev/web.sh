#!/usr/bin/env bash
# Swagger UI's files, by npm with exact version and integrity; the build puts them into the program.
set -euo pipefail
cd "$(dirname "$0")/../../web"
# shellcheck source=tools/dev/common.sh
source ../tools/dev/common.sh

stamp=node_modules/.installed
[[ -f $stamp ]] && cmp -s "$stamp" package-lock.json && exit
say "installing Swagger UI (npm ci)"
npm ci --ignore-scripts --no-audit --no-fund --loglevel=error >&2
cp package-lock.json "$stamp"
