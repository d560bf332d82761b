"""Groups after ``"leximin"``: its levels as if there were no groups, then the groups on the matchings left.

Groups that only cost something change no tier before the first one that counts what they cost. What is left
after the levels is a smaller problem of the same kind. No prices know the levels, so what prices prove of a
later tier is proven with the floor alone.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from pairmatch.errors import NoSolutionError
from pairmatch.problem import Problem, Report, Solution, TierProof
from pairmatch.solver.bundled.quick import half_of, positions
from pairmatch.solver.clock import Clock
from pairmatch.solver.course import Course
from pairmatch.solver.faces import restrict
from pairmatch.solver.floors import reach, revalued
from pairmatch.solver.groups.counts import has_charges, has_quotas
from pairmatch.solver.groups.grouped import Grouped
from pairmatch.solver.groups.started import values_of
from pairmatch.solver.hand import places_of
from pairmatch.solver.restated import restated
from pairmatch.solver.search import Infeasible

__all__ = ["is_levelled", "solve_levelled"]

LEVELS = "leximin"

CHARGED = {"spread", "total"}


def is_levelled(problem: Problem) -> bool:
    """Whether this way serves: one mentor each, no quotas, and nothing that groups cost before the levels."""
    tiers = problem.objective
    if LEVELS not in tiers or "worst" in tiers[tiers.index(LEVELS) :] or problem.coaching is not None:
        return False
    plain = problem.single and problem.loads.mentor_hours is None and not has_quotas(problem)
    return plain and has_charges(problem) and not CHARGED & set(tiers[: tiers.index(LEVELS)])


def solve_levelled(problem: Problem, clock: Clock, report: Report | None) -> Solution:
    """The tiers up to the levels by flows, the others by prices of groups.

    Parameters
    ----------
    problem
        Its pairs must be usable, see :func:`~pairmatch.solver.faces.usable`.
    clock, report
        The deadline, and who is told.
    """
    number = problem.objective.index(LEVELS) + 1
    before, after = problem.objective[:number], problem.objective[number:]
    course = _Levelled(replace(problem, objective=before, groups=(), evens=()), clock, report)
    first = course.run()
    pairs = positions(problem, first.pairs)
    proofs = [replace(proof, canonical=False) for proof in first.tiers]
    complete = first.complete
    if after:
        inner = course.inner
        second = None if inner is None else _within(problem, inner, after, pairs, clock, report)
        pairs = pairs if second is None else positions(problem, second.pairs)
        found = _after(problem, after, first.tiers[-1].value, pairs, clock, second)
        complete = complete and second is not None and second.complete
        proofs += found
    told = tuple(revalued(problem, proof, pairs, complete) for proof in proofs)
    complete = complete or all(proof.value == proof.bound for proof in told)
    return Solution(places_of(problem, pairs), told, complete, {**first.stats, "seconds": clock.elapsed})


class _Levelled(Course):
    """A course that tells what is left after the levels."""

    @property
    def inner(self) -> Problem | None:
        """The matchings with the best levels, as a problem without groups; None where time was short."""
        return None if self._inner is None else self._inner[0].problem


def _within(
    problem: Problem,
    inner: Problem,
    after: tuple[str, ...],
    pairs: NDArray[np.intp],
    clock: Clock,
    report: Report | None,
) -> Solution | None:
    """The later tiers, among the matchings with the best levels."""
    part = replace(inner, groups=problem.groups, evens=problem.evens, objective=after)
    return _grouped(part, problem, pairs, half_of(clock), report)


def _grouped(
    part: Problem, problem: Problem, pairs: NDArray[np.intp], clock: Clock, report: Report | None = None
) -> Solution | None:
    """Tiers by prices of groups, from pairs of another problem on."""
    keys = part.mentor.astype(np.int64) * part.n_mentees + part.mentee
    hand = problem.mentor[pairs].astype(np.int64) * part.n_mentees + problem.mentee[pairs]
    work = Grouped(part, clock, report)
    work.directed.offer(np.flatnonzero(np.isin(keys, hand)))
    try:
        return work.run()
    except (Infeasible, NoSolutionError):
        return None


def _after(
    problem: Problem,
    after: tuple[str, ...],
    floor: int,
    pairs: NDArray[np.intp],
    clock: Clock,
    second: Solution | None,
) -> list[TierProof]:
    """What prices prove of the later tiers with the floor alone, and what holds among the best levels."""
    part = restrict(problem, reach(problem) >= floor).problem
    tiers = tuple(tier for tier in problem.objective if tier not in (LEVELS, "worst"))
    loose = _grouped(replace(part, objective=tiers), problem, pairs, clock)
    if loose is None:
        raise NoSolutionError("no matching above the floor")
    here = values_of(problem, pairs)
    sharp = {} if second is None else {proof.tier: proof.bound for proof in second.tiers}
    told = [restated(part, proof, here) for proof in loose.tiers if proof.tier in after]
    return [replace(proof, bound=min(proof.bound, sharp.get(proof.tier, proof.bound))) for proof in told]
