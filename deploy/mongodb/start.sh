#!/bin/sh
# Starts mongod as a replica set of one with authentication: what the official image needs beyond its own start.
# The key file comes from MONGODB_KEYFILE, because a mounted file would have the wrong owner; it lies on a tmpfs.
set -eu
umask 077
: "${MONGODB_KEYFILE:?}"
printf '%s' "$MONGODB_KEYFILE" >/tmp/keyfile
unset MONGODB_KEYFILE
exec docker-entrypoint.sh mongod --replSet rs0 --keyFile /tmp/keyfile --bind_ip_all --wiredTigerCacheSizeGB 1
