# Parley as an image: dependencies → build → test → runtime, and page → build. The image exists only if the program in it
# has passed its tests.
#
#   docker build -t parley .                            no model inside: mount a folder with one at /var/cache/parley/models
#   docker build -t parley --build-arg MODEL=default .  the default model inside (93 MB more)
#   docker build -t parley --build-arg TESTS=tests/functional .  with every functional test instead of the short choice
#
# It runs as user 10001 with a read-only root: only /data and /tmp are written to. deploy/compose.yaml is the whole deployment.

FROM debian:bookworm-20251229-slim AS base

# ---- page: the chat page and Swagger UI, which the program carries; nothing of Node gets into the other stages
FROM base AS page
WORKDIR /src
COPY tools/dev/common.sh tools/dev/packages.sh tools/dev/
RUN tools/dev/packages.sh page
COPY tools/dev/web.sh tools/dev/
COPY web/package.json web/package-lock.json web/
RUN tools/dev/web.sh
COPY web web
RUN tools/dev/web.sh pack

# ---- dependencies: changes seldom, so it is built seldom
FROM base AS dependencies
# OFF: llama.cpp for any x86-64 CPU with AVX2, FMA, F16C and BMI2 (x86-64-v3: 2013 and later), not for the one that builds.
ENV PARLEY_CACHE_DIR=/cache \
    PARLEY_LLAMA_NATIVE=OFF
WORKDIR /src
COPY tools/dev/common.sh tools/dev/packages.sh tools/dev/
RUN tools/dev/packages.sh program
COPY tools/dev/llama.sh tools/dev/llama_amx.inc tools/dev/
COPY tools/dev/sdist_only tools/dev/sdist_only
RUN tools/dev/llama.sh build
COPY tools/dev/model.sh tools/dev/
RUN tools/dev/model.sh fetch

# ---- build
FROM dependencies AS build
COPY . .
COPY --from=page /src/build/page/page.pack /page/
COPY --from=page /src/web/node_modules/swagger-ui-dist web/node_modules/swagger-ui-dist
ENV PARLEY_PAGE=/page/page.pack
ARG COMMIT=unknown
RUN --mount=type=cache,target=/root/.cache/ccache PARLEY_COMMIT=${COMMIT} tools/dev/build.sh release parley
RUN install -D --strip build/release/parley /out/parley
# What the program needs of Debian is asked of the program, so that no list can go stale.
RUN tools/docker/runtime_packages.sh /out/parley >/out/packages
ARG MODEL=none
RUN mkdir -p /out/models && case ${MODEL} in \
        default) cp "$(tools/dev/model.sh path)" /out/models/ ;; \
        none) ;; \
        *) echo "MODEL is none or default" >&2; exit 1 ;; \
    esac

# ---- test: the very program that will run
FROM build AS test
RUN tools/dev/packages.sh functional && tools/dev/python.sh
ARG TESTS="tests/functional/test_startup.py tests/functional/test_messages.py tests/functional/test_health.py tests/functional/test_web_page.py tests/functional/test_real_model.py"
# There is no MongoDB here: the tests that run on every store run on SQLite.
RUN PARLEY_BINARY=/out/parley PARLEY_TEST_MODEL="$(tools/dev/model.sh path)" \
    .venv/bin/python -m pytest -p no:cacheprovider -k "not mongodb" ${TESTS}

# ---- runtime
FROM base AS runtime
ARG COMMIT=unknown
ARG VERSION=0.1.0
LABEL org.opencontainers.image.title="Parley" \
      org.opencontainers.image.description="A self-hosted chat server that remembers" \
      org.opencontainers.image.licenses="MIT" \
      org.opencontainers.image.version="${VERSION}" \
      org.opencontainers.image.revision="${COMMIT}" \
      org.opencontainers.image.base.name="debian:bookworm-20251229-slim"
# From the test stage, which has it from the build stage: so the tests can not be left out.
COPY --from=test /out/packages /usr/local/share/parley/packages
RUN apt-get update -qq \
    && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends \
        ca-certificates $(cat /usr/local/share/parley/packages) >/dev/null \
    && rm -rf /var/lib/apt/lists/* /var/cache/apt/archives/*.deb \
    && useradd --uid 10001 --user-group --no-create-home --home-dir /data --shell /usr/sbin/nologin parley \
    && install -d -o 10001 -g 10001 -m 0750 /data
COPY --from=test /out/models /var/cache/parley/models
COPY --from=test /out/parley /usr/local/bin/parley
COPY configs/production.yaml /etc/parley/production.yaml
COPY LICENSE /usr/local/share/parley/LICENSE
ENV HOME=/data \
    XDG_DATA_HOME=/data \
    XDG_CACHE_HOME=/var/cache \
    PARLEY_CONFIG=/etc/parley/production.yaml \
    MONGOC_DISABLE_SHM=1 \
    PARLEY_SERVER_HOST=0.0.0.0
USER 10001:10001
WORKDIR /data
VOLUME /data
EXPOSE 8080
STOPSIGNAL SIGTERM
HEALTHCHECK --interval=10s --timeout=5s --start-period=60s --retries=3 CMD ["parley", "health"]
ENTRYPOINT ["parley"]
CMD ["serve"]
