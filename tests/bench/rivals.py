"""What our matching is measured beside: taking the best first, deferred acceptance, and a general graph library.

Each gets the feasible pairs and their fits ready made, which ours has to find in its own time.
"""

from __future__ import annotations

import sys
from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from partnerships.matching import candidates, network, prices
from partnerships.matching.arrays import Ints
from partnerships.matching.network import SOURCE, Network
from partnerships.matching.rules import Examiner
from partnerships.matching.score import score
from partnerships.matching.tables import build
from partnerships.matching.types import Problem


@dataclass(frozen=True, slots=True)
class Ready:
    """A problem with what every method needs: pairs of visits one way, or of two people who could change places."""

    network: Network | None
    swaps: Ints
    fits: Ints
    places: dict[int, int]


def one_way(problem: Problem) -> Ready:
    """The network of a round of visits."""
    tables = build(problem)
    examiner = Examiner(tables)
    pairs = candidates.find(examiner)
    fits = score(examiner, pairs).total
    in_weeks = tables.left.sum(axis=1)
    places = dict(enumerate(np.minimum(in_weeks, tables.left_in_all).tolist()))
    return Ready(network.build(tables, pairs, fits), np.zeros((0, 2), dtype=np.int64), fits, places)


def swaps(problem: Problem) -> Ready:
    """Pairs of people each of whom could go to what the other shows, and what both visits fit together."""
    tables = build(problem)
    examiner = Examiner(tables)
    pairs = candidates.find(examiner)
    fits = score(examiner, pairs).total.tolist()
    row = {person.id: at for at, person in enumerate(tables.people)}
    goes = {
        (person, row[tables.slots[slot].shown_by]): fit
        for person, slot, fit in zip(pairs.person.tolist(), pairs.slot.tolist(), fits, strict=True)
    }
    both = [
        (one, other, fit + goes[other, one])
        for (one, other), fit in goes.items()
        if one < other and (other, one) in goes
    ]
    found = np.array(both, dtype=np.int64).reshape(-1, 3)
    return Ready(None, found[:, :2], found[:, 2], {})


def greedy(ready: Ready) -> dict[str, int]:
    """The best pair first, then the best of what is left."""
    if ready.network is None:
        taken: set[int] = set()
        total = 0
        for at in np.argsort(-ready.fits, kind="stable").tolist():
            pair = set(ready.swaps[at].tolist())
            if not pair & taken:
                taken |= pair
                total += int(ready.fits[at])
        return {"placed": len(taken), "fit": total}
    net, tree = ready.network, ready.network.tree
    room = np.full(tree.sink, len(net.rows))
    plain = tree.points == 0
    room[tree.tail[plain]] = tree.most[plain]
    left, parent = room.tolist(), tree.parent.tolist()
    chosen, placed = [], set()
    for edge in np.argsort(-net.fit, kind="stable").tolist():
        if int(net.person[edge]) in placed:
            continue
        path, node = [], int(net.cell[edge])
        while node < tree.sink:
            path.append(node)
            node = parent[node]
        if all(left[node] for node in path):
            placed.add(int(net.person[edge]))
            chosen.append(edge)
            for node in path:
                left[node] -= 1
    return prices.values(net, np.array(chosen, dtype=np.int64))


def general_graphs(ready: Ready) -> dict[str, int]:
    """networkx: the cheapest of the largest flows, or the heaviest of the largest matchings."""
    import networkx as nx

    if ready.network is None:
        graph = nx.Graph()
        rows = zip(ready.swaps.tolist(), ready.fits.tolist(), strict=True)
        graph.add_weighted_edges_from((one, other, fit) for (one, other), fit in rows)
        pairs = nx.max_weight_matching(graph, maxcardinality=True)
        return {"placed": 2 * len(pairs), "fit": sum(graph.edges[pair]["weight"] for pair in pairs)}
    net = ready.network
    price = prices.prices(("placed", "hosts", "fit"), net, len(net.rows)).lighter(net, 2)
    worth = np.concatenate([np.zeros(len(net.rows), np.int64), price.edges(net), price.tree(net)])
    # Arcs beside each other are not told apart by name there: each gets a node of its own in the middle.
    flow = nx.DiGraph()
    columns = net.tails(), net.heads(), net.capacities(), worth
    for at, (tail, head, capacity, value) in enumerate(zip(*(column.tolist() for column in columns), strict=True)):
        flow.add_edge(tail, f"arc {at}", capacity=capacity, weight=-value)
        flow.add_edge(f"arc {at}", head, capacity=capacity, weight=0)
    for start in (1, 2):
        flow.add_edge(SOURCE, start, capacity=len(net.rows), weight=0)
    carried = nx.max_flow_min_cost(flow, SOURCE, net.sink)
    person = net.person + network.PEOPLE
    arcs = np.arange(len(person)) + len(net.rows)
    edges = enumerate(zip(person.tolist(), arcs.tolist(), strict=True))
    chosen = [edge for edge, (tail, at) in edges if carried[tail][f"arc {at}"]]
    return prices.values(net, np.array(chosen, dtype=np.int64))


def deferred_acceptance(ready: Ready) -> dict[str, int]:
    """The package `matching`: hospitals and residents, both preferring by fit. It knows no weeks: an offer has the
    places of all its weeks together, which flatters it."""
    from matching.games import HospitalResident

    # It copies people and offers by way of one another, one call deeper for each: Python's usual limit ends that early.
    sys.setrecursionlimit(1_000_000)
    if ready.network is None:
        raise ValueError("deferred acceptance knows no swaps")
    pairs = ready.network.pairs
    by_person: dict[int, list[tuple[int, int]]] = defaultdict(list)
    by_offer: dict[int, list[tuple[int, int]]] = defaultdict(list)
    fit_of: dict[tuple[int, int], int] = {}
    for person, slot, fit in zip(pairs.person.tolist(), pairs.slot.tolist(), ready.fits.tolist(), strict=True):
        by_person[person].append((-fit, slot))
        by_offer[slot].append((-fit, person))
        fit_of[person, slot] = fit
    game = HospitalResident.create_from_dictionaries(
        {person: [slot for _, slot in sorted(given)] for person, given in by_person.items()},
        {slot: [person for _, person in sorted(given)] for slot, given in by_offer.items()},
        {slot: ready.places[slot] for slot in by_offer},
    )
    solved = game.solve(optimal="resident")
    together = [(resident.name, hospital.name) for hospital, residents in solved.items() for resident in residents]
    return {"placed": len(together), "fit": sum(fit_of[pair] for pair in together)}


METHODS: dict[str, Callable[[Ready], dict[str, int]]] = {
    "greedy": greedy,
    "deferred acceptance": deferred_acceptance,
    "networkx": general_graphs,
}
