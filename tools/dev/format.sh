#!/usr/bin/env bash
# Formats C++, Python and the chat page in place.
set -euo pipefail
cd "$(dirname "$0")/../.."
source tools/dev/common.sh

tools/dev/setup.sh lint
git ls-files -coz --exclude-standard 'src/*.[ch]pp' 'tests/*.[ch]pp' 'bench/*.[ch]pp' | xargs -0 --no-run-if-empty clang-format-19 -i
.venv/bin/ruff check --quiet --fix-only .
.venv/bin/ruff format --quiet .
npm --silent --prefix web run format
