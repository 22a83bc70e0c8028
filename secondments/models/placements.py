"""A placement: a visitor at a host for a set of sessions, whose yes it needs, and what must be done first."""

from __future__ import annotations

import uuid
from collections.abc import Collection
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Any

from django.db import models
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from partnerships.models import Membership, Organisation, User
from secondments.states import (
    BY_A_BROKER,
    HOLDING_STATES,
    LIVE_STATES,
    CheckKind,
    CheckState,
    ConcernState,
    DecisionHow,
    DecisionKind,
    DecisionState,
    Half,
    HowBegan,
    PlacementState,
    SwapState,
    Tie,
)

from .days import HalfDay, count_words, when_words
from .offers import HostOffer, OfferSession

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser

TIME_TO_ANSWER = timedelta(days=7)
"""In which everybody says yes or no, where a programme gives no other."""


class SwapQuerySet(models.QuerySet["Swap"]):
    def unanswered(self) -> SwapQuerySet:
        """Those for which nobody has come back or is about to: one of their visits stands at most."""
        standing = models.Count("placements", filter=models.Q(placements__state__in=HOLDING_STATES))
        return self.annotate(standing=standing).filter(standing__lt=2)


class Swap(models.Model):
    """The parent of placements that answer each other.

    The return visit stays open until `return_until`, and only the host calls it due.
    """

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    state = models.CharField(max_length=10, choices=SwapState.choices)
    return_until = models.DateField()
    created_at = models.DateTimeField()

    objects = SwapQuerySet.as_manager()

    def first_visit(self) -> Placement | None:
        """The one that promised a visit in return."""
        return self.placements.select_related("home", "visitor", "offer__organisation").order_by("id").first()

    def other_visit(self, placement: Placement) -> Placement | None:
        """What stands on the other side of `placement`; one that came to nothing leaves room for another."""
        return self._beside(placement).first()

    def visit_back(self, placement: Placement, *, for_host: bool) -> Placement | None:
        """Who comes to the home of `placement`, or for its host where they go: two visits where three go round."""
        beside = self._beside(placement)
        if for_host:
            return beside.filter(home=placement.offer.organisation_id).first()
        return beside.filter(offer__organisation=placement.home_id).first()

    def _beside(self, placement: Placement) -> PlacementQuerySet:
        standing = self.placements.filter(state__in=HOLDING_STATES).exclude(pk=placement.pk)
        return standing.select_related("visitor", "home", "offer__organisation").order_by("id")


class PlacementQuerySet(models.QuerySet["Placement"]):
    def live(self) -> PlacementQuerySet:
        return self.filter(state__in=LIVE_STATES)

    def waiting(self) -> PlacementQuerySet:
        """Those that wait for somebody's yes."""
        return self.filter(state=PlacementState.REQUESTED)

    def agreed(self) -> PlacementQuerySet:
        """Live ones that wait for nobody's yes any more."""
        return self.live().exclude(state=PlacementState.REQUESTED)

    def soonest_first(self) -> PlacementQuerySet:
        first = PlacementSession.objects.filter(placement=models.OuterRef("pk")).order_by("date")
        return self.annotate(first_day=models.Subquery(first.values("date")[:1])).order_by("first_day", "id")

    def to_come(self, day: date) -> PlacementQuerySet:
        """Live ones with a day left: what is over happened or did not, and its host still says which."""
        return self.live().annotate(last_day=models.Max("sessions__date")).filter(last_day__gte=day)

    def visible_to(self, user: User | AnonymousUser) -> PlacementQuerySet:
        """The visitor's own; those at and from the organisations that one coordinates; all for administrators."""
        if not user.is_authenticated:
            return self.none()
        return self.all() if user.is_administrator else self.concerning(user)

    def concerning(self, user: User) -> PlacementQuerySet:
        """The visitor's own, and those at and from the organisations that one coordinates."""
        mine = user.coordinated_ids()
        return self.filter(models.Q(visitor=user) | models.Q(offer__organisation__in=mine) | models.Q(home__in=mine))

    def outcome_told_by(self, user: User) -> PlacementQuerySet:
        """Those at the organisations that one coordinates; of one's own visit somebody else says what came of it."""
        return self.hosted_by(*user.coordinated_ids()).exclude(visitor=user)

    def sent_by(self, *organisation_ids: int) -> PlacementQuerySet:
        return self.filter(home__in=organisation_ids)

    def hosted_by(self, *organisation_ids: int) -> PlacementQuerySet:
        return self.filter(offer__organisation__in=organisation_ids)

    def days_had_or_held(self, users: Collection[int], first: date, last: date) -> models.QuerySet[Placement, Any]:
        """Of these people each day of visits that they had, or that is held for them between two days: who, at which
        host, when (no day where none is known), and whether they had it and whether it is held."""
        had = models.Q(state=PlacementState.COMPLETED)
        held = models.Q(sessions__holding=True, sessions__date__range=(first, last))
        return (
            self.filter(had | held, visitor__in=users)
            .annotate(
                day=models.F("sessions__date"),
                had=models.ExpressionWrapper(had, models.BooleanField()),
                held=models.ExpressionWrapper(held, models.BooleanField()),
            )
            .order_by()
            .values_list("visitor", "offer__organisation", "day", "had", "held")
        )

    def unanswered_at(self, at: datetime) -> PlacementQuerySet:
        """Requests whose answer-by has passed."""
        return self.filter(state=PlacementState.REQUESTED, answer_by__lt=at)

    def starting_by(self, day: date) -> PlacementQuerySet:
        """Confirmed ones whose first day has come."""
        return self.filter(
            state=PlacementState.CONFIRMED,
            pk__in=PlacementSession.objects.filter(date__lte=day).values("placement"),
        )


class Placement(models.Model):
    """A visit. `home` is the organisation the visitor comes from; times given are in minutes, money in pence a day."""

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    offer = models.ForeignKey(HostOffer, models.PROTECT, related_name="placements")
    visitor = models.ForeignKey(User, models.PROTECT, related_name="placements")
    home = models.ForeignKey(Organisation, models.PROTECT, related_name="placements_away")
    membership = models.ForeignKey(Membership, models.PROTECT, related_name="+")
    asked_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    how_began = models.CharField(max_length=20, choices=HowBegan.choices)
    swap = models.ForeignKey(Swap, models.PROTECT, null=True, blank=True, related_name="placements")

    learn = models.TextField(_("what you hope to learn"), max_length=2000)
    needs = models.TextField(_("what you need to take part"), max_length=1000, blank=True)
    tie = models.CharField(max_length=20, choices=Tie.choices)
    payment_pence = models.PositiveIntegerField(null=True, blank=True)

    state = models.CharField(max_length=20, choices=PlacementState.choices)
    requested_at = models.DateTimeField()
    answer_by = models.DateTimeField()
    host_minutes = models.PositiveIntegerField(null=True, blank=True)

    objects = PlacementQuerySet.as_manager()

    class Meta:
        ordering = ["-requested_at", "-id"]
        indexes = [
            models.Index(fields=["state", "answer_by"], name="placement_to_expire"),
            models.Index(fields=["visitor", "-requested_at"], name="placement_by_visitor"),
        ]

    def __str__(self) -> str:
        return f"{self.home} → {self.offer}"

    def get_absolute_url(self) -> str:
        return reverse("placement", args=[self.uuid])

    def half_days(self) -> list[HalfDay]:
        """Its mornings and afternoons in order of time, kept or given up."""
        return sorted(HalfDay(session.date, session.half) for session in self.sessions.all())

    def days(self) -> list[date]:
        return sorted({each.date for each in self.half_days()})

    def title(self) -> str:
        """Five Tuesdays at Harbour Advice."""
        words = {"days": count_words(self.half_days()), "host": self.offer.organisation.name}
        return gettext("%(days)s at %(host)s") % words

    def when_words(self) -> str:
        """Tuesdays, all day, 12 January to 9 February 2027."""
        return when_words(self.half_days())


class PlacementSession(models.Model):
    """One half-day that a visitor holds at a host. Nobody can be in two places: see the constraint."""

    placement = models.ForeignKey(Placement, models.CASCADE, related_name="sessions")
    offer_session = models.ForeignKey(OfferSession, models.PROTECT, related_name="holders")
    visitor = models.ForeignKey(User, models.PROTECT, related_name="+")
    date = models.DateField()
    half = models.CharField(max_length=2, choices=Half.choices)
    holding = models.BooleanField(default=True)

    class Meta:
        ordering = ["date", "half"]
        constraints = [
            models.UniqueConstraint(
                fields=["visitor", "date", "half"],
                condition=models.Q(holding=True),
                name="visitor_in_one_place_at_a_time",
            ),
            models.UniqueConstraint(fields=["placement", "offer_session"], name="placement_session_once"),
        ]


class DecisionQuerySet(models.QuerySet["Decision"]):
    def waiting(self) -> DecisionQuerySet:
        return self.filter(state=DecisionState.WAITING)

    def to_answer(self) -> DecisionQuerySet:
        """Those whose yes or no still makes a difference, the most urgent first."""
        return self.waiting().filter(placement__state=PlacementState.REQUESTED).order_by("placement__answer_by", "id")

    def for_organisation(self, organisation: Organisation) -> DecisionQuerySet:
        """Those that are its own as the host, or about its people."""
        as_host = models.Q(kind=DecisionKind.HOST)
        at_it = as_host & models.Q(placement__offer__organisation=organisation)
        return self.filter(at_it | (~as_host & models.Q(placement__home=organisation)))

    def visible_to(self, user: User | AnonymousUser) -> DecisionQuerySet:
        """Decisions that one may take signed in: asked of oneself, or of one's organisation as its coordinator.

        Nobody sees their own visit here, except the question whether they want to go.
        """
        if not user.is_authenticated:
            return self.none()
        mine = user.coordinated_ids()
        of_others = (
            models.Q(asked_email=user.email, kind=DecisionKind.HOME_APPROVER)
            | models.Q(kind=DecisionKind.HOST, placement__offer__organisation__in=mine)
            | models.Q(kind=DecisionKind.COORDINATOR, placement__home__in=mine)
        )
        by_a_broker = models.Q(placement__how_began__in=BY_A_BROKER)
        acts_for_them = (models.Q(placement__asked_by=user) & ~by_a_broker) | (
            models.Q(placement__visitor__email=None) & by_a_broker
        )
        of_mine = models.Q(kind=DecisionKind.VISITOR) & (
            models.Q(placement__visitor=user) | (acts_for_them & models.Q(placement__home__in=mine))
        )
        return self.filter((of_others & ~models.Q(placement__visitor=user)) | of_mine)


class Decision(models.Model):
    """One yes or no that a placement needs: whose, when it came, and how. `version` outdates links mailed before."""

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    placement = models.ForeignKey(Placement, models.CASCADE, related_name="decisions")
    kind = models.CharField(max_length=16, choices=DecisionKind.choices)
    state = models.CharField(max_length=12, choices=DecisionState.choices)
    asked_email = models.EmailField(blank=True)
    version = models.PositiveSmallIntegerField(default=1)
    decided_at = models.DateTimeField(null=True, blank=True)
    decided_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    decided_email = models.EmailField(blank=True)
    how = models.CharField(max_length=10, choices=DecisionHow.choices, blank=True)

    objects = DecisionQuerySet.as_manager()

    class Meta:
        ordering = ["id"]
        constraints = [models.UniqueConstraint(fields=["placement", "kind"], name="decision_once_a_kind")]


class Check(models.Model):
    """Something that must be done before a placement is confirmed."""

    placement = models.ForeignKey(Placement, models.CASCADE, related_name="checks")
    kind = models.CharField(max_length=24, choices=CheckKind.choices)
    state = models.CharField(max_length=8, choices=CheckState.choices)
    done_at = models.DateTimeField(null=True, blank=True)
    done_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")

    class Meta:
        ordering = ["id"]
        constraints = [models.UniqueConstraint(fields=["placement", "kind"], name="check_once_a_kind")]


class ConcernQuerySet(models.QuerySet["Concern"]):
    def visible_to(self, user: User | AnonymousUser) -> ConcernQuerySet:
        """Administrators only: a concern may be about anyone else."""
        return self.all() if user.is_authenticated and user.is_administrator else self.none()


class Concern(models.Model):
    """ "Something is wrong": anyone may say so, without signing in."""

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    placement = models.ForeignKey(Placement, models.CASCADE, null=True, blank=True, related_name="concerns")
    what_is_wrong = models.TextField(_("what is wrong"), max_length=4000)
    how_to_reach_you = models.CharField(_("how we can reach you"), max_length=200, blank=True)
    state = models.CharField(max_length=10, choices=ConcernState.choices)
    created_at = models.DateTimeField()

    objects = ConcernQuerySet.as_manager()

    class Meta:
        ordering = ["-created_at"]
