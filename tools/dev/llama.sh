#!/usr/bin/env bash
# llama.cpp: source by pip with a pinned hash, built once outside the tree, used by every preset.
#   llama.sh prefix   prints the folder of this machine's build (cmake/llama.cmake asks for it)
#   llama.sh source   prints the folder of the source
#   llama.sh build    downloads, unpacks and builds what is missing
#   llama.sh bench    the same, and llama-bench and llama-batched-bench beside it
# PARLEY_LLAMA_NATIVE=OFF builds for any CPU of this architecture instead of for this one.
set -euo pipefail
cd "$(dirname "$0")/../.."
source tools/dev/common.sh

version=0.3.36
sdist=llama_cpp_python-$version.tar.gz
sha256=832db0699007f1be95a7e41ef12e88926b02ba836461e36a36372db2760c1a2e
native=${PARLEY_LLAMA_NATIVE:-ON}
flags=(-DCMAKE_BUILD_TYPE=Release -DBUILD_SHARED_LIBS=OFF -DGGML_NATIVE="$native" -DLLAMA_OPENSSL=OFF
    -DLLAMA_BUILD_TESTS=OFF -DLLAMA_BUILD_EXAMPLES=OFF -DLLAMA_BUILD_SERVER=OFF -DLLAMA_BUILD_APP=OFF
    -DCMAKE_POSITION_INDEPENDENT_CODE=ON)

# A native build must not be taken to another CPU, nor any build to another compiler.
cpu=generic
[[ $native == OFF ]] || cpu=$(grep -m1 '^flags' /proc/cpuinfo || uname -m)
key=$(printf '%s\n' "$(uname -m)" "$(c++ -dumpfullversion 2>/dev/null)" "$cpu" "${flags[@]}" "$(<tools/dev/llama_amx.inc)" |
    sha256sum | cut -c1-12)
prefix=$parley_cache/llama/$version-$key
source_dir=$parley_cache/llama/$version-source
amx_fix=$parley_cache/llama/$version-$key-amx.hpp

# pip asks the sdist's build back end for metadata before it saves the file. A stand-in back end answers, so that
# the real one (and its unpinned dependencies) need not be installed for a file whose hash we know.
download() {
    has_sha256 "$parley_cache/downloads/$sdist" $sha256 && return
    say "downloading llama.cpp's source ($sdist, 77 MB)"
    local tmp
    mkdir -p "$parley_cache/downloads"
    tmp=$(mktemp -d "$parley_cache/downloads/tmp.XXXXXX")
    printf 'llama-cpp-python==%s --hash=sha256:%s\n' $version $sha256 >"$tmp/requirements.txt"
    PYTHONPATH=$PWD/tools/dev/sdist_only "${PARLEY_PYTHON:-python3}" -m pip download --quiet --no-deps \
        --no-binary :all: --no-build-isolation --require-hashes --dest "$tmp" --requirement "$tmp/requirements.txt"
    has_sha256 "$tmp/$sdist" $sha256 || die "$sdist is not the pinned file"
    mv "$tmp/$sdist" "$parley_cache/downloads/$sdist"
    rm -r "$tmp"
}

unpack() {
    [[ -d $source_dir ]] && return
    download
    say "unpacking llama.cpp"
    local tmp
    mkdir -p "$parley_cache/llama"
    tmp=$(mktemp -d "$parley_cache/llama/tmp.XXXXXX")
    tar -xzf "$parley_cache/downloads/$sdist" -C "$tmp" --strip-components=3 \
        "llama_cpp_python-$version/vendor/llama.cpp"
    rm -f "$tmp/.git" # points to a repository that is not there
    mv -T "$tmp" "$source_dir"
}

# build TARGET…: the libraries stay in the build folder, cmake/llama.cmake names them there.
build() {
    unpack
    say "building llama.cpp once for every preset (some minutes): $*"
    cmp --quiet tools/dev/llama_amx.inc "$amx_fix" || cp tools/dev/llama_amx.inc "$amx_fix" # outlives the checkout
    CFLAGS=-w CXXFLAGS="-w -include $amx_fix" \
        cmake -S "$source_dir" -B "$prefix" -G Ninja "${flags[@]}" --log-level=ERROR >/dev/null
    cmake --build "$prefix" --target "$@"
}

case ${1:-} in
prefix) printf '%s\n' "$prefix" ;;
source) printf '%s\n' "$source_dir" ;;
build)
    [[ -f $prefix/.built ]] && exit
    build llama-common
    touch "$prefix/.built"
    ;;
bench)
    build llama-common llama-bench llama-batched-bench
    touch "$prefix/.built"
    ;;
*) die "usage: llama.sh prefix|source|build|bench" ;;
esac
