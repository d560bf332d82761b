"""A matching's problem solved again with something given up."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np

from pairmatch.diagnosing.applying import Change, applied
from pairmatch.diagnosing.outcome import Before, Outcome
from pairmatch.earlier import Earlier
from pairmatch.errors import CallError, InfeasibleError
from pairmatch.match import solved_again
from pairmatch.scoring.listed import exact
from pairmatch.scoring.stating import Stated, stated

if TYPE_CHECKING:
    from pairmatch.cohort import Cohort
    from pairmatch.matching import Matching
    from pairmatch.policy import Policy
    from pairmatch.problem import Problem, Solution
    from pairmatch.scoring import Scorer
    from pairmatch.scoring.workers import Workers

__all__ = ["Solving"]


class Solving:
    """Solves a matching's problem again with one thing changed, by the way that made the matching.

    Parameters
    ----------
    matching
        The matching.
    scorer
        Its rules and goals with the fitted values, which stay as they are.
    workers
        Who sweeps a large cohort.
    left
        Tells how many seconds are left; None for no limit.
    """

    def __init__(
        self, matching: Matching, scorer: Scorer, workers: Workers, left: Callable[[], float | None]
    ) -> None:
        self.matching, self._scorer, self.workers, self._left = matching, scorer, workers, left

    @cached_property
    def base(self) -> Stated:
        """The problem as it was matched."""
        return self.stated(self.matching.cohort, self.matching.policy)

    @cached_property
    def swept(self) -> bool:
        """Whether there are more pairs than are held."""
        return self.base.beyond is not None

    @cached_property
    def before(self) -> Before:
        """What others are held against."""
        return Before(self.matching, self._scorer, (self.base.built.mentors, self.base.built.mentees))

    def check_time(self) -> None:
        """See whether any time is left.

        Raises
        ------
        NoSolutionError
            None is.
        """
        self._left()

    def stated(self, cohort: Cohort, policy: Policy) -> Stated:
        """The problem of a cohort and a policy that differ a little."""
        revision = self.matching.revision
        return stated(cohort, policy, self._scorer.fit, self.workers, revision=revision)

    def changed(self, change: Change | None, forced: tuple[str, int] | None = None) -> Outcome | None:
        """What the best matching changes once something is given up.

        Parameters
        ----------
        change
            What is given up; None for nothing.
        forced
            Role and position of a person who must have a partner; None for nobody.

        Returns
        -------
        Outcome
            None where there is no such matching.

        Raises
        ------
        NoSolutionError
            No time was left.
        """
        cohort, policy = self.matching.cohort, self.matching.policy
        try:
            stated = self.base if change is None else self.stated(*applied(change, cohort, policy))
            return self.solved(stated, forced)
        except InfeasibleError:
            return None

    def least_disturbed(self, problem: Stated) -> Problem:
        """The problem, which of equally good matchings prefers the one nearest to the matching as it is.

        First that those who have a partner still have one, then that pairs stay.
        """
        stating = problem.built.problem
        if stating.earlier is not None:
            return stating
        if problem.beyond is not None:
            stating = self._with_pairs(stating)
        width, pairs = np.int64(stating.n_mentees), self.before.pairs
        keys = pairs[:, 0] * width + pairs[:, 1]
        required = stating.loads.required[:, 0] * width + stating.loads.required[:, 1]
        running = np.unique(keys[np.isin(keys, stating.mentor * width + stating.mentee)])
        running = running[~np.isin(running, required)]
        ours, theirs = (load.astype(bool).astype(np.int64) for load in self.before.loads)
        earlier = Earlier(
            np.stack([running // width, running % width], axis=1), np.zeros(len(running), bool), ours, theirs
        )
        return replace(stating, earlier=earlier, objective=(*stating.objective, "waited", "kept"))

    def _with_pairs(self, stating: Problem) -> Problem:
        """A problem that holds the required pairs alone with those of the matching too."""
        pairs, built = self.before.pairs, self.base.built
        rows = built.mentors[pairs[:, 0]], built.mentees[pairs[:, 1]]
        weight = exact(self._scorer, *rows)[0]
        mentor = np.concatenate([stating.mentor.astype(np.int64), pairs[:, 0]])
        mentee = np.concatenate([stating.mentee.astype(np.int64), pairs[:, 1]])
        keys, first = np.unique(mentor * stating.n_mentees + mentee, return_index=True)
        mentor, mentee = np.divmod(keys, stating.n_mentees)
        weight = np.concatenate([stating.weight, weight])[first]
        sides = mentor.astype(np.int32), mentee.astype(np.int32)
        return replace(stating, mentor=sides[0], mentee=sides[1], weight=weight)

    def solved(self, problem: Stated, forced: tuple[str, int] | None) -> Outcome:
        """The same for a problem that is stated already.

        Raises
        ------
        InfeasibleError
            There is no such matching.
        NoSolutionError
            No time was left.
        """
        told = self._serving(problem.built.problem, forced)
        nearest = self.least_disturbed(_with(problem, told))
        try:
            return self.before.against(self.solution(_with(problem, nearest)))
        except CallError:
            # Tiers more can need larger numbers than there are.
            return self.before.against(self.solution(_with(problem, told)))

    def _serving(self, problem: Problem, person: tuple[str, int] | None) -> Problem:
        """The problem in which a person must have a partner."""
        if person is None:
            return problem
        name = f"{person[0]}_minimum"
        minimum = getattr(problem.loads, name).copy()
        minimum[person[1]] = max(1, minimum[person[1]])
        return replace(problem, loads=replace(problem.loads, **{name: minimum}))

    def solution(self, problem: Stated) -> Solution:
        """The best matching of a problem, within the changes that a re-match allowed.

        Raises
        ------
        InfeasibleError
            There is none.
        NoSolutionError
            No time was left.
        """
        revision = self.matching.revision
        return solved_again(problem.built.problem, problem.beyond, revision, self._left())


def _with(stated: Stated, problem: Problem) -> Stated:
    return stated._replace(built=replace(stated.built, problem=problem))
