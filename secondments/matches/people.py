"""Somebody who takes part, as the engine's person: what they said, and what is known of them besides."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from datetime import date

from django.db.models import Q

from partnerships.matching import types as engine
from partnerships.models import Membership, User
from partnerships.states import SizeBand
from secondments.matches.days import week_number
from secondments.matches.keys import offer_key, organisation_key, person_id, point_of, user_key
from secondments.matches.visits import Visits
from secondments.models import Participation, Round

SMALL = (SizeBand.MICRO, SizeBand.SMALL)


class Avoided:
    """Whom people must not meet, read of all of them at once.

    Who coordinates an organisation hears who comes and when, and what they need, and in a small one everybody meets
    them: these are avoided with the person.
    """

    def __init__(self, people: Iterable[Participation]) -> None:
        emails = {email for each in people for email in each.avoids_emails}
        self._users = dict(User.objects.filter(email__in=emails).values_list("email", "pk")) if emails else {}
        self._with: dict[int, set[int]] = defaultdict(set)
        if self._users:
            here = Membership.objects.active().filter(Q(is_coordinator=True) | Q(organisation__size__in=SMALL))
            for user, organisation in here.filter(user__in=self._users.values()).values_list("user", "organisation"):
                self._with[user].add(organisation)

    def people(self, participation: Participation) -> frozenset[str]:
        return frozenset(map(user_key, self.users_of(participation)))

    def organisations(self, participation: Participation) -> frozenset[str]:
        return frozenset(map(organisation_key, self.hosts_of(participation)))

    def users_of(self, participation: Participation) -> frozenset[int]:
        """The keys of the people themselves."""
        return frozenset(self._users[email] for email in participation.avoids_emails if email in self._users)

    def hosts_of(self, participation: Participation) -> frozenset[int]:
        """The keys of the organisations that they named, and of those where they would meet one of these people."""
        named = frozenset(each.pk for each in participation.avoids.all())
        return named.union(*(self._with.get(user, ()) for user in self.users_of(participation)))


class People:
    """The people of a round, with what is read of all of them at once, in as many queries however many they are."""

    def __init__(self, a_round: Round, people: Sequence[Participation]) -> None:
        self.programme = a_round.programme
        users = [each.membership.user_id for each in people]
        self._visits = Visits(users, a_round.starts_on, a_round.ends_on)
        self.of_email: dict[str, list[str]] = defaultdict(list)
        for each in people:
            if each.membership.user.email:
                self.of_email[each.membership.user.email].append(person_id(each))
        self.avoided = Avoided(people)

    def named(self, emails: Iterable[str]) -> frozenset[str]:
        """Who of the round has one of these addresses."""
        return frozenset(person for email in emails for person in self.of_email.get(email, ()))

    def elsewhere(self, participation: Participation) -> frozenset[date]:
        """The days on which other visits of theirs leave them for nothing else."""
        return frozenset(self._visits.elsewhere.get(participation.membership.user_id, ()))

    def person(self, participation: Participation, hosts: frozenset[str], offered: Collection[int]) -> engine.Person:
        """`hosts`: every host there is; `offered`: the offers that can still be wished for."""
        organisation = participation.membership.organisation
        user = participation.membership.user_id
        return engine.Person(
            id=person_id(participation),
            organisation_id=organisation_key(organisation.pk),
            field=organisation.field,
            sector=organisation.sector,
            weeks=frozenset(week_number(monday) for monday in participation.weeks),
            point=point_of(organisation),
            max_km=participation.most_km,
            in_person_ok=participation.in_person,
            remote_ok=participation.online,
            wants=frozenset(participation.wants),
            access_needs=frozenset(participation.access_needs),
            compulsory=participation.compulsory,
            # A wish for what is not offered any more must not push the others down.
            preferences=tuple(
                offer_key(wish.offer_id) for wish in participation.wishes.all() if wish.offer_id in offered
            ),
            met=frozenset(organisation_key(each) for each in self._visits.met.get(user, ())),
            avoids_people=self.avoided.people(participation),
            avoids_organisations=self.avoided.organisations(participation),
            # Nobody is asked which host it is, so whoever has a tie goes only where such visitors are welcome.
            funds=hosts if participation.has_tie else frozenset(),
            cover_pence=participation.cover_pence,
        )
