"""What the proofs of one matching share, and whether a proof is of a form that proves anything."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from pairmatch.groups import Coaching, Even, Group, Some, span
from pairmatch.problem import COVERAGE_TIERS, MINIMUMS, RESOLUTION, Ints, Loads, TierProof

__all__ = ["LARGEST", "LOWEST", "Case", "Running", "Strip", "exact_sum", "sound"]

LARGEST = 2**60
"""Prices and gains beyond this could overflow the sums; no honest certificate comes near."""

COUNTING = (*COVERAGE_TIERS, "coached")
"""Tiers of which one person or pair counts as one."""

LOWEST = np.iinfo(np.int64).min


@dataclass(frozen=True)
class Running:
    """What an earlier matching left to the re-match that made this one.

    Attributes
    ----------
    pairs
        Running pairs that may end or are held, ``(n, 2)`` places, sorted; required pairs are not among them.
    held
        Which of them may not end, where that can be helped.
    weights
        Their weights in units.
    waited
        Rounds that each mentor and each mentee waited.
    bonus
        What each that is kept counts in the tier ``"total"``.
    """

    pairs: Ints
    held: NDArray[np.bool_]
    weights: Ints
    waited: tuple[Ints, Ints]
    bonus: int = 0

    def longest(self) -> int:
        """The most that one person waited."""
        return max(int(rounds.max(initial=0)) for rounds in self.waited)

    def rows(self, mentor: Some, mentee: Some) -> NDArray[np.intp]:
        """For each of these pairs its row in ``pairs``, -1 where it is not running."""
        width = np.int64(len(self.waited[1]))
        mine = self.pairs[:, 0] * width + self.pairs[:, 1]
        asked = mentor.astype(np.int64) * width + mentee
        if not len(mine):
            return np.full(len(asked), -1, np.intp)
        at = np.minimum(np.searchsorted(mine, asked), len(mine) - 1)
        return np.where(mine[at] == asked, at, -1)


@dataclass(frozen=True)
class Case:
    """What all tiers of one matching share, in the certificate's order of people.

    Attributes
    ----------
    loads
        Capacities, minimums, required pairs.
    must_match
        Mentees whom the tier must_match counts.
    mentor_load, mentee_load
        Pairs of each person in the matching.
    chosen
        The matching's pairs, ``(n, 2)`` places.
    weights
        Their weights in units.
    values
        Value of each tier; the minimums' is their number of places.
    groups, evens, coaching
        Goals and quotas over groups, and coaches.
    running
        What an earlier matching left; None for a first matching.
    """

    loads: Loads
    must_match: NDArray[np.bool_]
    mentor_load: Ints
    mentee_load: Ints
    chosen: Ints
    weights: Ints
    values: Mapping[str, int]
    groups: tuple[Group, ...] = ()
    evens: tuple[Even, ...] = ()
    coaching: Coaching | None = None
    running: Running | None = None

    @property
    def plain(self) -> bool:
        """Whether nothing concerns more than one pair or person."""
        return not self.groups and not self.evens and self.coaching is None

    def used(self) -> tuple[Ints, Ints]:
        """Required pairs of each person."""
        required = self.loads.required
        return (
            np.bincount(required[:, 0], minlength=len(self.mentor_load)).astype(np.int64),
            np.bincount(required[:, 1], minlength=len(self.mentee_load)).astype(np.int64),
        )


@dataclass(frozen=True)
class Strip:
    """Some mentors against all mentees.

    Attributes
    ----------
    start
        First mentor.
    weight
        int64, in units.
    usable
        Pairs that are allowed, with a place left beside the required pairs, and not required themselves.
    free
        The usable pairs that the matching does not hold.
    reach
        The largest total that the mentee can have with the pair.
    """

    start: int
    weight: Ints
    usable: NDArray[np.bool_]
    free: NDArray[np.bool_]
    reach: Ints


def sound(proof: TierProof, case: Case, earlier: Sequence[str]) -> bool:
    """Whether a proof has the right shape, speaks of earlier tiers only, and cannot overflow."""
    shapes = (proof.mentor_prices.shape, proof.mentee_prices.shape)
    if shapes != ((len(case.mentor_load),), (len(case.mentee_load),)):
        return False
    if not set(proof.multipliers) <= {*earlier, MINIMUMS} - {proof.tier}:
        return False
    return _whole(proof, case) and max(_sizes(proof, case), default=0) < LARGEST


def _whole(proof: TierProof, case: Case) -> bool:
    """Whether what is said of groups, coaches, bundles and scale fits the matching, and each other."""
    coaches = 0 if case.coaching is None else len(case.coaching.capacity)
    shapes = proof.group_prices.shape in ((0,), (len(case.groups),)) and proof.coach_prices.shape in (
        (0,),
        (coaches,),
    )
    scaled = proof.scale >= 1 and (proof.scale == 1 or proof.tier not in ("worst", "leximin"))
    alone = not proof.bundles or not proof.mentor_prices.any()
    least = not proof.canonical or (case.plain and not proof.bundles and proof.scale == 1)
    return shapes and scaled and alone and least and bool((proof.coach_prices >= 0).all())


def _sizes(proof: TierProof, case: Case) -> Iterator[int]:
    """Sizes of all that is added up, in Python's integers."""
    yield _largest(proof.mentor_prices)
    yield _largest(proof.mentee_prices)
    yield _largest(proof.coach_prices)
    times = {**proof.multipliers, proof.tier: proof.scale}
    worth = RESOLUTION
    if case.coaching is not None:
        worth += _largest(case.coaching.mentor_score) + _largest(case.coaching.mentee_score)
    if case.running is not None:
        worth += abs(case.running.bonus)
        waited = abs(times.get("waited", 0)) * case.running.longest()
        yield 2 * waited + abs(times.get("held", 0)) + abs(times.get("kept", 0))
    charged = abs(times.get("total", 0)) + abs(times.get("spread", 0))
    yield abs(times.get(MINIMUMS, 0)) + charged * sum(even.price for even in case.evens)
    grouped = 0
    for price, group in zip(proof.group_prices.tolist(), case.groups, strict=False):
        cells = None if group.pairs is None else group.pairs.cells
        grouped += abs(price) * max(_largest(part) for part in (group.mentors, group.mentees, cells))
    yield grouped + abs(times.get("total", 0)) * worth + sum(abs(times.get(tier, 0)) for tier in COUNTING)


def _largest(values: Ints | None) -> int:
    return 0 if values is None else int(np.abs(values.astype(object)).max(initial=0))


def dearest(group: Group, price: int, times: int, loads: Loads) -> int:
    """The largest ``price * count - times * cost(count)`` over all counts that may be.

    Where no count may be there is no matching at all, and any number is a bound; this one is 0.
    """
    low, high = span(group, loads)
    low = low if group.least is None else max(low, group.least)
    high = high if group.most is None else min(high, group.most)
    bends = [at for at in (group.target, group.limit) if at is not None and low < at < high]
    # Between two bends the line is straight, so that the largest value is at an end or at a bend.
    ends = [low, high] if low <= high else []
    return max((price * at - times * _cost(group, at) for at in (*ends, *bends)), default=0)


def _cost(group: Group, count: int) -> int:
    below = 0 if group.target is None else max(0, group.target - count)
    above = 0 if group.limit is None else max(0, count - group.limit)
    return group.price * (below + above)


def exact_sum(values: Ints) -> int:
    """Sum of int64 values that may overflow int64 together."""
    return (int((values >> 31).sum()) << 31) + int((values & 0x7FFFFFFF).sum())
