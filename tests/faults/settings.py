"""The real settings, with an app whose jobs are counted, and sweeps that a test can wait for."""

import os

from config.settings import *  # noqa: F403 - a settings module is the sum of another and what differs
from config.settings import CELERY_BEAT_SCHEDULE, CELERY_BROKER_TRANSPORT_OPTIONS, INSTALLED_APPS

INSTALLED_APPS = [*INSTALLED_APPS, "tests.faults.app"]
ROOT_URLCONF = "tests.faults.urls"
JOB_SWEEP_SECONDS = 0.5
CELERY_BEAT_SCHEDULE["sweep"]["schedule"] = JOB_SWEEP_SECONDS
CELERY_BEAT_SCHEDULE["sweep"]["options"] = {"expires": 5, "ignore_result": True}

if os.environ.get("FAULTS_WITHOUT_TIME_LIMITS"):
    CELERY_BROKER_TRANSPORT_OPTIONS.clear()
    CELERY_BROKER_CONNECTION_TIMEOUT = 4

if os.environ.get("FAULTS_PREFETCH"):
    CELERY_WORKER_PREFETCH_MULTIPLIER = int(os.environ["FAULTS_PREFETCH"])
