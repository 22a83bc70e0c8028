"""The demonstration's people and organisations: clearly invented, in real places, made by real verbs."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from allauth.account.models import EmailAddress
from django.utils.functional import Promise
from django.utils.timezone import localtime
from django.utils.translation import gettext_lazy as _

from partnerships.actions import accounts, invitations, memberships, organisations
from partnerships.ground import clock
from partnerships.models import Identifier, Membership, Organisation, Place, User
from partnerships.states import Field, PlaceKind, WhoAgrees

SCHEME = "XX-DEMO"


@dataclass(frozen=True, slots=True)
class Seat:
    """One person that a visitor of the demonstration can be, and what they can do there."""

    email: str
    role: str | Promise
    can: str | Promise


SEATS = (
    Seat(
        "amina@council.demo.example",
        _("Commissioner in a council"),
        _("Finds somewhere to visit, asks, prepares, goes and reflects."),
    ),
    Seat(
        "jo@harbour.demo.example",
        _("Manager of a small charity"),
        _("Hosts visitors, asks for a skill, and says how many hours it took."),
    ),
    Seat(
        "ruth@council.demo.example",
        _("Line manager"),
        _("Agrees to somebody’s going, or does not, from a link in a mail."),
    ),
    Seat(
        "dev@council.demo.example",
        _("Coordinator, learning and development"),
        _("Looks after the council’s people, offers and settings."),
    ),
    Seat(
        "sam@cvs.demo.example",
        _("Broker in a council for voluntary service"),
        _("Runs a round, sees who meets whom and why, and vouches for groups nobody has on a list."),
    ),
    Seat(
        "li@harbour.demo.example",
        _("Adviser in a small charity"),
        _("Goes the other way: asks for a day in a council or a hospital."),
    ),
    Seat(
        "nia@hospital.demo.example",
        _("Discharge lead in a hospital"),
        _("Hosts visitors on a ward and coordinates the trust’s side."),
    ),
    Seat(
        "ines@inyourshoes.demo.example",
        _("Curator"),
        _("Collects each organisation’s consent and publishes a case study."),
    ),
    Seat(
        "alex@inyourshoes.demo.example",
        _("Administrator"),
        _("Checks who looks after an organisation, and keeps the house."),
    ),
    Seat(
        "pat@tidewater.demo.example",
        _("Founder of a group that waits to be confirmed"),
        _("Prepares drafts while a broker of the area finds out who they are."),
    ),
    Seat(
        "nell@newcomer.demo.example",
        _("Somebody new"),
        _("Has just signed up and says where they work."),
    ),
)

COMBINED_AUTHORITY = ("E47000001", "Greater Manchester", 53.50, -2.31)
COUNCILS = {
    "Bolton": ("E08000001", 53.58, -2.48),
    "Bury": ("E08000002", 53.59, -2.31),
    "Manchester": ("E08000003", 53.45, -2.23),
    "Oldham": ("E08000004", 53.56, -2.05),
    "Rochdale": ("E08000005", 53.61, -2.15),
    "Salford": ("E08000006", 53.48, -2.37),
    "Stockport": ("E08000007", 53.39, -2.13),
    "Tameside": ("E08000008", 53.48, -2.08),
    "Trafford": ("E08000009", 53.42, -2.36),
    "Wigan": ("E08000010", 53.53, -2.57),
}
"""The ten councils with a point well inside each, for a demonstration without the registers."""


def load(at: datetime | None = None) -> str:
    """Make the cast, three months before `at`; does nothing where it is there already."""
    if User.objects.filter(email=SEATS[0].email).exists():
        return ""
    at = at_work(at or clock.now())
    start = at - timedelta(days=90)
    places = _places()
    alex = _administrator("alex@inyourshoes.demo.example", "Alex Byrne", start)
    ines = make_person("ines@inyourshoes.demo.example", "Ines Marlow", start)
    accounts.set_house_role(user=ines, role="curator", given=True, by=alex, at=start)
    make_person("nell@newcomer.demo.example", "Nell Frost", at - timedelta(days=1))
    _broker(alex, places, start)
    _public_bodies(alex, places, start + timedelta(days=2))
    _voluntary_organisations(places, start + timedelta(days=5))
    _waiting(places, at - timedelta(days=2))
    return f"{User.objects.filter(email__endswith='.demo.example').count()} people and their organisations."


def at_work(at: datetime) -> datetime:
    """The same day at a time when people are at work, since demonstrations are started at night too."""
    return localtime(at).replace(hour=10, minute=14, second=0, microsecond=0)


def _broker(alex: User, places: dict[str, Place], at: datetime) -> None:
    sam = make_person("sam@cvs.demo.example", "Sam Whitlock", at)
    cvs = found(
        "Demonstration CVS",
        sam,
        places["Greater Manchester"],
        Field.VOLUNTARY,
        "Support for voluntary and community groups: advice, training, a friendly ear, and knowing whom to ask.",
        "Partnerships lead",
        at,
    )
    cvs.areas_served.set(places.values())
    organisations.verify(organisation=cvs, by=alex, at=at + timedelta(hours=3))
    of_sam = Membership.objects.get(user=sam, organisation=cvs)
    memberships.set_broker(membership=of_sam, is_broker=True, by=alex, at=at + timedelta(hours=3))


def _public_bodies(alex: User, places: dict[str, Place], at: datetime) -> None:
    dev = make_person("dev@council.demo.example", "Dev Patel", at)
    council = found(
        "Demonstration Council",
        dev,
        places["Salford"],
        Field.LOCAL_GOVERNMENT,
        "Runs local services, and buys many of them from voluntary organisations.",
        "Learning and development partner",
        at,
    )
    organisations.verify(organisation=council, by=alex, at=at + timedelta(hours=4))
    organisations.approve_domain(
        organisation=council, domain="council.demo.example", by=dev, at=at + timedelta(hours=5)
    )
    ruth = make_person("ruth@council.demo.example", "Ruth Okafor", at)
    amina = make_person("amina@council.demo.example", "Amina Clarke", at)
    memberships.ask_to_join(
        organisation=council, job_title="Head of adult commissioning", by=ruth, at=at + timedelta(days=1)
    )
    of_amina = memberships.ask_to_join(
        organisation=council, job_title="Commissioning manager", by=amina, at=at + timedelta(days=1)
    )
    memberships.change_membership(
        membership=of_amina,
        job_title="Commissioning manager",
        is_coordinator=False,
        is_commissioner=True,
        agrees_email="ruth@council.demo.example",
        by=dev,
        at=at + timedelta(days=2),
    )
    nia = make_person("nia@hospital.demo.example", "Nia Rees", at)
    trust = found(
        "Demonstration Hospital Trust",
        nia,
        places["Manchester"],
        Field.HEALTH,
        "A hospital whose wards see every week what happens when people go home to nobody.",
        "Discharge lead",
        at,
    )
    organisations.verify(organisation=trust, by=alex, at=at + timedelta(hours=4))
    carl = make_person("carl@police.demo.example", "Carl Boothroyd", at)
    police = found(
        "Demonstration Police",
        carl,
        places["Greater Manchester"],
        Field.POLICING,
        "Neighbourhood policing across Greater Manchester.",
        "Neighbourhood sergeant",
        at,
    )
    organisations.verify(organisation=police, by=alex, at=at + timedelta(hours=6))


def _voluntary_organisations(places: dict[str, Place], at: datetime) -> None:
    sam = User.objects.get(email="sam@cvs.demo.example")
    groups = (
        ("jo", "harbour", "Jo Harper", "Harbour Advice", "Salford", Field.VOLUNTARY, "Manager",
         "Free advice on debt, benefits and housing, for whoever comes through the door."),
        ("grace", "lantern", "Grace Adeyemi", "Lantern Food Bank", "Bolton", Field.COMMUNITY, "Volunteer lead",
         "Food, tea and company twice a week, run by eleven volunteers from a church hall."),
        ("tariq", "kite", "Tariq Hussain", "Kite Youth Club", "Trafford", Field.VOLUNTARY, "Lead youth worker",
         "Somewhere to be after school: games, music, a meal, and adults who listen."),
        ("mo", "willow", "Mo Brennan", "Willow Carers’ Centre", "Stockport", Field.VOLUNTARY, "Centre manager",
         "Support for people who look after somebody in their family."),
    )  # fmt: skip
    for local, domain, person, name, place, field, job_title, what_it_does in groups:
        founder = make_person(f"{local}@{domain}.demo.example", person, at)
        organisation = found(name, founder, places[place], field, what_it_does, job_title, at)
        organisations.vouch(organisation=organisation, by=sam, at=at + timedelta(days=1))
    grace = User.objects.get(email="grace@lantern.demo.example")
    _each_decides_alone(Organisation.objects.get(name="Lantern Food Bank"), grace, at + timedelta(days=2))
    jo = User.objects.get(email="jo@harbour.demo.example")
    harbour = Organisation.objects.get(name="Harbour Advice")
    invitation = invitations.invite(
        organisation=harbour, email="li@harbour.demo.example", by=jo, at=at + timedelta(days=2)
    )
    li = make_person("li@harbour.demo.example", "Li Zhang", at + timedelta(days=3))
    of_li = invitations.accept_invitation(invitation=invitation, by=li, at=at + timedelta(days=3))
    memberships.change_membership(
        membership=of_li,
        job_title="Debt adviser",
        is_coordinator=False,
        is_commissioner=False,
        agrees_email=jo.email or "",
        by=jo,
        at=at + timedelta(days=4),
    )


def _each_decides_alone(organisation: Organisation, by: User, at: datetime) -> None:
    organisations.describe_organisation(
        organisation=organisation,
        what_it_does=organisation.what_it_does,
        how_it_works_with_others="",
        website="",
        who_agrees=WhoAgrees.SELF,
        by=by,
        at=at,
    )


def _waiting(places: dict[str, Place], at: datetime) -> None:
    pat = make_person("pat@tidewater.demo.example", "Pat Lomax", at)
    found(
        "Tidewater Community Shed",
        pat,
        places["Wigan"],
        Field.COMMUNITY,
        "A shed by the canal where people mend things together, and talk while they do.",
        "Founder",
        at,
    )


def make_person(email: str, name: str, at: datetime) -> User:
    user = User.objects.create_user(email, name=name, created_at=at)
    EmailAddress.objects.create(user=user, email=email, verified=True, primary=True)
    return user


def _administrator(email: str, name: str, at: datetime) -> User:
    user = User.objects.create_superuser(email, name=name, created_at=at)
    EmailAddress.objects.create(user=user, email=email, verified=True, primary=True)
    return user


def found(
    name: str, founder: User, place: Place, field: Field, what_it_does: str, job_title: str, at: datetime
) -> Organisation:
    organisation = organisations.found_organisation(
        name=name, place=place, field=field, what_it_does=what_it_does, job_title=job_title, by=founder, at=at
    )
    Identifier.objects.create(organisation=organisation, scheme=SCHEME, value=organisation.slug)
    return organisation


def _places() -> dict[str, Place]:
    code, name, latitude, longitude = COMBINED_AUTHORITY
    area, _made = Place.objects.get_or_create(
        code=code,
        defaults={
            "kind": PlaceKind.COMBINED_AUTHORITY,
            "name": name,
            "latitude": latitude,
            "longitude": longitude,
        },
    )
    places = {name: area}
    for council, (code, latitude, longitude) in COUNCILS.items():
        places[council], _made = Place.objects.get_or_create(
            code=code,
            defaults={
                "kind": PlaceKind.COUNCIL,
                "name": council,
                "parent": area,
                "latitude": latitude,
                "longitude": longitude,
            },
        )
    return places
