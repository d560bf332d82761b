"""The oracle for people: a cohort and a policy, weighed pair by pair with the reference forms alone.

Of scoring it uses `Scorer.pair`, which is plain Python; averages, loads, eligible pairs and how many can be
matched at once are worked out here a second time, so that a mistake in the block forms shows.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import numpy as np

from pairmatch.groups import Coaching, Cross, Even, Group, Places
from pairmatch.parameters import ELIGIBILITY, has_methods, label_of
from pairmatch.policy import Excepted, coach_policy
from pairmatch.problem import RESOLUTION, Ints, Loads, Problem
from pairmatch.rules import MentorsChosen
from pairmatch.scoring.fitting import FINE, PARTNERS, Fit, bound
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
        A policy that fits the cohort. Coaches count where they are chosen together with the pairs.

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
    bounding = (*policy.load_rules, *policy.group_rules)
    broken = [finding for rule in bounding for finding in rule.broken(pairs, cohort)]
    assert not broken, f"the two forms of a rule disagree: {broken}"
    return Best(best.objective, best.values, best.levels, best.optima, pairs)


def reference_problem(
    cohort: Cohort,
    policy: Policy,
    *,
    fit: Fit | None = None,
    running: Collection[tuple[str, str]] = (),
) -> Stated | None:
    """The problem that a cohort and a policy state; None where a required pair needs somebody inactive.

    Parameters
    ----------
    cohort, policy
        A policy that fits the cohort.
    fit
        Fitted values of an earlier cohort; None for this one's.
    running
        Pairs of ids that go on though they weigh less than the policy's bar.
    """
    policy.check(cohort)
    scorer = Scorer(cohort, policy, fit or reference_fit(cohort, policy))
    mentors, mentees = _active(cohort.mentors), _active(cohort.mentees)
    loads = _loads(cohort, policy, mentors, mentees)
    if loads is None:
        return None
    groups, evens = _wholes(cohort, policy, loads)
    arcs = _arcs(scorer, policy.minimum_weight or 0.0, mentors, mentees, running)
    problem = Problem(
        mentor=arcs[:, 0].astype(np.int32),
        mentee=arcs[:, 1].astype(np.int32),
        weight=arcs[:, 2],
        loads=loads,
        must_match=np.array([mentee.get("must_match") is True for mentee in mentees], np.bool_),
        objective=tuple(policy.objective),
        groups=groups,
        evens=evens,
        coaching=_coaching(cohort, policy, loads),
    )
    return Stated(problem, tuple(person.id for person in mentors), tuple(person.id for person in mentees))


def _wholes(cohort: Cohort, policy: Policy, loads: Loads) -> tuple[tuple[Group, ...], tuple[Even, ...]]:
    """Groups and even loads by the positions of the active people."""
    may = _admitted(cohort, policy)
    ours = _capacities(cohort.mentors, may.mentors, loads.mentor_capacity)
    theirs = _capacities(cohort.mentees, may.mentees, loads.mentee_capacity)
    asked = cohort.resting(*(np.array([not n for n in able], np.bool_) for able in (ours, theirs)))
    places = _places(policy, [n for n in ours if n], [n for n in theirs if n])
    rows = {
        "mentors": np.flatnonzero(cohort.mentors.active),
        "mentees": np.flatnonzero(cohort.mentees.active),
    }
    groups: list[Group] = []
    evens: list[Even] = []
    for part in (*policy.cohort_goals, *policy.group_rules):
        price = max(1, round(part.price * RESOLUTION)) if hasattr(part, "price") else 0
        if hasattr(part, "groups"):
            groups += [
                _in_positions(group, label_of(part), price, rows) for group in part.groups(asked, places)
            ]
        if hasattr(part, "evens"):
            evens += [
                Even(label_of(part), even.side, even.load[rows[even.side]], price)
                for even in part.evens(asked, places)
            ]
    return tuple(groups), tuple(evens)


def _coaching(cohort: Cohort, policy: Policy, loads: Loads) -> Coaching | None:
    """The coaches, where they are chosen together with the pairs: each held against each person by itself."""
    own, coaches = policy.coaches, cohort.coaches
    if own is None or coaches is None or not own.jointly:
        return None
    most = int(min(loads.mentor_capacity.sum(), loads.mentee_capacity.sum()))
    unsaid = most if own.capacity is None else own.capacity
    said: list[Any] = [coach.get("capacity") for coach in _active(coaches)]
    capacity = [min(most, unsaid if number is None else int(number)) for number in said]
    alone, worth = coach_policy(policy, own), round(own.weight * RESOLUTION)
    suits, scores = [], []
    for side in PARTNERS:
        facing = cohort.coached(side)
        scorer = Scorer(facing, alone, reference_fit(facing, alone))
        held = [[scorer.pair(one, who) for one in _active(facing.mentors)] for who in _active(facing.mentees)]
        shape = len(held), len(capacity)
        suits.append(np.array([[pair.eligible for pair in row] for row in held], np.bool_).reshape(shape))
        # Half of the worth for each partner, rounded half up.
        half = [[(worth * pair.weight + RESOLUTION) // (2 * RESOLUTION) for pair in row] for row in held]
        scores.append(np.where(suits[-1], np.array(half, np.int64).reshape(shape), 0))
    return Coaching(np.array(capacity, np.int64), suits[0], suits[1], scores[0], scores[1])


def _capacities(everybody: Profiles, admitted: Profiles, capacity: Ints) -> list[int]:
    """The capacity of each person of a table, 0 where they can have no pair."""
    of_active = iter(capacity.tolist())
    both = zip(everybody, admitted, strict=True)
    own = [(person, again, next(of_active) if person.active else 0) for person, again in both]
    return [number if again.active else 0 for _, again, number in own]


def _places(policy: Policy, ours: list[int], theirs: list[int]) -> Places:
    """How many persons and pairs can be matched at once, as far as counting tells."""
    ours, theirs = [min(n, len(theirs)) for n in ours], [min(n, len(ours)) for n in theirs]
    most = min([rule.at_most for rule in policy.rules if isinstance(rule, MentorsChosen)], default=len(ours))
    taken = sorted(ours, reverse=True)[:most]
    return Places(
        mentors=min(len(taken), sum(theirs)),
        mentees=min(len(theirs), sum(taken)),
        pairs=min(sum(taken), sum(theirs)),
    )


def _in_positions(group: Group, label: str, price: int, rows: dict[str, Any]) -> Group:
    """A group stated by rows, as the problem has it."""
    ours, theirs, cross = rows["mentors"], rows["mentees"], group.pairs
    return replace(
        group,
        part=label,
        price=price,
        mentors=None if group.mentors is None else group.mentors[ours],
        mentees=None if group.mentees is None else group.mentees[theirs],
        pairs=None if cross is None else Cross(cross.mentor[ours], cross.mentee[theirs], cross.cells),
    )


def reference_fit(cohort: Cohort, policy: Policy) -> Fit:
    """What the goals learn from the people who are admitted, the averages taken pair by pair."""
    cohort = _admitted(cohort, replace(policy, exceptions=()))
    mentors, mentees = _active(cohort.mentors), _active(cohort.mentees)
    fitted = {label_of(goal): dict(goal.fit(cohort)) for goal in policy.pair_goals if hasattr(goal, "fit")}
    averages: dict[str, int | None] = {}
    judged: dict[str, int] = {}
    for goal in policy.pair_goals:
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
    if isinstance(rule, Excepted) and any(person.id == pair[person.side == "mentees"] for pair in rule.pairs):
        return False
    return getattr(rule, "of", "both") in ("both", person.side) and any(
        person[field] is None for field in rule.fields
    )


def _active(profiles: Profiles) -> list[Person]:
    return [person for person in profiles if person.active]


def _arcs(
    scorer: Scorer,
    bar: float,
    mentors: list[Person],
    mentees: list[Person],
    running: Collection[tuple[str, str]],
) -> Ints:
    """Mentor, mentee and weight of each eligible pair, a row each."""
    rows = []
    excepted = {(one.mentor, one.mentee) for one in scorer.policy.exceptions if one.rule == "minimum_weight"}
    going_on = excepted | set(running)
    for i, mentor in enumerate(mentors):
        for j, mentee in enumerate(mentees):
            pair = scorer.pair(mentor, mentee)
            light = pair.weight / RESOLUTION < bar and (mentor.id, mentee.id) not in going_on
            if pair.eligible and not light:
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
