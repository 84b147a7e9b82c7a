# Shared by ./dev and tools/dev/*.sh; sourced, never run. All scripts run from the repository root.
# shellcheck shell=bash

export parley_cache="${PARLEY_CACHE_DIR:-${XDG_CACHE_HOME:-$HOME/.cache}/parley}"

say() { printf '%s\n' "== $*" >&2; }
die() {
    printf '%s\n' "error: $*" >&2
    exit 1
}

# has_sha256 FILE HASH: the file exists and is the one we pinned.
has_sha256() { [[ -f $1 ]] && printf '%s  %s\n' "$2" "$1" | sha256sum --check --status; }

# timed NAME COMMAND…: runs the command and remembers how long it took, for the table of print_times.
declare -a time_names=() time_seconds=() time_results=()
timed() {
    local name=$1 start=$EPOCHREALTIME rc=0
    shift
    say "$name"
    "$@" || rc=$?
    time_names+=("$name")
    time_seconds+=("$(awk -v a="$start" -v b="$EPOCHREALTIME" 'BEGIN { printf "%.1f", b - a }')")
    time_results+=("$rc")
    return "$rc"
}

print_times() {
    local i
    printf '\n%-36s %10s  %s\n' step seconds result
    for i in "${!time_names[@]}"; do
        printf '%-36s %10s  %s\n' "${time_names[i]}" "${time_seconds[i]}" \
            "$([[ ${time_results[i]} == 0 ]] && echo ok || echo "FAILED (${time_results[i]})")"
    done
}

# preset_needs PRESET: which setup group a preset needs.
preset_needs() {
    case $1 in
    release) echo run ;;
    lint | fuzz) echo lint ;;
    *) echo test ;;
    esac
}
