#!/usr/bin/env bash
# Writes deploy/.env: the secrets that deploy/compose.yaml needs, random, readable by nobody else. Never over an existing one.
#   compose_env.sh [FILE]
set -euo pipefail
cd "$(dirname "$0")/../.."
source tools/dev/common.sh

file=${1:-deploy/.env}
if [[ -e $file ]]; then
    say "$file is there already; it stays as it is"
    exit
fi

# 32 bytes of the system's generator as 64 hexadecimal digits: nothing in them needs quoting, in a URI or anywhere else.
random() { od -An -N32 -tx1 /dev/urandom | tr -d ' \n'; }

umask 077
tmp=$(mktemp "$file.XXXXXX")
trap 'rm -f "$tmp"' EXIT
cat >"$tmp" <<ENV
# Secrets of deploy/compose.yaml, made by ./dev compose-env. Keep a copy where your other passwords are: without them the volumes
# can not be opened.

# The first administrator's API key: Authorization: Bearer …
PARLEY_BOOTSTRAP_KEY=$(random)

# MongoDB: Parley's user, the user root, and the key that members of the replica set know each other by
PARLEY_MONGODB_PASSWORD=$(random)
PARLEY_MONGODB_ROOT_PASSWORD=$(random)
PARLEY_MONGODB_KEYFILE=$(random)

# Redis: user parley
PARLEY_REDIS_PASSWORD=$(random)

# Grafana: user admin
PARLEY_GRAFANA_PASSWORD=$(random)

# yes: an empty database begins with a few sample conversations
PARLEY_SAMPLE_DATA=yes
ENV
ln "$tmp" "$file" # refuses where another has been faster
say "$file is written; next: docker compose -f deploy/compose.yaml up -d"
