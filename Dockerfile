# The pages' assets are built with Node, which the image that runs does not hold.
FROM node:22-slim AS assets
WORKDIR /src
COPY package.json package-lock.json .npmrc ./
RUN npm ci --no-audit --no-fund
COPY styles styles
COPY static static
RUN npm run build

FROM python:3.12-slim AS packages
RUN python -m venv /opt/venv
COPY requirements.txt .
RUN /opt/venv/bin/pip install --no-cache-dir --no-deps --require-hashes -r requirements.txt

FROM python:3.12-slim
RUN useradd --system --uid 10001 --home-dir /srv --no-create-home shoes && install -d -o shoes /media
ENV PATH=/opt/venv/bin:$PATH PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1
WORKDIR /srv
COPY --from=packages /opt/venv /opt/venv
COPY manage.py ./
COPY config config
COPY partnerships partnerships
COPY secondments secondments
COPY volunteering volunteering
COPY templates templates
COPY static static
COPY --from=assets /src/build/static build/static
# No database is asked, and the demonstration's secret does not stay in the image.
RUN DEMO=1 python manage.py collectstatic --noinput --verbosity 0
USER shoes
EXPOSE 8000
CMD ["gunicorn", "config.wsgi", "--bind", "0.0.0.0:8000", "--worker-class", "gthread", "--threads", "4", "--worker-tmp-dir", "/dev/shm"]
