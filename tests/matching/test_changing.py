"""Changing places leads to answers that are possible, and as good as is said of them."""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence

import numpy as np
import pytest

from partnerships.matching.arrays import Ints
from partnerships.matching.changing import Places, _hosts_as_good
from partnerships.matching.packing import Packing

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
def test_whatever_those_around_choose_is_possible_beside_everybody_who_stands(seed: int) -> None:
    packing, criteria = mixed(seed, 14, 20), ORDERS[seed % len(ORDERS)]
    chosen = quietly(packing, criteria).columns
    for person in without(packing, chosen):
        mine = np.flatnonzero((packing.members == person).any(axis=1))
        small, columns = Places(packing, chosen).around(mine)
        standing = np.setdiff1d(chosen, columns)
        again = np.append(standing, columns[quietly(small, criteria).columns])
        assert possible(packing, again)
        best, reached = packing.values(criteria, chosen), packing.values(criteria, again)
        assert reached == best
