"""The deployment: settings, addresses, and the ways in. Celery's app is loaded here so that every process kicks alike."""

from config.celery import app as celery_app

__all__ = ["celery_app"]
