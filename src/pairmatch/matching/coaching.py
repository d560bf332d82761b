"""Which coach supports which pair, who could not have one and why, and how good the choice provably is."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from pairmatch.errors import counted
from pairmatch.matching.certificate import Certificate
from pairmatch.problem import RESOLUTION

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["NO_COACH", "CoachPlan", "Coached"]

NO_COACH = {
    "no_coach_suits": "no coach who takes part suits both partners under the rules for coaches",
    "coaches_full": "every coach who suits both partners has as many pairs as they may have",
}
"""Why a pair has no coach: reason codes, and what they mean."""

COLUMNS = ("mentor", "mentee", "coach", "score", "reason")


@dataclass(frozen=True, slots=True)
class Coached:
    """One pair with its coach, or with the reason for having none.

    Attributes
    ----------
    mentor, mentee
        Ids.
    coach
        Id of the coach; None where the pair has none.
    score
        What the coach adds to the pair, in units of 1e-6; 0 without a coach.
    reason
        Reason code for having no coach, see :data:`NO_COACH`; empty where there is one.
    """

    mentor: str
    mentee: str
    coach: str | None
    score: int
    reason: str = ""


@dataclass(frozen=True, eq=False, repr=False)
class CoachPlan:
    """The coaches of a matching's pairs.

    Attributes
    ----------
    pairs
        One entry for each pair of the matching, in its order.
    coaches, capacity
        Ids of the coaches who take part, and how many pairs each may have at most.
    jointly
        Whether coaches were chosen together with the pairs; the matching's certificate speaks of both then.
    certificate
        How good the choice is for these pairs: ``"coached"``, the pairs with a coach, then ``"total"``, the
        sum of their scores. None where coaches were chosen together with the pairs. In its prices the pairs
        stand in the mentors' place and the coaches in the mentees'.
    one_after_the_other
        Where coaches were chosen together with the pairs: what each tier would have been had they been
        chosen after the pairs, in units. The solver's word: `verify` only refuses values that no answer
        can have, or that are better than those of this one.
    together
        The same as they are now, which `verify` checks; empty where coaches were chosen after the pairs.
    """

    pairs: tuple[Coached, ...]
    coaches: tuple[str, ...]
    capacity: tuple[int, ...]
    jointly: bool = False
    certificate: Certificate | None = None
    one_after_the_other: Mapping[str, int] = field(default_factory=dict)
    together: Mapping[str, int] = field(default_factory=dict)

    @property
    def table(self) -> pd.DataFrame:
        """One row per pair: mentor, mentee, coach, score, reason; coach and score are missing without one."""
        import pandas as pd

        rows = [
            [p.mentor, p.mentee, None, None if p.coach is None else p.score / RESOLUTION, p.reason]
            for p in self.pairs
        ]
        table = pd.DataFrame(rows, columns=list(COLUMNS)).astype({"score": "Float64"})
        return table.assign(coach=pd.Series([p.coach for p in self.pairs], dtype=object))

    @property
    def loads(self) -> pd.DataFrame:
        """One row per coach who takes part: coach, pairs, capacity."""
        import pandas as pd

        pairs = Counter(p.coach for p in self.pairs)
        rows = [[who, pairs[who], most] for who, most in zip(self.coaches, self.capacity, strict=True)]
        return pd.DataFrame(rows, columns=["coach", "pairs", "capacity"])

    @property
    def coached(self) -> int:
        """How many pairs have a coach."""
        return sum(p.coach is not None for p in self.pairs)

    @property
    def lost_sequentially(self) -> float | None:
        """Share of the total that choosing coaches after the pairs would have lost; None where they were.

        Where more pairs have a coach than would have had one, the total may be less for it, and the share
        below 0: ``one_after_the_other`` tells both. Told by the solver, not proven: see there.
        """
        if "total" not in self.together or "total" not in self.one_after_the_other:
            return None
        lost = self.together["total"] - self.one_after_the_other["total"]
        return lost / max(abs(self.together["total"]), 1)

    def of(self, mentor: str, mentee: str) -> Coached | None:
        """The entry of one pair; None where the matching has no such pair."""
        return next((p for p in self.pairs if (p.mentor, p.mentee) == (mentor, mentee)), None)

    def __repr__(self) -> str:
        coached = f"{self.coached:,} of {counted(len(self.pairs), 'pair')} with one of"
        return f"<CoachPlan: {coached} {counted(len(self.coaches), 'coach', 'coaches')}>"

    def _repr_html_(self) -> str:
        return str(self.table.to_html(index=False, border=0))
