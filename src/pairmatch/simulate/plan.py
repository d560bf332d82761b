"""How a simulated programme is run."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise

from pairmatch.parameters import is_whole, told
from pairmatch.simulate.asking import Asked

__all__ = ["MATCHINGS", "Plan"]

MATCHINGS = ("best", "greedy", "random")
"""How pairs are made; always eligible ones."""


@dataclass(frozen=True, kw_only=True)
class Plan:
    """How a programme is run: how pairs are made, and what is done when they end.

    Attributes
    ----------
    name
        By which its figures are found.
    matching
        ``"best"``: the solver, in the policy's order of objectives, those who waited first among equal
        coverage, as a re-match does it. ``"greedy"``: the heaviest pair first, then the heaviest of the rest,
        and so on. ``"random"``: any eligible pair, as long as there is one.
    rematch
        Whether mentees whose pair has ended early are matched again.
    reserve
        How many mentors without a pair are kept for re-matching after the (last) wave has started. They are
        for mentees whose pair has ended, not for newcomers, and do not drift away.
    waves
        Months in which the waves start, ascending from 0; mentees are spread over them evenly.
    threshold
        Least weight, in [0, 1], of a newcomer's pair while the newcomer can still wait; 0 to match at once.
    patience
        Months for which a newcomer waits for such a pair before any will do.
    every
        Months between two rounds of matching.
    feedback
        Whether weights are corrected by what earlier surveys say of a mentor.
    """

    name: str
    matching: str = "best"
    rematch: bool = True
    reserve: int = 0
    waves: tuple[int, ...] = (0,)
    threshold: float = 0.0
    patience: int = 2
    every: int = 1
    feedback: bool = False

    def __post_init__(self) -> None:
        asked = Asked("Plan")
        if not isinstance(self.name, str) or not self.name.strip():
            asked.refuse("name", f"'name' must be a text that is not blank, not {told(self.name)}.")
        asked.one_of("matching", self.matching, MATCHINGS)
        asked.flag("rematch", self.rematch)
        asked.whole("reserve", self.reserve, 0)
        asked.share("threshold", self.threshold)
        asked.whole("patience", self.patience, 0)
        asked.whole("every", self.every, 1)
        asked.flag("feedback", self.feedback)
        if not _ascending(self.waves):
            asked.refuse("waves", "'waves' must be months in a tuple, ascending from 0, as in (0, 3).")
        asked.done()


def _ascending(waves: object) -> bool:
    """Whether these are months of waves."""
    if not isinstance(waves, tuple) or not waves or not all(is_whole(month) for month in waves):
        return False
    return waves[0] == 0 and all(early < late for early, late in pairwise(waves))
