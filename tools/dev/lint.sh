#!/usr/bin/env bash
# Every check that needs no running program.
#   lint.sh [--fast]     --fast: without clang-tidy
set -euo pipefail
cd "$(dirname "$0")/../.."
source tools/dev/common.sh

tools/dev/setup.sh lint
mapfile -t cpp < <(git ls-files -co --exclude-standard 'src/*.[ch]pp' 'tests/*.[ch]pp' 'bench/*.[ch]pp')
mapfile -t shell < <(git ls-files -co --exclude-standard dev .ci/run '*.sh')

rc=0
timed "clang-format" clang-format-19 --dry-run -Werror "${cpp[@]}" || rc=1
timed "includes and layers" .venv/bin/python tools/check_includes.py || rc=1
timed "no machine paths, no hosts" .venv/bin/python tools/check_text.py || rc=1
timed "ruff check" .venv/bin/ruff check --quiet . || rc=1
timed "ruff format" .venv/bin/ruff format --quiet --check . || rc=1
timed "mypy" .venv/bin/mypy --no-error-summary || rc=1
timed "shellcheck" shellcheck --external-sources "${shell[@]}" || rc=1
timed "page: types, ESLint, Prettier" npm --silent --prefix web run check || rc=1
if [[ ${1:-} != --fast ]]; then
    timed "clang-tidy" tools/dev/tidy.sh || rc=1
fi
print_times
exit $rc
