"""Stories: written by a curator, consented to by every organisation in them, published, taken back."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from django.utils.translation import gettext as _

from partnerships import emails
from partnerships.ground import clock, events
from partnerships.ground.locks import acting, lock
from partnerships.ground.problems import Problem, Refused, refuse
from partnerships.ground.workflow import created, move
from partnerships.models import CaseStudy, Consent, Organisation, User
from partnerships.permissions import may_curate
from partnerships.problems import can_be_asked, problems_with_consenting
from partnerships.states import CaseStudyState, ConsentState

from .slugs import free_slug

RESERVED_SLUGS = {"new", "consent"}
"""Addresses that lie beside the stories' own."""


def write_case_study(
    *,
    title: str,
    summary: str,
    what_went_well: str,
    what_made_it_work: str,
    what_others_can_copy: str,
    organisations: Iterable[Organisation],
    by: User,
    at: datetime | None = None,
) -> CaseStudy:
    """Begin a story. Nobody but curators sees it until its organisations are asked."""
    at = at or clock.now()
    with acting():
        _only_curators(by)
        case_study = CaseStudy.objects.create(
            slug=free_slug(title, CaseStudy, otherwise="story", reserved=RESERVED_SLUGS),
            title=title,
            summary=summary,
            what_went_well=what_went_well,
            what_made_it_work=what_made_it_work,
            what_others_can_copy=what_others_can_copy,
            state=CaseStudyState.DRAFT,
            written_by=by,
            created_at=at,
        )
        created(case_study, by=by, verb="write_case_study", at=at)
        _name_organisations(case_study, organisations, by=by, at=at)
    return case_study


def rewrite_case_study(
    *,
    case_study: CaseStudy,
    title: str,
    summary: str,
    what_went_well: str,
    what_made_it_work: str,
    what_others_can_copy: str,
    organisations: Iterable[Organisation],
    by: User,
    at: datetime | None = None,
) -> None:
    """Change a story. New words need a new yes from everybody, so a published story leaves the site until then.

    Where only organisations come or go, those that stay are not asked twice.
    """
    at = at or clock.now()
    with acting():
        _lock_whole(case_study)
        _only_curators(by)
        edition = case_study.edition
        case_study.title = title
        case_study.summary = summary
        case_study.what_went_well = what_went_well
        case_study.what_made_it_work = what_made_it_work
        case_study.what_others_can_copy = what_others_can_copy
        same_words = case_study.edition == edition
        case_study.save(update_fields=list(CaseStudy.WORDS))
        events.record(actor=by, verb="rewrite_case_study", thing=case_study, at=at)
        added = _name_organisations(case_study, organisations, by=by, at=at)
        kept = {ConsentState.NOT_ASKED, *({ConsentState.ASKED, ConsentState.GIVEN} if same_words else ())}
        stale = list(case_study.consents.exclude(state__in=kept))
        for consent in stale:
            move(
                consent,
                to=ConsentState.NOT_ASKED,
                verb="rewrite_case_study",
                by=by,
                at=at,
                decided_by=None,
                decided_at=None,
            )
        if case_study.state != CaseStudyState.DRAFT and (added or stale or not same_words):
            move(case_study, to=CaseStudyState.DRAFT, verb="rewrite_case_study", by=by, at=at)


def ask_consents(*, case_study: CaseStudy, by: User, at: datetime | None = None) -> None:
    """Ask every organisation that has not been asked and has somebody who can answer."""
    at = at or clock.now()
    with acting():
        consents = _lock_whole(case_study)
        _only_curators(by)
        if case_study.state != CaseStudyState.WAITING:
            move(case_study, to=CaseStudyState.WAITING, verb="ask_consents", by=by, at=at)
        for consent in consents:
            if consent.state == ConsentState.NOT_ASKED and can_be_asked(consent):
                move(consent, to=ConsentState.ASKED, verb="ask_consents", by=by, at=at)
                emails.consent_asked(consent)


def give_consent(*, consent: Consent, edition: str, by: User, at: datetime | None = None) -> None:
    """Say yes for one's organisation, to the words of `edition`."""
    at = at or clock.now()
    with acting():
        consents = _lock_whole(consent.case_study, consent)
        refuse(problems_with_consenting(consent, edition))
        if consent.state == ConsentState.GIVEN:
            return
        move(consent, to=ConsentState.GIVEN, verb="give_consent", by=by, at=at, decided_by=by, decided_at=at)
        if all(each.state == ConsentState.GIVEN for each in consents if each.pk != consent.pk):
            emails.consents_complete(consent.case_study)


def refuse_consent(*, consent: Consent, by: User, at: datetime | None = None) -> None:
    """Say no for one's organisation. No reason is asked."""
    at = at or clock.now()
    with acting():
        _lock_whole(consent.case_study, consent)
        if consent.state == ConsentState.REFUSED:
            return
        move(consent, to=ConsentState.REFUSED, verb="refuse_consent", by=by, at=at, decided_by=by, decided_at=at)
        emails.consent_refused(consent)


def take_back_consent(*, consent: Consent, by: User, at: datetime | None = None) -> None:
    """Take a yes back: a published story is gone at once."""
    at = at or clock.now()
    with acting():
        _lock_whole(consent.case_study, consent)
        if consent.state == ConsentState.TAKEN_BACK:
            return
        move(consent, to=ConsentState.TAKEN_BACK, verb="take_back_consent", by=by, at=at, decided_by=by, decided_at=at)
        if consent.case_study.state == CaseStudyState.PUBLISHED:
            move(consent.case_study, to=CaseStudyState.WITHDRAWN, verb="take_back_consent", by=by, at=at)
        emails.consent_refused(consent)


def publish_case_study(*, case_study: CaseStudy, by: User, at: datetime | None = None) -> None:
    """Everybody said yes: let everybody read it."""
    at = at or clock.now()
    with acting():
        _lock_whole(case_study)
        if case_study.state == CaseStudyState.PUBLISHED:
            return
        move(case_study, to=CaseStudyState.PUBLISHED, verb="publish_case_study", by=by, at=at, published_at=at)
        emails.case_study_published(case_study)


def withdraw_case_study(*, case_study: CaseStudy, by: User, at: datetime | None = None) -> None:
    """Take a story off the site, or put one aside."""
    with acting():
        lock(case_study)
        if case_study.state != CaseStudyState.WITHDRAWN:
            move(case_study, to=CaseStudyState.WITHDRAWN, verb="withdraw_case_study", by=by, at=at or clock.now())


def _lock_whole(case_study: CaseStudy, *known: Consent) -> list[Consent]:
    """Lock a story, then its consents: two answers at once then agree on which of them was the last.

    `known` are consents in the caller's hands, which are read afresh with the others.
    """
    lock(case_study)
    consents = list(case_study.consents.select_related("organisation").order_by("pk"))
    if consents:
        lock(*consents, *known)
    for consent in (*consents, *known):
        consent.case_study = case_study
    return consents


def _name_organisations(
    case_study: CaseStudy, organisations: Iterable[Organisation], *, by: User, at: datetime
) -> list[Consent]:
    """Make the story's organisations these; returns the consents of those that are new to it."""
    named = {organisation.pk: organisation for organisation in organisations}
    present = {consent.organisation_id: consent for consent in case_study.consents.all()}
    for key in present.keys() - named.keys():
        events.record(actor=by, verb="leave_out_organisation", thing=present[key], at=at)
        present[key].delete()
    added = []
    for key in sorted(named.keys() - present.keys()):
        consent = Consent.objects.create(case_study=case_study, organisation=named[key], state=ConsentState.NOT_ASKED)
        created(consent, by=by, verb="name_organisation", at=at)
        added.append(consent)
    return added


def _only_curators(by: User) -> None:
    if not may_curate(by):
        raise Refused([Problem("not_allowed", _("Only a curator can write and change stories."))])
