"""``pairmatch.match``: from a cohort and a policy to a proven matching."""

from __future__ import annotations

import time
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from pairmatch.checking import check_calls, check_pairs, remarks_on
from pairmatch.errors import CallError, Finding, InfeasibleError, VerificationError
from pairmatch.matching import Certificate, Left, Made, Matching, Standing, left_of
from pairmatch.problem import Problem, Report, Solution
from pairmatch.scoring import Built, Fit, barred, build, fit, lacks, visible_columns
from pairmatch.scoring.scorer import MINIMUM_WEIGHT, SAME_PERSON

if TYPE_CHECKING:
    from pairmatch.cohort import Cohort
    from pairmatch.policy import Policy

__all__ = ["match"]

LEAST_SECONDS = 0.01

MOST_PAIRS = 200_000_000
"""Possible pairs that a match takes on: at some 60 bytes for each that the rules allow."""


def match(
    cohort: Cohort,
    policy: Policy,
    *,
    time_limit: float | None = None,
    progress: Report | None = None,
) -> Matching:
    """Pair mentors with mentees: optimal in the policy's order of objectives, with the proof.

    Parameters
    ----------
    cohort
        The people.
    policy
        Rules, goals and the order of objectives.
    time_limit
        Seconds, > 0; None for no limit. A limit may leave a gap, which the certificate then states.
    progress
        Called with a :class:`pairmatch.Progress` now and then.

    Returns
    -------
    Matching
        Its pairs have been checked by code that does not use the solver.

    Raises
    ------
    PolicyError
        The policy does not fit the cohort.
    InfeasibleError
        Required pairs, minimums and hours leave no valid matching.
    NoSolutionError
        The time limit ended before a valid matching was found.
    CallError
        The arguments cannot be used.

    Examples
    --------
    >>> import pandas as pd
    >>> import pairmatch as pm
    >>> from pairmatch import goals, rules
    >>> mentors = pd.DataFrame(
    ...     {"id": ["ana", "ben"], "department": ["IT", "Law"], "hobbies": ["chess", "golf"]}
    ... )
    >>> mentees = pd.DataFrame({"id": ["eve"], "department": ["Law"], "hobbies": ["golf; chess"]})
    >>> policy = pm.Policy(rules=[rules.DifferentDepartment()], goals=[goals.SharedHobbies(weight=1)])
    >>> matching = pm.match(pm.Cohort(mentors, mentees), policy)
    >>> matching.pairs[["mentor", "mentee"]].values.tolist()
    [['ana', 'eve']]
    >>> matching.certificate.gap
    0.0
    """
    check_calls(cohort, policy, time_limit, progress)
    started = time.monotonic()
    policy.check(cohort)
    _refuse_too_many(cohort)
    fitted = fit(cohort, policy)
    built = build(cohort, policy, fitted, progress)
    _check_required(cohort, policy, built)
    scored = time.monotonic()
    left = None if time_limit is None else max(time_limit - (scored - started), LEAST_SECONDS)
    solution = _solved(cohort, built, left, progress)
    matching = _assembled(cohort, policy, fitted, built, solution, scored - started)
    wrong = check_pairs(matching, cohort, policy)
    if wrong:
        raise VerificationError(wrong)
    return matching


def another_optimum_of(matching: Matching, time_limit: float | None) -> bool | None:
    """Whether a matching's problem has another optimum; the problem is built again."""
    from pairmatch.solver import another_optimum

    cohort, policy = matching.cohort, matching.policy
    check_calls(cohort, policy, time_limit)
    built = build(cohort, policy, Fit.from_dict(matching.fitted))
    mentors, mentees = _places(cohort.mentors.ids, built.mentors), _places(cohort.mentees.ids, built.mentees)
    pairs = sorted((mentors[made.mentor], mentees[made.mentee]) for made in matching.made)
    chosen = np.array(pairs, np.int64).reshape(-1, 2)
    proofs, complete = matching.certificate.proofs, matching.certificate.complete
    return another_optimum(built.problem, Solution(chosen, proofs, complete), time_limit=time_limit)


def _places(ids: tuple[str, ...], rows: NDArray[np.int64]) -> dict[str, int]:
    return {ids[row]: place for place, row in enumerate(rows.tolist())}


def _refuse_too_many(cohort: Cohort) -> None:
    """Say so before hours of work end in a lack of memory."""
    mentors, mentees = int(cohort.mentors.active.sum()), int(cohort.mentees.active.sum())
    if mentors * mentees > MOST_PAIRS:
        hint = (
            f"{mentors:,} active mentors and {mentees:,} active mentees make {mentors * mentees:,} possible "
            f"pairs; this version holds at most {MOST_PAIRS:,} in memory. Match region by region, or in waves"
        )
        raise CallError([Finding("too_many_pairs", hint)])


def _check_required(cohort: Cohort, policy: Policy, built: Built) -> None:
    """A required pair must pass every rule and the minimum weight; say which one it does not pass."""
    found = []
    for place in built.problem.loads.required.tolist():
        mentor = cohort.mentors.person(built.mentors[place[0]])
        mentee = cohort.mentees.person(built.mentees[place[1]])
        score = built.scorer.pair(mentor, mentee)
        barred = list(score.forbidden_by)
        barred += [MINIMUM_WEIGHT] if score.weight < built.scorer.bar and not barred else []
        hint = "a required pair is forbidden by this rule; drop the one or the other"
        found += [
            Finding("required_pair_forbidden", hint, "pairs", f"{mentor.id} + {mentee.id}", 0, by)
            for by in barred
        ]
    if found:
        raise InfeasibleError(found)


def _solved(cohort: Cohort, built: Built, time_limit: float | None, progress: Report | None) -> Solution:
    """The solver's answer; its positions in errors become ids."""
    from pairmatch.solver import solve

    try:
        return solve(built.problem, time_limit=time_limit, progress=progress)
    except InfeasibleError as error:
        ids = {"mentors": (cohort.mentors.ids, built.mentors), "mentees": (cohort.mentees.ids, built.mentees)}
        raise InfeasibleError(
            replace(f, id=ids[f.side][0][ids[f.side][1][int(f.id)]]) if f.side in ids else f
            for f in error.findings
        ) from None


def _assembled(
    cohort: Cohort, policy: Policy, fitted: Fit, built: Built, solution: Solution, seconds: float
) -> Matching:
    mentor_ids = tuple(cohort.mentors.ids[row] for row in built.mentors.tolist())
    mentee_ids = tuple(cohort.mentees.ids[row] for row in built.mentees.tolist())
    columns = visible_columns(cohort, policy, left_out=fitted.left_out)
    made = [_made(cohort, built, columns, pair) for pair in solution.pairs.tolist()]
    return Matching(
        cohort=cohort,
        policy=policy,
        made=tuple(sorted(made, key=lambda pair: (pair.mentor, pair.mentee))),
        left=_left(cohort, built, solution),
        columns=columns.names,
        certificate=Certificate(solution.tiers, mentor_ids, mentee_ids, solution.complete),
        fitted=fitted.to_dict(),
        fitted_on=cohort.fingerprint,
        remarks=remarks_on(cohort, policy, fitted),
        stats={**solution.stats, "scoring_seconds": seconds},
    )


def _made(cohort: Cohort, built: Built, columns: Any, pair: list[int]) -> Made:
    mentor, mentee = (
        cohort.mentors.person(built.mentors[pair[0]]),
        cohort.mentees.person(built.mentees[pair[1]]),
    )
    score = built.scorer.pair(mentor, mentee)
    completeness = columns.completeness(built.scorer, score)
    return Made(mentor.id, mentee.id, score.weight, completeness, columns.told(score.contributions))


def _left(cohort: Cohort, built: Built, solution: Solution) -> tuple[Left, ...]:
    """Everybody without a partner, with the reason; mentees first, by id."""
    tally, loads = built.tally, built.problem.loads
    mentor_room, mentee_room = _room(built.problem, solution.pairs)
    sides = (
        ("mentee", cohort.mentees, built.mentees, loads.mentee_capacity, tally.mentee_eligible,
         tally.mentee_forbidden, mentee_room, solution.pairs[:, 1]),
        ("mentor", cohort.mentors, built.mentors, loads.mentor_capacity, tally.mentor_eligible,
         tally.mentor_forbidden, mentor_room, solution.pairs[:, 0]),
    )  # fmt: skip
    left, lacking, barring = [], lacks(cohort, built.scorer.policy), barred(cohort, built.scorer.policy)
    for role, people, rows, capacity, eligible, forbidden, room, paired in sides:
        place_of = {row: place for place, row in enumerate(rows.tolist())}
        served = set(paired.tolist())
        for row, identifier in enumerate(people.ids):
            place = place_of.get(row)
            if place is None:
                standing = Standing(False, 0, 0, 0, 0, 0, {})
            elif place in served:
                continue
            else:
                taken = {label: int(counts[place]) for label, counts in forbidden.items()}
                light = taken.get(MINIMUM_WEIGHT, 0)
                counts = (int(eligible[place]), light, int(room[0][place]), int(room[1][place]))
                partners = int(built.problem.n_mentors if role == "mentee" else built.problem.n_mentees)
                partners -= taken[SAME_PERSON]
                rules = tuple(lacking[role][row]), tuple(barring[role][row])
                standing = Standing(True, int(capacity[place]), *counts, taken, partners, *rules)
            left.append(left_of(role, identifier, standing))
    return tuple(sorted(left, key=lambda person: (person.role != "mentee", person.id)))


Counts = tuple[NDArray[np.int64], NDArray[np.int64]]


def _room(problem: Problem, pairs: NDArray[np.int64]) -> tuple[Counts, Counts]:
    """For each mentor and each mentee: eligible partners with a free place, and with hours too."""
    loads = problem.loads
    open_mentor = np.bincount(pairs[:, 0], minlength=problem.n_mentors) < loads.mentor_capacity
    open_mentee = np.bincount(pairs[:, 1], minlength=problem.n_mentees) < loads.mentee_capacity
    affordable = np.ones(len(problem.mentor), bool)
    if loads.mentor_hours is not None and loads.mentee_hours is not None:
        spent = np.zeros(problem.n_mentors, np.int64)
        np.add.at(spent, pairs[:, 0], loads.mentee_hours[pairs[:, 1]])
        affordable = loads.mentee_hours[problem.mentee] <= (loads.mentor_hours - spent)[problem.mentor]

    def count(person: NDArray[np.int32], free: NDArray[np.bool_], people: int) -> Counts:
        return np.bincount(person[free], minlength=people), np.bincount(
            person[free & affordable], minlength=people
        )

    return (
        count(problem.mentor, open_mentee[problem.mentee], problem.n_mentors),
        count(problem.mentee, open_mentor[problem.mentor], problem.n_mentees),
    )
