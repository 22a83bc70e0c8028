"""Taking part in a round: what a person said, and what they have begun to say."""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING

from django.contrib.postgres.fields import ArrayField
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from partnerships.models import Membership, Organisation
from partnerships.models.organisations import ACTING_STATES
from partnerships.states import Field, MembershipState
from secondments.states import HOLDING_STATES, LIVE_STATES, TIES_OVER_HOST, AccessNeed, ParticipationState, Tie

from .offers import HostOffer

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser

    from partnerships.models import User

MOST_WISHES = 5

INTRODUCED = models.Q(shortlist__placement__state__in=HOLDING_STATES)


class ParticipationQuerySet(models.QuerySet["Participation"]):
    def joined(self) -> ParticipationQuerySet:
        return self.filter(state=ParticipationState.JOINED)

    def to_match(self) -> ParticipationQuerySet:
        """Those of whom it is known that they work where they say, as nobody goes in the name of others, and whose
        organisation may act, without those who were introduced to somebody. Where terms decide who takes part, a round
        knows: see `Round.to_match`."""
        here = self.joined().filter(
            membership__state=MembershipState.ACTIVE, membership__organisation__state__in=ACTING_STATES
        )
        return here.exclude(INTRODUCED)

    def introduced(self) -> ParticipationQuerySet:
        """Those whom a broker of the round introduced to a host, and whose visit stands: each has one place."""
        return self.filter(INTRODUCED)

    def not_confirmed(self) -> ParticipationQuerySet:
        """Those who would be matched, if their organisation had said that they work there."""
        return self.joined().exclude(membership__state=MembershipState.ACTIVE)

    def spoken_for_by(self, user: User) -> ParticipationQuerySet:
        """One's own, and those of colleagues without email whom one answers for."""
        acted_for = models.Q(
            membership__in=Membership.objects.answered_for().filter(organisation__in=user.coordinated_ids())
        )
        return self.filter(models.Q(membership__user=user) | acted_for)

    def visible_to(self, user: User | AnonymousUser) -> ParticipationQuerySet:
        """One's own, and those of the programmes that one brokers."""
        if not user.is_authenticated:
            return self.none()
        return self.filter(
            models.Q(membership__user=user) | models.Q(round__programme__organisation__in=user.brokered_ids())
        )


class Participation(models.Model):
    """A person in a round: what they want to see, in which weeks (their Mondays), how far (km) and how.

    `tie` says what their team has over organisations that might host them; `needs` is told to their host only, and
    `access_needs` are those of them that matching keeps to. `shows` is what a visitor would see with them, with what
    access (`shows_access`), and `welcomes` that somebody could come. `avoids` are organisations they must not meet, and
    `avoids_emails` people: the engine alone reads them, and why is in `avoid_reason`, which no page shows.
    `cover_pence`: what somebody in their place costs a day. All of it was said last at `said_at`.
    `takes_letters`: whether they read what a broker writes to several people of the round.
    """

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    round = models.ForeignKey("secondments.Round", models.PROTECT, related_name="participations")
    membership = models.ForeignKey(Membership, models.PROTECT, related_name="participations")
    state = models.CharField(max_length=10, choices=ParticipationState.choices)
    learn = models.TextField(_("what you hope to learn"), max_length=2000)
    wants = ArrayField(models.CharField(max_length=20, choices=Field.choices), default=list, blank=True)
    weeks = ArrayField(models.DateField())
    most_km = models.PositiveSmallIntegerField(_("how far you can travel, in km"), default=25)
    in_person = models.BooleanField(_("a visit in person"), default=True)
    online = models.BooleanField(_("a visit online"), default=False)
    access_needs = ArrayField(models.CharField(max_length=16, choices=AccessNeed.choices), default=list, blank=True)
    needs = models.TextField(_("what you need to take part"), max_length=1000, blank=True)
    tie = models.CharField(max_length=20, choices=Tie.choices, default=Tie.NONE)
    shows = models.TextField(_("what you can show a visitor"), max_length=2000, blank=True)
    shows_access = ArrayField(models.CharField(max_length=16, choices=AccessNeed.choices), default=list, blank=True)
    welcomes = models.BooleanField(_("somebody could come to me"), default=False)
    avoids = models.ManyToManyField(Organisation, related_name="+", blank=True)
    avoids_emails = ArrayField(models.EmailField(), default=list, blank=True)
    avoid_reason = models.TextField(max_length=1000, blank=True)
    agrees_email = models.EmailField(_("who agrees to your going"), blank=True)
    cover_pence = models.PositiveIntegerField(_("what covering a day’s absence costs"), default=0)
    compulsory = models.BooleanField(default=False)
    takes_letters = models.BooleanField(default=True)
    joined_at = models.DateTimeField()
    said_at = models.DateTimeField()

    objects = ParticipationQuerySet.as_manager()

    class Meta:
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(
                fields=["round", "membership"],
                condition=models.Q(state=ParticipationState.JOINED),
                name="participation_once_a_round",
            )
        ]

    def all_needs(self) -> str:
        """What their host has to know, in words: what a place must have, then their own words."""
        labels = [str(AccessNeed(need).label) for need in self.access_needs]
        return "\n".join([*labels, self.needs] if self.needs else labels)

    def has_a_visit(self) -> bool:
        """Whether one is asked for, or to come, that the round found for them or a broker introduced them to."""
        live = models.Q(placement__state__in=LIVE_STATES)
        return self.matches.filter(live).exists() or self.shortlist.filter(live).exists()

    @property
    def has_tie(self) -> bool:
        """Whether their team funds, buys from, inspects or assesses organisations that might host them."""
        return self.tie in TIES_OVER_HOST


class Wish(models.Model):
    """An offer that somebody would like best (`rank` 1), second best, and so on."""

    participation = models.ForeignKey(Participation, models.CASCADE, related_name="wishes")
    offer = models.ForeignKey(HostOffer, models.PROTECT, related_name="+")
    rank = models.PositiveSmallIntegerField(validators=[MinValueValidator(1), MaxValueValidator(MOST_WISHES)])

    class Meta:
        ordering = ["participation", "rank"]
        verbose_name_plural = "wishes"
        constraints = [
            models.UniqueConstraint(fields=["participation", "rank"], name="wish_one_of_a_rank"),
            models.UniqueConstraint(fields=["participation", "offer"], name="wish_once_an_offer"),
        ]


class JoiningDraft(models.Model):
    """What somebody typed to join a round and has not sent, as typed, right or wrong. Only they ever see it."""

    round = models.ForeignKey("secondments.Round", models.CASCADE, related_name="drafts")
    user = models.ForeignKey("partnerships.User", models.CASCADE, related_name="+")
    typed = models.JSONField()
    saved_at = models.DateTimeField()

    class Meta:
        ordering = ["id"]
        constraints = [models.UniqueConstraint(fields=["round", "user"], name="joining_draft_one_a_person")]
