"""What lies between a place in a week and all that a host can take: boxes inside boxes, as the arcs of a network.

A place of an offer in a week (a cell) lies in the week of its organisation, that in its quarter, and beside those an
offer's own total. A host that asked for visitors pays for each with a falling number of points.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

import numpy as np

from .arrays import UNLIMITED, Bools, Ints
from .tables import Tables
from .types import HOST_POINTS


@dataclass(frozen=True, slots=True)
class Tree:
    """Nodes are counted from the first cell; the number after the last is the sink.

    `parent`: of every node; kinds of box begin at `starts`, inner ones first. Arcs: `tail`, `head`, how many they carry
    (`most`) and the `points` of each; of arcs beside each other, `before` says how many go by better ones.
    `cut`: offers whose total cuts across their organisation's weeks, so that no arc holds it.
    """

    parent: Ints
    starts: tuple[int, ...]
    tail: Ints
    head: Ints
    most: Ints
    points: Ints
    before: Ints
    cut: Ints

    @property
    def sink(self) -> int:
        """Where every visitor ends."""
        return len(self.parent)

    def flows(self, cell: Ints) -> Ints:
        """What each arc carries of visitors to these cells, the best of a host's points first."""
        load = np.bincount(cell, minlength=self.sink + 1)
        for start, stop in zip(self.starts, (*self.starts[1:], self.sink), strict=True):
            np.add.at(load, self.parent[start:stop], load[start:stop])
        flows: Ints = np.clip(load[self.tail] - self.before, 0, self.most)
        return flows


def build(tables: Tables, cells: Ints, *, most: int, points: bool) -> Tree:
    """The tree above these cells (offer × weeks + week), through which at most so many people go."""
    weeks, quarters = max(1, len(tables.weeks)), tables.visits_quarter_left.shape[1]
    slot, week = cells // weeks, cells % weeks
    host, quarter = tables.s_host[slot], tables.quarter_of[week]
    of_week, of_quarter = tables.visits_week_left[host, week], tables.visits_quarter_left[host, quarter]
    in_all = tables.left_in_all[slot]
    cut = (in_all < UNLIMITED) & _several_under_limits(tables, slot)[host]
    asked = np.array([one.asked_for_more for one in tables.organisations], dtype=np.bool_)
    boxes: list[tuple[Bools, Ints, Ints]] = [
        (of_week < UNLIMITED, host * weeks + week, of_week),
        (of_quarter < UNLIMITED, host * quarters + quarter, of_quarter),
        ((in_all < UNLIMITED) & ~cut, slot, in_all),
        (asked[host] if points else np.zeros(len(cells), dtype=np.bool_), host, np.full(len(cells), UNLIMITED)),
    ]
    parent, capacity, starts = np.full(len(cells), -1), tables.left[slot, week], [0]
    top = np.arange(len(cells))
    paying = np.zeros(0, dtype=np.int64)
    for inside, key, places in boxes:
        paying, first, box = np.unique(key[inside], return_index=True, return_inverse=True)
        starts.append(len(parent))
        parent[top[inside]] = top[inside] = len(parent) + box
        parent = np.concatenate([parent, np.full(len(paying), -1)])
        capacity = np.concatenate([capacity, places[inside][first]])
    sink = len(parent)
    parent[parent < 0] = sink
    plain = np.arange(starts[-1])
    zero = np.zeros(len(plain), dtype=np.int64)
    arcs = np.stack([plain, parent[plain], np.minimum(capacity[plain], most), zero, zero])
    tail, head, carried, paid, before = np.hstack([arcs, _paid(tables, paying, starts[-1], sink, most)])
    return Tree(parent, tuple(starts), tail, head, carried, paid, before, np.unique(slot[cut]))


def _several_under_limits(tables: Tables, slot: Ints) -> Bools:
    """Organisations that limit their weeks or quarters and have more than one of these offers."""
    limits = np.hstack([tables.visits_week_left, tables.visits_quarter_left])
    offers = np.bincount(tables.s_host[np.unique(slot)], minlength=len(limits))
    several: Bools = np.any(limits < UNLIMITED, axis=1) & (offers > 1)
    return several


def _paid(tables: Tables, hosts: Ints, first: int, sink: int, most: int) -> Ints:
    """Arcs of falling benefit: the first visitor to a host that has had none gives most."""
    visitors = had(tables)
    arcs: list[tuple[int, int, int, int, int]] = []
    for node, host in enumerate(hosts.tolist(), first):
        singles = HOST_POINTS[visitors[host] : -1]
        arcs.extend((node, sink, 1, points, nth) for nth, points in enumerate(singles))
        arcs.append((node, sink, most, HOST_POINTS[-1], len(singles)))
    return np.array(arcs, dtype=np.int64).reshape(-1, 5).T


def had(tables: Tables) -> list[int]:
    """How many visitors each organisation has had, those fixed in this round included."""
    host = {slot.id: slot.organisation_id for slot in tables.slots}
    fixed = Counter(host[fixed.offer_id] for fixed in tables.problem.rules.fixed)
    return [organisation.visitors_had + fixed[organisation.id] for organisation in tables.organisations]
