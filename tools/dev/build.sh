#!/usr/bin/env bash
# Configures a preset if that is needed and builds it.
#   build.sh PRESET [TARGET…]
set -euo pipefail
cd "$(dirname "$0")/../.."
source tools/dev/common.sh

preset=$1
shift
folder=build/$preset
stamp=$folder/.configured

# Two builds in one folder would disturb each other: the second waits.
mkdir -p "$folder"
exec 9>"$folder/.lock"
flock 9

# CMake does not look at these again by itself.
state=$(cat CMakePresets.json web/package-lock.json | sha256sum)$(tools/dev/llama.sh prefix)
# Whether the page can be built is decided there, too.
state+=$(command -v node nodejs || true)$(ls web/node_modules/.installed 2>/dev/null || true)${PARLEY_PAGE:-}
# Where everything is compiled once and nothing is changed, whole batches of files are compiled as one.
state+=${CI:-}
unity=()
[[ ${CI:-} == true ]] && unity=(-DPARLEY_WITH_UNITY=ON)
if [[ ! -f $folder/build.ninja || ! -f $stamp || $(<"$stamp") != "$state" ]]; then
    cmake --preset "$preset" "${unity[@]}" --log-level=WARNING >&2
    printf '%s' "$state" >"$stamp"
fi

# Quiet when there is nothing to do or nothing to say; NINJA_STATUS as the user has it.
cmake --build "$folder" ${1:+--target "$@"} >&2
