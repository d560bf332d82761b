"""``pairmatch.alternates``: for each mentee the mentors who could take over, and a plan for all at once."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from pairmatch.checking import check_calls
from pairmatch.checking.spare import Offers, Spare, spare_of
from pairmatch.errors import CallError, Finding, amount, counted
from pairmatch.explain import check_matching
from pairmatch.parameters import is_whole, told
from pairmatch.problem import RESOLUTION, Ints, Loads, Problem, Solution

if TYPE_CHECKING:
    import pandas as pd

    from pairmatch.matching import Matching

__all__ = ["Alternates", "alternates"]

MOST_POSSIBLE = 4_000_000
"""Mentors with a free place times mentees with a pair: up to so many the plan looks at every pair."""

LISTED = 50
"""Beyond that it looks at so many mentors for each mentee."""

TIERS = ("mentees", "pairs", "total")
"""The plan serves as many mentees as can be, then as many of their pairs, then by weight."""


@dataclass(frozen=True, eq=False, repr=False)
class Alternates:
    """Who could take over from whom.

    Attributes
    ----------
    table
        A row per mentee and alternate, best first: ``mentee``, ``rank`` from 1 on, ``mentor``, ``weight``,
        ``places`` (free places of this mentor) and ``wanted`` (for how many mentees the mentor is listed).
        Each row holds by itself: if the mentee's pair ends and nothing else changes, this pair keeps every
        rule.
    plan
        A row per mentee and planned alternate: ``mentee``, ``mentor``, ``weight``. All rows hold at once:
        together they take no more than the free places and hours, so that any number of them can be used.
    without
        Mentees who have a mentor now and nobody who could take over.
    short
        Mentees who have alternates and none in the plan: others need them more.
    gap
        How far the plan can be from the best one, 0 where it is proven to be the best.
    complete
        False where there were too many possible pairs to look at all of them for the plan, or the time
        limit came first.
    """

    table: pd.DataFrame
    plan: pd.DataFrame
    without: tuple[str, ...]
    short: tuple[str, ...]
    gap: float
    complete: bool

    def __repr__(self) -> str:
        listed = counted(self.table["mentee"].nunique(), "mentee")
        planned = f"{self.plan['mentee'].nunique():,} in the plan, weight {amount(self.plan['weight'].sum())}"
        bare = f"; {len(self.without):,} without any" if self.without else ""
        return f"<Alternates for {listed}: {planned}{bare}>"

    def _repr_html_(self) -> str:
        return str(self.table.to_html(index=False, border=0))


def alternates(matching: Matching, k: int = 3, *, time_limit: float | None = None) -> Alternates:
    """Tell who could take over each mentee's pair if it ended, out of the places that are free now.

    An alternate has a free place beside all present pairs, and hours where they count; every rule about
    pairs and groups allows the pair once the mentee's present one has ended; and it weighs what the policy
    asks for. Where a mentee has several mentors, an alternate can follow whichever of them.

    Parameters
    ----------
    matching
        The matching.
    k
        Most alternates of each mentee, at least 1.
    time_limit
        Seconds for the plan, which needs a search where hours count; None for no limit.

    Returns
    -------
    Alternates

    Raises
    ------
    CallError
        The arguments cannot be used.

    Examples
    --------
    >>> import pandas as pd
    >>> import pairmatch as pm
    >>> from pairmatch import goals
    >>> mentors = pd.DataFrame({"id": ["ana", "ben", "cem"], "hobbies": ["chess; go", "chess", "golf"]})
    >>> mentees = pd.DataFrame({"id": ["eve"], "hobbies": ["go; chess"]})
    >>> matching = pm.match(pm.Cohort(mentors, mentees), pm.Policy(goals=[goals.SharedHobbies(weight=1)]))
    >>> alternates(matching, k=1).table[["mentee", "rank", "mentor"]].values.tolist()
    [['eve', 1, 'ben']]
    """
    check_matching(matching)
    check_calls(matching.cohort, matching.policy, time_limit)
    if not is_whole(k) or k < 1:
        hint = f"'k' must be a whole number of at least 1, not {told(k)}."
        raise CallError([Finding("bad_argument", hint, column="k")])
    spare = spare_of(matching)
    whole = spare.possible <= MOST_POSSIBLE
    offers = spare.offers(None if whole else max(k, LISTED))
    solution = _planned(spare, offers, time_limit)
    return _told(spare, offers, solution, k, whole=whole)


def _planned(spare: Spare, offers: Offers, time_limit: float | None) -> Solution:
    """The best plan for all pairs at once."""
    from pairmatch.solver import solve

    order = np.lexsort([offers.mentee, offers.mentor])
    mentors, mentees = len(spare.mentors), len(spare.mentees)
    bounds = Loads(
        mentor_capacity=np.minimum(spare.places, max(1, mentees)),
        mentee_capacity=np.minimum(spare.needs, max(1, mentors)),
        mentor_minimum=np.zeros(mentors, np.int64),
        mentee_minimum=np.zeros(mentees, np.int64),
        mentee_hours=spare.hours if spare.hours_left is not None else None,
        mentor_hours=spare.hours_left,
    )
    problem = Problem(
        offers.mentor[order].astype(np.int32),
        offers.mentee[order].astype(np.int32),
        offers.weight[order],
        bounds,
        np.zeros(mentees, bool),
        TIERS,
    )
    return solve(problem, time_limit=time_limit)


def _told(spare: Spare, offers: Offers, solution: Solution, k: int, *, whole: bool) -> Alternates:
    """Tables with ids, by mentee id and rank."""
    import pandas as pd

    starts = np.searchsorted(offers.mentee, np.arange(len(spare.mentees)))
    rank = np.arange(len(offers.mentee)) - starts[offers.mentee]
    best = rank < k
    rows = _rows(spare, offers.mentee[best], offers.mentor[best])
    table = pd.DataFrame(rows, columns=["mentee", "mentor"])
    wanted = Counter(table["mentor"])
    table["weight"], table["rank"] = offers.weight[best] / RESOLUTION, rank[best] + 1
    table["places"] = spare.places[offers.mentor[best]]
    table["wanted"] = [wanted[mentor] for mentor in table["mentor"]]
    table = table[["mentee", "rank", "mentor", "weight", "places", "wanted"]]
    plan = pd.DataFrame(
        _rows(spare, solution.pairs[:, 1], solution.pairs[:, 0]), columns=["mentee", "mentor"]
    )
    plan["weight"] = _weights(spare, offers, solution.pairs) / RESOLUTION
    ids = np.array(spare.scorer.cohort.mentees.ids, object)[spare.mentees]
    listed, planned = set(table["mentee"]), set(plan["mentee"])
    return Alternates(
        table=table.sort_values(["mentee", "rank"], ignore_index=True),
        plan=plan.sort_values(["mentee", "mentor"], ignore_index=True),
        without=tuple(sorted(who for who in ids.tolist() if who not in listed)),
        short=tuple(sorted(listed - planned)),
        gap=max((proof.gap for proof in solution.tiers), default=0.0),
        complete=solution.complete and whole,
    )


def _rows(spare: Spare, mentees: Ints, mentors: Ints) -> list[tuple[Any, Any]]:
    cohort = spare.scorer.cohort
    theirs, ours = spare.mentees[mentees].tolist(), spare.mentors[mentors].tolist()
    return [(cohort.mentees.ids[e], cohort.mentors.ids[m]) for e, m in zip(theirs, ours, strict=True)]


def _weights(spare: Spare, offers: Offers, pairs: Ints) -> Ints:
    """The weights of chosen pairs, mentor first."""
    width = np.int64(max(1, len(spare.mentors)))
    keys = offers.mentee * width + offers.mentor
    order = np.argsort(keys)
    at = np.searchsorted(keys[order], pairs[:, 1] * width + pairs[:, 0])
    return offers.weight[order][at] if len(pairs) else np.empty(0, np.int64)
