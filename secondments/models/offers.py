"""What a visitor will really experience, and when."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchQuery, SearchVector, SearchVectorField
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models.functions import Greatest
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from partnerships.ground.models import Event
from partnerships.models import Organisation, Place
from partnerships.models.organisations import ACTING_STATES
from partnerships.states import Month, Weekday
from secondments.states import AccessNeed, CheckKind, Dating, Half, Mode, OfferState

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser

    from partnerships.models import User


class HostOfferQuerySet(models.QuerySet["HostOffer"]):
    def with_who_shows(self) -> HostOfferQuerySet:
        """With all that names it on a page: its organisation, and the person where one person shows it."""
        return self.select_related("organisation", "shown_by__membership__user")

    def open(self) -> HostOfferQuerySet:
        """Those that anyone may ask: published, by an organisation that may act."""
        return self.of_organisations().filter(state=OfferState.PUBLISHED, organisation__state__in=ACTING_STATES)

    def published(self) -> HostOfferQuerySet:
        return self.filter(state=OfferState.PUBLISHED)

    def not_closed(self) -> HostOfferQuerySet:
        return self.exclude(state=OfferState.CLOSED)

    def of_organisations(self) -> HostOfferQuerySet:
        """Not what one person shows to whoever changes places with them: no page is about that."""
        return self.filter(shown_by=None)

    def visible_to(self, user: User | AnonymousUser) -> HostOfferQuerySet:
        """Open ones for everybody; all of one's own organisations for their coordinators.

        What a broker wrote for a host they see themselves while it waits for the host's yes.
        """
        seen = models.Q(state=OfferState.PUBLISHED, organisation__state__in=ACTING_STATES)
        if user.is_authenticated:
            seen |= models.Q(organisation__in=user.coordinated_ids())
            seen |= models.Q(state=OfferState.TO_CONFIRM, created_by=user)
        return self.of_organisations().filter(seen)

    def written_for_others_by(self, user: User) -> HostOfferQuerySet:
        """What this broker wrote for hosts that they do not look after themselves: who waits first, then the latest."""
        waits_first = models.Case(models.When(state=OfferState.TO_CONFIRM, then=0), default=1)
        mine = self.of_organisations().filter(created_by=user).exclude(organisation__in=user.coordinated_ids())
        return mine.order_by(waits_first, "-id")

    def to_see_to(self, user: User, *, slow: datetime) -> HostOfferQuerySet:
        """Those of one's organisations that nobody sees yet, and those that one wrote for hosts who have not answered:
        `slow` is the moment before which they were asked."""
        mine = models.Q(organisation__in=user.coordinated_ids(), state__in=[OfferState.DRAFT, OfferState.TO_CONFIRM])
        theirs = models.Q(created_by=user, state=OfferState.TO_CONFIRM, created_at__lt=slow)
        return self.of_organisations().filter(mine | theirs).select_related("created_by")

    def answered_by_others(self, writer: User, first: datetime, last: datetime) -> HostOfferQuerySet:
        """Those of a broker that their hosts answered, or `changed`, from one moment until before another."""
        acts = Event.objects.filter(
            thing_type=HostOffer._meta.label_lower, thing_id=models.OuterRef("pk"), at__gte=first, at__lt=last
        ).exclude(actor=writer)
        answered = models.Exists(acts.filter(verb__in=["confirm_offer", "decline_offer"]))
        changed = models.Exists(acts.filter(verb="edit_offer"))
        # What a host changes in what is open already is its own affair.
        asked = self.written_for_others_by(writer).annotate(changed=changed)
        waiting = models.Q(state=OfferState.TO_CONFIRM) & changed
        return asked.filter(waiting | models.Q(answered)).select_related("organisation").order_by("id")

    def managed_by(self, user: User) -> HostOfferQuerySet:
        return self.of_organisations().filter(organisation__in=user.coordinated_ids())

    def with_free_days(self, first: date, last: date | None = None) -> HostOfferQuerySet:
        """Those with a free half-day from `first` on; "ask us" offers always have one."""
        free = OfferSession.objects.free().from_day(first)
        if last is not None:
            free = free.filter(date__lte=last)
        return self.filter(models.Q(dating=Dating.ASK_US) | models.Q(pk__in=free.values("offer")))

    def with_next_day(self, today: date) -> HostOfferQuerySet:
        """With the first day after today on which each is free (`next_day`), as their own people read them."""
        free = OfferSession.objects.free().filter(date__gt=today, offer=models.OuterRef("pk")).order_by()
        next_day = free.values("offer").annotate(first=models.Min("date")).values("first")
        return self.defer("search").annotate(next_day=models.Subquery(next_day)).order_by("state", "title", "id")

    def matching(self, words: SearchQuery) -> HostOfferQuerySet:
        """Those with these words, and those of organisations with these words."""
        offers = HostOffer.objects.filter(search=words).values("pk")
        organisations = Organisation.objects.filter(search=words).values("pk")
        return self.filter(models.Q(pk__in=offers) | models.Q(organisation__in=organisations))

    def near(self, place: Place) -> HostOfferQuerySet:
        """Those of organisations in a place, in a part of it, or that serve it."""
        # The places are asked first, and who serves them apart: one "or" over joins would read every organisation.
        places = list(Place.objects.within(place).order_by().values_list("pk", flat=True))
        serving = Organisation.areas_served.through.objects.filter(place=place).values("organisation")
        there = Organisation.objects.filter(models.Q(place__in=places) | models.Q(pk__in=serving)).values("pk")
        return self.filter(organisation__in=there)

    def open_in(self, month: date, *, today: date) -> HostOfferQuerySet:
        """Those with a free half-day in a month after today; "ask us" unless they or their organisation avoid it."""
        last = (month + timedelta(days=31)).replace(day=1) - timedelta(days=1)
        avoided = models.Q(months_to_avoid__contains=[month.month]) | models.Q(
            organisation__months_to_avoid__contains=[month.month]
        )
        free = self.with_free_days(max(month, today + timedelta(days=1)), last)
        return free.exclude(avoided & models.Q(dating=Dating.ASK_US))

    def still_open_for(self, home: Organisation, *, wants: Sequence[str], day: date) -> HostOfferQuerySet:
        """What somebody of `home` might ask for: the fields they want to see first, near first."""
        return (
            self.open()
            .with_free_days(day)
            .exclude(organisation=home)
            .select_related("organisation")
            .annotate(
                other_kind=models.Case(models.When(organisation__field__in=list(wants), then=0), default=1),
                other_place=models.Case(models.When(organisation__place=home.place_id, then=0), default=1),
            )
            .order_by("other_kind", "other_place", "-published_at", "-id")
        )

    def still_open_instead_of(self, offer: HostOffer, *, home: Organisation, day: date) -> HostOfferQuerySet:
        """What somebody of `home` who cannot come to `offer` might ask for: the same kind of host first, near first."""
        return (
            self.open()
            .with_free_days(day)
            .exclude(organisation=home)
            .exclude(pk=offer.pk)
            .select_related("organisation")
            .annotate(
                other_kind=models.Case(models.When(organisation__field=offer.organisation.field, then=0), default=1),
                other_place=models.Case(
                    models.When(organisation__place=offer.organisation.place_id, then=0), default=1
                ),
            )
            .order_by("other_kind", "other_place", "-published_at", "-id")
        )


class HostOffer(models.Model):
    """An invitation to visit. Payment is in pence a day asked of the visitor's side; empty means none is asked.

    `meets` are the access needs that a visitor can count on. `asks_for`: work emails of people whom the host would like
    to come; only those who manage the offer see them. `shown_by` is set where it is what one person shows, in a round,
    to whoever changes places with them.
    """

    slug = models.SlugField(max_length=80, unique=True)
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="host_offers")
    title = models.CharField(_("title"), max_length=120)
    what_you_will_see = models.TextField(_("what a visitor will really see and do"), max_length=2000)
    mode = models.CharField(_("how"), max_length=10, choices=Mode.choices, default=Mode.IN_PERSON)
    access = models.TextField(_("getting in and around"), max_length=1000, blank=True)
    meets = ArrayField(models.CharField(max_length=16, choices=AccessNeed.choices), default=list, blank=True)
    places = models.PositiveSmallIntegerField(
        _("visitors at a time"), default=1, validators=[MinValueValidator(1), MaxValueValidator(20)]
    )
    payment_pence = models.PositiveIntegerField(_("payment asked for a day"), null=True, blank=True)
    accepts_ties = models.BooleanField(
        _("visitors whose team funds, buys from, inspects or assesses us are welcome"), default=False
    )
    checks = ArrayField(models.CharField(max_length=24, choices=CheckKind.choices), default=list, blank=True)
    asks_for = ArrayField(models.EmailField(), default=list, blank=True)

    dating = models.CharField(_("when"), max_length=8, choices=Dating.choices)
    usual_weekdays = ArrayField(models.PositiveSmallIntegerField(choices=Weekday.choices), default=list, blank=True)
    months_to_avoid = ArrayField(models.PositiveSmallIntegerField(choices=Month.choices), default=list, blank=True)
    notice_days = models.PositiveSmallIntegerField(_("days of notice"), default=7)

    state = models.CharField(max_length=10, choices=OfferState.choices)
    search = models.GeneratedField(
        expression=SearchVector("title", weight="A", config="english")
        + SearchVector("what_you_will_see", weight="B", config="english"),
        output_field=SearchVectorField(),
        db_persist=True,
    )
    shown_by = models.OneToOneField(
        "secondments.Participation", models.PROTECT, null=True, blank=True, related_name="shown"
    )
    created_by = models.ForeignKey("partnerships.User", models.PROTECT, related_name="+")
    created_at = models.DateTimeField()
    published_at = models.DateTimeField(null=True, blank=True)

    objects = HostOfferQuerySet.as_manager()

    class Meta:
        ordering = ["-published_at", "-id"]
        indexes = [
            GinIndex(fields=["search"], name="offer_search"),
            models.Index(fields=["state", "-published_at", "-id"], name="offer_open_newest"),
        ]
        constraints = [
            models.CheckConstraint(condition=models.Q(places__gte=1), name="offer_has_a_place"),
            models.CheckConstraint(
                condition=~models.Q(state=OfferState.PUBLISHED) | models.Q(published_at__isnull=False),
                name="offer_published_has_its_date",
            ),
        ]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return reverse("offer", args=[self.slug])

    @property
    def called(self) -> str:
        """What a visitor knows it by: what is offered, or with whom they spend the day where one person shows it."""
        if self.shown_by is None:
            return self.title
        return gettext("With %(name)s") % {"name": self.shown_by.membership.user.name}

    @property
    def has_page(self) -> bool:
        """Whether everybody who reads of it can read more."""
        return self.state == OfferState.PUBLISHED and self.shown_by_id is None and self.organisation.may_act


class OfferSessionQuerySet(models.QuerySet["OfferSession"]):
    def free(self) -> OfferSessionQuerySet:
        return self.filter(booked__lt=models.F("places"))

    def offered(self) -> OfferSessionQuerySet:
        """Those with a place at all: none is left of a half-day that was taken out after somebody held it."""
        return self.filter(places__gt=0)

    def next_free(self, offers: Iterable[HostOffer], *, today: date) -> dict[int, date]:
        """By offer the first free day that can still be asked for: a host who wants a week's notice gets it."""
        notice = Greatest("offer__notice_days", 1)
        earliest = models.ExpressionWrapper(models.Value(today) + notice, output_field=models.DateField())
        free = self.free().filter(offer__in=[offer.pk for offer in offers], date__gte=earliest)
        return dict(free.order_by().values_list("offer").annotate(models.Min("date")))

    def from_day(self, day: date) -> OfferSessionQuerySet:
        return self.filter(date__gte=day)


class OfferSession(models.Model):
    """One half-day of an offer: how many places it has and how many are held."""

    offer = models.ForeignKey(HostOffer, models.CASCADE, related_name="sessions")
    date = models.DateField()
    half = models.CharField(max_length=2, choices=Half.choices)
    places = models.PositiveSmallIntegerField()
    booked = models.PositiveSmallIntegerField(default=0)

    objects = OfferSessionQuerySet.as_manager()

    class Meta:
        ordering = ["date", "half"]
        constraints = [
            models.UniqueConstraint(fields=["offer", "date", "half"], name="offer_session_once_a_half_day"),
            models.CheckConstraint(
                condition=models.Q(booked__gte=0, booked__lte=models.F("places")), name="offer_session_not_oversold"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.date} {self.half}"
