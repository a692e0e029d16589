# One image for web, worker, beat and migrate; docker-compose.yml says which it is.
FROM python:3.11-slim-bookworm

# What setting a document in Chinese needs (scripts/setup asks for the same), and what `manage.py backup` calls.
RUN apt-get update \
    && apt-get install -y --no-install-recommends \
        fontconfig postgresql-client fonts-noto-cjk libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0 \
    && rm -rf /var/lib/apt/lists/* \
    && useradd --system --uid 10001 --home-dir /srv/portal portal

WORKDIR /srv/portal
ENV PYTHONDONTWRITEBYTECODE=1 PYTHONUNBUFFERED=1 PORTAL_PRODUCTION=true PORTAL_VAR=/srv/portal/var STATIC_ROOT=/srv/portal/staticfiles

COPY requirements requirements
RUN pip install --no-cache-dir --require-hashes -r requirements/base.txt

COPY . .
# The secret is of this one command only: nothing that it writes depends on it.
RUN SECRET_KEY=collectstatic python manage.py collectstatic --noinput \
    && install -d -m 0700 -o portal -g portal var

USER portal
VOLUME /srv/portal/var
EXPOSE 8000
CMD ["gunicorn", "portal.wsgi", "--config", "deploy/gunicorn.conf.py"]
