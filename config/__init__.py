"""The deployment: settings, addresses, and the ways in.

Celery's app is loaded here, so that every process that enqueues knows where to kick.
"""

from config.celery import app as celery_app

__all__ = ["celery_app"]
