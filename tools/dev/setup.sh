#!/usr/bin/env bash
# Brings what is missing; says what before it does. The second time it finds its stamp and does nothing.
#   setup.sh [run|test|lint|bench|all]
set -euo pipefail
cd "$(dirname "$0")/../.."
source tools/dev/common.sh

group=${1:-all}
case $group in run | test | lint | bench | all) ;; *) die "no such group: $group (run, test, lint, bench, all)" ;; esac

stamp=build/.setup-$group
state=$(cat tools/dev/{setup,packages,llama,model,web,python,mongo_java}.sh {tests,bench/fastapi_rival}/requirements.txt tests/servers/mongo_java/pom.xml web/package-lock.json |
    sha256sum)$(tools/dev/llama.sh prefix)
if [[ -f $stamp && $(<"$stamp") == "$state" && -f $(tools/dev/llama.sh prefix)/.built &&
    -f $(tools/dev/model.sh path) && -f web/node_modules/.installed && ($group == run || -d .venv && -f $(tools/dev/mongo_java.sh path)/.built) &&
    ($group != bench && $group != all || -d build/venv-bench) ]]; then
    exit
fi

tools/dev/packages.sh "$group"
tools/dev/web.sh
tools/dev/model.sh fetch
tools/dev/llama.sh build
[[ $group == run ]] || tools/dev/python.sh
[[ $group == run ]] || tools/dev/mongo_java.sh build
[[ $group != bench && $group != all ]] || tools/dev/python.sh bench

mkdir -p build
printf '%s' "$state" >"$stamp"
