"""What became of the visits of a published round, and who was found another one: worked out once all have answered.

It stands beside what was published, which never changes; and so it leaves out whatever, with those figures, would be
about few people (`secondments.matches.few`).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TypedDict

from secondments.matches.few import LEAST, may_show
from secondments.models import Match, Round


class Since(TypedDict):
    """A number that is left out is None. `day`: when it was counted.

    `stand`: visits that were published and take place; `gone`: those that do not; `later`: people who have a visit that
    was offered of what came free; `settled`: who has a visit in the end.
    """

    day: str
    stand: int | None
    gone: int | None
    later: int | None
    settled: int | None


@dataclass(frozen=True, slots=True)
class Became:
    """The numbers as they are. `joined`, `placed`, `fell_through` and `left_out` are those of when people were told."""

    joined: int
    placed: int
    fell_through: int
    left_out: int
    stand: int
    later: int

    def told(self, day: date, *, least: int = LEAST) -> Since:
        """What may be said of them; with `least` 1, for brokers, everything."""
        stand = self._may_tell_stand(least)
        later = stand and self._may_tell_later(least)
        return Since(
            day=day.isoformat(),
            stand=self.stand if stand else None,
            gone=self.gone if stand else None,
            later=self.later if later else None,
            settled=self.settled if later else None,
        )

    @property
    def gone(self) -> int:
        return self.placed - self.stand

    @property
    def settled(self) -> int:
        return self.stand + self.later

    def _may_tell_stand(self, least: int) -> bool:
        """Not where it would tell how many had a place, or how many of those who were asked go nowhere."""
        without, after_asking = self.joined - self.placed, self.gone - self.fell_through
        parts = [self.joined, self.placed, without, self.stand, self.gone]
        # Where few fell through, nobody knows how many, and so nobody can take them from those who are gone.
        known = may_show(self.fell_through, least=least)
        return may_show(*parts, *([after_asking] if known else []), least=least)

    def _may_tell_later(self, least: int) -> bool:
        """Not where it would tell how many are left in the end, counted with those who could not be matched or not."""
        left = self.joined - self.settled
        return least == 1 or (left >= 0 and may_show(self.later, left, left + self.left_out, least=least))


def became(a_round: Round) -> Became | None:
    """Count afresh; None for a round of before there were figures."""
    run = a_round.latest_run()
    if not run.figures:
        return None
    joined, placed = int(run.figures["joined"]), int(run.figures["placed"])
    standing = Match.objects.standing().filter(run__round=a_round)
    stand = standing.filter(run=run).count()
    return Became(
        joined=joined,
        placed=placed,
        fell_through=run.matches.not_asked_for().count(),
        left_out=max(0, run.not_placed.count() - (joined - placed)),
        stand=stand,
        later=standing.count() - stand,
    )
