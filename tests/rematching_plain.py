"""A re-match by trying everything: what must come out, by raw tables and reference forms alone."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

import pairmatch as pm
from pairmatch import rules
from pairmatch.earlier import Earlier
from pairmatch.problem import Problem
from pairmatch.scoring import Fit, Scorer
from pairmatch.testing import reference_problem
from pairmatch.testing.oracle import Best, brute_force_problem, every_matching, tier_scores
from pairmatch.testing.reference import Stated
from pairmatch.testing.tables import Tables

Pair = tuple[str, str]


@dataclass(frozen=True)
class Events:
    """What happened since: ids as tests draw them."""

    failed: tuple[Pair, ...] = ()
    left: tuple[tuple[str, str], ...] = ()
    capacities: tuple[tuple[str, str, int], ...] = ()
    movable: tuple[Pair, ...] | str | None = None
    disturbance: str = "after_coverage"
    stability: float = 0.1
    max_changes: int | None = None
    waited: tuple[tuple[str, str, int], ...] = ()
    minimum_weight: float | None = None

    @property
    def arguments(self) -> dict[str, Any]:
        """As `rematch` takes them."""
        return {
            "failed": list(self.failed),
            "left": [(side, who) for side, who in self.left],
            "capacities": [(side, who, most) for side, who, most in self.capacities],
            "waited": [(side, who, rounds) for side, who, rounds in self.waited],
            "movable": self.movable,
            "disturbance": self.disturbance,
            "stability": self.stability,
            "max_changes": self.max_changes,
            "minimum_weight": self.minimum_weight,
        }


@dataclass(frozen=True)
class Expected:
    """What every right answer shares.

    Attributes
    ----------
    running, ended
        Pairs before that could go on; all others.
    required
        Whether the running pairs that may not end all fit.
    best
        Values of the tiers; None where there is no valid matching.
    """

    running: frozenset[Pair]
    ended: frozenset[Pair]
    required: bool
    best: Best[int] | None


def laid_over(tables: Tables, events: Events) -> Tables:
    """The raw tables, with who left and other capacities written into the cells."""
    for side, who in events.left:
        tables = _written(tables, side, "active", who, "no")
    for side, who, most in events.capacities:
        tables = _written(tables, side, "capacity", who, str(most))
    return tables


def _written(tables: Tables, side: str, column: str, who: str, cell: str) -> Tables:
    cells = dict(getattr(tables, side))
    if who not in cells["id"]:
        return tables
    own = list(cells.get(column, [None] * len(cells["id"])))
    own[cells["id"].index(who)] = cell
    changes: Mapping[str, Any] = {side: {**cells, column: own}}
    return replace(tables, **changes)


def expected(
    made: Iterable[Pair],
    tables: Tables | None,
    policy: pm.Policy,
    fit: Fit,
    events: Events,
    *,
    cohort: pm.Cohort | None = None,
) -> Expected:
    """What a re-match must find, by trying everything.

    Parameters
    ----------
    made
        The pairs before.
    tables
        The people now, before anything is laid over them.
    policy, fit
        The policy before, without what failed, and what was fitted then.
    events
        What happened.
    cohort
        The people in place of raw tables, where nobody left and capacities are the same.
    """
    if cohort is None:
        assert tables is not None
        cohort = laid_over(tables, events).cohort()
    known = [pair for rule in policy.rules if isinstance(rule, rules.NotFailed) for pair in rule.pairs]
    others = [rule for rule in policy.rules if not isinstance(rule, rules.NotFailed)]
    gone = tuple(sorted({*events.failed, *known}))
    policy = replace(policy, rules=[*others, rules.NotFailed(gone)] if gone else others)
    if events.minimum_weight is not None:
        policy = replace(policy, minimum_weight=events.minimum_weight)
    made = frozenset(made)
    running = frozenset(
        pair for pair in made if pair not in events.failed and _runs(pair, cohort, policy, fit)
    )
    movable = _movable(events, running)
    stated = reference_problem(cohort, policy, fit=fit, running=running)
    if stated is None:
        return Expected(running, made - running, True, None)
    held = _positions(stated, running - movable)
    required = _among(stated.problem, held)
    problem = _problem(required, stated, movable, frozenset(), events, ())
    best = _best(problem, events, _without(problem, events, ("kept",)))
    if best is not None or not len(held):
        return Expected(running, made - running, True, best)
    problem = _problem(stated.problem, stated, running, running - movable, events, ("held",))
    without = _without(problem, events, ("held", "kept"))
    return Expected(running, made - running, False, _best(problem, events, without))


def _without(problem: Problem, events: Events, tiers: tuple[str, ...]) -> int:
    """How many running pairs must end, whatever else is given up for them; it matters to a limit alone."""
    if events.max_changes is None or problem.earlier is None:
        return 0
    least = _best(replace(problem, objective=tiers), replace(events, max_changes=None), 0)
    return 0 if least is None else len(problem.earlier.pairs) - least.values[-1]


def _movable(events: Events, running: frozenset[Pair]) -> frozenset[Pair]:
    if events.max_changes == 0:
        return frozenset()
    everything = events.movable == "all" or (events.movable is None and events.max_changes is not None)
    named: Collection[Any] = events.movable or ()
    return running if everything else running & {*named}


def _runs(pair: Pair, cohort: pm.Cohort, policy: pm.Policy, fit: Fit) -> bool:
    """Whether both take part and every rule allows the pair, by the reference forms."""
    people = []
    for side, who in zip((cohort.mentors, cohort.mentees), pair, strict=True):
        if who not in side.ids or not side.person(side.position(who)).active:
            return False
        people.append(side.person(side.position(who)))
    return Scorer(cohort, policy, fit).pair(*people).eligible


def _positions(stated: Stated, pairs: Iterable[Pair]) -> Any:
    rows = sorted((stated.mentors.index(a), stated.mentees.index(b)) for a, b in pairs)
    return np.array(rows, np.int64).reshape(-1, 2)


def _among(problem: Problem, held: Any) -> Problem:
    required = np.unique(np.concatenate([problem.loads.required, held]), axis=0)
    return replace(problem, loads=replace(problem.loads, required=required))


def _required(stated: Stated) -> frozenset[Pair]:
    return frozenset(stated.named([(int(i), int(j)) for i, j in stated.problem.loads.required.tolist()]))


def _problem(
    problem: Problem,
    stated: Stated,
    loose: frozenset[Pair],
    held: frozenset[Pair],
    events: Events,
    first: tuple[str, ...],
) -> Problem:
    """The problem whose running pairs are these, by the order of law §13."""
    pairs = _positions(stated, loose - _required(stated))
    waits = [
        np.array([sum(n for s, w, n in events.waited if (s, w) == (side, who)) for who in ids], np.int64)
        for side, ids in (("mentors", stated.mentors), ("mentees", stated.mentees))
    ]
    bonus = round(events.stability * 1_000_000) if events.disturbance == "weighted" else 0
    earlier = Earlier(
        pairs, np.array([pair in held for pair in _named(stated, pairs)], np.bool_), waits[0], waits[1], bonus
    )
    movable = bool(loose - held)
    tiers = order(problem.objective, events, movable=movable)
    return replace(problem, earlier=earlier, objective=(*first, *tiers))


def _named(stated: Stated, pairs: Any) -> list[Pair]:
    return [(stated.mentors[i], stated.mentees[j]) for i, j in pairs.tolist()]


def order(objective: tuple[str, ...], events: Events, *, movable: bool) -> tuple[str, ...]:
    """The order of law §13: mentees covered, pairs kept, rounds waited, then the rest of the policy's."""
    coverage: list[str] = []
    for at, tier in enumerate(objective):
        if tier not in ("must_match", "mentees", "mentors", "pairs"):
            break
        if tier in ("must_match", "mentees"):
            coverage = list(objective[: at + 1])
    rest = list(objective[len(coverage) :])
    waits = ["waited"] if events.waited else []
    kept = ["kept"] if movable and events.disturbance != "weighted" else []
    if events.disturbance == "last":
        return (*coverage, *waits, *rest, *kept)
    return (*coverage, *kept, *waits, *rest)


def _best(problem: Problem, events: Events, without: int) -> Best[int] | None:
    """The best of all matchings in which no more running pairs end than may."""
    if events.max_changes is None or problem.earlier is None:
        return brute_force_problem(problem)
    found = every_matching(problem)
    kept = tier_scores(problem, found, "kept")
    found = found.where(kept >= len(problem.earlier.pairs) - without - events.max_changes)
    if not len(found.loads):
        return None
    values = []
    for tier in problem.objective:
        scores = tier_scores(problem, found, tier)
        values.append(int(scores.max()))
        found = found.where(scores == scores.max())
    return Best(problem.objective, tuple(values), (), len(found.loads), ())
