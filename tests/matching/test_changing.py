"""Changing places leads to answers that are possible, and as good as is said of them."""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence

import numpy as np
import pytest
import scipy.sparse as sp

from partnerships.matching.arrays import Ints
from partnerships.matching.changing import Places, _hosts_as_good
from partnerships.matching.packing import Packing, Rows

from .test_lost import ORDERS, mixed, quietly, without


def possible(packing: Packing, columns: Ints) -> bool:
    people = packing.people_rows()
    assert packing.rows is not None
    return all(
        (np.asarray(rows.matrix[:, columns].sum(axis=1)).ravel() <= rows.upper).all() for rows in (people, packing.rows)
    )


def as_good(packing: Packing, criteria: Sequence[str], chosen: Ints, other: Ints) -> int:
    best, reached = packing.values(criteria, chosen), packing.values(criteria, other)
    return next((at for at, name in enumerate(criteria) if best[name] != reached[name]), len(criteria))


@pytest.mark.parametrize("seed", range(12))
def test_what_one_for_one_keeps_is_what_trying_every_one_of_them_keeps(seed: int) -> None:
    packing, criteria = mixed(seed, 14, 20), ORDERS[seed % len(ORDERS)]
    packing = dataclasses.replace(packing, visits=packing.visits.minimum(1))
    chosen = quietly(packing, criteria).columns
    columns = np.flatnonzero(np.isin(packing.members, without(packing, chosen)).any(axis=1))
    brings = np.asarray(packing.visits.sum(axis=0)).ravel()
    for column, kept in zip(columns.tolist(), Places(packing, chosen).kept(criteria, columns).tolist(), strict=True):
        others = [np.append(np.setdiff1d(chosen, one), column) for one in chosen.tolist()]
        most = max((as_good(packing, criteria, chosen, each) for each in others if possible(packing, each)), default=0)
        assert kept <= most
        # Of hosts nothing is said where a column brings visitors to several.
        if "hosts" not in criteria or (brings <= 1).all():
            assert kept == most or possible(packing, np.append(chosen, column))


def test_hosts_are_as_well_off_as_counting_their_visitors_says() -> None:
    answers = set()
    for seed in range(12):
        packing = mixed(seed, 14, 20)
        some = np.random.default_rng(seed).integers(0, 13, len(packing.had))
        packing = dataclasses.replace(packing, visits=packing.visits.minimum(1), had=some)
        chosen = quietly(packing, ("placed", "hosts", "fit")).columns
        brings = np.asarray(packing.visits.sum(axis=0)).ravel()
        alone = np.flatnonzero(brings <= 1)
        one, other = np.meshgrid(np.setdiff1d(alone, chosen), np.intersect1d(alone, chosen))
        found = _hosts_as_good(packing, chosen, one.ravel(), other.ravel())
        for comes, goes, as_well in zip(one.ravel(), other.ravel(), found.tolist(), strict=True):
            now = packing.host_points(np.append(np.setdiff1d(chosen, goes), comes))
            assert as_well == (now == packing.host_points(chosen))
            answers.add((as_well, int(brings[comes]), int(brings[goes])))
    assert {each for each in answers if each[1:] == (1, 1)} == {(True, 1, 1), (False, 1, 1)}


@pytest.mark.parametrize("seed", range(12))
def test_whatever_is_chosen_beside_those_who_stand_is_possible_and_the_best(seed: int) -> None:
    packing, criteria = mixed(seed, 14, 20), ORDERS[seed % len(ORDERS)]
    chosen = quietly(packing, criteria).columns
    places = Places(packing, chosen)
    for column in range(0, len(chosen) + 1, 2):
        standing = np.delete(chosen, slice(column, column + 3))
        room, free = places.where(standing).beside()
        again = np.append(standing, free[quietly(room.part(free), criteria).columns])
        assert possible(packing, again)
        assert packing.values(criteria, again) == packing.values(criteria, chosen)


def test_what_is_tied_stands_only_with_what_it_is_tied_to() -> None:
    """A visit of two that falls in one of two weeks: neither stands without the other."""
    tie = Rows(sp.csr_array(np.array([[1, -1, -1, 0]])), np.zeros(1, dtype=np.int64), np.zeros(1, dtype=np.int64))
    members = np.array([(0, 1, -1), (-1, -1, -1), (-1, -1, -1), (2, -1, -1)])
    packing = Packing(3, members, {}, sp.csr_array((0, 4), dtype=np.int64), np.zeros(0, dtype=np.int64), tie)
    told = {
        columns: Places(packing, np.array(columns)).holds_ties() for columns in ((0, 1), (0, 2, 3), (3,), (0,), (1, 3))
    }
    assert told == {(0, 1): True, (0, 2, 3): True, (3,): True, (0,): False, (1, 3): False}
