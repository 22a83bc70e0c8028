"""The feasible pairs as a network: people, then places of an offer in a week, then what the host can take at all.

A limit can be an arc only if the limits of a host lie inside one another like boxes: place in a week, week of the
organisation, quarter of the organisation. Those that cut across (how many an organisation may have away in a week, the
total of one offer of several in an organisation that limits its weeks) are listed in `limits`, never dropped: see
`hosting` for how they are kept exactly.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from .arrays import UNLIMITED, Bools, Ints, unpack
from .candidates import Pairs
from .tables import Tables
from .types import COMPULSORY, HOST_POINTS, HOSTS, KEPT

SOURCE, FIRST, OTHERS = 0, 1, 2
_PEOPLE = 3
Key = tuple[str, int, int]


@dataclass(frozen=True, slots=True)
class Limit:
    """At most `places` of these edges."""

    code: str
    edges: Ints
    places: int


@dataclass(frozen=True, slots=True)
class Network:
    """An edge is a pair in one of its weeks. Arcs stand as: one from FIRST or OTHERS to each person, one for each
    edge, then those from a cell (an offer's week) to the sink (`tree_…`), of which some carry points for hosts.

    `first`: who must be placed first where the programme says "compulsory first". `rows`: the person rows of nodes.
    """

    pairs: Pairs
    rows: Ints
    first: Bools
    pair: Ints
    week: Ints
    person: Ints
    cell: Ints
    cells: Ints
    tree_tail: Ints
    tree_head: Ints
    tree_capacity: Ints
    tree_points: Ints
    fit: Ints
    kept: Ints
    limits: tuple[Limit, ...]
    nodes: int

    @property
    def sink(self) -> int:
        """The last node."""
        return self.nodes - 1

    def tails(self) -> Ints:
        """Where each arc begins."""
        begins = np.where(self.first, FIRST, OTHERS)
        return np.concatenate([begins, self.person + _PEOPLE, self.tree_tail])

    def heads(self) -> Ints:
        """Where each arc ends."""
        people = np.arange(len(self.rows)) + _PEOPLE
        return np.concatenate([people, self.cell + _PEOPLE + len(self.rows), self.tree_head])

    def capacities(self) -> Ints:
        """How much each arc can carry."""
        ones = np.ones(len(self.rows) + len(self.pair), dtype=np.int64)
        return np.concatenate([ones, self.tree_capacity])

    def person_node(self) -> Ints:
        """The node of each person."""
        return np.arange(len(self.rows)) + _PEOPLE

    def edge_arcs(self) -> slice:
        """Which arcs are edges."""
        return slice(len(self.rows), len(self.rows) + len(self.pair))


def build(tables: Tables, pairs: Pairs, fit: Ints) -> Network:
    """The network of the feasible pairs and their fits."""
    weeks = len(tables.weeks)
    pair, week = np.nonzero(unpack(pairs.weeks, weeks))
    rows, person = np.unique(pairs.person[pair], return_inverse=True)
    cells, cell = np.unique(pairs.slot[pair] * weeks + week, return_inverse=True)
    criteria = tables.problem.rules.criteria
    compulsory = np.array([tables.people[row].compulsory for row in rows], dtype=np.bool_)
    tree = _Tree(tables, cells, _PEOPLE + len(rows), most=len(rows), points=HOSTS in criteria)
    limits = [*tree.limits(pairs.slot[pair]), *_away(tables, pairs.person[pair], week)]
    return Network(
        pairs=pairs,
        rows=rows,
        first=compulsory & (COMPULSORY in criteria),
        pair=pair,
        week=week,
        person=person.astype(np.int64),
        cell=cell.astype(np.int64),
        cells=cells,
        tree_tail=np.array(tree.tail, dtype=np.int64),
        tree_head=np.array(tree.head, dtype=np.int64),
        tree_capacity=np.array(tree.capacity, dtype=np.int64),
        tree_points=np.array(tree.points, dtype=np.int64),
        fit=fit[pair],
        kept=_kept(tables, pairs)[pair] * (KEPT in criteria),
        limits=tuple(limit for limit in limits if len(np.unique(person[limit.edges])) > limit.places),
        nodes=tree.sink + 1,
    )


def _kept(tables: Tables, pairs: Pairs) -> Ints:
    row = {slot.id: at for at, slot in enumerate(tables.slots)}
    proposed = tables.problem.rules.proposed
    wanted = np.array([row.get(proposed.get(person.id, ""), -1) for person in tables.people], dtype=np.int64)
    kept: Ints = (wanted[pairs.person] == pairs.slot).astype(np.int64)
    return kept


def _away(tables: Tables, person: Ints, week: Ints) -> Iterator[Limit]:
    home, quarter = tables.p_home[person], tables.quarter_of[week]
    for code, left, period in (
        ("away_week", tables.away_week_left, week),
        ("away_quarter", tables.away_quarter_left, quarter),
    ):
        for organisation, when in np.argwhere(left < UNLIMITED):
            edges = np.flatnonzero((home == organisation) & (period == when))
            yield Limit(code, edges, int(left[organisation, when]))


def had(tables: Tables) -> list[int]:
    """How many visitors each organisation has had, those fixed in this round included."""
    host = {slot.id: slot.organisation_id for slot in tables.slots}
    fixed = Counter(host[fixed.offer_id] for fixed in tables.problem.rules.fixed)
    return [organisation.visitors_had + fixed[organisation.id] for organisation in tables.organisations]


def host_arcs(network: Network) -> dict[int, list[int]]:
    """For each host that asked for more: the arcs by which its visitors are counted, best first."""
    arcs: dict[int, list[int]] = {}
    for arc in np.flatnonzero(network.tree_points).tolist():
        arcs.setdefault(int(network.tree_tail[arc]), []).append(arc)
    return arcs


def host_of_cell(network: Network) -> Ints:
    """The node at which the visitors of each cell are counted for the host, or -1."""
    parent = dict(zip(network.tree_tail.tolist(), network.tree_head.tolist(), strict=True))
    counted = host_arcs(network)
    nodes = []
    for cell in range(len(network.cells)):
        node = int(network.person_node()[-1]) + 1 + cell
        while node != network.sink and node not in counted:
            node = parent[node]
        nodes.append(node if node in counted else -1)
    return np.array(nodes, dtype=np.int64)


class _Tree:
    """The arcs from cells to the sink."""

    def __init__(self, tables: Tables, cells: Ints, first_cell: int, *, most: int, points: bool) -> None:
        self.tables = tables
        self.most = most
        self.with_points = points
        self.tail: list[int] = []
        self.head: list[int] = []
        self.capacity: list[int] = []
        self.points: list[int] = []
        weeks = max(1, len(tables.weeks))
        self.offers_of = Counter(int(tables.s_host[slot]) for slot in np.unique(cells // weeks))
        limits = np.hstack([tables.visits_week_left, tables.visits_quarter_left])
        self.limited: Bools = np.any(limits < UNLIMITED, axis=1)
        self.cut: set[int] = set()
        chains = [(divmod(int(cell), weeks), self._chain(*divmod(int(cell), weeks))) for cell in cells]
        keys = dict.fromkeys(key for _, chain in chains for key in chain)
        nodes = {key: first_cell + len(cells) + at for at, key in enumerate(keys)}
        self.sink = first_cell + len(cells) + len(nodes)
        arcs: dict[int, tuple[int, int]] = {}
        for at, ((slot, week), chain) in enumerate(chains):
            node, capacity = first_cell + at, int(tables.left[slot, week])
            for key in chain:
                arcs[node] = (nodes[key], capacity)
                node, capacity = nodes[key], self._capacity(key)
            arcs[node] = (self.sink, capacity)
        asked = {nodes[key]: key[1] for key in nodes if key[0] == "host"}
        visitors = had(tables)
        for node, (parent, capacity) in arcs.items():
            if node in asked:
                self._pay(node, visitors[asked[node]])
            else:
                self._arc(node, parent, min(capacity, most), 0)

    def limits(self, slot_of_edge: Ints) -> Iterator[Limit]:
        """Totals of offers that cut across their organisation's weeks."""
        for slot in sorted(self.cut):
            yield Limit("offer_total", np.flatnonzero(slot_of_edge == slot), int(self.tables.left_in_all[slot]))

    def _chain(self, slot: int, week: int) -> list[Key]:
        tables = self.tables
        host = int(tables.s_host[slot])
        quarter = int(tables.quarter_of[week])
        chain: list[Key] = []
        if tables.visits_week_left[host, week] < UNLIMITED:
            chain.append(("week", host, week))
        if tables.visits_quarter_left[host, quarter] < UNLIMITED:
            chain.append(("quarter", host, quarter))
        if tables.left_in_all[slot] < UNLIMITED:
            if self.limited[host] and self.offers_of[host] > 1:
                self.cut.add(slot)
            else:
                chain.append(("offer", slot, 0))
        if self.with_points and tables.organisations[host].asked_for_more:
            chain.append(("host", host, 0))
        return chain

    def _capacity(self, key: Key) -> int:
        kind, row, period = key
        tables = self.tables
        if kind == "week":
            return int(tables.visits_week_left[row, period])
        if kind == "quarter":
            return int(tables.visits_quarter_left[row, period])
        return int(tables.left_in_all[row]) if kind == "offer" else UNLIMITED

    def _pay(self, node: int, visitors: int) -> None:
        """Arcs of falling benefit: the first visitor to a host that has had none gives most."""
        for points in HOST_POINTS[visitors:-1]:
            self._arc(node, self.sink, 1, points)
        self._arc(node, self.sink, self.most, HOST_POINTS[-1])

    def _arc(self, tail: int, head: int, capacity: int, points: int) -> None:
        self.tail.append(tail)
        self.head.append(head)
        self.capacity.append(capacity)
        self.points.append(points)
