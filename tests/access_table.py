"""The table itself: address by address, who gets through to which thing. See tests/access.py."""

from __future__ import annotations

from tests.access import (
    ADMINISTRATOR,
    BROKER,
    COORDINATORS,
    CURATOR,
    EVERYBODY,
    HOST,
    MEMBERS,
    NOBODY,
    OUTSIDER,
    SIGNED_IN,
    Case,
    decision_token,
    nothing,
    on,
    outcome_token,
    plain,
)
from tests.access_entering import ENTERING

ADVICE = frozenset({"host", "adviser"})
GOES = frozenset({"visitor"})
VISIT = frozenset({"visitor", "home_coordinator", "host", "administrator"})
OTHER_VISIT = frozenset({"outsider", "administrator"})
VOUCHERS = frozenset({"broker", "administrator"})

TABLE: dict[str, list[Case]] = {
    # Pages for everybody
    **{
        name: plain(EVERYBODY)
        for name in (
            "front",
            "organisations",
            "ground-rules",
            "privacy",
            "cookies",
            "accessibility",
            "contact",
            "stories",
            "offers",
            "rounds",
            "needs",
            "need-new",
            "concern-new",
            "concern-thanks",
            "healthz",
            "api-root",
            "api-schema",
            "api-organisations",
            "api-host-offers",
            "api-skill-needs",
            "api-case-studies",
        )
    },
    "organisation": on(
        lambda world: [world.cast.advice.slug], EVERYBODY, lambda world: [world.other_unconfirmed.slug], ADMINISTRATOR
    ),
    "offer": on(lambda world: [world.offer.slug], EVERYBODY, lambda world: [world.draft_offer.slug], HOST),
    "story": on(
        lambda world: [world.story.slug],
        EVERYBODY,
        lambda world: [world.draft_story.slug],
        CURATOR | {"host", "outsider"},
    ),
    "need": on(
        lambda world: [world.need.uuid],
        EVERYBODY,
        lambda world: [world.draft_need.uuid],
        frozenset({"host", "adviser"}),
    ),
    "round": on(lambda world: [world.a_round.slug], EVERYBODY, lambda world: [world.other_round.slug], NOBODY),
    "round-results": on(lambda world: [world.told.slug], EVERYBODY, lambda world: [world.a_round.slug], NOBODY),
    "concern": on(
        lambda world: [world.placement.uuid], EVERYBODY, lambda world: [world.other_placement.uuid], EVERYBODY
    ),
    "api-organisation": on(
        lambda world: [world.cast.advice.slug], EVERYBODY, lambda world: [world.unconfirmed.slug], NOBODY
    ),
    "api-host-offer": on(lambda world: [world.offer.slug], EVERYBODY, lambda world: [world.draft_offer.slug], NOBODY),
    "api-skill-need": on(lambda world: [world.need.uuid], EVERYBODY, lambda world: [world.draft_need.uuid], NOBODY),
    "api-case-study": on(lambda world: [world.story.slug], EVERYBODY, lambda world: [world.draft_story.slug], NOBODY),
    "api-nothing-here": [Case("page", nothing, NOBODY)],
    # Whoever holds the link
    "decision": on(lambda world: [decision_token(world.placement)], EVERYBODY, lambda world: ["forged"], NOBODY),
    "outcome": on(lambda world: [outcome_token(world.placement)], EVERYBODY, lambda world: ["forged"], NOBODY),
    "invitation": on(
        lambda world: [world.invitation.uuid], EVERYBODY, lambda world: [world.other_invitation.uuid], EVERYBODY
    ),
    # Whoever has signed in
    **{
        name: plain(SIGNED_IN)
        for name in (
            "next-steps",
            "join-organisation",
            "organisation-new",
            "your-organisation",
            "your-account",
            "second-factor",
            "my-data",
            "my-data-download",
            "close-account",
            "offers-for-me",
            "placements",
            "to-answer",
        )
    },
    # Belonging somewhere
    "ask-to-join": on(
        lambda world: [world.cast.advice.slug], SIGNED_IN, lambda world: [world.other_unconfirmed.slug], ADMINISTRATOR
    ),
    "claim-organisation": on(
        lambda world: [world.listed.slug], SIGNED_IN, lambda world: [world.other_unconfirmed.slug], ADMINISTRATOR
    ),
    "people": on(lambda world: [world.cast.advice.slug], HOST, lambda world: [world.cast.elsewhere.slug], OUTSIDER),
    "organisation-settings": on(
        lambda world: [world.cast.advice.slug], HOST, lambda world: [world.cast.elsewhere.slug], OUTSIDER
    ),
    "domain-add": on(lambda world: [world.cast.advice.slug], HOST, lambda world: [world.cast.elsewhere.slug], OUTSIDER),
    "domain-remove": on(
        lambda world: [world.cast.council.slug, world.domain.domain],
        frozenset({"home_coordinator"}),
        lambda world: [world.cast.elsewhere.slug, world.domain.domain],
        NOBODY,
    ),
    "vouch": on(
        lambda world: [world.unconfirmed.slug], VOUCHERS, lambda world: [world.other_unconfirmed.slug], ADMINISTRATOR
    ),
    "vouching": plain(VOUCHERS),
    "claims": plain(ADMINISTRATOR),
    "claim": [Case("own", lambda world: [world.claim.uuid], ADMINISTRATOR)],
    "invitation-withdraw": on(
        lambda world: [world.invitation.uuid], HOST, lambda world: [world.other_invitation.uuid], OUTSIDER
    ),
    "membership": on(
        lambda world: [world.cast.visitor_membership.uuid],
        frozenset({"visitor", "home_coordinator", "administrator"}),
        lambda world: [world.other_membership.uuid],
        ADMINISTRATOR,
    ),
    "membership-answer": [
        Case("own", lambda world: [world.asked_membership.uuid], frozenset({"home_coordinator"})),
        Case("other", lambda world: [world.other_membership.uuid], NOBODY),
    ],
    "membership-end": on(
        lambda world: [world.cast.visitor_membership.uuid],
        frozenset({"visitor", "home_coordinator", "administrator"}),
        lambda world: [world.other_membership.uuid],
        ADMINISTRATOR,
    ),
    # Stories
    "story-new": plain(CURATOR),
    **{
        name: on(lambda world: [world.draft_story.slug], CURATOR, lambda world: [world.story.slug], CURATOR)
        for name in ("story-change", "story-ask", "story-publish", "story-withdraw")
    },
    **{
        name: on(
            lambda world: [world.consent.uuid],
            HOST | CURATOR,
            lambda world: [world.other_consent.uuid],
            OUTSIDER | CURATOR,
        )
        for name in ("consent", "consent-answer")
    },
    # Offers
    "overview": on(lambda world: [world.cast.advice.slug], HOST, lambda world: [world.cast.elsewhere.slug], OUTSIDER),
    "offer-new": plain(COORDINATORS),
    "offers-ours": plain(COORDINATORS),
    "offer-write": on(
        lambda world: [world.cast.advice.slug, "advice-centre"],
        HOST,
        lambda world: [world.cast.elsewhere.slug, "advice-centre"],
        OUTSIDER,
    ),
    **{
        name: on(lambda world: [world.draft_offer.slug], HOST, lambda world: [world.other_draft_offer.slug], OUTSIDER)
        for name in ("offer-edit", "offer-days", "offer-publish", "offer-pause", "offer-close")
    },
    "offer-day-remove": on(
        lambda world: [world.offer.slug, world.offer.sessions.get().pk],
        HOST,
        lambda world: [world.other_offer.slug, world.other_offer.sessions.get().pk],
        OUTSIDER,
    ),
    # Visits
    **{
        name: on(lambda world: [world.offer.slug], SIGNED_IN, lambda world: [world.other_draft_offer.slug], NOBODY)
        for name in ("ask-days", "ask-about", "ask-check")
    },
    "placement": on(
        lambda world: [world.placement.uuid], VISIT, lambda world: [world.other_placement.uuid], OTHER_VISIT
    ),
    **{
        name: on(lambda world: [world.placement.uuid], allowed, lambda world: [world.other_placement.uuid], other)
        for name, allowed, other in (
            ("placement-approver", GOES | {"home_coordinator"}, NOBODY),
            ("placement-withdraw", GOES, NOBODY),
            ("placement-not-happened", GOES, NOBODY),
            ("placement-cancel", HOST | {"home_coordinator"}, OUTSIDER),
            ("placement-outcome", HOST, OUTSIDER),
            ("swap-call", HOST, NOBODY),
        )
    },
    "placement-decide": [
        Case("host", lambda world: [world.placement.uuid, "host"], HOST),
        Case("manager", lambda world: [world.placement.uuid, "home_approver"], frozenset({"manager"})),
        Case("other", lambda world: [world.other_placement.uuid, "host"], OUTSIDER),
    ],
    "placement-check": on(
        lambda world: [world.placement.uuid, "confidentiality"],
        GOES,
        lambda world: [world.other_placement.uuid, "confidentiality"],
        NOBODY,
    ),
    "concern-read": [Case("own", lambda world: [world.concern.uuid], ADMINISTRATOR)],
    "concern-handle": [Case("own", lambda world: [world.concern.uuid], ADMINISTRATOR)],
    # Rounds
    "round-new": plain(BROKER),
    "enrolments": on(
        lambda world: [world.a_round.programme.slug], BROKER, lambda world: [world.other_round.programme.slug], NOBODY
    ),
    "enrolment-ask": on(
        lambda world: [world.a_round.programme.slug],
        COORDINATORS,
        lambda world: [world.other_round.programme.slug],
        NOBODY,
    ),
    "enrolment": on(
        lambda world: [world.enrolment.uuid], HOST | BROKER, lambda world: [world.other_enrolment.uuid], OUTSIDER
    ),
    "round-join": on(lambda world: [world.a_round.slug], SIGNED_IN, lambda world: [world.other_round.slug], NOBODY),
    "round-join-keep": on(lambda world: [world.a_round.slug], MEMBERS, lambda world: [world.other_round.slug], NOBODY),
    "round-leave": on(lambda world: [world.a_round.slug], NOBODY, lambda world: [world.other_round.slug], NOBODY),
    **{
        name: on(lambda world: [world.a_round.slug], BROKER, lambda world: [world.other_round.slug], NOBODY)
        for name in (
            "round-desk",
            "round-weights",
            "round-edit",
            "round-dates",
            "round-again",
            "round-open",
            "round-archive",
            "round-call-off",
            "round-progress",
            "round-close",
            "round-reopen",
            "round-match",
            "round-stop",
            "round-came-free",
            "round-write-rest",
            "round-put-aside",
            "round-publish",
            "round-write",
        )
    },
    "round-figures": on(
        lambda world: [world.change.run.round.slug], BROKER, lambda world: [world.other_change.run.round.slug], NOBODY
    ),
    "round-person": on(
        lambda world: [world.change.run.round.slug, world.change.participation.uuid],
        BROKER,
        lambda world: [world.other_change.run.round.slug, world.other_change.participation.uuid],
        NOBODY,
    ),
    "round-change": on(
        lambda world: [world.change.run.round.slug, world.change.participation.uuid, "forbid", world.offer.slug],
        BROKER,
        lambda world: [
            world.other_change.run.round.slug,
            world.other_change.participation.uuid,
            "forbid",
            world.other_offer.slug,
        ],
        NOBODY,
    ),
    **{
        name: on(
            lambda world: [world.change.run.round.slug, world.change.participation.uuid],
            BROKER,
            lambda world: [world.other_change.run.round.slug, world.other_change.participation.uuid],
            NOBODY,
        )
        for name in ("round-person-note", "round-hosts")
    },
    "shortlist-add": on(
        lambda world: [world.change.run.round.slug, world.change.participation.uuid, world.offer.slug],
        BROKER,
        lambda world: [world.other_change.run.round.slug, world.other_change.participation.uuid, world.offer.slug],
        NOBODY,
    ),
    "shortlist-introduce": on(
        lambda world: [world.listed_host.uuid], BROKER, lambda world: [world.other_listed_host.uuid], NOBODY
    ),
    "shortlist-move": on(
        lambda world: [world.listed_host.uuid, "spoken"],
        BROKER,
        lambda world: [world.other_listed_host.uuid, "spoken"],
        NOBODY,
    ),
    "note-remove": on(lambda world: [world.note.uuid], BROKER, lambda world: [world.other_note.uuid], NOBODY),
    "enrolment-note": on(
        lambda world: [world.enrolment.uuid], BROKER, lambda world: [world.other_enrolment.uuid], NOBODY
    ),
    "round-letters": on(
        lambda world: [world.change.run.round.slug],
        frozenset({"visitor"}),
        lambda world: [world.other_change.run.round.slug],
        NOBODY,
    ),
    "round-around": on(
        lambda world: [world.change.run.round.slug, world.change.participation.uuid],
        BROKER,
        lambda world: [world.other_change.run.round.slug, world.other_change.participation.uuid],
        NOBODY,
    ),
    "round-ring": on(
        lambda world: [world.change.run.round.slug, *([world.change.participation.uuid] * 3)],
        BROKER,
        lambda world: [world.other_change.run.round.slug, *([world.other_change.participation.uuid] * 3)],
        NOBODY,
    ),
    "round-swap": on(
        lambda world: [
            world.change.run.round.slug,
            world.change.participation.uuid,
            world.change.participation.uuid,
        ],
        BROKER,
        lambda world: [
            world.other_change.run.round.slug,
            world.other_change.participation.uuid,
            world.other_change.participation.uuid,
        ],
        NOBODY,
    ),
    "round-compare": on(
        lambda world: [world.change.run.round.slug, 1, 2],
        BROKER,
        lambda world: [world.other_change.run.round.slug, 1, 2],
        NOBODY,
    ),
    **{
        name: on(
            lambda world: [world.trial.round.slug, world.trial.uuid],
            BROKER,
            lambda world: [world.other_trial.round.slug, world.other_trial.uuid],
            NOBODY,
        )
        for name in ("round-trial", "round-trial-progress")
    },
    **{
        name: on(
            lambda world: [world.repair.round.slug, world.repair.uuid],
            BROKER,
            lambda world: [world.other_repair.round.slug, world.other_repair.uuid],
            NOBODY,
        )
        for name in ("round-repair", "round-repair-aside")
    },
    "round-take-back": on(
        lambda world: [world.change.run.round.slug, world.change.uuid],
        BROKER,
        lambda world: [world.other_change.run.round.slug, world.other_change.uuid],
        NOBODY,
    ),
    # Skills
    **{
        name: on(
            lambda world: [world.draft_need.uuid],
            ADVICE,
            lambda world: [world.other_draft_need.uuid],
            OUTSIDER,
        )
        for name in ("need-change", "need-publish", "need-met", "need-withdraw")
    },
    "need-answer": on(
        lambda world: [world.need.uuid], SIGNED_IN, lambda world: [world.other_draft_need.uuid], OUTSIDER
    ),
    "admin-sign-in": plain(ADMINISTRATOR),
    "no-passwords": [Case("page", lambda world: ["anything"], EVERYBODY)],
    **ENTERING,
}
"""Every named address of ours. Demonstration pages are asked outside the demonstration, where they do not exist."""
