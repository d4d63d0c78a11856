# One image, four roles: `quorum migrate`, `quorum web`, `quorum worker`, `quorum broker`.
FROM python:3.12.14-slim-bookworm@sha256:782412e85d0f0984994c290652577d4018aff08145c85b262bb63dc0c7522254 AS build
WORKDIR /app
RUN python -m venv /venv
COPY requirements.lock requirements-build.lock ./
RUN /venv/bin/pip install --no-cache-dir --no-deps --require-hashes --only-binary :all: -r requirements.lock
COPY pyproject.toml README.md LICENSE ./
COPY bot bot
COPY workers workers
COPY config config
RUN python -m venv /build \
 && /build/bin/pip install --no-cache-dir --no-deps --require-hashes --only-binary :all: -r requirements-build.lock \
 && /build/bin/python -m hatchling build -t wheel -d /dist \
 && /venv/bin/pip install --no-cache-dir --no-deps /dist/*.whl \
 && /venv/bin/python -m compileall -q /venv/lib

FROM python:3.12.14-slim-bookworm@sha256:782412e85d0f0984994c290652577d4018aff08145c85b262bb63dc0c7522254
# git: local reviews; ca-certificates: the model client trusts the system's store.
RUN apt-get update && apt-get install -y --no-install-recommends git ca-certificates && rm -rf /var/lib/apt/lists/* \
 && useradd --create-home --uid 10001 quorum
COPY --from=build /venv /venv
ENV PATH=/venv/bin:$PATH QUORUM_DATA_DIR=/data QUORUM_HOST=0.0.0.0
# /run/quorum: the broker's socket; a volume that is mounted there first takes its owner and mode from it.
RUN mkdir /data && mkdir -m 700 /run/quorum && chown quorum /data /run/quorum
USER quorum
VOLUME /data
EXPOSE 8000
CMD ["quorum", "serve"]
