"""The problem of a cohort: with all its pairs at hand, or with a sweep for those that nobody stores."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from pairmatch.errors import Finding, PolicyError
from pairmatch.problem import Report
from pairmatch.scoring.building import Built, build, build_required
from pairmatch.scoring.coaches import suiting
from pairmatch.scoring.listed import exact
from pairmatch.scoring.revised import requiring, revised
from pairmatch.scoring.size import is_swept, refuse_too_many
from pairmatch.scoring.sweep import Sweep

if TYPE_CHECKING:
    from pairmatch.cohort import Cohort
    from pairmatch.matching import Revision
    from pairmatch.policy import Policy
    from pairmatch.scoring.fitting import Fit
    from pairmatch.scoring.workers import Workers

__all__ = ["Stated", "stated"]


class Stated(NamedTuple):
    """A problem, and the sweep for the pairs that it does not hold; None where it holds all."""

    built: Built
    beyond: Sweep | None


def stated(
    cohort: Cohort,
    policy: Policy,
    fit: Fit,
    workers: Workers,
    progress: Report | None = None,
    *,
    also: tuple[int, int] | None = None,
    revision: Revision | None = None,
) -> Stated:
    """The problem that a cohort and a policy state.

    Parameters
    ----------
    cohort, policy, fit
        A policy that fits the cohort, and the fitted values.
    workers
        Who sweeps a large cohort.
    progress
        Told after each block.
    also
        Rows of a mentor and a mentee who are required to be a pair, beside what the policy requires.
    revision
        What a re-match is asked, whose cohort and policy these are with the revision laid over them: the
        problem then has its tiers, and all running pairs at hand. None for a first matching.

    Raises
    ------
    InfeasibleError
        If a required pair needs a person who is not active.
    PolicyError
        If a rule or goal contradicts itself.
    CallError
        If there are more pairs than can be held, and a tier needs them all.
    """
    required = _requiring(build_required(cohort, policy, fit), also)
    required = required if revision is None else requiring(required, revision)
    problem = required.problem
    groups = bool(problem.groups or problem.evens)
    if not is_swept(problem.loads, problem.objective, groups=groups):
        refuse_too_many(problem.loads, problem.objective, groups=groups)
        built = build(cohort, policy, fit, progress)
        loaded = replace(built, problem=replace(built.problem, loads=problem.loads))
        built = loaded if revision is None else revised(built, problem)
        return Stated(_with_coaches(built, cohort, policy, fit), None)
    sweep = Sweep(required.scorer, required.mentors, required.mentees, problem.loads, workers, progress)
    if sweep.audit():
        hint = "a goal's form, or what a rule tells of all pairs at once, is not what it says of single pairs"
        raise PolicyError([Finding("wrong_form", hint, side="policy")])
    return Stated(_with_coaches(required, cohort, policy, fit), sweep)


def _with_coaches(built: Built, cohort: Cohort, policy: Policy, fit: Fit) -> Built:
    """The problem with its coaches at hand; the solver sees them where they are chosen with the pairs."""
    people = built.mentors, built.mentees
    found = suiting(cohort, policy, fit.coaches, *people, built.problem.loads)
    jointly = found is not None and policy.coaches is not None and policy.coaches.jointly
    coaching = found.coaching if found is not None and jointly else None
    return replace(built, suiting=found, problem=replace(built.problem, coaching=coaching))


def _requiring(built: Built, rows: tuple[int, int] | None) -> Built:
    """The problem with one more required pair."""
    if rows is None:
        return built
    mentor, mentee = (
        int(np.flatnonzero(order == row)[0])
        for order, row in zip((built.mentors, built.mentees), rows, strict=True)
    )
    problem = built.problem
    loads = replace(problem.loads, required=np.concatenate([problem.loads.required, [[mentor, mentee]]]))
    weight = exact(built.scorer, [rows[0]], [rows[1]])[0]
    pairs = replace(
        problem,
        mentor=np.append(problem.mentor, np.int32(mentor)),
        mentee=np.append(problem.mentee, np.int32(mentee)),
        weight=np.append(problem.weight, weight),
        loads=loads,
    )
    return replace(built, problem=pairs)
