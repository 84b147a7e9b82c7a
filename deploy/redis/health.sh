#!/bin/sh
# Whether Redis answers to Parley's user. The password goes by the environment, where no list of processes shows it.
set -eu
REDISCLI_AUTH=$REDIS_PASSWORD
export REDISCLI_AUTH
answer=$(redis-cli -p "${REDIS_PORT:-6379}" --no-auth-warning --user parley ping)
[ "$answer" = PONG ] || {
    echo "redis answered: $answer"
    exit 1
}
