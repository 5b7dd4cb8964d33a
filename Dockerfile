# The image of web, worker and beat. Two stages: what builds is not what runs.
FROM debian:12-slim AS build
RUN apt-get update \
 && apt-get install -y --no-install-recommends python3 python3-pip \
 && rm -rf /var/lib/apt/lists/*
WORKDIR /srv/consular
ENV UV_PYTHON_DOWNLOADS=never UV_COMPILE_BYTECODE=1
COPY requirements requirements
RUN python3 -m pip install --quiet --require-hashes --target /bootstrap -r requirements/uv.lock \
 && /bootstrap/bin/uv venv --python python3 .venv \
 && /bootstrap/bin/uv pip sync --python .venv --require-hashes requirements/base.lock
COPY pyproject.toml README.md ./
COPY consular consular
COPY forms forms
COPY templates templates
COPY locale locale
RUN /bootstrap/bin/uv pip install --python .venv --no-deps --no-build-isolation \
      --config-setting editable_mode=compat --editable . \
 && CONSULAR_ENV=test .venv/bin/consular messages compile \
 && CONSULAR_ENV=local STATIC_ROOT=/srv/consular/collected .venv/bin/python -m django prepare \
      --settings consular.settings --static-only

FROM debian:12-slim
RUN apt-get update \
 && apt-get install -y --no-install-recommends python3 libpango-1.0-0 libpangoft2-1.0-0 \
 && rm -rf /var/lib/apt/lists/* \
 && useradd --system --uid 10001 --home-dir /srv/consular consular
WORKDIR /srv/consular
COPY --from=build /srv/consular /srv/consular
ENV PATH=/srv/consular/.venv/bin:$PATH PYTHONUNBUFFERED=1 CONSULAR_ENV=production CONSULAR_HOME=/var/lib/consular \
    STATIC_ROOT=/srv/consular/collected
RUN install -d -o consular -g consular /var/lib/consular
USER consular
VOLUME /var/lib/consular
EXPOSE 8000
CMD ["gunicorn", "consular.wsgi", "--bind", "0.0.0.0:8000", "--worker-class", "gthread", "--workers", "4", "--threads", "8", "--no-control-socket"]
