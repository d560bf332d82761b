"""Whom people would like to have, whom they would not, and whom they had: tables of pairs.

Wishes follow how well two people really suit each other, how well known somebody is, and chance.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from pairmatch.datasets import tastes
from pairmatch.datasets.company import Company
from pairmatch.datasets.draws import Bits, Bools, Floats, Ints, Texts, chosen, texts, without
from pairmatch.datasets.eligibility import LEVELS_BELOW
from pairmatch.datasets.people import ids
from pairmatch.datasets.vitals import star

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["history", "preferences", "vetoes"]

LISTS = {"mentee": 0.6, "mentor": 0.4}
"""How many hand in a list of wishes."""
NAMES = 15
"""The most names on a list."""
CATALOGUE = 40
"""How many people of the other side somebody looks at."""
FIT = 4.0
"""What suiting each other fully counts, in units of chance (Gumbel)."""
FAME = (0.2, 3.0)
"""What one standard deviation of being known counts without herding, and how much more at full herding."""
READ = 2.0
"""How much more often, on the log scale and at full herding, the known ones are looked at."""
PARTS = (0.60, 0.25, 0.15)
"""Topics covered, hobbies in common, something given in return."""

VETOES = 0.01
"""Vetoes per person."""
REPEATERS, LEAVERS, RUNNING = 0.15, 0.10, 0.10
"""Mentees with an earlier mentor; of those pairs, mentors who have left, and pairs that have no end yet."""
FIRST_END, DAYS = np.datetime64("2022-01-01"), 1765
"""Earlier pairs ended between then and 31 October 2026."""


@dataclass(frozen=True)
class _Tastes:
    """What two people are compared by: sets of words, one bit each."""

    offers: Bits
    wishes: Bits
    hobbies: Bits
    wanted_back: Bits
    given_back: Bits

    @classmethod
    def of(cls, company: Company) -> _Tastes:
        lists = (
            tastes.offers(company),
            tastes.wishes(company),
            tastes.hobby_list(company),
            tastes.returns("wants_back", company),
            tastes.returns("offers_back", company),
        )
        return cls(*(listing.bits[company.speaker] for listing in lists))

    def fit(self, mentors: Ints, mentees: Ints) -> Floats:
        """How well pairs suit each other, 0 to 1."""
        wanted = self.wishes[mentees]
        covered = np.bitwise_count(self.offers[mentors] & wanted) / np.bitwise_count(wanted)
        shared = np.minimum(np.bitwise_count(self.hobbies[mentors] & self.hobbies[mentees]), 2) / 2
        back = self.wanted_back[mentors] & self.given_back[mentees] > 0
        return np.asarray(PARTS[0] * covered + PARTS[1] * shared + PARTS[2] * back)


def preferences(company: Company) -> pd.DataFrame:
    """Columns mentor, mentee, by (whose wish it is) and rank, 1 for the first choice.

    Some of the people name up to 15 of the other side whom department and level would allow them.
    """
    import pandas as pd

    known = _Tastes.of(company)
    lists = [_lists(company, side, known) for side in ("mentee", "mentor")]
    mentors, mentees, by, rank = (np.concatenate(column) for column in zip(*lists, strict=True))
    people = ids(company)
    return pd.DataFrame({"mentor": people[mentors], "mentee": people[mentees], "by": by, "rank": rank})


def _lists(company: Company, side: str, known: _Tastes) -> tuple[Ints, Ints, Texts, Ints]:
    """Mentor, mentee, side and rank of every wish of one side."""
    rng = company.stream(f"preferences by {side}")
    sides = np.arange(company.mentors), np.arange(company.mentors, company.size)
    own, others = sides if side == "mentor" else sides[::-1]
    choosers = own[rng.random(len(own)) < LISTS[side]]
    lengths = rng.integers(1, NAMES + 1, size=len(choosers))
    seen = _catalogue(rng, others, company, len(choosers))
    pair = (choosers[:, None], seen) if side == "mentor" else (seen, choosers[:, None])
    fame = FAME[0] + FAME[1] * company.knobs.herding
    score = FIT * known.fit(*pair) + fame * star(company)[seen] + rng.gumbel(size=seen.shape)
    score[~_open(company, *pair) | _repeated(seen)] = -np.inf
    best = np.argsort(-score, axis=1, kind="stable")[:, :NAMES]
    place = np.arange(best.shape[1])
    row, column = np.nonzero((place < lengths[:, None]) & (np.take_along_axis(score, best, axis=1) > -np.inf))
    named = seen[row, best[row, column]]
    mentors, mentees = (choosers[row], named) if side == "mentor" else (named, choosers[row])
    step = round(NAMES**company.knobs.ties)
    return mentors, mentees, np.full(len(row), side, dtype=object), 1 + column // step


def _catalogue(rng: np.random.Generator, others: Ints, company: Company, readers: int) -> Ints:
    """Whom each reader looks at: everybody, or a sample in which the well known are more common."""
    if len(others) <= CATALOGUE:
        return np.tile(others, (readers, 1))
    shares = np.exp(READ * company.knobs.herding * star(company)[others])
    picks = chosen(rng.random(readers * CATALOGUE), shares)
    return np.sort(others[picks].reshape(readers, CATALOGUE), axis=1)


def _repeated(seen: Ints) -> Bools:
    """Who stands in a sorted row before."""
    repeated = np.zeros(seen.shape, dtype=bool)
    repeated[:, 1:] = seen[:, 1:] == seen[:, :-1]
    return repeated


def _open(company: Company, mentors: Ints, mentees: Ints) -> Bools:
    """Which pairs department and level allow."""
    apart = company.level[mentors] + LEVELS_BELOW <= company.level[mentees]
    return np.asarray(apart & (company.department[mentors] != company.department[mentees]))


def vetoes(company: Company, wished: pd.DataFrame) -> pd.DataFrame:
    """Columns mentor and mentee: a few pairs that one of the two refuses and neither has wished for."""
    import pandas as pd

    rng = company.stream("vetoes")
    count, people = round(VETOES * company.size), ids(company)
    mentors = people[rng.integers(company.mentors, size=count)]
    mentees = people[rng.integers(company.mentors, company.size, size=count)]
    refused = pd.DataFrame({"mentor": mentors, "mentee": mentees}).drop_duplicates()
    liked = pd.MultiIndex.from_frame(wished[["mentor", "mentee"]])
    return refused[~pd.MultiIndex.from_frame(refused).isin(liked)].reset_index(drop=True)


def history(company: Company) -> pd.DataFrame:
    """Columns mentor, mentee and ended (ISO date, blank while it runs): the pairs of earlier rounds."""
    import pandas as pd

    rng = company.stream("history")
    count, people = round(REPEATERS * company.mentees), ids(company)
    mentees = np.sort(company.mentors + rng.permutation(company.mentees)[:count])
    mentors = people[rng.integers(company.mentors, size=count)]
    left = np.flatnonzero(rng.random(count) < LEAVERS)
    mentors[left] = [f"x{number}" for number in range(1, len(left) + 1)]
    ended = texts((FIRST_END + rng.integers(DAYS, size=count)).astype(str).tolist())
    running = rng.random(count) < RUNNING
    return pd.DataFrame(
        {"mentor": mentors, "mentee": people[mentees], "ended": without(ended, running)}, dtype=object
    )
