# Three targets: `site`, what production runs; `drill`, the same with PostgreSQL's client; `demo`, the same with the
# demonstration, which `site` does not hold.

FROM python:3.11-slim-bookworm AS build
WORKDIR /app
COPY requirements requirements
RUN python -m venv /venv \
    && /venv/bin/pip install --no-cache-dir --disable-pip-version-check --require-hashes -r requirements/base.txt

FROM python:3.11-slim-bookworm AS site
RUN apt-get update \
    && apt-get install -y --no-install-recommends libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0 \
    && rm -rf /var/lib/apt/lists/* \
    && useradd --uid 10001 --no-create-home --shell /usr/sbin/nologin mespoints
ENV PATH=/venv/bin:$PATH \
    PYTHONUNBUFFERED=1 \
    PYTHONDONTWRITEBYTECODE=1 \
    DJANGO_SETTINGS_MODULE=mespoints.settings.base
WORKDIR /app
COPY --from=build /venv /venv
COPY manage.py LICENSE ./
COPY mespoints mespoints
COPY accounts accounts
COPY dossier dossier
COPY documents documents
COPY stages stages
COPY templates templates
COPY static static
# The values are needed to load the settings, and are not kept.
RUN SECRET_KEY=build ALLOWED_HOSTS=build DATABASE_URL=postgres://build@/build REDIS_URL=redis://build \
    python manage.py collectstatic --noinput
# Which commit this is: /livez says it (X-Commit), and `docker image inspect`. Last, or each commit would make the rest anew.
ARG COMMIT=
ENV MESPOINTS_COMMIT=$COMMIT
LABEL org.opencontainers.image.revision=$COMMIT
USER 10001
EXPOSE 8000
CMD ["gunicorn", "--config", "python:mespoints.gunicorn", "mespoints.wsgi"]

# The restore drill: pg_dump and pg_restore of the server's own version, and room for a dump.
FROM site AS drill
USER root
RUN apt-get update \
    && apt-get install -y --no-install-recommends postgresql-client-15 \
    && rm -rf /var/lib/apt/lists/* \
    && mkdir -m 700 /sauvegarde \
    && chown 10001 /sauvegarde
ENV TMPDIR=/sauvegarde
USER 10001

# What the demonstration needs beside: a mail server that delivers nothing.
FROM build AS build-demo
RUN /venv/bin/pip install --no-cache-dir --disable-pip-version-check --require-hashes -r requirements/demo.txt

FROM site AS demo
COPY --from=build-demo /venv /venv
COPY demo demo
