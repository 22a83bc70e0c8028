"""The figures of a round are what counting one by one gives."""

from hypothesis import HealthCheck, given, settings

from partnerships.matching import engine, verify_visits
from partnerships.matching.fairness import Fairness, Group, fairness
from partnerships.matching.types import Allocation, Organisation, Problem

from .exchanges import exchange_round, showing
from .worlds import Choice, open_weeks, person, problem, problems, slot, within

few = settings(max_examples=150, deadline=None, suppress_health_check=list(HealthCheck))


def one_by_one(drawn: Problem, allocation: Allocation) -> tuple[int, int, int]:
    """Envious people, envy and blocking pairs, by trying every change."""
    people, slots = {one.id: one for one in drawn.people}, {one.id: one for one in drawn.slots}
    small = {one.id: one.small for one in drawn.organisations}
    answer: dict[str, Choice] = dict.fromkeys(people)
    answer |= {one.leg.person_id: (one.leg.offer_id, one.leg.week) for one in allocation.hostings}
    own = {one.leg.person_id: one.leg.fit for one in allocation.hostings}
    fixed = {one.person_id for one in drawn.rules.fixed}

    def fit(who: str, where: str) -> int:
        host = slots[where]
        weeks = len(open_weeks(drawn, who, where))
        return sum(verify_visits.fit(drawn, people[who], host, weeks, small=small[host.organisation_id]).values())

    envy, blocking = [], []
    for who in set(people) - fixed:
        for where in slots:
            weeks = open_weeks(drawn, who, where)
            if not weeks or fit(who, where) <= own.get(who, -1):
                continue
            there = {other: choice[1] for other, choice in answer.items() if choice and choice[0] == where}
            there = {other: week for other, week in there.items() if other not in fixed}
            envy += [who for week in there.values() if week in weeks]
            instead = [{}, *({other: None} for other in there if own[other] < fit(who, where))]
            changed = [{**answer, **gone, who: (where, week)} for gone in instead for week in weeks]
            if any(within(drawn, one) for one in changed):
                blocking.append((who, where))
    return len(set(envy)), len(envy), len(blocking)


@few
@given(problems())
def test_envy_and_blocking_pairs_are_what_trying_every_change_finds(drawn: Problem) -> None:
    answer = engine.solve(drawn)
    found = fairness(drawn, answer)
    assert (found.envious, found.envy, found.blocking) == one_by_one(drawn, answer)


@few
@given(problems(away=False, people=5))
def test_they_are_so_for_answers_that_are_not_the_best(drawn: Problem) -> None:
    answer = engine.solve(drawn, stop=iter([False, True, True]).__next__)
    found = fairness(drawn, answer)
    assert (found.envious, found.envy, found.blocking) == one_by_one(drawn, answer)


@few
@given(problems())
def test_every_group_adds_up(drawn: Problem) -> None:
    answer = engine.solve(drawn)
    found = fairness(drawn, answer)
    for groups in (found.by_sector, found.by_size, found.by_access, found.by_duty):
        assert sum(group.people for group in groups) == len(drawn.people)
        assert sum(group.placed for group in groups) == len(answer.hostings)


def test_the_groups_of_a_small_round() -> None:
    ann = person("ann", access_needs=frozenset({"hoist"}), compulsory=True)
    bob = person("bob", organisation_id="village", sector="vcse", field="health")
    host = slot(access=frozenset({"hoist"}))
    village = Organisation("village", small=True)
    given = problem((ann, bob), (host,), organisations=(village,), criteria=("compulsory", "placed", "fit"))
    assert fairness(given, engine.solve(given)) == Fairness(
        by_sector=(Group("public", 1, 1), Group("vcse", 1, 0)),
        by_size=(Group("larger", 1, 1), Group("small", 1, 0)),
        by_access=(Group("none", 1, 0), Group("some", 1, 1)),
        by_duty=(Group("compulsory", 1, 1), Group("willing", 1, 0)),
        envious=1,
        envy=1,
        blocking=0,
    )


def test_the_best_for_everybody_may_leave_two_who_would_rather_have_each_other() -> None:
    """Ann fits the food bank best, but only she can go to the museum."""
    ann = person("ann", wants=frozenset({"rotas"}))
    bob = person("bob", field="health")
    hosts = (slot(tags=frozenset({"rotas"})), slot("museum", field="health"))
    crossings = frozenset({("council", "vcse"), ("health", "vcse"), ("council", "health")})
    given = problem((ann, bob), hosts, crossings=crossings)
    answer = engine.solve(given)
    assert {one.leg.person_id: one.leg.offer_id for one in answer.hostings} == {"ann": "museum", "bob": "foodbank"}
    found = fairness(given, answer)
    assert (found.envious, found.envy, found.blocking) == (1, 1, 1)


def test_people_who_change_places_count_as_placed_and_neither_envy_nor_block() -> None:
    """Cat would fit better where Ann goes, but Ann goes there in return for Bob's visit."""
    ann, bob = showing("ann", "council"), showing("bob", "vcse", slot_tags=frozenset({"rotas"}))
    cat = (person("cat", organisation_id="cat's", wants=frozenset({"rotas"})), slot("museum"))
    round_ = exchange_round(ann, bob, cat, one_way=True)
    answer = engine.solve(round_)
    assert len(answer.exchanges) == len(answer.hostings) == 1
    found = fairness(round_, answer)
    assert found.by_sector == (Group("council", 1, 1), Group("public", 1, 1), Group("vcse", 1, 1))
    assert (found.envious, found.envy, found.blocking) == (0, 0, 0)
