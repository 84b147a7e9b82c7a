#!/usr/bin/env bash
# Prints the Debian packages that a program's shared libraries come from, one by line: what the runtime image installs.
#   runtime_packages.sh PROGRAM
set -euo pipefail

libraries=$(ldd "$1")
if grep -q 'not found' <<<"$libraries"; then
    printf 'error: a library of %s is not there:\n%s\n' "$1" "$libraries" >&2
    exit 1
fi
# ldd may say /lib where dpkg knows /usr/lib (or the other way round): ask for the file by its ending.
awk '$3 ~ /^\// { print $3 } $1 ~ /^\// { print $1 }' <<<"$libraries" | xargs -n1 readlink -f | sed 's#^/usr##' |
    while read -r file; do
        dpkg-query --search "*$file" | sed -n 1p
    done | sed -E 's/:.*//' | sort -u
