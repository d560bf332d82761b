"""The oracle for people: a cohort and a policy, weighed pair by pair with the reference forms alone.

Of scoring it uses `Scorer.pair`, which is plain Python; averages, loads and eligible pairs are worked
out here a second time, so that a mistake in the block forms shows.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from pairmatch.parameters import ELIGIBILITY, has_methods, label_of
from pairmatch.problem import RESOLUTION, Ints, Loads, Problem
from pairmatch.scoring.fitting import FINE, Fit, bound
from pairmatch.scoring.gauge import Gauge
from pairmatch.scoring.scorer import Scorer
from pairmatch.testing.oracle import Best, brute_force_problem

if TYPE_CHECKING:
    from pairmatch.cohort import Cohort, Person, Profiles
    from pairmatch.policy import Policy

__all__ = ["Stated", "brute_force", "reference_fit", "reference_problem"]


@dataclass(frozen=True)
class Stated:
    """What a cohort and a policy ask for, as a problem in arrays.

    Attributes
    ----------
    problem
        The problem; its positions are those of the active people in the order of the tables.
    mentors, mentees
        Their ids.
    """

    problem: Problem
    mentors: tuple[str, ...]
    mentees: tuple[str, ...]

    def named(self, pairs: Iterable[tuple[int, int]]) -> tuple[tuple[str, str], ...]:
        """Pairs of positions as pairs of ids, sorted."""
        return tuple(sorted((self.mentors[mentor], self.mentees[mentee]) for mentor, mentee in pairs))


def brute_force(cohort: Cohort, policy: Policy) -> Best[str] | None:
    """The best matching of a small cohort, found by trying all; None where no matching is valid.

    Parameters
    ----------
    cohort
        At most about 5 × 5 active people.
    policy
        A policy that fits the cohort.

    Raises
    ------
    PolicyError
        If the policy does not fit the cohort.
    CallError
        If there are too many matchings to try.
    """
    stated = reference_problem(cohort, policy)
    best = None if stated is None else brute_force_problem(stated.problem)
    if stated is None or best is None:
        return None
    pairs = stated.named(best.pairs)
    broken = [finding for rule in policy.load_rules for finding in rule.broken(pairs, cohort)]
    assert not broken, f"the two forms of a load rule disagree: {broken}"
    return Best(best.objective, best.values, best.levels, best.optima, pairs)


def reference_problem(cohort: Cohort, policy: Policy) -> Stated | None:
    """The problem that a cohort and a policy state; None where a required pair needs somebody inactive."""
    policy.check(cohort)
    scorer = Scorer(cohort, policy, reference_fit(cohort, policy))
    mentors, mentees = _active(cohort.mentors), _active(cohort.mentees)
    loads = _loads(cohort, policy, mentors, mentees)
    if loads is None:
        return None
    arcs = _arcs(scorer, policy.minimum_weight or 0.0, mentors, mentees)
    problem = Problem(
        mentor=arcs[:, 0].astype(np.int32),
        mentee=arcs[:, 1].astype(np.int32),
        weight=arcs[:, 2],
        loads=loads,
        must_match=np.array([mentee.get("must_match") is True for mentee in mentees], np.bool_),
        objective=tuple(policy.objective),
    )
    return Stated(problem, tuple(person.id for person in mentors), tuple(person.id for person in mentees))


def reference_fit(cohort: Cohort, policy: Policy) -> Fit:
    """What the goals learn from the people who are admitted, the averages taken pair by pair."""
    cohort = _admitted(cohort, policy)
    mentors, mentees = _active(cohort.mentors), _active(cohort.mentees)
    fitted = {label_of(goal): dict(goal.fit(cohort)) for goal in policy.goals if hasattr(goal, "fit")}
    averages: dict[str, int | None] = {}
    judged: dict[str, int] = {}
    for goal in policy.goals:
        label = label_of(goal)
        gauge = Gauge(bound(goal, fitted.get(label)), cohort)
        scores = [gauge.score_pair(mentor, mentee) for mentor in mentors for mentee in mentees]
        known = [round(score * FINE) for score in scores if score is not None]
        judged[label] = len(known)
        # Half up: the floor of the average and a half.
        averages[label] = (2 * sum(known) + len(known)) // (2 * len(known)) if known else None
    return Fit(averages, fitted, judged, len(mentors) * len(mentees), sampled=False)


def _admitted(cohort: Cohort, policy: Policy) -> Cohort:
    """The cohort without those whom a rule about people does not admit, asked one by one."""
    about_people = [rule for rule in policy.pair_rules if has_methods(rule, ELIGIBILITY)]

    def out(person: Person) -> bool:
        return any(
            rule.bars(person) or (getattr(rule, "missing", "") == "forbid" and _lacks(rule, person))
            for rule in about_people
        )

    flags = [
        np.array([out(person) for person in side], np.bool_) for side in (cohort.mentors, cohort.mentees)
    ]
    return cohort.resting(*flags)


def _lacks(rule: Any, person: Person) -> bool:
    return getattr(rule, "of", "both") in ("both", person.side) and any(
        person[field] is None for field in rule.fields
    )


def _active(profiles: Profiles) -> list[Person]:
    return [person for person in profiles if person.active]


def _arcs(scorer: Scorer, bar: float, mentors: list[Person], mentees: list[Person]) -> Ints:
    """Mentor, mentee and weight of each eligible pair, a row each."""
    rows = []
    for i, mentor in enumerate(mentors):
        for j, mentee in enumerate(mentees):
            pair = scorer.pair(mentor, mentee)
            if pair.eligible and pair.weight / RESOLUTION >= bar:
                rows.append((i, j, pair.weight))
    return np.array(rows, np.int64).reshape(-1, 3)


def _loads(cohort: Cohort, policy: Policy, mentors: list[Person], mentees: list[Person]) -> Loads | None:
    """The loads of the active people, after the policy's load rules."""
    whole = Loads(
        mentor_capacity=_own(cohort.mentors, "capacity", policy.mentors.capacity),
        mentee_capacity=_own(cohort.mentees, "capacity", policy.mentees.capacity),
        mentor_minimum=_own(cohort.mentors, "minimum", policy.mentors.minimum),
        mentee_minimum=_own(cohort.mentees, "minimum", policy.mentees.minimum),
    )
    for rule in policy.load_rules:
        whole = rule.bound(whole, cohort)
    left = [cohort.mentors.position(person.id) for person in mentors]
    right = [cohort.mentees.position(person.id) for person in mentees]
    required = {(int(i), int(j)) for i, j in whole.required.tolist()}
    if not all(i in left and j in right for i, j in required):
        return None
    places = sorted((left.index(i), right.index(j)) for i, j in required)
    return Loads(
        mentor_capacity=whole.mentor_capacity[left],
        mentee_capacity=whole.mentee_capacity[right],
        mentor_minimum=whole.mentor_minimum[left],
        mentee_minimum=whole.mentee_minimum[right],
        required=np.array(places, np.int64).reshape(-1, 2),
        mentee_hours=None if whole.mentee_hours is None else whole.mentee_hours[right],
        mentor_hours=None if whole.mentor_hours is None else whole.mentor_hours[left],
    )


def _own(profiles: Profiles, field: str, default: int) -> Ints:
    said: list[Any] = [person.get(field) for person in profiles]
    return np.array([default if value is None else int(value) for value in said], np.int64)
