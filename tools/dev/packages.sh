#!/usr/bin/env bash
# Debian packages: prints what is missing and installs it; without root it prints the exact command and stops.
#   packages.sh run|test|lint|bench|all      the groups of ./dev setup
#   packages.sh program|page|functional      what the image's stages need: the program, the page, tests of the program
set -euo pipefail
cd "$(dirname "$0")/../.."
source tools/dev/common.sh

program=(g++ cmake ninja-build ccache mold git ca-certificates python3 python3-pip python3-venv python3-yaml
    libboost1.81-dev libssl-dev libsqlite3-dev libfmt-dev libspdlog-dev libyaml-cpp-dev libcli11-dev
    prometheus-cpp-dev libmongoc-dev libhiredis-dev zlib1g-dev libcurl4-openssl-dev)
page=(ca-certificates) # and npm, see below
functional=(sqlite3 curl openssl redis-server default-jdk-headless maven) # for tests of the real program: all that the image's test stage needs
test=("${functional[@]}" libgtest-dev chromium)
test+=(prometheus debootstrap) # promtool; the Dockerfile's stages without Docker (--full)
lint=(clang-19 clang-tidy-19 clang-format-19 libclang-rt-19-dev shellcheck)
bench=(wrk hyperfine nginx)

wanted=("${program[@]}")
case $1 in
run | program) ;;
page) wanted=("${page[@]}") ;;
functional) wanted+=("${functional[@]}") ;;
test) wanted+=("${test[@]}") ;;
lint) wanted+=("${test[@]}" "${lint[@]}") ;;
bench) wanted+=("${test[@]}" "${bench[@]}") ;;
all) wanted+=("${test[@]}" "${lint[@]}" "${bench[@]}") ;;
esac
# Another Node.js than Debian's is as good.
[[ $1 == program || $1 == functional ]] || command -v npm >/dev/null || wanted+=(npm)

command -v dpkg-query >/dev/null || die "this is no Debian; install what matches these packages: ${wanted[*]}"

# Newer releases have a newer Boost as their default.
if ! dpkg-query -W libboost1.81-dev >/dev/null 2>&1 && [[ $(. /etc/os-release && echo "$VERSION_ID") != 12 ]]; then
    wanted=("${wanted[@]/libboost1.81-dev/libboost-dev}")
fi

missing=()
for package in "${wanted[@]}"; do
    [[ $(dpkg-query -W -f '${db:Status-Status}' "$package" 2>/dev/null) == installed ]] || missing+=("$package")
done
[[ ${#missing[@]} -gt 0 ]] || exit 0

if [[ $(id -u) != 0 ]]; then
    die "packages are missing; install them and start again:
sudo apt-get update && sudo apt-get install -y --no-install-recommends ${missing[*]}"
fi
say "installing ${#missing[@]} Debian packages: ${missing[*]}"
export DEBIAN_FRONTEND=noninteractive
apt-get update -qq
apt-get install -y -qq --no-install-recommends "${missing[@]}" >/dev/null
