#!/usr/bin/env bash
# A second, independent server of MongoDB's protocol for ./dev test --full: FerretDB, by Go's modules, pinned in
# tests/servers/ferret, kept in the user's cache.
#   ferret.sh missing      prints what it takes and is not here; nothing when all is here
#   ferret.sh build        brings and compiles it (some minutes); does nothing, and needs no network, when it is there
#   ferret.sh test PRESET  runs on it what runs on MongoDB; for test.sh, which sets the environment of the tests
set -euo pipefail
cd "$(dirname "$0")/../.."
source tools/dev/common.sh

sources=tests/servers/ferret
hash=$(cat $sources/go.mod $sources/go.sum $sources/*.go | sha256sum | cut -c1-16)
prefix=$parley_cache/ferret-$hash
needed=$(awk '$1 == "go" { print $2 }' $sources/go.mod)
export GOTOOLCHAIN=local # what is installed; nothing else is brought unasked

# is_older A B: whether version A came before version B.
is_older() { [[ $1 != "$2" && $(printf '%s\n' "$1" "$2" | sort -V | head -1) == "$1" ]]; }

missing() {
    local have
    [[ ! -f $prefix/.built ]] || return 0
    if ! have=$(go env GOVERSION 2>/dev/null); then
        echo "Go $needed or newer is not installed"
    elif is_older "${have#go}" "$needed"; then
        echo "Go $needed or newer is needed and ${have#go} is installed"
    fi
}

case ${1:-} in
missing) missing ;;
build)
    [[ ! -f $prefix/.built ]] || exit 0
    lacking=$(missing)
    [[ -z $lacking ]] || die "FerretDB can not be built: $lacking"
    say "building FerretDB (Go) in $prefix"
    mkdir -p "$prefix"
    go -C $sources build -mod=readonly -trimpath -o "$prefix/ferret" . >&2
    touch "$prefix/.built"
    ;;
test)
    preset=${2:?test needs a preset}
    "$0" build
    data=$(mktemp -d)
    coproc ferret { exec "$prefix/ferret" "$data" 0; }
    # shellcheck disable=SC2154 # coproc has set it
    child=$ferret_PID
    trap 'kill "$child"; wait "$child" || true; rm -rf "$data"' EXIT
    read -r _ _ _ port <&"${ferret[0]}"
    export PARLEY_TEST_MONGODB_URI=mongodb://127.0.0.1:$port/
    unset PARLEY_TEST_FULL # the short variants: it searches without indexes, so what is long is quadratic
    rc=0
    "build/$preset/tests/contract/parley_contract" --gtest_brief=1 \
        --gtest_filter='*/mongodb*-*has_only_so_many_branches*' || rc=1
    # Of a test for every store the variant on MongoDB. It searches without indexes: each suite has a database of
    # its own, and nothing is large. What kills the database skips itself.
    for suite in tests/functional/test_*.py; do
        passed=0
        .venv/bin/python -m pytest -q "$suite" -k 'mongodb and not long_conversation' || passed=$?
        [[ $passed == 0 || $passed == 5 ]] || rc=1 # 5: there is none in it
    done
    exit $rc
    ;;
*) die "usage: ferret.sh missing|build|test PRESET" ;;
esac
