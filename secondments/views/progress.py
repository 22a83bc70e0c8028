"""How far the jobs of a round are, for the broker who waits for them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from partnerships.ground import clock
from partnerships.ground.look import Task
from partnerships.ground.models import Job
from partnerships.ground.states import JobState
from partnerships.matching.types import PLACED
from secondments.actions.rounds import JOBS
from secondments.matches import stage_words
from secondments.matches.stages import BEFORE, reached_words, read_note, stages_of
from secondments.models import MatchRun, Round
from secondments.states import RoundState, RunKind

TELLING = "tell_everyone"

LONG_SECONDS = 120
"""From so long on it is told in minutes."""


@dataclass(frozen=True, slots=True)
class Progress:
    """What is being done, how far it is, and what its reader may do meanwhile.

    `steps`: each stage, with what it came to; `taken`: since when it is worked on, in words; `may_stop`: whether it can
    be ended early; `after`: everyone was told before.
    """

    stage: str
    text: str
    done: int = 0
    total: int = 0
    steps: tuple[Task, ...] = ()
    taken: str = ""
    may_stop: bool = False
    after: bool = False


def progress_of(a_round: Round) -> Progress | None:
    """What a job is doing for this round at the moment; None where none is."""
    if a_round.state == RoundState.MATCHING:
        run = a_round.runs.light().latest("number")
        return _working_out(run, _job_of(run))
    if a_round.state == RoundState.PUBLISHING:
        return _publishing(a_round)
    if a_round.state == RoundState.PUBLISHED:
        return progress_after(a_round.latest_run(), a_round.runs.light().waiting().first())
    return None


def progress_after(run: MatchRun, repair: MatchRun | None) -> Progress | None:
    """The letters to everyone about a run, or the search for the best use of what came free since."""
    kind = JOBS[RunKind.REPAIR]
    keys = {TELLING: run.uuid} | ({kind: repair.uuid} if repair else {})
    found = {job.kind: job for job in Job.objects.of_these({kind: str(key) for kind, key in keys.items()})}
    telling = _telling(found[TELLING]) if TELLING in found else None
    return telling or (_working_out(repair, found.get(kind)) if repair else None)


def could_not_tell(a_round: Round, run: MatchRun) -> bool:
    """Whether publishing was given up: nobody was told, and the broker can press again."""
    given_up = Job.objects.failed().about("publish_round", run.uuid)
    return a_round.state == RoundState.PROPOSED and given_up.exists()


def _job_of(run: MatchRun) -> Job | None:
    return Job.objects.of_these({JOBS[RunKind(run.kind)]: str(run.uuid)}).first()


def _working_out(run: MatchRun, job: Job | None) -> Progress:
    """A matching, or the search for the best use of what came free."""
    begun = job is not None and job.state == JobState.RUNNING
    stage, again = read_note(job.progress_note if job and begun else "")
    if run.stop_asked_at:
        text = _("It stops after the step that is under way. What it has by then is kept, and says that it is not all.")
    elif run.kind == RunKind.REPAIR:
        text = _("You can close this page. You get a mail if somebody who waits could have a place after all.")
    else:
        text = _("You can close this page. You get a mail when the proposal is ready.")
    if again:
        why = _("At one host or more not everybody would have found days, so it matches again with fewer places there.")
        text = _("%(why)s %(then)s") % {"why": why, "then": text}
    return Progress(
        stage=stage_words(stage or BEFORE[0]) if begun else _("Waiting for its turn"),
        text=text,
        done=job.progress_done if job else 0,
        total=job.progress_total if job else 0,
        steps=tuple(_steps(run, stage)) if begun else (),
        taken=_taken(job) if job and begun else "",
        may_stop=run.stop_asked_at is None,
        after=run.kind == RunKind.REPAIR,
    )


def _steps(run: MatchRun, stage: str) -> Iterator[Task]:
    """Every stage in its order: what is done and what it came to, what is under way, what is to come."""
    # Before the question is put together, the criteria are as they were published.
    criteria = {one["name"]: one for one in run.criteria} or {name: {} for name in run.round.criteria}
    people = run.round.participations.joined().count()
    placed = criteria.get(PLACED, {}).get("value", 0)
    stages = stages_of(list(criteria))
    at = stages.index(stage) if stage in stages else 0
    for number, name in enumerate(stages):
        words = stage_words(name)
        if "value" in criteria.get(name, {}):
            yield Task(words, status=reached_words(criteria[name], everybody=people, placed=placed), tone="done")
        elif number < at and name not in criteria:
            yield Task(words, status=_("Done"), tone="done")
        elif number <= at:
            # A criterion can be settled together with those after it.
            yield Task(words, status=_("Under way"), tone="waiting")
        else:
            yield Task(words, status=_("To come"))


def _taken(job: Job) -> str:
    """How long it has been worked on, since its runner took it up."""
    seconds = max(0, round((clock.now() - job.started_at).total_seconds())) if job.started_at else 0
    if seconds < LONG_SECONDS:
        return ngettext("%(count)s second so far", "%(count)s seconds so far", seconds) % {"count": seconds}
    minutes = seconds // 60
    return ngettext("%(count)s minute so far", "%(count)s minutes so far", minutes) % {"count": minutes}


def _publishing(a_round: Round) -> Progress:
    run = a_round.latest_run()
    waits = Job.objects.about("publish_round", run.uuid).filter(state=JobState.WAITING)
    return Progress(
        stage=_("Waiting for its turn") if waits.exists() else _("Asking for every visit"),
        text=_("You can close this page. Nobody hears anything before all visits are asked for."),
    )


def _telling(job: Job) -> Progress | None:
    if job.ended:
        return None
    return Progress(
        stage=_("Writing to everyone"),
        text=_("All visits are asked for. You can close this page."),
        done=job.progress_done,
        total=job.progress_total,
    )
