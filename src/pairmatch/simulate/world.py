"""The people of a simulated programme: who could be paired with whom, and how well as the policy sees it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from pairmatch.checking import check_calls
from pairmatch.dropping import Dropping
from pairmatch.errors import CallError, Finding
from pairmatch.problem import COVERAGE_TIERS, Ints, Loads, Problem, Report
from pairmatch.scoring import fit
from pairmatch.scoring.stating import stated
from pairmatch.scoring.workers import Workers

if TYPE_CHECKING:
    from pairmatch.cohort import Cohort
    from pairmatch.policy import Policy

__all__ = ["World"]

PLAIN = (*COVERAGE_TIERS, "total")
"""Tiers whose best values add up over many years side by side."""

FINE = 2**16
"""Fine units in a unit of weight: they settle ties, the same way however many runs are solved together."""

SURE = 0.999
"""A probability of leaving counts as no more than this: no rate is infinite."""

UNFIT = {
    "size": "has more pairs than can be stored; simulate a part of it",
    "mentees": "lets a mentee have several mentors at once; a simulated mentee has one",
    "loads": "has minimums, required pairs or hours, which a simulation does not know; leave them out",
    "groups": "has cohort goals, quotas or coaches chosen with the pairs, which a simulation does not know; "
    "leave them out",
    "objective": f"has a tier that a simulation does not know; it knows {', '.join(PLAIN)}",
    "pairs": "leaves fewer than two eligible pairs; there is nothing to simulate",
}


@dataclass(frozen=True, eq=False, repr=False)
class World:
    """People and their eligible pairs, scored once. Made by :meth:`of`.

    Attributes
    ----------
    problem
        The eligible pairs with their weights, and each mentor's places.
    mentors, mentees
        Ids, by position in the problem.
    mentor_risk, mentee_risk
        How many times as fast as their side on average each person leaves: one number per person, or 1.
    """

    problem: Problem
    mentors: tuple[str, ...]
    mentees: tuple[str, ...]
    mentor_risk: NDArray[np.float64] | float = 1.0
    mentee_risk: NDArray[np.float64] | float = 1.0

    @classmethod
    def of(
        cls,
        cohort: Cohort,
        policy: Policy,
        *,
        dropping: Dropping | None = None,
        progress: Report | None = None,
    ) -> World:
        """Score a cohort once, for as many simulated years as you like.

        Parameters
        ----------
        cohort
            Everybody who may ever take part in the year; those who are not active are left out.
        policy
            Pair rules, pair goals and an order of objectives of tiers that count people or pairs, and
            ``"total"``. Its matchings are those of :func:`pairmatch.match`.
        dropping
            Who is more likely to leave than others of the same side, as :func:`pairmatch.dropping.dropping`
            tells it of this cohort; how many leave is said by the assumptions. None: all alike.
        progress
            Called while pairs are scored.

        Raises
        ------
        CallError
            If an argument is of the wrong kind, or the cohort or the policy asks for what a simulation does
            not know: hours, minimums, required pairs, cohort goals, coaches, several mentors for a mentee.
        PolicyError
            If the policy does not fit the cohort.
        """
        check_calls(cohort, policy, None, progress)
        _check_dropping(cohort, dropping)
        policy.check(cohort)
        with Workers() as workers:
            built, beyond = stated(cohort, policy, fit(cohort, policy), workers, progress)
        _refuse(built.problem, swept=beyond is not None)
        ids = cohort.mentors.ids, cohort.mentees.ids
        rows = built.mentors.tolist(), built.mentees.tolist()
        mentors, mentees = (tuple(side[row] for row in each) for side, each in zip(ids, rows, strict=True))
        loads = Loads(*_places(built.problem), *_none(built.problem))
        world = cls(replace(built.problem, loads=loads), mentors, mentees)
        if dropping is None:
            return world
        risks = _risks(dropping.mentors[built.mentors]), _risks(dropping.mentees[built.mentees])
        return replace(world, mentor_risk=risks[0], mentee_risk=risks[1])

    @property
    def shape(self) -> tuple[int, int]:
        """How many mentors and mentees there are."""
        return len(self.mentors), len(self.mentees)

    @cached_property
    def promise(self) -> NDArray[np.float64]:
        """Each pair's weight in standard deviations from the average eligible pair's, ``(n_pairs,)``."""
        weight = self.problem.weight.astype(np.float64)
        spread = weight.std()
        return np.asarray((weight - weight.mean()) / spread if spread else np.zeros(len(weight)))

    @cached_property
    def tie(self) -> Ints:
        """Fine units of each pair, drawn once: those of any matching make less than a unit of weight."""
        most = FINE // (self.shape[1] + 1)
        return np.random.default_rng(0).integers(0, max(1, most), len(self.problem.weight))

    @cached_property
    def fine(self) -> Ints:
        """Each pair's weight in fine units, ``(n_pairs,)``."""
        return np.asarray(self.problem.weight * FINE + self.tie)

    @cached_property
    def table(self) -> NDArray[np.float64]:
        """Weights as a matrix, mentors by mentees; 0 where a pair is not eligible."""
        table = np.zeros(self.shape)
        table[self.problem.mentor, self.problem.mentee] = self.problem.weight / self.problem.unit
        return table

    def __repr__(self) -> str:
        mentors, mentees = self.shape
        pairs = f"{len(self.problem.weight):,} eligible pairs"
        return f"<World of {mentors:,} mentors x {mentees:,} mentees: {pairs}>"


def _check_dropping(cohort: Cohort, told: object) -> None:
    """Probabilities are those of this cohort's people."""
    if told is None:
        return
    if not isinstance(told, Dropping) or told.ids != (cohort.mentors.ids, cohort.mentees.ids):
        hint = "'dropping' must be what dropping(cohort) tells of this very cohort, or None"
        raise CallError([Finding("bad_argument", hint, column="dropping")])


def _risks(probability: NDArray[np.float64]) -> NDArray[np.float64]:
    """Rates of leaving, beside their average."""
    rates = -np.log1p(-np.minimum(probability, SURE))
    average = rates.mean()
    return np.asarray(rates / average if average else np.ones(len(rates)))


def _places(problem: Problem) -> tuple[Ints, Ints]:
    return problem.loads.mentor_capacity, problem.loads.mentee_capacity


def _none(problem: Problem) -> tuple[Ints, Ints]:
    return np.zeros(problem.n_mentors, np.int64), np.zeros(problem.n_mentees, np.int64)


def _refuse(problem: Problem, *, swept: bool) -> None:
    """Everything at once that keeps a cohort and a policy from being simulated."""
    loads = problem.loads
    bound = bool(loads.mentor_minimum.any() or loads.mentee_minimum.any() or len(loads.required))
    unfit = {
        "size": swept,
        "mentees": not problem.single,
        "loads": bound or loads.mentor_hours is not None,
        "groups": bool(problem.groups or problem.evens) or problem.coaching is not None,
        "objective": not set(problem.objective) <= set(PLAIN),
        "pairs": not swept and len(problem.weight) < 2,
    }
    sides = {"size": "cohort", "mentees": "cohort", "pairs": "cohort"}
    found = [
        Finding(
            "cannot_simulate",
            f"the {sides.get(name, 'policy')} {UNFIT[name]}",
            column=sides.get(name, "policy"),
        )
        for name, bad in unfit.items()
        if bad
    ]
    if found:
        raise CallError(found)
