#!/usr/bin/env bash
# Builds the libFuzzer targets and runs each for some seconds, from the committed seeds.
#   fuzz.sh [SECONDS]
set -euo pipefail
cd "$(dirname "$0")/../.."
source tools/dev/common.sh

seconds=${1:-30}
tools/dev/setup.sh lint
tools/dev/build.sh fuzz
shopt -s nullglob
ran=0
for program in build/fuzz/tests/fuzz/fuzz_*; do
    [[ -f $program && -x $program ]] || continue
    name=$(basename "$program")
    say "$name for $seconds s"
    mkdir -p "build/fuzz/corpus/$name" "tests/fuzz/corpus/$name"
    "$program" -max_total_time="$seconds" -timeout=10 -rss_limit_mb=4096 -print_final_stats=1 \
        -artifact_prefix="build/fuzz/$name-" "build/fuzz/corpus/$name" "tests/fuzz/corpus/$name"
    ran=$((ran + 1))
done
[[ $ran -gt 0 ]] || die "no fuzz target ran"
