"""One large cohort, from profiles to the proof: python -m benchmarks.large 100000 100000 [--capacities].

Prints one line of figures per step: seconds, and the most memory that the process has ever had.
"""

from __future__ import annotations

import argparse
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

from benchmarks import companies
from benchmarks.companies import Company, Stored
from benchmarks.worker import peak_memory

if TYPE_CHECKING:
    import pairmatch as pm


@contextmanager
def step(name: str) -> Iterator[Callable[[str], None]]:
    """Time a step; what is noted in it stands at the end of its line."""
    notes: list[str] = []
    before = time.perf_counter()
    yield notes.append
    seconds, megabytes = time.perf_counter() - before, peak_memory() / 1e6
    print(f"{name:<10}{seconds:10.2f} s {megabytes:10,.0f} MB  {'; '.join(notes)}".rstrip(), flush=True)


def figures(matching: pm.Matching) -> str:
    """All that a matching tells of the work."""
    return ", ".join(f"{name} {value:,.6g}" for name, value in matching.stats.items())


def drawn(chosen: argparse.Namespace, folder: Path) -> None:
    """The tables of a company, written in a process of its own: drawing takes memory too."""
    from multiprocessing import get_context

    company = Company(
        knobs={"herding": chosen.herding, "ties": chosen.ties},
        mentors=chosen.mentors,
        mentees=chosen.mentees,
        places=(1, 4) if chosen.capacities else (1, 1),
        goals=companies.USUAL + (companies.WISHES if chosen.wishes else ""),
    )
    drawing = get_context("spawn").Process(target=companies.draw, args=(company, 1, chosen.seed, folder))
    drawing.start()
    drawing.join()
    if drawing.exitcode:
        raise SystemExit("the company could not be drawn")


def main(arguments: list[str] | None = None) -> None:
    """The command."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.large", description=__doc__)
    parser.add_argument("mentors", type=int, help="how many")
    parser.add_argument("mentees", type=int, help="how many")
    parser.add_argument("--capacities", action="store_true", help="mentors have 1 to 4 places, not one")
    parser.add_argument("--seed", type=int, default=companies.SEED, help="of the cohort")
    parser.add_argument("--herding", type=float, default=0.3, help="0 to 1: how far demand gathers on few")
    parser.add_argument("--ties", type=float, default=0.0, help="0 to 1: how many people answer alike")
    parser.add_argument("--wishes", action="store_true", help="wish lists count, as one more goal")
    parser.add_argument("--verify", action="store_true", help="then check everything without the solver")
    measure(parser.parse_args(arguments))


def measure(chosen: argparse.Namespace) -> None:
    """Draw, read, match, verify: one line each."""
    with TemporaryDirectory() as folder:
        stored = Stored(Path(folder), chosen.mentors)
        with step("draw") as note:
            drawn(chosen, stored.folder)
            note(f"{chosen.mentors:,} mentors x {chosen.mentees:,} mentees, in a process of its own")
        with step("read") as note:
            import pairmatch as pm

            cohort, policy = stored.cohort(), stored.policy()
            note(f"{len(policy.rules)} rules, {len(policy.goals)} goals")
    with step("match") as note:
        matching = pm.match(cohort, policy)
        note(matching.certificate.summary)
        note(figures(matching))
    if chosen.verify:
        with step("verify") as note:
            note(f"{pm.verify(matching, cohort, policy).pairs_swept:,} pairs held against the prices")


if __name__ == "__main__":
    main(sys.argv[1:])
