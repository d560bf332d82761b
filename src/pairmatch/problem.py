"""What scoring hands to the solver, and what the solver hands back: arrays, no people.

Everything here is in *positions* (0, 1, ...) and in *integers*: a weight is counted in units of
``1 / unit`` (law §4), so that optimality is equality and never a tolerance.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from numbers import Real
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from pairmatch.earlier import REMATCH_TIERS, Earlier
from pairmatch.groups import Coaching, Even, Group

__all__ = [
    "REMATCH_TIERS",
    "RESOLUTION",
    "TIERS",
    "Beyond",
    "Found",
    "Ints",
    "Loads",
    "Priced",
    "Problem",
    "Progress",
    "Solution",
    "Stopped",
    "TierProof",
    "is_above_zero",
    "never",
    "rank_among_equals",
    "units_of",
]

Ints = NDArray[np.int64]

RESOLUTION = 1_000_000
"""Units in a weight of 1 (law §4)."""

TIERS = ("must_match", "mentees", "mentors", "pairs", "worst", "leximin", "coached", "spread", "total")
"""The objective's tiers (law §6)."""

COVERAGE_TIERS = ("must_match", "mentees", "mentors", "pairs")
"""Tiers that count people or pairs."""

WEIGHT_TIERS = ("worst", "leximin", "spread", "total")
"""Tiers measured in weight."""

MINIMUMS = "minimums"
"""The tier before all tiers: places of the hard minimums that are filled. It must be full."""


def units_of(tier: str) -> int:
    """Units in one of what a tier counts: people and pairs are whole, weights are not."""
    return RESOLUTION if tier in WEIGHT_TIERS else 1


@dataclass(frozen=True)
class Progress:
    """What long work tells while it runs.

    Attributes
    ----------
    stage
        What is being done, in a few words.
    done, total
        Steps done and steps in all; ``total`` is 0 where it cannot be known.
    round
        In a search among more pairs than can be stored: which round it is, from 1 on; else 0.
    gap
        How far the best matching so far can be from the best one, as in :class:`TierProof`; None
        where nothing is known yet.
    """

    stage: str
    done: int = 0
    total: int = 0
    round: int = 0
    gap: float | None = None


Report = Callable[[Progress], None]


def is_above_zero(value: Any) -> bool:
    """Whether a caller's value is a number above 0, as a time limit must be; no bool is a number."""
    try:
        return isinstance(value, Real) and not isinstance(value, bool) and float(value) > 0
    except OverflowError:
        return False


def rank_among_equals(sorted_rows: NDArray[Any]) -> NDArray[np.intp]:
    """Place of each entry of a sorted array of whole numbers, from 0 on, among its equals: 0, 1, ..."""
    starts = np.flatnonzero(np.diff(sorted_rows, prepend=-1))
    lengths = np.diff(np.append(starts, len(sorted_rows)))
    return np.arange(len(sorted_rows)) - np.repeat(starts, lengths)


@dataclass(frozen=True)
class Loads:
    """What each person may and must carry (law §7).

    Attributes
    ----------
    mentor_capacity, mentee_capacity
        Most pairs per person, int64 arrays ``(n_mentors,)`` and ``(n_mentees,)``.
    mentor_minimum, mentee_minimum
        Fewest pairs per person; hard.
    required
        Pairs that must be in the matching, ``(n, 2)`` positions, mentor first.
    mentee_hours, mentor_hours
        Hours that one pair with this mentee costs, and each mentor's budget, in units of
        1/100 hour per month; both None where hours do not act.
    """

    mentor_capacity: Ints
    mentee_capacity: Ints
    mentor_minimum: Ints
    mentee_minimum: Ints
    required: Ints = field(default_factory=lambda: np.empty((0, 2), np.int64))
    mentee_hours: Ints | None = None
    mentor_hours: Ints | None = None


def possible_capacity(capacity: Ints, minimum: Ints, others: int) -> Ints:
    """Capacities no larger than the other side, which nobody can exceed, nor below a minimum."""
    return np.minimum(capacity, np.maximum(max(1, others), minimum))


@dataclass(frozen=True)
class Problem:
    """The matching problem in arrays.

    Attributes
    ----------
    mentor, mentee
        Positions of the allowed pairs, int32 ``(n_pairs,)``, sorted by mentor, then mentee.
    weight
        Integer weight of each allowed pair, int64 ``(n_pairs,)``, in units of ``1 / unit``.
    loads
        Capacities, minimums, required pairs, hours.
    must_match
        bool ``(n_mentees,)``: mentees whom the tier ``"must_match"`` counts.
    objective
        Tiers, most important first.
    unit
        Units in a weight of 1.
    pair_hours
        Hours of each allowed pair in units of 1/100 hour, where they differ by pair and not
        only by mentee; else None.
    groups, evens
        Cohort goals and quotas; what their goals cost counts in ``"spread"`` and ``"total"``.
    coaching
        Coaches who are chosen together with the pairs; else None.
    earlier
        What an earlier matching leaves: for a re-match, whose objective may have
        :data:`~pairmatch.earlier.REMATCH_TIERS` too; else None.
    """

    mentor: NDArray[np.int32]
    mentee: NDArray[np.int32]
    weight: Ints
    loads: Loads
    must_match: NDArray[np.bool_]
    objective: tuple[str, ...] = ("must_match", "mentees", "total")
    unit: int = RESOLUTION
    pair_hours: Ints | None = None
    groups: tuple[Group, ...] = ()
    evens: tuple[Even, ...] = ()
    coaching: Coaching | None = None
    earlier: Earlier | None = None

    @property
    def n_mentors(self) -> int:
        """How many mentors there are."""
        return len(self.loads.mentor_capacity)

    @property
    def n_mentees(self) -> int:
        """How many mentees there are."""
        return len(self.loads.mentee_capacity)

    @property
    def single(self) -> bool:
        """Whether no mentee can have more than one mentor."""
        return bool((self.loads.mentee_capacity <= 1).all())


@dataclass(frozen=True)
class TierProof:
    """One tier's value and how well it is proven (law §9).

    A proof by prices says: no matching that gives each earlier tier (and the minimums) its value
    can have more than ``verified_bound`` here, because with integer prices ``u`` (mentors) and ``v``
    (mentees) and a multiplier for each earlier tier,

    ``bound = sum_ij max(0, c_ij - u_i - v_j) + sum_i max_L (g_i(L) + u_i L)
    + sum_j max_M (h_j(M) + v_j M) - sum_earlier multiplier * value``

    where ``c``, ``g`` and ``h`` hold this tier's gains, ``scale`` times, plus the multiplied gains of the
    earlier ones; the whole is divided by ``scale`` and rounded down.

    With prices ``m`` on the problem's groups, ``c``, ``g`` and ``h`` are less by ``m`` times what pairs and
    persons add to the counts, and the bound is more by the largest ``m * count - cost(count)`` of each group
    (:meth:`~pairmatch.groups.Group.dearest`; costs count as often as the tiers ``total`` and ``spread`` do
    together). What goes beyond an even load lowers ``g`` or ``h`` as often.

    With prices ``w >= 0`` on coaches, ``c`` is more by the largest gain less price of a coach who suits the
    pair, where that is above 0, and the bound by ``sum_c capacity_c * w_c``.

    With ``bundles``, mentor prices are 0, and the first two sums are replaced by the best that each mentor
    can do alone: the set of pairs, within capacity and hours, of the largest ``sum (c_ij - v_j) + g_i``.

    Attributes
    ----------
    tier
        Name of the tier.
    value, bound
        Reached value and best bound known, in units (people, pairs, or 1/unit of weight).
    verified_bound
        Best bound that the data and the prices alone prove; never below ``bound``.
    kind
        ``"prices"``, ``"cut"`` or ``"search"``.
    multipliers
        For each earlier tier (and ``"minimums"``), its multiplier.
    mentor_prices, mentee_prices
        Integer prices per person.
    levels
        For ``"leximin"``: all totals of matched mentees, ascending; else empty.
    canonical
        Whether the prices are the least ones that prove the value, so that a change of any one
        of them shows.
    group_prices, coach_prices
        Integer price of each group and each coach of the problem; empty where there are none, or all are 0.
    scale
        How often the tier's own gains count; at least 1.
    bundles
        Whether the bound is by each mentor's best set of pairs and not by mentor prices.
    """

    tier: str
    value: int
    bound: int
    verified_bound: int
    kind: str
    multipliers: Mapping[str, int]
    mentor_prices: Ints
    mentee_prices: Ints
    levels: tuple[int, ...] = ()
    canonical: bool = False
    group_prices: Ints = field(default_factory=lambda: np.empty(0, np.int64))
    coach_prices: Ints = field(default_factory=lambda: np.empty(0, np.int64))
    scale: int = 1
    bundles: bool = False

    @property
    def gap(self) -> float:
        """``(bound - value) / max(|bound|, 1)``."""
        return (self.bound - self.value) / max(abs(self.bound), 1)


@dataclass(frozen=True)
class Solution:
    """The solver's answer.

    Attributes
    ----------
    pairs
        int64 ``(n, 2)``: mentor position, mentee position; sorted.
    tiers
        One proof per tier of the objective.
    complete
        False where a time limit cut the search short.
    coached
        int64 ``(k, 2)``: place in ``pairs``, and the position of its coach; sorted, at most one row a pair.
    stats
        Counts and seconds per step, for the curious.
    """

    pairs: Ints
    tiers: tuple[TierProof, ...]
    complete: bool = True
    stats: Mapping[str, float] = field(default_factory=dict)
    coached: Ints = field(default_factory=lambda: np.empty((0, 2), np.int64))

    @property
    def proven(self) -> bool:
        """Whether no tier has a gap: with hours one may remain though nobody cut the search short."""
        return self.complete and all(proof.gap == 0 for proof in self.tiers)


class Stopped(Exception):
    """The deadline, or whoever asked, stopped a sweep before its end."""


def never() -> bool:
    """Nobody stops the sweep."""
    return False


@dataclass(frozen=True)
class Priced:
    """Prices against which all pairs are held.

    A pair's gain is ``total * weight + pair``, its reduced gain the gain less both people's prices.

    Attributes
    ----------
    mentor_prices, mentee_prices
        Integer prices per person.
    total, pair
        Gain of a unit of weight, and of any pair.
    floor
        Only pairs of at least this weight, in units, count; None for all.
    """

    mentor_prices: Ints
    mentee_prices: Ints
    total: int
    pair: int
    floor: int | None = None


@dataclass(frozen=True)
class Found:
    """Allowed pairs that a sweep found, sorted by mentor, then mentee, each once.

    Attributes
    ----------
    mentor, mentee, weight
        Positions, and weights in units.
    excess
        For each mentor the largest reduced gain over *all* pairs, 0 where none is above 0.
    complete
        False where somebody had more such pairs than were asked for, and only the best were kept.
    cut
        Mentors of whom that may be so; None where nobody tells.
    """

    mentor: NDArray[np.int32]
    mentee: NDArray[np.int32]
    weight: Ints
    excess: Ints
    complete: bool
    cut: NDArray[np.bool_] | None = None


class Beyond(Protocol):
    """All allowed pairs between people with a free place, which nobody stores.

    Required pairs are not among them.
    """

    @property
    def n_pairs(self) -> int:
        """Possible pairs."""
        ...

    def best(self, mentors_each: int, mentees_each: int, stop: Callable[[], bool]) -> Found:
        """The heaviest pairs of each mentor and of each mentee; excess is 0.

        Once ``stop()`` is true, what was found so far: the best of some people are better than none.
        """
        ...

    def beating(
        self, priced: Priced, most: int, stop: Callable[[], bool], *, among: Ints | None = None
    ) -> Found:
        """Pairs whose reduced gain is above 0: the best ``most`` of each mentor, and at least one.

        A mentee may have any number of them. ``among``: the mentors whose pairs count; None for all.

        Raises
        ------
        Stopped
            ``stop()`` was true.
        """
        ...
