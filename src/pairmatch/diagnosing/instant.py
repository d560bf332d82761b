"""One more place, or one exception, tried by paths from the matching as it is: nothing is solved anew."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from pairmatch.errors import CallError, SolverError
from pairmatch.problem import Ints, Problem, Solution, TierProof, units_of
from pairmatch.scoring.listed import exact
from pairmatch.scoring.sweep import Sweep
from pairmatch.solver.repair import Events, Standing, in_hand, is_repairable

if TYPE_CHECKING:
    from pairmatch.blocking import Reach
    from pairmatch.diagnosing.outcome import Outcome
    from pairmatch.diagnosing.solving import Solving
    from pairmatch.diagnosing.trial import Trial

__all__ = ["Instant", "instant_for"]

NOTHING = np.empty(0, np.int64)

LARGEST = 2**59
"""Up to which sums over all people are exact."""

APART = 256
"""How often a tier counts that which follows it: more people and pairs than one path moves, as a rule.

Where one moves more, the values do not reach their bounds, and nothing is claimed.
"""


class Instant:
    """A solved problem that knows the exceptions that may be tried, none of which is allowed yet.

    Parameters
    ----------
    solving
        Tells what an outcome changes.
    reach
        Positions by id.
    standing
        The repair engine; its problem allows all the exceptions.
    exceptions
        Their pairs, in positions, mentor first, by mentor and mentee id.
    """

    def __init__(
        self,
        solving: Solving,
        reach: Reach,
        standing: Standing,
        exceptions: dict[tuple[str, str], tuple[int, int]],
    ) -> None:
        self._solving, self._reach, self._standing = solving, reach, standing
        self._exceptions = exceptions

    def outcome(self, trial: Trial, alone: tuple[str, int] | None = None) -> Outcome | None:
        """What the best matching with it changes; None where paths cannot tell.

        Parameters
        ----------
        trial
            What is given up.
        alone
            Role and position of the only one, of those of this role who have no partner, who may get one.
        """
        if trial.kind not in ("place", "exception"):
            return None
        own = self._exceptions.get((trial.mentor, trial.mentee))
        if trial.kind == "exception" and own is None:
            return None
        barred = [pair for pair in self._exceptions.values() if trial.kind == "place" or pair != own]
        sizes: dict[str, dict[int, int]] = {"mentor": {}, "mentee": {}}
        if trial.kind == "place":
            place = self._reach.places(trial.role)[trial.id]
            capacity = getattr(self._standing.problem.loads, f"{trial.role}_capacity")
            sizes[trial.role][place] = int(capacity[place]) + 1
        failed = np.array(barred, np.int64).reshape(-1, 2)
        away = {"mentor": NOTHING, "mentee": NOTHING}
        if alone is not None:
            loads = dict(zip(("mentor", "mentee"), self._solving.before.loads, strict=True))
            away[alone[0]] = np.setdiff1d(np.flatnonzero(loads[alone[0]] == 0), [alone[1]])
        events = Events(
            failed=failed,
            mentors_left=away["mentor"],
            mentees_left=away["mentee"],
            mentor_capacity=sizes["mentor"],
            mentee_capacity=sizes["mentee"],
        )
        try:
            repaired = self._standing.repair(events)
            if not repaired.proven:
                return None
            tiers = tuple(_proof(tier, value) for tier, value in repaired.values.items())
            return self._solving.before.against(Solution(self._standing.pairs, tiers))
        except SolverError:
            return None
        finally:
            self._standing.undo()


def instant_for(solving: Solving, reach: Reach, trials: Sequence[Trial]) -> Instant | None:
    """The problem of a matching ready for these trials; None where paths cannot repair it."""
    revision = solving.matching.revision
    if revision is not None and revision.max_changes is not None:
        return None
    problem, solution, sweep = _ready(solving)
    if not is_repairable(problem, solution):
        return None
    margin = None
    if sweep is not None:
        problem, margin = in_hand(problem, solution, sweep)
    found = [one for one in trials if one.kind == "exception"]
    ours, theirs = reach.places("mentor"), reach.places("mentee")
    pairs = {(one.mentor, one.mentee): (ours[one.mentor], theirs[one.mentee]) for one in found}
    problem = _allowing(problem, reach, np.array([*pairs.values()], np.int64).reshape(-1, 2))
    try:
        standing = Standing(problem, solution, sweep, margin)
    except (CallError, SolverError):
        return None
    return Instant(solving, reach, standing, pairs)


def _ready(solving: Solving) -> tuple[Problem, Solution, Sweep | None]:
    """The problem, its best matching, and the way to the pairs that it does not hold."""
    base, built = solving.base, solving.base.built
    pairs = solving.before.pairs
    claimed = Solution(pairs[np.lexsort((pairs[:, 1], pairs[:, 0]))], solving.matching.certificate.proofs)
    problem, solution = _nearest(solving.least_disturbed(base), claimed)
    if base.beyond is None:
        return problem, solution, None
    loads = replace(problem.loads, required=np.empty((0, 2), np.int64))
    return problem, solution, Sweep(built.scorer, built.mentors, built.mentees, loads, solving.workers)


def _nearest(problem: Problem, claimed: Solution) -> tuple[Problem, Solution]:
    """The matching with proofs for the tiers that keep it as it is.

    Whatever counts for what is chosen already takes nothing from a proof by prices: the same prices prove it.
    """
    proofs, earlier = list(claimed.tiers), problem.earlier
    if earlier is None or len(problem.objective) == len(proofs):
        return problem, claimed
    waits = int(earlier.mentors_waited.sum() + earlier.mentees_waited.sum())
    for tier, value in (("waited", waits), ("kept", len(earlier.pairs))):
        last = proofs[-1]
        times = min(value + 1, APART)
        mixture = {name: times * n for name, n in {**last.multipliers, last.tier: last.scale}.items()}
        prices = times * last.mentor_prices, times * last.mentee_prices
        if times * _largest(last) * (problem.n_mentors + problem.n_mentees + 2) > LARGEST:
            return replace(problem, objective=problem.objective[: len(claimed.tiers)], earlier=None), claimed
        proofs.append(TierProof(tier, value, value, value, "prices", mixture, *prices))
    return problem, replace(claimed, tiers=tuple(proofs))


def _largest(proof: TierProof) -> int:
    """The largest price, and the most that a pair gains."""
    prices = [int(np.abs(side).max(initial=0)) for side in (proof.mentor_prices, proof.mentee_prices)]
    times = {**proof.multipliers, proof.tier: proof.scale}
    return max(*prices, sum(n * units_of(tier) for tier, n in times.items()))


def _allowing(problem: Problem, reach: Reach, pairs: Ints) -> Problem:
    """The problem with some pairs more."""
    weight = exact(reach.scorer, reach.rows("mentor")[pairs[:, 0]], reach.rows("mentee")[pairs[:, 1]])[0]
    mentor = np.concatenate([problem.mentor.astype(np.int64), pairs[:, 0]])
    mentee = np.concatenate([problem.mentee.astype(np.int64), pairs[:, 1]])
    keys, first = np.unique(mentor * problem.n_mentees + mentee, return_index=True)
    return replace(
        problem,
        mentor=(keys // problem.n_mentees).astype(np.int32),
        mentee=(keys % problem.n_mentees).astype(np.int32),
        weight=np.concatenate([problem.weight, weight])[first],
    )


def _proof(tier: str, value: int) -> TierProof:
    return TierProof(tier, value, value, value, "prices", {}, NOTHING, NOTHING)
