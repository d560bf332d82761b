"""``pairmatch.match``: from a cohort and a policy to a proven matching."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any, Protocol

import numpy as np
from numpy.typing import NDArray

from pairmatch.checking import (
    Cancel,
    check_calls,
    check_memory,
    check_pairs,
    check_revision,
    coach_plan,
    pairs_made,
    people_left,
    remarks_on,
)
from pairmatch.conflicts import with_conflict
from pairmatch.errors import Finding, InfeasibleError, VerificationError
from pairmatch.matching import Certificate, CoachPlan, Matching, Revision
from pairmatch.problem import Beyond, Priced, Problem, Report, Solution, TierProof, never
from pairmatch.relaxing import Relaxed, asked_of, relaxed
from pairmatch.scoring import Built, Fit, fit, visible_columns
from pairmatch.scoring.revised import places_of_people
from pairmatch.scoring.scorer import MINIMUM_WEIGHT
from pairmatch.scoring.stating import stated
from pairmatch.scoring.sweep import Sweep
from pairmatch.scoring.workers import Workers

if TYPE_CHECKING:
    from concurrent.futures import Executor

    from pairmatch.cohort import Cohort
    from pairmatch.policy import Policy

__all__ = ["Work", "check_required", "checked", "make", "match", "solved_again", "with_ids"]

LEAST_SECONDS = 0.01

FACE = 200
"""Pairs of each mentor, at most, that are looked at to tell whether there is another optimum."""


def match(
    cohort: Cohort,
    policy: Policy,
    *,
    time_limit: float | None = None,
    progress: Report | None = None,
    executor: Executor | None = None,
    cancel: Cancel | None = None,
    memory_limit: int | str | None = None,
    relax: Sequence[str] | None = None,
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
    executor
        Where the pairs of a large cohort are swept: any :class:`concurrent.futures.Executor`, which is left
        open. None: threads of this process. The answer is the same everywhere.
    cancel
        Anything with ``is_set()``, as :class:`threading.Event`: once it is set, the best matching so far is
        returned, as when a time limit ends.
    memory_limit
        Most memory that the match may need, in bytes or as text like ``"2 GB"``; an estimate is held against
        it before work starts.
    relax
        Labels of rules that may give way where else somebody is left out or no matching is valid, the first
        before the second, and so on: rules about pairs and ``"minimum_weight"`` by exceptions for single
        pairs, minimums, capacities and quotas by their number, required pairs one by one. As few as bring
        coverage to where it would be without these rules: fewest exceptions of the last rule named, then of
        the one before. The matching's own policy holds what was relaxed; ``exceptions`` shows the pairs.

    Returns
    -------
    Matching
        Its pairs have been checked by code that does not use the solver.

    Raises
    ------
    PolicyError
        The policy does not fit the cohort, or a rule or goal of yours contradicts itself.
    InfeasibleError
        Required pairs, minimums, quotas and hours leave no valid matching. Its ``conflict`` tells which of
        them contradict each other, and what would mend that.
    NoSolutionError
        The work was ended, by a time limit or a cancellation, before a valid matching was found.
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
    check_calls(cohort, policy, time_limit, progress, executor, cancel, memory_limit)
    work = Work(time_limit, progress, executor, cancel)
    policy.check(cohort)
    check_memory(cohort, policy, memory_limit, executor)
    asked = () if relax is None else asked_of(policy, relax)
    fitted = fit(cohort, policy)
    told = (lambda: work.left), work.cancelled
    given_way = relaxed(cohort, policy, fitted, asked, *told) if asked else Relaxed(policy)
    try:
        matching = checked(make(cohort, given_way.policy, fitted, work))
        return replace(matching, stats={**matching.stats, **given_way.stats})
    except InfeasibleError as error:
        raise with_conflict(error, cohort, given_way.policy, fitted, seconds=work.left) from None


@dataclass(frozen=True)
class Work:
    """How long the work of a matching may take, who is told, and where it is done.

    Attributes
    ----------
    time_limit, progress, executor, cancel
        As for :func:`match`.
    started
        When the work began, in seconds of a clock that only goes on.
    """

    time_limit: float | None = None
    progress: Report | None = None
    executor: Executor | None = None
    cancel: Cancel | None = None
    started: float = field(default_factory=time.monotonic)

    @property
    def left(self) -> float | None:
        """Seconds left; None for no limit."""
        if self.time_limit is None:
            return None
        return max(self.time_limit - (time.monotonic() - self.started), LEAST_SECONDS)

    @property
    def cancelled(self) -> Callable[[], bool] | None:
        """What to ask whether the work is to end."""
        return None if self.cancel is None else self.cancel.is_set


class Solver(Protocol):
    """Who solves a problem: :func:`pairmatch.solver.solve`, or something round it."""

    def __call__(
        self,
        problem: Problem,
        *,
        beyond: Beyond | None = None,
        time_limit: float | None = None,
        progress: Report | None = None,
        cancelled: Callable[[], bool] | None = None,
    ) -> Solution:
        """The best matching of a problem."""
        ...


def make(
    cohort: Cohort,
    policy: Policy,
    fitted: Fit,
    work: Work,
    *,
    fitted_on: str | None = None,
    revision: Revision | None = None,
    solver: Solver | None = None,
) -> Matching:
    """A matching, not yet checked: :func:`checked` does that.

    Parameters
    ----------
    cohort, policy
        A policy that fits the cohort; for a re-match with the revision laid over them.
    fitted, fitted_on
        Fitted values, and the fingerprint of the cohort that they were fitted on; None for this cohort.
    work
        Deadline, and who is told.
    revision
        What a re-match is asked; None for a first matching.
    solver
        Who solves the problem; None for the solver's own verb.
    """
    started = time.monotonic()
    with Workers(work.executor) as workers:
        built, beyond = stated(cohort, policy, fitted, workers, work.progress, revision=revision)
        check_required(cohort, built, revision)
        scored = time.monotonic()
        solution = _solved(cohort, built, beyond, work, solver)
        stats = {**solution.stats, "scoring_seconds": scored - started}
        if beyond is not None:
            stats |= {**beyond.stats, "blocks_repeated": workers.repeated}
        solution = replace(solution, stats=stats)
        matching = _assembled(cohort, policy, fitted, built, solution, workers)
        matching = replace(
            matching,
            fitted_on=fitted_on or cohort.fingerprint,
            coaching=_coached(matching, built, solution, work.cancel),
            revision=revision,
        )
    return matching


def checked(matching: Matching) -> Matching:
    """The matching, once its pairs have been checked without the solver.

    Raises
    ------
    VerificationError
        If the solver broke its word.
    """
    told = matching, matching.cohort, matching.policy
    wrong = check_pairs(*told) + check_revision(*told)
    if wrong:
        raise VerificationError(wrong)
    return matching


def another_optimum_of(matching: Matching, time_limit: float | None) -> bool | None:
    """Whether a matching's problem has another optimum; the problem is built again.

    Nobody can say where a re-match was to change so much and no more.
    """
    from pairmatch.solver import another_optimum

    cohort, policy = matching.cohort, matching.policy
    check_calls(cohort, policy, time_limit)
    if matching.revision is not None and matching.revision.max_changes is not None:
        return None
    with Workers() as workers:
        fitted = Fit.from_dict(matching.fitted)
        built, beyond = stated(cohort, policy, fitted, workers, revision=matching.revision)
        mentors = places_of_people(cohort.mentors, built.mentors)
        mentees = places_of_people(cohort.mentees, built.mentees)
        pairs = sorted((mentors[m.mentor], mentees[m.mentee], m.weight) for m in matching.made)
        chosen = np.array(pairs, np.int64).reshape(-1, 3)
        proofs, complete = matching.certificate.proofs, matching.certificate.complete
        whole, problem = True, built.problem
        if beyond is not None:
            problem, whole = _on_the_face(problem, beyond, proofs, chosen)
    answer = another_optimum(problem, Solution(chosen[:, :2], proofs, complete), time_limit=time_limit)
    return answer if answer or whole else None


def solved_again(
    problem: Problem, beyond: Beyond | None, revision: Revision | None, time_limit: float | None
) -> Solution:
    """A problem like a matching's, solved within the changes that its re-match allowed."""
    from pairmatch.solver import solve
    from pairmatch.solver.limited import limited

    if revision is None or revision.max_changes is None:
        return solve(problem, beyond=beyond, time_limit=time_limit)
    most = revision.max_changes + revision.without_room
    return limited(problem, most, beyond=beyond, time_limit=time_limit)


def _on_the_face(
    problem: Problem, beyond: Sweep, proofs: tuple[TierProof, ...], chosen: NDArray[np.int64]
) -> tuple[Problem, bool]:
    """A large problem with the pairs alone that the prices leave open, and whether these are all of them."""
    total = [proof for proof in proofs if proof.tier == "total" and proof.value == proof.verified_bound]
    if not total:
        return problem, False
    priced = Priced(total[0].mentor_prices, total[0].mentee_prices, 1, total[0].multipliers.get("pairs", 0))
    found = beyond.attaining(priced, 0, FACE, never)
    listed = np.stack([found.mentor, found.mentee, found.weight], axis=1)
    pairs = np.unique(np.concatenate([listed, chosen]), axis=0)
    mentor, mentee = pairs[:, 0].astype(np.int32), pairs[:, 1].astype(np.int32)
    return replace(problem, mentor=mentor, mentee=mentee, weight=pairs[:, 2]), found.complete


def check_required(cohort: Cohort, built: Built, revision: Revision | None) -> None:
    """A required pair must pass every rule and the minimum weight; say which one it does not pass."""
    found = []
    running = set() if revision is None else set(revision.running)
    for place in built.problem.loads.required.tolist():
        mentor = cohort.mentors.person(built.mentors[place[0]])
        mentee = cohort.mentees.person(built.mentees[place[1]])
        if (mentor.id, mentee.id) in running:
            continue
        score = built.scorer.pair(mentor, mentee)
        barred = list(score.forbidden_by)
        light = built.scorer.is_light(mentor.id, mentee.id, score.weight)
        barred += [MINIMUM_WEIGHT] if light and not barred else []
        hint = "a required pair is forbidden by this rule; drop the one or the other"
        found += [
            Finding("required_pair_forbidden", hint, "pairs", f"{mentor.id} + {mentee.id}", 0, by)
            for by in barred
        ]
    if found:
        raise InfeasibleError(found)


def _solved(
    cohort: Cohort,
    built: Built,
    beyond: Sweep | None,
    work: Work,
    solver: Solver | None,
) -> Solution:
    """The solver's answer; its positions in errors become ids."""
    from pairmatch.solver import solve

    told: dict[str, Any] = {"time_limit": work.left, "progress": work.progress, "cancelled": work.cancelled}
    try:
        return (solver or solve)(built.problem, beyond=beyond, **told)
    except InfeasibleError as error:
        raise with_ids(error, cohort, built) from None


def with_ids(error: InfeasibleError, cohort: Cohort, built: Built) -> InfeasibleError:
    """The error with ids in place of the solver's positions."""
    return InfeasibleError(_named(finding, cohort, built) for finding in error.findings)


def _named(finding: Finding, cohort: Cohort, built: Built) -> Finding:
    """A finding about a position told by id; one about no single person as it is."""
    people = {"mentors": (cohort.mentors, built.mentors), "mentees": (cohort.mentees, built.mentees)}
    if finding.side not in people or not finding.id:
        return finding
    profiles, rows = people[finding.side]
    return replace(finding, id=profiles.ids[rows[int(finding.id)]])


def _coached(matching: Matching, built: Built, solution: Solution, cancel: Cancel | None) -> CoachPlan | None:
    """The coaches of the pairs: those chosen with them, or the best ones for them as they are."""
    from pairmatch.solver import assign_coaches

    jointly = built.problem.coaching is not None
    if built.suiting is not None and not jointly:
        cancelled = None if cancel is None else cancel.is_set
        solution = assign_coaches(built.suiting.coaching, solution.pairs, cancelled=cancelled)
    return coach_plan(matching.cohort, built, matching.made, solution, jointly=jointly)


def _assembled(
    cohort: Cohort, policy: Policy, fitted: Fit, built: Built, solution: Solution, workers: Workers
) -> Matching:
    mentor_ids = tuple(cohort.mentors.ids[row] for row in built.mentors.tolist())
    mentee_ids = tuple(cohort.mentees.ids[row] for row in built.mentees.tolist())
    columns = visible_columns(cohort, policy, left_out=fitted.left_out)
    mentors, mentees = built.mentors[solution.pairs[:, 0]], built.mentees[solution.pairs[:, 1]]
    return Matching(
        cohort=cohort,
        policy=policy,
        made=pairs_made(built.scorer, columns, mentors, mentees),
        left=people_left(built, solution.pairs, workers, settled=solution.proven),
        columns=columns.names,
        certificate=Certificate(solution.tiers, mentor_ids, mentee_ids, solution.complete),
        fitted=fitted.to_dict(),
        fitted_on=cohort.fingerprint,
        remarks=remarks_on(cohort, policy, fitted),
        stats=solution.stats,
    )
