"""A small programme of the demonstration's broker, with a round that people have joined and that waits for a match."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from django.utils.translation import gettext as _

from partnerships.actions import memberships
from partnerships.demo import at_work, make_person
from partnerships.ground import clock
from partnerships.models import Membership, Organisation, User
from partnerships.states import Field
from secondments.actions.brokering import put_on_shortlist, write_note
from secondments.actions.joining import join_round
from secondments.actions.programmes import create_programme, open_round
from secondments.actions.rounds import close_round
from secondments.demo import entered
from secondments.forms.programmes import BACK, CROSSINGS, OUT
from secondments.matches.days import mondays
from secondments.models import HostOffer, Programme, Round
from secondments.states import Tie

NAME = "A day in each other’s shoes"
MANAGER = "ruth@council.demo.example"

COLLEAGUES = (
    ("hana", "Hana Suzuki", "Public health analyst", "Who comes to a front desk, and who never does."),
    ("owen", "Owen Pritchard", "Housing options officer", "What happens to people after we have sent them on."),
    ("priya", "Priya Nair", "Grants officer", "What our forms ask of a group without an office."),
    ("tom", "Tom Ashdown", "Adult social care commissioner", "What a carer’s week looks like from the other side."),
    ("esther", "Esther Cole", "Community safety lead", "What young people say when nobody official is in the room."),
)
"""People of the council who join: first name in the address, name, job, what they hope to learn."""


def load(at: datetime | None = None) -> str:
    """Make the programme six weeks before `at`; does nothing where it is there already."""
    if Programme.objects.filter(name=NAME).exists():
        return ""
    at = at_work(at or clock.now())
    a_round = _round(at - timedelta(days=40), at)
    for local, name, job_title, learn in COLLEAGUES:
        _join(a_round, _colleague(local, name, job_title, at - timedelta(days=35)), learn, at - timedelta(days=20))
    for email, learn in (
        ("amina@council.demo.example", "How an advice centre decides what to do first when everything is urgent."),
        ("li@harbour.demo.example", "How a decision is really made inside the council."),
        ("grace@lantern.demo.example", "Where people go when a ward lets them go home."),
    ):
        _join(a_round, Membership.objects.get(user__email=email), learn, at - timedelta(days=15))
    _keep_in_mind(a_round, at - timedelta(days=3))
    close_round(a_round=a_round, by=_broker(), at=at - timedelta(days=1))
    _open_for_joining(at - timedelta(days=5), clock.today(at))
    return _("A round with %(people)d people who wait to be matched.") % {
        "people": a_round.participations.joined().count()
    }


def _broker() -> User:
    return User.objects.get(email="sam@cvs.demo.example")


def _round(made: datetime, at: datetime) -> Round:
    sam = _broker()
    today = clock.today(at)
    a_round = create_programme(
        by=sam,
        organisation=Organisation.objects.get(memberships__user=sam),
        name=NAME,
        about=_(
            "A day with somebody whose work touches yours. You see what really happens, and are never alone with "
            "people who use the service. Afterwards you write down what you saw, for yourself first."
        ),
        crossings=sorted({*CROSSINGS[OUT], *CROSSINGS[BACK]}),
        criteria=["placed", "hosts", "fit"],
        most_km=40,
        days=1,
        pays_pence=12000,
        round_name=_("Winter round"),
        join_by=today,
        starts_on=today + timedelta(days=14),
        ends_on=today + timedelta(days=70),
        at=made,
    )
    open_round(a_round=a_round, by=sam, at=made)
    return a_round


def _open_for_joining(made: datetime, today: date) -> None:
    """Another programme, which anybody who looks can read about and join."""
    sam = _broker()
    both_ways = {(Field.HEALTH.value, Field.VOLUNTARY.value), (Field.HEALTH.value, Field.COMMUNITY.value)}
    a_round = create_programme(
        by=sam,
        organisation=Organisation.objects.get(memberships__user=sam),
        name=_("From the ward to the front room"),
        about=_(
            "Two days for people who see somebody off at the ward door, and for those who meet them at home: each with "
            "the other. Nobody is shown round; you see an ordinary day."
        ),
        crossings=sorted({*both_ways, *((target, source) for source, target in both_ways)}),
        criteria=["placed", "hosts", "fit"],
        most_km=40,
        days=2,
        pays_pence=12000,
        round_name=_("Spring round"),
        join_by=today + timedelta(days=30),
        starts_on=today + timedelta(days=60),
        ends_on=today + timedelta(days=130),
        at=made,
    )
    open_round(a_round=a_round, by=sam, at=made)
    entered.write_down(a_round, by=sam, at=made + timedelta(days=1))


def _keep_in_mind(a_round: Round, at: datetime) -> None:
    """What the broker heard by phone about one of them, and a host who might suit."""
    tom = a_round.participations.get(membership__user__email="tom@council.demo.example")
    words = _("Rang on Tuesday. Mornings are best: the school run is over by nine, and the bus takes half an hour.")
    write_note(about=tom, text=words, by=_broker(), at=at)
    host = HostOffer.objects.open().filter(organisation__name="Harbour Advice").earliest("pk")
    put_on_shortlist(participation=tom, offer=host, by=_broker(), at=at)


def _colleague(local: str, name: str, job_title: str, at: datetime) -> Membership:
    """Somebody of the council, who belongs to it by their mail domain."""
    user = make_person(f"{local}@council.demo.example", name, at)
    council = Organisation.objects.get(name="Demonstration Council")
    return memberships.ask_to_join(organisation=council, job_title=job_title, by=user, at=at)


def _join(a_round: Round, membership: Membership, learn: str, at: datetime) -> None:
    every = list(mondays(a_round.starts_on, a_round.ends_on))
    visits_vcse = membership.organisation.field == Field.LOCAL_GOVERNMENT
    join_round(
        a_round=a_round,
        membership=membership,
        by=membership.user,
        learn=learn,
        wants=[Field.VOLUNTARY] if visits_vcse else [Field.LOCAL_GOVERNMENT, Field.HEALTH],
        # Each has other weeks, so that the weeks matter.
        weeks=every[membership.pk % 3 :][:5],
        most_km=30,
        online=False,
        needs="",
        tie=Tie.VISITOR_FUNDS if membership.is_commissioner else Tie.NONE,
        agrees_email=membership.agrees_email or MANAGER,
        at=at,
    )
