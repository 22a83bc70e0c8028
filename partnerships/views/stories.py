"""Stories to read, and the desk where curators prepare them."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.contrib.postgres.search import SearchQuery
from django.db.models import Prefetch
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from partnerships.actions import case_studies as actions
from partnerships.forms.case_studies import CaseStudyForm, ConsentForm, StorySearch
from partnerships.ground.access import anyone, coordinator, curator, open_to
from partnerships.ground.forms import add_problems
from partnerships.ground.look import Answer, Tone
from partnerships.ground.paging import Pages
from partnerships.ground.problems import Problem, Refused
from partnerships.models import CaseStudy, Consent, Organisation, User
from partnerships.models.case_studies import CaseStudyQuerySet
from partnerships.permissions import may_curate, me
from partnerships.problems import problems_with_publishing_case_study
from partnerships.sections import Section
from partnerships.states import CaseStudyState, ConsentState

PAGE_SIZE = 20
DESK_SIZE = 50
ON_A_PAGE = 3

TONES: dict[str, Tone] = {
    ConsentState.GIVEN: "done",
    ConsentState.ASKED: "waiting",
    ConsentState.REFUSED: "waiting",
    ConsentState.TAKEN_BACK: "waiting",
}


@open_to(anyone)
@require_safe
def stories(request: HttpRequest) -> HttpResponse:
    """What went really well, newest first; for a curator also what is being prepared."""
    visible = CaseStudy.objects.visible_to(request.user)
    shown = visible.published()
    search = StorySearch(request.GET or None)
    if search.is_bound and search.is_valid() and search.cleaned_data["q"]:
        shown = shown.filter(search=SearchQuery(search.cleaned_data["q"], config="english", search_type="websearch"))
    page = Pages(_with_organisations(shown), PAGE_SIZE).get_page(request.GET.get("page"))
    context: dict[str, Any] = {"search": search, "page": page, "searching": bool(request.GET), "level": 2}
    if may_curate(request.user):
        context["is_curator"] = True
        desk = visible.exclude(state=CaseStudyState.PUBLISHED).order_by("-id").defer("search")
        context["desk"] = Pages(desk, DESK_SIZE).get_page(request.GET.get("desk"))
        # The published ones then stand under a heading of their own.
        context["level"] = 3 if context["desk"] else 2
    return render(request, "partnerships/stories.html", context)


def sections(organisation: Organisation, user: User) -> list[Section]:
    """The stories that an organisation is part of, for its own page."""
    told = _with_organisations(CaseStudy.objects.visible_to(user).published().filter(organisations=organisation))
    listed = list(told[:ON_A_PAGE])
    return (
        [Section(_("When it went really well"), "partnerships/_story_list.html", {"stories": listed})] if listed else []
    )


def _with_organisations(stories: CaseStudyQuerySet) -> CaseStudyQuerySet:
    consents = Consent.objects.select_related("organisation__place")
    return stories.defer("search").prefetch_related(Prefetch("consents", queryset=consents))


@open_to(anyone)
@require_safe
def story(request: HttpRequest, slug: str) -> HttpResponse:
    """One story. Its curator also sees whose yes is there and whose is missing."""
    thing = get_object_or_404(_with_organisations(CaseStudy.objects.visible_to(request.user)), slug=slug)
    return _page(request, thing)


def _page(request: HttpRequest, story: CaseStudy, problems: tuple[Problem, ...] = ()) -> HttpResponse:
    context: dict[str, Any] = {"story": story, "problems": problems}
    if may_curate(request.user):
        consents = list(story.consents.all())
        context["is_curator"] = True
        context["missing"] = () if problems else problems_with_publishing_case_study(story)
        context["to_ask"] = any(consent.state == ConsentState.NOT_ASKED for consent in consents)
        context["answers"] = [
            Answer(consent.organisation.name, consent.get_state_display(), TONES.get(consent.state, "quiet"))
            for consent in consents
        ]
    return render(request, "partnerships/story.html", context, status=409 if problems else 200)


@open_to(curator)
@require_http_methods(["GET", "HEAD", "POST"])
def story_new(request: HttpRequest) -> HttpResponse:
    form = CaseStudyForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        organisations = form.cleaned_data.pop("named")
        try:
            written = actions.write_case_study(**form.cleaned_data, organisations=organisations, by=me(request.user))
        except Refused as refused:
            add_problems(form, refused.problems)
        else:
            messages.success(request, _("Your story is kept as a draft."))
            return redirect(written)
    return render(request, "partnerships/story_form.html", {"form": form})


@open_to(curator)
@require_http_methods(["GET", "HEAD", "POST"])
def story_change(request: HttpRequest, slug: str) -> HttpResponse:
    thing = get_object_or_404(CaseStudy.objects.visible_to(request.user), slug=slug)
    form = CaseStudyForm(request.POST or None, instance=thing)
    if request.method == "POST" and form.is_valid():
        organisations = form.cleaned_data.pop("named")
        try:
            actions.rewrite_case_study(
                case_study=thing, **form.cleaned_data, organisations=organisations, by=me(request.user)
            )
        except Refused as refused:
            add_problems(form, refused.problems)
        else:
            return redirect(thing)
    return render(request, "partnerships/story_form.html", {"form": form, "story": thing})


@open_to(curator)
@require_POST
def story_ask(request: HttpRequest, slug: str) -> HttpResponse:
    """Ask the organisations that have not been asked yet."""
    thing = get_object_or_404(CaseStudy.objects.visible_to(request.user), slug=slug)
    try:
        actions.ask_consents(case_study=thing, by=me(request.user))
    except Refused as refused:
        return _refused(request, thing, refused)
    messages.success(request, _("The organisations are asked. You get a mail when all have said yes, or one says no."))
    return redirect(thing)


@open_to(curator)
@require_POST
def story_publish(request: HttpRequest, slug: str) -> HttpResponse:
    thing = get_object_or_404(CaseStudy.objects.visible_to(request.user), slug=slug)
    try:
        actions.publish_case_study(case_study=thing, by=me(request.user))
    except Refused as refused:
        return _refused(request, thing, refused)
    messages.success(request, _("The story is published."))
    return redirect(thing)


@open_to(curator)
@require_POST
def story_withdraw(request: HttpRequest, slug: str) -> HttpResponse:
    thing = get_object_or_404(CaseStudy.objects.visible_to(request.user), slug=slug)
    try:
        actions.withdraw_case_study(case_study=thing, by=me(request.user))
    except Refused as refused:
        return _refused(request, thing, refused)
    messages.success(request, _("The story is withdrawn: nobody but curators can read it."))
    return redirect(thing)


@open_to(coordinator, curator)
@require_safe
def consent(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """The very words that would be published, and yes or no for one's organisation."""
    thing = _asked(request, uuid)
    return render(request, "partnerships/consent.html", {"consent": thing, "story": thing.case_study})


@open_to(coordinator, curator)
@require_POST
def consent_answer(request: HttpRequest, uuid: UUID) -> HttpResponse:
    thing = _asked(request, uuid)
    form = ConsentForm(request.POST)
    if not form.is_valid():
        return redirect("consent", uuid=uuid)
    try:
        said = _answer(request, thing, form.cleaned_data["answer"], form.cleaned_data["edition"])
    except Refused as refused:
        thing = _asked(request, uuid)
        context = {"consent": thing, "story": thing.case_study, "problems": refused.problems}
        return render(request, "partnerships/consent.html", context, status=409)
    messages.success(request, said)
    return redirect("consent", uuid=uuid)


def _answer(request: HttpRequest, consent: Consent, answer: str, edition: str) -> str:
    name = {"organisation": consent.organisation.name}
    if answer == "yes":
        actions.give_consent(consent=consent, edition=edition, by=me(request.user))
        return _("You said yes for %(organisation)s. You can take it back here at any time.") % name
    if answer == "no":
        actions.refuse_consent(consent=consent, by=me(request.user))
        return _("You said no for %(organisation)s. It will not be published with you in it.") % name
    actions.take_back_consent(consent=consent, by=me(request.user))
    return _("You took the yes of %(organisation)s back. Nobody can read the story any more.") % name


def _asked(request: HttpRequest, uuid: UUID) -> Consent:
    consents = Consent.objects.visible_to(request.user).select_related("case_study", "organisation")
    return get_object_or_404(consents, uuid=uuid)


def _refused(request: HttpRequest, story: CaseStudy, refused: Refused) -> HttpResponse:
    story.refresh_from_db()
    return _page(request, story, refused.problems)
