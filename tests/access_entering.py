"""Who gets through to what is about people who were written down: a part of the table in access_table.py."""

from __future__ import annotations

from tests.access import BROKER, COORDINATORS, EVERYBODY, HOST, NOBODY, OUTSIDER, Case, on, plain
from tests.access_rows import entry_token, offer_token

ENTERING: dict[str, list[Case]] = {
    "entry": on(lambda world: [entry_token(world.entry)], EVERYBODY, lambda world: ["forged"], NOBODY),
    "offer-entered": on(
        lambda world: [offer_token(world.offer_to_confirm)], EVERYBODY, lambda world: ["forged"], NOBODY
    ),
    **{
        name: on(lambda world: [world.a_round.slug], allowed, lambda world: [world.other_round.slug], NOBODY)
        for name, allowed in (
            ("round-enter", COORDINATORS),
            ("round-entered", COORDINATORS),
            ("staff-list-new", COORDINATORS),
            ("round-enter-group", BROKER),
            ("round-host", BROKER),
        )
    },
    "round-enter-person": on(
        lambda world: [world.a_round.slug, world.cast.advice.slug],
        HOST | BROKER,
        lambda world: [world.other_round.slug, world.cast.elsewhere.slug],
        NOBODY,
    ),
    "round-host-write": on(
        lambda world: [world.a_round.slug, world.cast.advice.slug, "advice-centre"],
        BROKER,
        lambda world: [world.other_round.slug, world.cast.advice.slug, "advice-centre"],
        NOBODY,
    ),
    **{
        name: on(lambda world: [world.entry.uuid], HOST | BROKER, lambda world: [world.other_entry.uuid], OUTSIDER)
        for name in ("entry-remind", "entry-take-back")
    },
    "entry-yours": on(
        lambda world: [world.entry.uuid],
        frozenset({"adviser"}),
        lambda world: [world.other_entry.uuid],
        OUTSIDER,
    ),
    "entry-change": on(
        lambda world: [world.acted_for.uuid],
        HOST,
        lambda world: [world.other_entry.uuid],
        NOBODY,
    ),
    "staff-list-template": plain(COORDINATORS),
    **{
        name: on(lambda world: [world.staff_list.uuid], HOST, lambda world: [world.other_list.uuid], OUTSIDER)
        for name in (
            "staff-list",
            "staff-list-progress",
            "staff-list-to-mend",
            "staff-list-send",
            "staff-list-throw-away",
        )
    },
}
