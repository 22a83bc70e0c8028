"""/stories/consent/<uuid>/ and its answer: yes or no to the very words."""

from __future__ import annotations

import pytest
from django.test import Client
from django.urls import reverse

from partnerships.ground.models import OutboxMail
from partnerships.models import CaseStudy, Consent
from partnerships.states import CaseStudyState, ConsentState
from tests.cast import Cast
from tests.factories import make_story


@pytest.fixture
def story(cast: Cast) -> CaseStudy:
    return make_story(cast.curator, cast.council, cast.advice, state=CaseStudyState.WAITING, consent=ConsentState.ASKED)


@pytest.fixture
def consent(story: CaseStudy, cast: Cast) -> Consent:
    return story.consents.get(organisation=cast.advice)


def page(client: Client, consent: Consent, status: int = 200) -> str:
    response = client.get(reverse("consent", args=[consent.uuid]))
    assert response.status_code == status
    return response.content.decode()


def answer(client: Client, consent: Consent, said: str, status: int = 302, edition: str = "") -> str:
    edition = edition or CaseStudy.objects.get(pk=consent.case_study_id).edition
    url = reverse("consent-answer", args=[consent.uuid])
    response = client.post(url, {"answer": said, "edition": edition})
    assert response.status_code == status
    consent.refresh_from_db()
    return response.content.decode()


def test_a_coordinator_reads_exactly_what_would_be_published(client: Client, cast: Cast, consent: Consent) -> None:
    client.force_login(cast.host)
    words = page(client, consent)
    for name in CaseStudy.WORDS:
        assert getattr(consent.case_study, name) in words
    assert "Yes, publish these words" in words


def test_yes_is_kept_with_who_said_it(client: Client, cast: Cast, consent: Consent) -> None:
    client.force_login(cast.host)
    answer(client, consent, "yes")
    assert (consent.state, consent.decided_by) == (ConsentState.GIVEN, cast.host)
    assert consent.decided_at
    assert "Test Advice said yes" in page(client, consent)
    answer(client, consent, "yes")
    assert not OutboxMail.objects.filter(template="stories/consents_complete").exists()


def test_the_curator_hears_when_the_last_one_said_yes(client: Client, cast: Cast, story: CaseStudy) -> None:
    for consent, coordinator in ((0, cast.host), (1, cast.home_coordinator)):
        client.force_login(coordinator)
        answer(client, story.consents.order_by("organisation__name")[consent], "yes")
    assert [mail.to for mail in OutboxMail.objects.filter(template="stories/consents_complete")] == [cast.curator.email]


def test_no_needs_no_reason_and_the_curator_hears(client: Client, cast: Cast, consent: Consent) -> None:
    client.force_login(cast.host)
    answer(client, consent, "no")
    answer(client, consent, "no")
    assert consent.state == ConsentState.REFUSED
    assert "Test Advice said no" in page(client, consent)
    mail = OutboxMail.objects.get(template="stories/consent_refused")
    assert mail.to == cast.curator.email
    assert "Test Advice said no" in mail.subject
    answer(client, consent, "yes")
    assert consent.state == ConsentState.GIVEN


def test_a_yes_to_words_that_have_changed_does_not_count(client: Client, cast: Cast, consent: Consent) -> None:
    client.force_login(cast.host)
    edition = consent.case_study.edition
    CaseStudy.objects.update(what_went_well="Something else entirely.")
    assert "The words have changed" in answer(client, consent, "yes", 409, edition)
    assert consent.state == ConsentState.ASKED


def test_a_yes_taken_back_takes_the_story_off_at_once(client: Client, cast: Cast) -> None:
    story = make_story(cast.curator, cast.council, cast.advice)
    consent = story.consents.get(organisation=cast.advice)
    client.force_login(cast.host)
    assert "Take our yes back" in page(client, consent)
    answer(client, consent, "take_back")
    answer(client, consent, "take_back")
    story.refresh_from_db()
    assert (consent.state, story.state) == (ConsentState.TAKEN_BACK, CaseStudyState.WITHDRAWN)
    assert Client().get(story.get_absolute_url()).status_code == 404
    assert "took its yes back" in OutboxMail.objects.get(template="stories/consent_refused").subject
    assert "nobody can read it" in page(client, consent)


def test_while_the_curator_writes_nobody_can_say_yes(client: Client, cast: Cast, consent: Consent) -> None:
    CaseStudy.objects.update(state=CaseStudyState.DRAFT)
    client.force_login(cast.host)
    assert "The curator is changing the words" in page(client, consent)
    assert "still working on this story" in answer(client, consent, "yes", 409)


@pytest.mark.parametrize("who", ["outsider", "home_coordinator"])
def test_a_coordinator_answers_for_no_other_organisation(
    client: Client, cast: Cast, consent: Consent, who: str
) -> None:
    client.force_login(getattr(cast, who))
    page(client, consent, 404)
    answer(client, consent, "yes", 404)
    assert consent.state == ConsentState.ASKED


@pytest.mark.parametrize("who", ["adviser", "newcomer", "administrator"])
def test_nobody_else_opens_it(client: Client, cast: Cast, consent: Consent, who: str) -> None:
    client.force_login(getattr(cast, who))
    page(client, consent, 403)
    answer(client, consent, "yes", 403)


def test_a_curator_reads_it_and_cannot_answer(client: Client, cast: Cast, consent: Consent) -> None:
    client.force_login(cast.curator)
    page(client, consent)
    assert "You cannot do this" in answer(client, consent, "yes", 409)
    assert consent.state == ConsentState.ASKED


def test_before_it_is_asked_it_is_not_there(client: Client, cast: Cast, consent: Consent) -> None:
    Consent.objects.update(state=ConsentState.NOT_ASKED)
    client.force_login(cast.host)
    page(client, consent, 404)


def test_reading_answers_nothing_and_nonsense_leads_back(client: Client, cast: Cast, consent: Consent) -> None:
    client.force_login(cast.host)
    page(client, consent)
    assert client.get(reverse("consent-answer", args=[consent.uuid])).status_code == 405
    answer(client, consent, "perhaps")
    assert consent.state == ConsentState.ASKED
    client.logout()
    assert client.get(reverse("consent", args=[consent.uuid])).status_code == 302
