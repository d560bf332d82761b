"""Hypothesis strategies for problems in arrays: small, contested, often tied."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from hypothesis import strategies as st
from numpy.typing import NDArray

from pairmatch.earlier import Earlier
from pairmatch.problem import COVERAGE_TIERS, REMATCH_TIERS, RESOLUTION, TIERS, Ints, Loads, Problem
from pairmatch.testing.draws import integers, sizes
from pairmatch.testing.group_strategies import coachings, evens
from pairmatch.testing.group_strategies import groups as drawn_groups

__all__ = ["COMMON_OBJECTIVES", "is_valid_objective", "objectives", "problems", "weights"]

COMMON_OBJECTIVES = (
    ("must_match", "mentees", "total"),
    ("total",),
    ("mentees", "total"),
    ("mentees", "mentors", "total"),
    ("mentees", "worst", "total"),
    ("mentees", "leximin"),
)

GROUP_OBJECTIVES = (
    ("must_match", "mentees", "total"),
    ("total",),
    ("mentees", "spread", "total"),
    ("spread", "pairs", "total"),
    ("mentees", "worst", "spread", "total"),
    ("mentees", "total", "spread"),
)

COACH_OBJECTIVES = (("mentees", "coached", "total"), ("mentees", "total"), ("coached", "total"))

REMATCH_OBJECTIVES = (
    ("must_match", "mentees", "kept", "total"),
    ("held", "mentees", "kept", "waited", "total"),
    ("mentees", "waited", "total", "kept"),
    ("mentees", "total"),
    ("mentees", "kept", "worst", "total"),
    ("held", "kept", "mentors", "total"),
)

BONUSES = (0, 0, 3, RESOLUTION // 10, 2 * RESOLUTION)
"""What a running pair counts more: nothing mostly, else from little to more than any weight."""

MOST_TIERS = 7
"""Tiers of a re-match's objective, at most."""

HOUR = 100
"""Units in an hour."""


def is_valid_objective(tiers: Sequence[str], mentee_minimum: bool = False) -> bool:
    """Whether law §6 allows this order: the fairness tiers need coverage before them, or a mentee minimum."""
    places = {tier: place for place, tier in enumerate(tiers)}
    coverage = min((places[tier] for tier in COVERAGE_TIERS if tier in places), default=len(tiers))
    fair = min((places[tier] for tier in ("worst", "leximin") if tier in places), default=len(tiers))
    return bool(tiers) and (mentee_minimum or fair == len(tiers) or coverage < fair)


def objectives(
    mentee_minimum: bool = False, spread: bool = False, coached: bool = False, earlier: bool = False
) -> st.SearchStrategy[tuple[str, ...]]:
    """Objective orders that law §6 allows, the common ones more often than the others.

    Parameters
    ----------
    mentee_minimum
        Whether some mentee must have a mentor, so that no coverage tier is needed.
    spread, coached
        Whether there are cohort goals, and coaches: their tiers may stand in the order then.
    earlier
        Whether there is an earlier matching, so that the tiers of a re-match may stand in the order.
    """
    idle = {*(() if spread else ("spread",)), *(() if coached else ("coached",))}
    tiers = [tier for tier in (*TIERS, *(REMATCH_TIERS if earlier else ())) if tier not in idle]
    # More of the tiers of a re-match than policies lead to need numbers beyond 64 bits.
    most = min(len(tiers), MOST_TIERS) if earlier else len(tiers)
    some = st.lists(st.sampled_from(tiers), min_size=1, max_size=most, unique=True).map(tuple)
    valid = some.map(lambda tiers: tiers if is_valid_objective(tiers, mentee_minimum) else _covered(tiers))
    common = [*(GROUP_OBJECTIVES if spread else ()), *(COACH_OBJECTIVES if coached else ())]
    common += REMATCH_OBJECTIVES if earlier else ()
    return st.one_of(st.sampled_from(common or COMMON_OBJECTIVES), valid)


@st.composite
def weights(draw: st.DrawFn, n_mentors: int, n_mentees: int) -> Ints:
    """Integer weight matrices, mentors in rows, of five kinds.

    Contested (flexible people get on with everybody and difficult people with the flexible only, so
    that taking the best pair first is wrong); a few values, so that there are ties; any numbers at
    all; small counts; some negative.
    """
    cells = n_mentors * n_mentees
    kind = draw(st.sampled_from(("contested", "few", "small", "contested", "signed", "any")))
    if kind == "contested":
        ease = draw(integers(n_mentors + n_mentees, 0, 5, grain=5))
        return _contested(ease[:n_mentors], ease[n_mentors:], draw(integers(cells, 0, 1)))
    if kind == "any":
        return draw(integers(cells, 0, RESOLUTION, grain=271_829)).reshape(n_mentors, n_mentees)
    span = {"few": (0, 2), "small": (0, 5), "signed": (-3, 6)}[kind]
    matrix = draw(integers(cells, *span, grain=7)).reshape(n_mentors, n_mentees)
    return matrix * draw(st.sampled_from((1, RESOLUTION // 10)))


@st.composite
def problems(
    draw: st.DrawFn,
    max_mentors: int = 4,
    max_mentees: int = 4,
    objective: st.SearchStrategy[tuple[str, ...]] | None = None,
    hours: bool | None = None,
    groups: bool | None = False,
    coaching: bool | None = False,
    earlier: bool | None = False,
) -> Problem:
    """Matching problems in arrays, small enough for the oracle.

    Sparse and dense, with ties, contested mentors, capacities, minimums, required pairs, hours,
    zero and negative weights; some have no valid matching.

    Parameters
    ----------
    max_mentors, max_mentees
        Most people per side; there is at least one.
    objective
        Strategy for the objective; by default any valid order of tiers.
    hours
        Whether hours act; by default now and then.
    groups
        Whether there are goals and quotas over groups, and even loads; None for now and then.
    coaching
        Whether there are coaches; None for now and then.
    earlier
        Whether an earlier matching leaves running pairs and waiting people; None for now and then.
    """
    n = draw(sizes(max_mentors))
    m = draw(sizes(max_mentees))
    allowed = draw(_allowed(n, m))
    mentor, mentee = np.nonzero(allowed)
    matrix = draw(weights(n, m))
    acting = draw(st.integers(0, 3)) == 3 if hours is None else hours
    loads = draw(_loads(n, m, np.column_stack([mentor, mentee]), acting))
    by_pair = acting and draw(st.booleans())
    covered = bool(loads.mentee_minimum.any())
    grouped = draw(st.booleans()) if groups is None else groups
    coached = draw(st.integers(0, 3)) == 3 if coaching is None else coaching
    revised = draw(st.booleans()) if earlier is None else earlier
    order = objectives(covered, grouped, coached, revised) if objective is None else objective
    return Problem(
        mentor=mentor.astype(np.int32),
        mentee=mentee.astype(np.int32),
        weight=matrix[mentor, mentee],
        loads=loads,
        must_match=draw(_flags(m)),
        objective=draw(order),
        pair_hours=draw(integers(len(mentor), 0, 4, grain=3)) * HOUR if by_pair else None,
        groups=draw(drawn_groups(n, m)) if grouped else (),
        evens=draw(evens(n, m)) if grouped else (),
        coaching=draw(coachings(n, m)) if coached else None,
        earlier=draw(_earlier(n, m, np.column_stack([mentor, mentee]), loads)) if revised else None,
    )


def _contested(mentors: Ints, mentees: Ints, noise: Ints) -> Ints:
    return 100 - np.outer(mentors, mentees) + noise.reshape(len(mentors), len(mentees))


def _covered(tiers: tuple[str, ...]) -> tuple[str, ...]:
    return ("mentees", *(tier for tier in tiers if tier != "mentees"))


def _flags(count: int) -> st.SearchStrategy[NDArray[np.bool_]]:
    return integers(count, 0, 1).map(lambda values: values == 0)


@st.composite
def _allowed(draw: st.DrawFn, n: int, m: int) -> NDArray[np.bool_]:
    """Which pairs are allowed: all of them, most, or about half."""
    density = draw(st.sampled_from((4, 3, 4, 3, 2)))
    if density == 4:
        return np.ones((n, m), np.bool_)
    return draw(integers(n * m, 0, 3, grain=3)).reshape(n, m) < density


@st.composite
def _earlier(draw: st.DrawFn, n: int, m: int, pairs: Ints, loads: Loads) -> Earlier:
    """Some of the allowed pairs that are not required; now and then more than places are left for."""
    required = {(i, j) for i, j in loads.required.tolist()}
    free = np.array([(i, j) not in required for i, j in pairs.tolist()], bool)
    share = draw(st.sampled_from((1, 2, 3)))
    running = pairs[free & (draw(integers(len(pairs), 0, 3, grain=3)) < share)].astype(np.int64)
    waits = draw(st.booleans())
    return Earlier(
        pairs=running,
        held=draw(_flags(len(running))),
        mentors_waited=draw(integers(n, 0, 2, grain=1)) * waits,
        mentees_waited=draw(integers(m, 0, 2, grain=2)) * waits,
        bonus=draw(st.sampled_from(BONUSES)),
    )


@st.composite
def _loads(draw: st.DrawFn, n: int, m: int, pairs: Ints, hours: bool) -> Loads:
    mentor_capacity, mentee_capacity = draw(_capacities(n)), draw(_capacities(m))
    required = draw(_required(pairs))
    return Loads(
        mentor_capacity=mentor_capacity,
        mentee_capacity=mentee_capacity,
        mentor_minimum=draw(_minimums(mentor_capacity)),
        mentee_minimum=draw(_minimums(mentee_capacity)),
        required=required,
        mentee_hours=draw(integers(m, 0, 4, grain=3)) * HOUR if hours else None,
        mentor_hours=draw(integers(n, 0, 6, grain=4)) * HOUR if hours else None,
    )


def _capacities(count: int) -> st.SearchStrategy[Ints]:
    """Mostly one pair each; else one to three, or none for some."""
    ones = st.just(np.ones(count, np.int64))
    return st.one_of(ones, integers(count, 1, 3), ones.map(np.copy), integers(count, 0, 2, grain=1))


@st.composite
def _minimums(draw: st.DrawFn, capacity: Ints) -> Ints:
    """Mostly none; else one for a few people, or now and then more than can be carried."""
    if draw(st.integers(0, 4)) < 4:
        return np.zeros_like(capacity)
    asked = draw(integers(len(capacity), -3, 2, grain=4)).clip(0)
    return asked if draw(st.integers(0, 9)) == 9 else np.minimum(asked, capacity)


@st.composite
def _required(draw: st.DrawFn, pairs: Ints) -> Ints:
    """Mostly none; else one or two of the allowed pairs."""
    if not len(pairs) or draw(st.integers(0, 5)) < 5:
        return np.empty((0, 2), np.int64)
    rows = draw(st.lists(st.integers(0, len(pairs) - 1), min_size=1, max_size=2, unique=True))
    return pairs[sorted(rows)].astype(np.int64)
