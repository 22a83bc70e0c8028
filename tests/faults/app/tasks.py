"""Jobs whose every effect is counted, slow enough in the wrong places to be killed there."""

from __future__ import annotations

import time

from celery import shared_task
from django.db import connection, transaction

from partnerships.ground import jobs
from tests.faults.app import BATCHES, LET_GO


def leave_a_mark(key: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute("INSERT INTO faults_mark (key) VALUES (%s)", [key])


@jobs.handler("faults.whole", how="transactional")
def whole(job: jobs.RunningJob) -> jobs.Save:
    time.sleep(0.005)

    def save() -> None:
        leave_a_mark(job.key)
        # The moment that matters: the effect is written, and "done" is not.
        time.sleep(0.03)

    return save


@jobs.handler("faults.slow", how="transactional")
def slow(job: jobs.RunningJob) -> jobs.Save:
    """Slow enough to be caught in the act by a test that looks now and then."""

    def save() -> None:
        leave_a_mark(job.key)
        time.sleep(1)

    return save


@jobs.handler("faults.until", how="transactional")
def until(job: jobs.RunningJob) -> jobs.Save:
    """Keeps its worker busy until a test leaves a mark for it."""
    with connection.cursor() as cursor:
        while True:
            cursor.execute("SELECT 1 FROM faults_mark WHERE key = %s", [LET_GO])
            if cursor.fetchone():
                return lambda: leave_a_mark(job.key)
            time.sleep(0.1)


@jobs.handler("faults.batches", how="resumable")
def batches(job: jobs.RunningJob) -> None:
    for number in range(job.cursor.get("next", 0), BATCHES):
        with transaction.atomic():
            leave_a_mark(f"{job.key}.{number}")
            time.sleep(0.01)
            job.save_cursor({"next": number + 1})


@shared_task(name="faults.plain", ignore_result=True)
def plain(key: str) -> None:
    """For the negative controls: the work travels in the message, as Celery is most often used."""
    time.sleep(0.03)
    leave_a_mark(key)
