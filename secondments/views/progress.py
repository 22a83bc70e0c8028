"""How far the jobs of a round are, for the broker who waits for them."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.translation import gettext as _

from partnerships.ground.models import Job
from partnerships.ground.states import JobState
from secondments.matches import stage_words
from secondments.models import MatchRun, Round
from secondments.states import RoundState


@dataclass(frozen=True, slots=True)
class Progress:
    """What is being done, how far it is, and what its reader may do meanwhile."""

    stage: str
    text: str
    done: int = 0
    total: int = 0


def progress_of(a_round: Round) -> Progress | None:
    """What a job is doing for this round at the moment; None where none is."""
    if a_round.state == RoundState.MATCHING:
        return _matching(a_round)
    if a_round.state == RoundState.PUBLISHING:
        return _publishing(a_round)
    if a_round.state == RoundState.PUBLISHED:
        return _telling(a_round)
    return None


def could_not_tell(a_round: Round, run: MatchRun) -> bool:
    """Whether publishing was given up: nobody was told, and the broker can press again."""
    given_up = Job.objects.failed().of_kind("publish_round").filter(key__startswith=str(run.uuid))
    return a_round.state == RoundState.PROPOSED and given_up.exists()


def _matching(a_round: Round) -> Progress:
    run = a_round.runs.latest("number")
    job = Job.objects.of_kind("match_round").filter(key=str(run.uuid)).first()
    return Progress(
        stage=stage_words(job.progress_note) if job and job.progress_note else _("Waiting for its turn"),
        text=_("You can close this page. You get a mail when the proposal is ready."),
        done=job.progress_done if job else 0,
        total=job.progress_total if job else 0,
    )


def _publishing(a_round: Round) -> Progress:
    run = a_round.latest_run()
    waits = Job.objects.of_kind("publish_round").filter(key__startswith=str(run.uuid), state=JobState.WAITING)
    return Progress(
        stage=_("Waiting for its turn") if waits.exists() else _("Asking for every visit"),
        text=_("You can close this page. Nobody hears anything before all visits are asked for."),
    )


def _telling(a_round: Round) -> Progress | None:
    job = Job.objects.of_kind("tell_everyone").filter(key=str(a_round.latest_run().uuid)).first()
    if job is None or job.ended:
        return None
    return Progress(
        stage=_("Writing to everyone"),
        text=_("All visits are asked for. You can close this page."),
        done=job.progress_done,
        total=job.progress_total,
    )
