"""What people read meanwhile: any page of theirs, or a link that was mailed to them once, opens and says no secret."""

from __future__ import annotations

from collections.abc import Iterator

from django.test import Client
from django.urls import reverse

from partnerships.ground.models import OutboxMail
from partnerships.models import User
from secondments.models import Enrolment, HostOffer, MatchRun, Participation, Placement, Shortlisted, Trial
from tests.client import enter

from .mails import LINK
from .world import NOTED, WHY_AVOIDED, NothingToDo, World

ANYBODY = ("round", "round-results")
OF_A_BROKER = (
    "round",
    "round-desk",
    "round-figures",
    "round-results",
    "round-edit",
    "round-dates",
    "round-again",
    "round-write",
    "round-weights",
    "round-entered",
    "round-enter",
    "round-host",
    "round-publish",
    "round-call-off",
    "round-came-free",
    "round-progress",
    "round-archive",
    "round-put-aside",
)
OF_ONE_WHO_TAKES_PART = ("round", "round-join", "round-leave", "round-letters", "round-results")
OF_EVERYBODY = ("rounds", "offers", "front")
OF_EVERYBODY_SIGNED_IN = ("rounds", "offers", "offers-for-me", "placements", "to-answer", "next-steps", "offers-ours")
SHOWS = ("", "?show=without", "?show=placed", "?show=wants")

OPENED_BY_LINK = ("secondments.placement", "secondments.entry", "secondments.hostoffer")
FINE = frozenset({200, 204, 302, 403, 404, 405, 410})


def read_something(world: World) -> None:
    """One page, by whoever is drawn."""
    try:
        read = world.one(
            [read_as_broker, read_as_broker, read_as_one_who_takes_part, read_as_a_host, read_a_link, read_as_anybody]
        )
        browser, address, private = read(world)
    except NothingToDo:
        return
    answer = browser.get(address)
    if answer.status_code not in FINE:
        raise AssertionError(f"{address} answered {answer.status_code}")
    said = answer.content.decode() if answer.status_code == 200 else ""
    for words in private:
        if words in said:
            raise AssertionError(f"{address} says {words}")


Reading = tuple[Client, str, tuple[str, ...]]


def of_round(world: World, name: str) -> str:
    return reverse(name, args=[world.a_round().slug])


def read_as_broker(world: World) -> Reading:
    addresses = [of_round(world, world.one(OF_A_BROKER)), of_round(world, "round-desk") + world.one(SHOWS)]
    addresses += list(_of_the_desk(world))
    return enter(world.cast.broker), world.one(addresses), (WHY_AVOIDED,)


def _of_the_desk(world: World) -> Iterator[str]:
    for each in world.some(Participation.objects.order_by("pk").select_related("round"), 2):
        yield reverse("round-person", args=[each.round.slug, each.uuid])
        yield reverse("round-hosts", args=[each.round.slug, each.uuid])
    for run in world.some(MatchRun.objects.repairs().order_by("pk").select_related("round"), 2):
        yield reverse("round-repair", args=[run.round.slug, run.uuid])
    for run in world.some(MatchRun.objects.compared().order_by("pk").select_related("round"), 2):
        yield reverse("round-compare", args=[run.round.slug, 1, run.number])
    for listed in world.some(Shortlisted.objects.order_by("pk"), 1):
        yield reverse("shortlist-introduce", args=[listed.uuid])
    for enrolment in world.some(Enrolment.objects.order_by("pk"), 1):
        yield reverse("enrolment", args=[enrolment.uuid])
    for trial in world.some(Trial.objects.order_by("pk").select_related("round"), 1):
        yield reverse("round-trial", args=[trial.round.slug, trial.uuid])
    for placement in world.some(Placement.objects.order_by("pk"), 1):
        yield placement.get_absolute_url()


def read_as_one_who_takes_part(world: World) -> Reading:
    each = world.row(Participation.objects.exclude(membership__user__email=None))
    who = User.objects.get(pk=each.membership.user_id)
    addresses = [reverse(world.one(OF_ONE_WHO_TAKES_PART), args=[each.round.slug])]
    addresses += [visit.get_absolute_url() for visit in Placement.objects.filter(visitor=who).order_by("pk")]
    addresses.append(reverse(world.one(OF_EVERYBODY_SIGNED_IN)))
    return enter(who), world.one(addresses), (NOTED, WHY_AVOIDED)


def read_as_a_host(world: World) -> Reading:
    home = world.one(world.homes)
    who = world.coordinator(home)
    addresses = [reverse(world.one(OF_EVERYBODY_SIGNED_IN)), of_round(world, world.one(ANYBODY))]
    addresses += [visit.get_absolute_url() for visit in Placement.objects.concerning(who).order_by("pk")]
    addresses += [reverse("overview", args=[home.slug]), reverse("enrolments", args=[home.slug])]
    addresses += [offer.get_absolute_url() for offer in HostOffer.objects.of_organisations().order_by("pk")]
    # Whoever coordinates may take part as well, and reads what they noted themselves.
    return enter(who), world.one(addresses), (WHY_AVOIDED,)


def read_a_link(world: World) -> Reading:
    """However old it is, and whatever has become of what it asks."""
    mail = world.row(OutboxMail.objects.filter(thing_type__in=OPENED_BY_LINK))
    kind, token = world.one(LINK.findall(mail.text))
    return Client(), f"/{kind}/{token}/", (NOTED, WHY_AVOIDED)


def read_as_anybody(world: World) -> Reading:
    addresses = [reverse(world.one(OF_EVERYBODY)), of_round(world, world.one(ANYBODY))]
    addresses += [offer.get_absolute_url() for offer in HostOffer.objects.of_organisations().order_by("pk")]
    return Client(), world.one(addresses), (NOTED, WHY_AVOIDED)
