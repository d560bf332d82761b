"""After failed pairs, beside matching anew and beside mentor-match: python -m benchmarks.rerunning 100 250.

People as the civil service has them, up to three pairs each. Everybody begins with a matching of their own;
then some of its pairs fail, and the clock runs until there is a valid matching without them, tables in
memory. What counts beside the time: how many running pairs, which had not failed, are gone.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np

from benchmarks import civil_service
from benchmarks.civil_service import People
from benchmarks.peers import mentor_match

OURS, READY, ANEW, PEER = "pm.rematch", "pm.Rematcher", "pm.match anew", "mentor-match"
OBJECTIVE = ("mentees", "mentors", "total")

Pair = tuple[str, str]
Again = Callable[[list[Pair]], tuple[float, list[Pair]]]


@dataclass(frozen=True)
class Outcome:
    """What one way came to after some pairs had failed.

    Attributes
    ----------
    seconds
        From the failed pairs to the new ones.
    ended
        Pairs that had not failed and are gone.
    mentees, points
        Of the new matching, recounted.
    """

    seconds: float
    ended: int
    mentees: int
    points: int


def ways(folder: Path) -> dict[str, tuple[list[Pair], Again]]:
    """Each way's own first matching, and how it goes on from there."""
    import pairmatch as pm
    from pairmatch import rules

    schema, policy = pm.Schema.read(folder / "policy.toml"), pm.Policy.read(folder / "policy.toml")
    cohort = pm.Cohort.read(folder / "mentors.csv", folder / "mentees.csv", schema=schema)
    matching = pm.match(cohort, policy)

    def rematch(failed: list[Pair]) -> tuple[float, list[Pair]]:
        return timed(lambda: pairs_of(pm.rematch(matching, failed=failed)))

    ready = pm.Rematcher(matching)

    def at_once(failed: list[Pair]) -> tuple[float, list[Pair]]:
        return timed(lambda: pairs_of(ready.rematch(failed=failed)))

    def anew(failed: list[Pair]) -> tuple[float, list[Pair]]:
        barred = replace(policy, rules=[*policy.rules, rules.Forbidden(failed)])
        return timed(lambda: pairs_of(pm.match(cohort, barred)))

    ours = pairs_of(matching)
    found: dict[str, tuple[list[Pair], Again]] = {
        OURS: (ours, rematch),
        READY: (ours, at_once),
        ANEW: (ours, anew),
    }
    if installed():
        peer = by_mentor_match(folder)
        found[PEER] = (peer([])[1], peer)
    return found


def installed() -> bool:
    """Whether mentor-match is there."""
    try:
        from matching import process
    except ImportError:
        return False
    return hasattr(process, "process_data")


def by_mentor_match(folder: Path) -> Again:
    """Its three rounds with the failed pairs disqualified; the tables are read before the clock runs."""

    def run(failed: list[Pair]) -> tuple[float, list[Pair]]:
        from matching.rules import rule

        from matching import process

        mentors, mentees = mentor_match.participants(folder)
        gone = set(failed)
        ban = rule.Disqualify(lambda match: (match.mentor.email, match.mentee.email) in gone)
        rounds = [[*mentor_match.ruleset(mentor_match.UNMATCHED), ban] for _ in range(mentor_match.ROUNDS)]
        seconds, _ = timed(lambda: process.process_data(mentors, mentees, rounds))
        return seconds, [(mentor.email, mentee.email) for mentor in mentors for mentee in mentor.mentees]

    return run


def timed(work: Callable[[], Any]) -> tuple[float, Any]:
    """Seconds, and what came of it."""
    before = time.perf_counter()
    found = work()
    return time.perf_counter() - before, found


def pairs_of(matching: Any) -> list[Pair]:
    """Ids of a matching's pairs."""
    return [(made.mentor, made.mentee) for made in matching.made]


def outcome(people: People, before: list[Pair], failed: list[Pair], again: Again) -> Outcome:
    """One way after these pairs had failed, recounted by plain code."""
    seconds, pairs = again(failed)
    value = civil_service.recounted(people, pairs)
    if set(pairs) & set(failed):
        raise civil_service.InvalidAnswer("a failed pair is back")
    ended = len(set(before) - set(failed) - set(pairs))
    return Outcome(seconds, ended, value["mentees"], value["points"])


def measured(size: int, share: float, draws: int, folder: Path) -> dict[str, list[Outcome]]:
    """All ways on one cohort; ``share`` of the pairs fail, at least one, other ones in every draw."""
    civil_service.write(size, folder, OBJECTIVE)
    people = civil_service.read(folder)
    found: dict[str, list[Outcome]] = {}
    for name, (before, again) in ways(folder).items():
        for draw in range(draws):
            number = max(1, round(share * len(before)))
            chosen = np.random.default_rng(draw).choice(len(before), number, replace=False)
            failed = [before[k] for k in chosen.tolist()]
            found.setdefault(name, []).append(outcome(people, before, failed, again))
    return found


def table(found: dict[str, list[Outcome]]) -> Iterator[str]:
    """A line for each way: median time, beside ours, and what became of the pairs."""
    yield f"{'':<15}{'seconds':>9}{'times ours':>12}{'pairs ended':>13}{'mentees':>9}{'points':>9}"
    ours = median([each.seconds for each in found[OURS]])
    for name, outcomes in found.items():
        seconds = median([each.seconds for each in outcomes])
        counts = [median([getattr(each, n) for each in outcomes]) for n in ("ended", "mentees", "points")]
        told = "".join(f"{count:>{width},.0f}" for count, width in zip(counts, (13, 9, 9), strict=True))
        yield f"{name:<15}{seconds:>9.3f}{seconds / ours:>12,.1f}{told}"


def median(numbers: Sequence[float]) -> float:
    """The middle one."""
    return float(np.median(numbers))


def main(arguments: list[str]) -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.rerunning", description=__doc__)
    parser.add_argument("sizes", type=int, nargs="+", help="people per side")
    parser.add_argument("--draws", type=int, default=3, help="other failed pairs each time")
    asked = parser.parse_args(arguments)
    for size in asked.sizes:
        for share, words in ((0.0, "one failed pair"), (0.01, "1 % of the pairs failed")):
            with tempfile.TemporaryDirectory() as folder:
                print(f"{size} mentors and {size} mentees, {words}", flush=True)
                for line in table(measured(size, share, asked.draws, Path(folder))):
                    print(f"  {line}", flush=True)


if __name__ == "__main__":
    main(sys.argv[1:])
