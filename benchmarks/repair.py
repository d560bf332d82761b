"""Repairs of a solved matching beside solving it anew: python -m benchmarks.repair 100000 50000.

Mentors first, then mentees.

The cohort is two matrices of small whole numbers (`factors.py`), so that the solver is measured alone. It is
solved once, over all pairs; then pairs fail and people leave, one at a time and many at once. Each repair is
proven over all pairs; ``--in-hand`` leaves that out and tells the path search alone. Ratios are to the time
of solving anew. ``--verb`` measures `pairmatch.Rematcher` instead, tables and all, on a synthetic cohort,
beside `pairmatch.match`.
"""

from __future__ import annotations

import argparse
import time
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

import numpy as np

from benchmarks.factors import Factors, cohort
from pairmatch.problem import Problem, Solution
from pairmatch.solver import solve
from pairmatch.solver.repair import Events, Standing, in_hand

SINGLE = 200
SHARES = (0.01, 0.05)
HEAD = f"{'':22} {'median ms':>9} {'95 %':>9} {'longest':>9} {'moved':>8} {'joined':>7} {'ratio':>9}"


@dataclass(frozen=True)
class Measured:
    """Repairs of one kind.

    Attributes
    ----------
    name
        What happened.
    seconds
        Of each repair.
    moved
        Pairs that ended or began, on average.
    joined
        Repairs that found a better pair which was not in hand.
    """

    name: str
    seconds: tuple[float, ...]
    moved: float
    joined: int

    def row(self, anew: float) -> str:
        """A line of the table."""
        median, late = np.percentile(self.seconds, [50, 95])
        times = f"{1000 * median:9.2f} {1000 * late:9.2f} {1000 * max(self.seconds):9.2f}"
        return f"{self.name:22} {times} {self.moved:8.1f} {self.joined:7} {anew / median:9.0f}"


def events(
    pairs: np.typing.NDArray[np.int64], single: int, seed: int = 1
) -> Iterator[tuple[str, list[Events]]]:
    """What happens, by kind."""
    draw = np.random.default_rng(seed)
    some = pairs[draw.choice(len(pairs), min(single, len(pairs)), replace=False)]
    yield "one failed", [Events(failed=pair[None]) for pair in some]
    yield "a mentee leaves", [Events(mentees_left=pair[1:]) for pair in some]
    yield "a mentor leaves", [Events(mentors_left=pair[:1]) for pair in some]
    for share in SHARES:
        many = max(1, round(share * len(pairs)))
        picks = [draw.choice(len(pairs), many, replace=False) for _ in range(3)]
        yield f"{share:.0%} failed", [Events(failed=pairs[pick]) for pick in picks]


def measured(standing: Standing, name: str, several: Iterable[Events]) -> Measured:
    """Repair, and undo, one after the other.

    Raises
    ------
    ValueError
        A repair is not proven.
    """
    seconds, moved, joined = [], 0, 0
    for each in several:
        before = time.perf_counter()
        repaired = standing.repair(each)
        seconds.append(time.perf_counter() - before)
        if not repaired.proven:
            raise ValueError(f"{name}: not proven")
        moved += len(repaired.ended) + len(repaired.begun)
        joined += repaired.joined > 0
        standing.undo()
    return Measured(name, tuple(seconds), moved / len(seconds), joined)


def agrees(problem: Problem, factors: Factors, solution: Solution, hand: Problem) -> bool:
    """Whether a repair of some failed pairs has the values of a new solution; for small cohorts."""
    failed = solution.pairs[:: max(1, len(solution.pairs) // 5)]
    repaired = Standing(hand, solution, factors).repair(Events(failed=failed))
    anew = solve(problem, beyond=factors.without(failed))
    return repaired.values == {proof.tier: proof.value for proof in anew.tiers}


def whole_verb(mentors: int, mentees: int, single: int, movable: str | None) -> None:
    """One failed pair after the other, by the verb that everybody calls."""
    import pairmatch as pm

    people, policy = (
        pm.datasets.synthetic(mentors=mentors, mentees=mentees, seed=1),
        pm.datasets.synthetic_policy(),
    )
    before = time.perf_counter()
    matching = pm.match(people, policy)
    anew = time.perf_counter() - before
    before = time.perf_counter()
    with pm.Rematcher(matching, movable=movable) as ready:
        print(f"matched in {anew:.1f} s; loaded in {time.perf_counter() - before:.1f} s", flush=True)
        draw, seconds, joined, moved = np.random.default_rng(1), [], 0, 0
        for at in draw.choice(len(matching.made), min(single, len(matching.made)), replace=False).tolist():
            pair = matching.made[at]
            before = time.perf_counter()
            revised = ready.rematch(failed=[(pair.mentor, pair.mentee)])
            seconds.append(time.perf_counter() - before)
            joined += revised.stats.get("pairs_joined", 0) > 0
            moved += len(revised.changes)
        print(HEAD)
        print(Measured("one failed, verb", tuple(seconds), moved / len(seconds), joined).row(anew))
        before = time.perf_counter()
        ready.accept(revised)
        print(f"accepted in {time.perf_counter() - before:.1f} s")


def main(arguments: list[str] | None = None) -> None:
    """The command."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.repair", description=__doc__)
    parser.add_argument("mentors", type=int)
    parser.add_argument("mentees", type=int)
    parser.add_argument("--in-hand", action="store_true", help="without the proof over all pairs")
    parser.add_argument("--single", type=int, default=SINGLE, help="how many single events")
    parser.add_argument("--verb", action="store_true", help="the whole verb, on a synthetic cohort")
    parser.add_argument("--movable", choices=["all"], help="with --verb: pairs may move")
    chosen = parser.parse_args(arguments)
    if chosen.verb:
        whole_verb(chosen.mentors, chosen.mentees, chosen.single, chosen.movable)
        return
    problem, factors = cohort(chosen.mentors, chosen.mentees)
    before = time.perf_counter()
    solution = solve(problem, beyond=factors)
    anew = time.perf_counter() - before
    hand, margin = in_hand(problem, solution, factors)
    before = time.perf_counter()
    standing = Standing(hand, solution, None if chosen.in_hand else factors, margin)
    loading = time.perf_counter() - before
    pairs = f"{len(hand.mentor):,} of {factors.n_pairs:,} pairs in hand"
    print(f"solved in {anew:.1f} s; loaded in {loading:.2f} s; {pairs}")
    print(HEAD)
    for name, several in events(solution.pairs, chosen.single):
        print(measured(standing, name, several).row(anew), flush=True)


if __name__ == "__main__":
    main()
