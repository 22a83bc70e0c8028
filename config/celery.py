"""Celery carries kicks and nothing else: what there is to do stands in the table of jobs (partnerships/ground/jobs)."""

import os

from celery import Celery

from config import pulse

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")

app = Celery("in_your_shoes")
app.config_from_object("django.conf:settings", namespace="CELERY")
# Without this, only the thread that imported us would know the app: kicks from others would look for RabbitMQ.
app.set_default()
app.autodiscover_tasks()

__all__ = ["app", "pulse"]  # importing the pulse connects it
