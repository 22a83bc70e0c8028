"""People joining a round, changing what they said, and leaving it."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import date, datetime
from typing import Any, NotRequired, TypedDict, Unpack

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from partnerships.ground import clock, events, workflow
from partnerships.ground.locks import acting, lock
from partnerships.ground.problems import refuse
from partnerships.models import Membership, Organisation, User
from partnerships.states import Sector
from secondments.emails import rounds as mails
from secondments.matches.words import PRIVATE_CAUSES
from secondments.models import Entry, HostOffer, JoiningDraft, NotPlaced, Participation, Round, Wish
from secondments.problems import problems_for_joining, problems_for_saying_anything, problems_of_having_left
from secondments.states import Dating, EntryState, OfferState, ParticipationState, Tie

from .answered import hear_of_it

WRITTEN = ("learn", "needs", "shows", "avoid_reason", "agrees_email")
LISTED = ("access_needs", "avoids_emails")
FORGOTTEN_AT_ONCE = 500


def keep_for_later(
    *,
    a_round: Round,
    membership: Membership,
    by: User,
    typed: Mapping[str, Any],
    before: Participation | None,
    at: datetime | None = None,
) -> JoiningDraft | None:
    """Keep what somebody has typed so far, right or wrong. It is no event: nobody else is told of it, or sees it.

    `before` is what they had said when it was typed. None where they have said something since, because then it was
    sent: what is kept by itself may overtake the press that sends it, or come after.
    """
    at = at or clock.now()
    with acting():
        # Whoever ends this membership meanwhile, or closes the account, waits, or was first.
        lock(membership)
        refuse(problems_for_saying_anything(a_round, at=at) + problems_of_having_left(membership))
        now = a_round.participations.joined().filter(membership__user=by).first()
        if (now.said_at if now else None) != (before.said_at if before else None):
            return None
        draft, _new = JoiningDraft.objects.update_or_create(
            round=a_round, user=by, defaults={"typed": dict(typed), "saved_at": at}
        )
    return draft


def throw_away(*, a_round: Round, by: User) -> None:
    """Forget what somebody has typed and not sent. What they said when they joined stands."""
    JoiningDraft.objects.filter(round=a_round, user=by).delete()


class Said(TypedDict):
    """What somebody says to take part. `weeks` are Mondays within the round; `wishes`: the offers one would like best,
    the best first; `cover_pence`: what somebody in their place costs a day.

    `avoid_reason` None leaves the reason given before, for nobody is shown it again; it goes with the last organisation
    or person that is avoided.
    """

    learn: str
    wants: Collection[str]
    weeks: Collection[date]
    most_km: int
    online: bool
    needs: str
    shows: NotRequired[str]
    welcomes: NotRequired[bool]
    tie: NotRequired[str]
    agrees_email: NotRequired[str]
    wishes: NotRequired[Sequence[HostOffer]]
    avoids: NotRequired[Collection[Organisation]]
    avoids_emails: NotRequired[Collection[str]]
    avoid_reason: NotRequired[str | None]
    in_person: NotRequired[bool]
    access_needs: NotRequired[Collection[str]]
    shows_access: NotRequired[Collection[str]]
    cover_pence: NotRequired[int]


def join_round(
    *,
    a_round: Round,
    membership: Membership,
    by: User,
    confirms: Entry | None = None,
    at: datetime | None = None,
    **said: Unpack[Said],
) -> Participation:
    """Join a round, or change what one said before.

    `confirms`: what others had written down for them, where this is their yes.
    """
    at = at or clock.now()
    columns = _columns(said, membership)
    wishes, avoids = said.get("wishes", ()), said.get("avoids", ())
    with acting():
        lock(a_round, membership)
        refuse(
            problems_for_joining(
                a_round=a_round,
                membership=membership,
                by=by,
                weeks=columns["weeks"],
                shows=columns["shows"],
                welcomes=columns["welcomes"],
                somehow=columns["in_person"] or columns["online"],
                tie=columns["tie"],
                wishes=wishes,
                agrees_email=columns["agrees_email"],
                at=at,
            )
        )
        JoiningDraft.objects.filter(round=a_round, user=by).delete()
        before = a_round.participations.joined().filter(membership=membership).first()
        if before is not None:
            _say_again(before, columns, wishes, avoids, by=by, at=at)
            return before
        participation = Participation.objects.create(
            round=a_round, membership=membership, state=ParticipationState.JOINED, joined_at=at, said_at=at, **columns
        )
        _wish(participation, wishes)
        _avoid(participation, avoids)
        workflow.created(participation, by=by, at=at, verb="join_round")
        _show(participation, by=by, at=at)
        if confirms is None:
            _settle_what_was_written_down(participation, by=by, at=at)
        mails.joined(participation)
    return participation


def _columns(said: Said, membership: Membership) -> dict[str, Any]:
    """As the columns hold it."""
    welcomes, avoids_emails = said.get("welcomes", False), said.get("avoids_emails", ())
    columns: dict[str, Any] = {
        "learn": said["learn"],
        "wants": sorted(said["wants"]),
        "weeks": sorted(said["weeks"]),
        "most_km": said["most_km"],
        "online": said["online"],
        "needs": said["needs"],
        "shows": said.get("shows", ""),
        "welcomes": welcomes,
        "tie": said.get("tie", Tie.NONE),
        "agrees_email": said.get("agrees_email", "").strip().lower(),
        "avoids_emails": sorted({email.strip().lower() for email in avoids_emails}),
        "in_person": said.get("in_person", True),
        "access_needs": sorted(said.get("access_needs", ())),
        "shows_access": sorted(said.get("shows_access", ())) if welcomes else [],
        "cover_pence": said.get("cover_pence", 0),
        "compulsory": membership.is_commissioner and membership.organisation.sector == Sector.PUBLIC,
    }
    reason = said.get("avoid_reason")
    if not (said.get("avoids") or avoids_emails):
        columns["avoid_reason"] = ""
    elif reason is not None:
        columns["avoid_reason"] = reason
    return columns


def _say_again(
    participation: Participation,
    columns: Mapping[str, Any],
    wishes: Sequence[HostOffer],
    avoids: Collection[Organisation],
    *,
    by: User,
    at: datetime,
) -> None:
    """Saying the same again changes nothing, and so is no event."""
    changed = [_say(participation, columns), _wish(participation, wishes), _avoid(participation, avoids)]
    _show(participation, by=by, at=at)
    if any(changed):
        participation.said_at = at
        participation.save(update_fields=["said_at"])
        events.record(actor=by, verb="change_joining", thing=participation, at=at)


def _settle_what_was_written_down(participation: Participation, *, by: User, at: datetime) -> None:
    """Whoever has joined themselves is not asked any more, or reminded, whether what others wrote down is right."""
    for entry in participation.round.entries.waiting().filter(email=participation.membership.user.email or None):
        workflow.move(
            entry,
            to=EntryState.CONFIRMED,
            verb="join_round",
            by=by,
            at=at,
            said={},
            answered_at=at,
            answered_by=by,
            participation=participation,
        )
        hear_of_it(entry.entered_by, by=by, at=at)


def _say(participation: Participation, said: Mapping[str, Any]) -> bool:
    """Whether it says anything new."""
    changed = [name for name, value in said.items() if getattr(participation, name) != value]
    for name in changed:
        setattr(participation, name, said[name])
    if changed:
        participation.save(update_fields=changed)
    return bool(changed)


def _wish(participation: Participation, offers: Sequence[HostOffer]) -> bool:
    """Whether the wishes are other than before."""
    wanted = [offer.pk for offer in offers]
    if [wish.offer_id for wish in participation.wishes.all()] == wanted:
        return False
    participation.wishes.all().delete()
    Wish.objects.bulk_create(
        Wish(participation=participation, offer_id=key, rank=rank) for rank, key in enumerate(wanted, start=1)
    )
    return True


def _avoid(participation: Participation, organisations: Collection[Organisation]) -> bool:
    """Whether other organisations are avoided than before."""
    if set(participation.avoids.values_list("pk", flat=True)) == {each.pk for each in organisations}:
        return False
    participation.avoids.set(organisations)
    return True


def _show(participation: Participation, *, by: User, at: datetime) -> None:
    """What they show is an offer too, so that whoever is matched with it visits as anybody visits a host.

    It says nothing of who it is, and is matched only while they take part and somebody could come to them.
    """
    shown = HostOffer.objects.filter(shown_by=participation)
    if shown.exists():
        shown.update(what_you_will_see=participation.shows, meets=participation.shows_access)
    elif participation.welcomes:
        home = participation.membership.organisation
        offer = HostOffer.objects.create(
            slug=str(participation.uuid),
            organisation=home,
            title=_("A visit in return"),
            what_you_will_see=participation.shows,
            meets=participation.shows_access,
            dating=Dating.ASK_US,
            state=OfferState.PUBLISHED,
            shown_by=participation,
            created_by=by,
            created_at=at,
            published_at=at,
        )
        workflow.created(offer, by=by, at=at, verb="join_round")


def leave_round(*, participation: Participation, by: User | None, at: datetime | None = None) -> None:
    """Leave a round before it is matched. No reason is asked; by nobody in particular where a membership ends."""
    with acting():
        lock(participation.round, participation)
        workflow.move(participation, to=ParticipationState.WITHDRAWN, verb="leave_round", by=by, at=at or clock.now())


def forget_what_was_said(participations: QuerySet[Participation]) -> int:
    """Take out all that people wrote or wished, and what a run tells of it; that they took part stays.

    How many had anything left to forget.
    """
    written = Q()
    for name in WRITTEN:
        written |= ~Q(**{name: ""})
    for name in LISTED:
        written |= Q(**{f"{name}__len__gt": 0})
    told = participations.filter(written | Q(wishes__isnull=False) | Q(avoids__isnull=False))
    keys = set(told.values_list("pk", flat=True))
    Wish.objects.filter(participation__in=keys).delete()
    Participation.avoids.through.objects.filter(participation__in=keys).delete()
    HostOffer.objects.filter(shown_by__in=keys).update(what_you_will_see="")
    _forget_private_causes(NotPlaced.objects.filter(participation__in=keys))
    Participation.objects.filter(pk__in=keys).update(**dict.fromkeys(WRITTEN, ""), **{name: [] for name in LISTED})
    return len(keys)


def _forget_private_causes(unplaced: QuerySet[NotPlaced]) -> None:
    """That a host could not give the access that somebody needs says that they need it."""
    changed = []
    for each in unplaced:
        kept = [[code, hosts] for code, hosts in each.causes["removed"] if code not in PRIVATE_CAUSES]
        if kept != each.causes["removed"]:
            each.causes["removed"] = kept
            changed.append(each)
    NotPlaced.objects.bulk_update(changed, ["causes"], batch_size=FORGOTTEN_AT_ONCE)
