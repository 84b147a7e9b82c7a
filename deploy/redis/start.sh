#!/bin/sh
# Starts Redis as Parley's cache: in memory only, the oldest entries go first, one user who may do what Parley does and no more.
set -eu
umask 077
: "${REDIS_PASSWORD:?}"
folder=${REDIS_FOLDER:-/tmp}
cat >"$folder/users.acl" <<ACL
user default off
user parley on >$REDIS_PASSWORD resetchannels ~parley:* -@all +auth +ping +info +select +get +set +pttl +del +eval
ACL
unset REDIS_PASSWORD
exec redis-server --port "${REDIS_PORT:-6379}" --bind "${REDIS_BIND:-*}" --protected-mode no --dir "$folder" \
    --aclfile "$folder/users.acl" --save "" --appendonly no --maxmemory 256mb --maxmemory-policy allkeys-lru
