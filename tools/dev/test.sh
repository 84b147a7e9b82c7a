#!/usr/bin/env bash
# Builds one preset and runs every test there is: GoogleTest by ctest, pytest against the real program; with preset dev
# also the chat page's: vitest, and Playwright in Chromium against the real program.
#   test.sh [--preset P] [--full] [--no-functional] [-- PYTEST ARGS]
set -euo pipefail
cd "$(dirname "$0")/../.."
source tools/dev/common.sh

preset=dev functional=yes
longest=600 # seconds, of one program of ctest
while [[ $# -gt 0 ]]; do
    case $1 in
    --preset) preset=${2:?--preset needs a name} && shift ;;
    --full) export PARLEY_TEST_FULL=1 longest=7200 ;;
    --no-functional) functional=no ;;
    --)
        shift
        break
        ;;
    *) die "test: unknown argument $1" ;;
    esac
    shift
done

# Under sanitizers the real program is asked on one store, since the suites of ctest ask all of them, and in what goes on
# at once or comes from outside. What stands around it (deploy/) is the same under every preset. --full: everything.
chosen=()
functional_tests() {
    [[ ${PARLEY_TEST_FULL:-} != 1 ]] || return 0
    case $preset in
    asan-ubsan | tsan)
        printf 'tests/functional/test_%s.py\n' streams turns stop busy drain branches idempotency cache user_events \
            user_events_of_turns limits tokens users http remote_models tools titles expiry \
            bad_input admin_commands
        printf '%s\n' -k "not mongodb"
        ;;
    esac
}

# The programs under test, and the server that pytest starts, run with the same sanitizer settings.
root=$PWD
export ASAN_OPTIONS=detect_stack_use_after_return=1:strict_string_checks=1:detect_leaks=1
export UBSAN_OPTIONS=print_stacktrace=1
export LSAN_OPTIONS=suppressions=$root/tests/sanitizers/lsan.txt:print_suppressions=0
export TSAN_OPTIONS=suppressions=$root/tests/sanitizers/tsan.txt:second_deadlock_stack=1:halt_on_error=1
# libmongoc keeps counters in shared memory under the process' number, and warns when one that was killed has left
# some there: tests kill many, and compare what is printed.
export MONGOC_DISABLE_SHM=1
export PARLEY_PRESET=$preset PARLEY_BINARY=$root/build/$preset/parley
if ! grep -q '^PARLEY_WITH_LLAMA:BOOL=OFF' "build/$preset/CMakeCache.txt" 2>/dev/null && [[ $preset != tsan ]]; then
    PARLEY_TEST_MODEL=$(tools/dev/model.sh path) # unset: tests with the real model are skipped
    export PARLEY_TEST_MODEL
    # A foreign server of models to talk to: tests with it are skipped where it was not built.
    llama_server=$(tools/dev/llama_server.sh prefix)
    [[ ${PARLEY_TEST_FULL:-} == 1 ]] && tools/dev/llama_server.sh build
    [[ -x $llama_server ]] && export PARLEY_LLAMA_SERVER=$llama_server
fi

# Without a browser that is said in the table, but where everything has to be tested.
test_page() {
    if tools/dev/web.sh browser >/dev/null; then
        timed "Playwright ($preset)" npm --prefix web run e2e
    elif [[ ${CI:-} == true ]]; then
        timed "Playwright: there is no Chromium" false
    else
        timed "Playwright: skipped, there is no Chromium" true
    fi
}

rc=0
timed "setup" tools/dev/setup.sh test || rc=1
[[ $rc == 0 ]] && { timed "build ($preset)" tools/dev/build.sh "$preset" || rc=1; }
if [[ $rc == 0 ]]; then
    # One more than there are processors: the longest suite, MongoDB's, mostly waits.
    timed "ctest ($preset)" ctest --test-dir "build/$preset" --no-tests=error --output-on-failure \
        --parallel "$(($(nproc) + 1))" --timeout "$longest" || rc=1
    if [[ $functional == yes ]]; then
        [[ $# -gt 0 ]] || mapfile -t chosen < <(functional_tests)
        timed "pytest ($preset)" .venv/bin/python -m pytest "${chosen[@]}" "$@" || rc=1
    fi
    if [[ $preset == dev ]]; then
        timed "vitest" npm --prefix web test || rc=1
        [[ $functional == no ]] || test_page || rc=1
    fi
    if [[ ${PARLEY_TEST_FULL:-} == 1 ]]; then
        lacking=$(tools/dev/ferret.sh missing)
        if [[ -z $lacking ]]; then
            timed "FerretDB ($preset)" tools/dev/ferret.sh test "$preset" || rc=1
        else
            timed "FerretDB: skipped, $lacking" true
        fi
    fi
fi
print_times
exit $rc
