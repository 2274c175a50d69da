# One image for web, worker and beat. Everything that differs comes from the environment, see .env.example.
FROM python:3.11-slim-bookworm

RUN apt-get update \
	&& apt-get install -y --no-install-recommends libvoikko1 voikko-fi \
		libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz0b libharfbuzz-subset0 fonts-dejavu-core \
	&& rm -rf /var/lib/apt/lists/* \
	&& useradd --system --uid 10001 --home-dir /app --shell /usr/sbin/nologin youthnet \
	&& install -d -o youthnet /data

ENV PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1 DATA_DIR=/data STATIC_ROOT=/app/staticfiles
WORKDIR /app

# LOCK=mail adds what a provider and the mail doctor need.
ARG LOCK=base
COPY requirements/$LOCK.txt requirements/$LOCK.txt
RUN pip install --no-cache-dir --require-hashes -r requirements/$LOCK.txt

COPY . .
RUN SECRET_KEY=only-while-the-image-is-built python manage.py collectstatic --no-input

USER youthnet
VOLUME /data
EXPOSE 8000
HEALTHCHECK --interval=30s --timeout=10s --start-period=30s CMD ["python", "-m", "servers.health_probe", "healthz"]
CMD ["gunicorn", "-c", "python:youthnet.gunicorn_conf", "--bind", "0.0.0.0:8000", "youthnet.wsgi"]
