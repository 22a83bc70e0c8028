"""The same people in every test, so that a test reads like a story and an outsider is always at hand."""

from __future__ import annotations

from dataclasses import dataclass

from partnerships.models import ApprovedDomain, Membership, Organisation, User
from partnerships.states import Field
from secondments.models import HostOffer
from tests.factories import make_membership, make_offer, make_organisation, make_user


@dataclass(frozen=True)
class Cast:
    """A council whose visitor would like to see an advice centre, and everyone around them.

    `visitor` is a commissioner of `council` whose going `manager` agrees to and `home_coordinator` looks after;
    `colleague` works there too. `host` coordinates `advice`, where `adviser` works. `broker` works for `cvs`.
    `outsider` coordinates an organisation that has nothing to do with any of it; `newcomer` belongs nowhere.
    """

    council: Organisation
    advice: Organisation
    cvs: Organisation
    elsewhere: Organisation
    visitor: User
    manager: User
    home_coordinator: User
    colleague: User
    host: User
    adviser: User
    broker: User
    curator: User
    administrator: User
    outsider: User
    newcomer: User
    offer: HostOffer

    @property
    def visitor_membership(self) -> Membership:
        return self.visitor.memberships.get()


def make_cast() -> Cast:
    council = make_organisation("Test Council", field=Field.LOCAL_GOVERNMENT)
    advice = make_organisation("Test Advice", field=Field.VOLUNTARY)
    cvs = make_organisation("Test CVS", field=Field.VOLUNTARY)
    elsewhere = make_organisation("Elsewhere Trust", field=Field.HEALTH)
    ApprovedDomain.objects.create(organisation=council, domain="council.example.org")
    cvs.areas_served.add(*[organisation.place for organisation in (council, advice) if organisation.place])

    visitor = make_user("Vera Visitor", "vera@council.example.org")
    manager = make_user("Manu Manager", "manu@council.example.org")
    home_coordinator = make_user("Cora Coordinator", "cora@council.example.org")
    colleague = make_user("Cole Colleague", "cole@council.example.org")
    host = make_user("Hal Host", "hal@advice.example.org")
    adviser = make_user("Ada Adviser", "ada@advice.example.org")
    broker = make_user("Bron Broker", "bron@cvs.example.org")
    outsider = make_user("Otto Outsider", "otto@elsewhere.example.org")
    make_membership(visitor, council, is_commissioner=True, agrees_email=manager.email)
    make_membership(manager, council)
    make_membership(home_coordinator, council, is_coordinator=True)
    make_membership(colleague, council)
    make_membership(host, advice, is_coordinator=True)
    make_membership(adviser, advice)
    make_membership(broker, cvs, is_broker=True, is_coordinator=True)
    make_membership(outsider, elsewhere, is_coordinator=True)
    return Cast(
        council=council,
        advice=advice,
        cvs=cvs,
        elsewhere=elsewhere,
        visitor=visitor,
        manager=manager,
        home_coordinator=home_coordinator,
        colleague=colleague,
        host=host,
        adviser=adviser,
        broker=broker,
        curator=make_user("Cury Curator", "cury@shoes.example.org", is_curator=True),
        administrator=make_user("Adam Administrator", "adam@shoes.example.org", is_administrator=True),
        outsider=outsider,
        newcomer=make_user("Newt Newcomer", "newt@newcomer.example.org"),
        offer=make_offer(advice, host, sessions=10),
    )
