#!/usr/bin/env bash
# The tests' server of MongoDB's protocol: mongo-java-server with its H2 backend, by Maven, pinned in
# tests/servers/mongo_java/pom.xml, kept in the user's cache.
#   mongo_java.sh path    prints the folder (lib/ and classes/ in it)
#   mongo_java.sh build   brings and compiles it; does nothing, and needs no network, when it is there
set -euo pipefail
cd "$(dirname "$0")/../.."
source tools/dev/common.sh

sources=tests/servers/mongo_java
hash=$(cat $sources/pom.xml $sources/src/main/java/parley/MongoServer.java | sha256sum | cut -c1-16)
prefix=$parley_cache/mongo-java-$hash

case ${1:-} in
path) printf '%s\n' "$prefix" ;;
build)
    [[ ! -f $prefix/.built ]] || exit 0
    say "building the tests' MongoDB server (Maven) in $prefix"
    mkdir -p "$prefix"
    mvn --batch-mode --quiet -f $sources/pom.xml dependency:copy-dependencies -DincludeScope=runtime \
        -DoutputDirectory="$prefix/lib" >&2
    javac --release 17 -cp "$prefix/lib/*" -d "$prefix/classes" $sources/src/main/java/parley/MongoServer.java
    touch "$prefix/.built"
    ;;
*) die "usage: mongo_java.sh path|build" ;;
esac
