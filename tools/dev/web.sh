#!/usr/bin/env bash
# What web/ needs, by npm with exact versions and hashes: Vite and the chat page's libraries, Swagger UI, and what
# checks and tests the page. All of it, since what builds the page (Vite) is a development dependency like the checks.
# Nothing of it runs while it is installed (--ignore-scripts).
#   web.sh          installs into web/node_modules
#   web.sh pack     builds the page into build/page/page.pack, for PARLEY_PAGE (cmake/web.cmake)
#   web.sh browser  prints the Chromium that the page's tests use; fails where there is none
set -euo pipefail
cd "$(dirname "$0")/../../web"
# shellcheck source=tools/dev/common.sh
source ../tools/dev/common.sh

case ${1:-install} in
install)
    stamp=node_modules/.installed
    [[ -f $stamp ]] && cmp -s "$stamp" package-lock.json && exit
    say "installing the chat page's packages and Swagger UI (npm ci)"
    npm ci --ignore-scripts --no-audit --no-fund --loglevel=error >&2
    cp package-lock.json "$stamp"
    ;;
pack)
    folder=$PWD/../build/page
    mkdir -p "$folder"
    PARLEY_PAGE_DIR=$folder/files node_modules/.bin/vite build --logLevel warn >&2
    node tools/compress.js "$folder/files" "$folder/page.pack"
    ;;
browser) command -v "${PARLEY_CHROMIUM:-/usr/bin/chromium}" ;;
*) die "web: unknown argument $1" ;;
esac
