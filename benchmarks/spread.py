"""Spread over overlapping groups, beside one monolithic model: python -m benchmarks.spread 1000 --peers.

As many mentees as mentors, places for 60 % of them, and good pairs that pull against the targets: who is of
a popular group weighs more, and so does who stays in the own region. Three attributes (2, 4 and 8 values) on
both sides make 28 overlapping groups; two more count pairs of different genders and of different regions.
Size 0 is the selection of 50 mentors among 500 applicants. With ``--cohort`` people with profiles are matched
through the front door instead.
"""

from __future__ import annotations

import argparse
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from typing import Any

import numpy as np
from numpy.typing import NDArray

from benchmarks.monolith import PEERS, Answer, ours
from pairmatch.groups import Cross, Group
from pairmatch.problem import RESOLUTION, Loads, Problem

VALUES = {"gender": 2, "region": 4, "background": 8}
PRICES = {"gender": 0.5, "region": 0.15, "background": 0.15}
DIFFERENT = {"gender": 0.15, "region": 0.15}
PLACES = 0.6
FACTORS, BLOCK, SAMPLE = 12, 1000, 3000
BASE, FIT, SAME_REGION = 0.25, 0.02, 0.08
BEST_OF_MENTEE, BEST_OF_MENTOR = 12, 7
OURS = "pairmatch"

Ints = NDArray[np.int64]
Traits = dict[str, NDArray[np.int32]]


class People:
    """One side: traits, and vectors whose product with the other side's tells how well a pair fits."""

    def __init__(self, n: int, draw: np.random.Generator, popular: dict[str, NDArray[Any]]) -> None:
        self.traits: Traits = {}
        for trait, values in VALUES.items():
            shares = draw.dirichlet(np.full(values, 6.0))
            self.traits[trait] = draw.choice(values, n, p=shares).astype(np.int32)
        self.factors = draw.normal(0, 1, (n, FACTORS)).astype(np.float32)
        self.worth = sum(popular[trait][self.traits[trait]] for trait in VALUES) + draw.normal(0, 0.06, n)

    def __len__(self) -> int:
        return len(self.factors)


def fits(mentors: People, mentees: People, rows: NDArray[Any], columns: NDArray[Any]) -> NDArray[Any]:
    """How well the pairs of a block fit, whoever is popular: factors, and the own region."""
    fit = mentors.factors[rows] @ mentees.factors[columns].T
    fit *= FIT
    same = mentors.traits["region"][rows][:, None] == mentees.traits["region"][columns]
    return np.add(fit, np.float32(SAME_REGION) * same, out=fit)


def weights(mentors: People, mentees: People, mentor: Ints, mentee: Ints) -> Ints:
    """Weights of single pairs in units: fit, and the popularity of both."""
    fit = FIT * np.einsum("ij,ij->i", mentors.factors[mentor], mentees.factors[mentee]).astype(np.float64)
    fit += SAME_REGION * (mentors.traits["region"][mentor] == mentees.traits["region"][mentee])
    fit += BASE + mentors.worth[mentor] + mentees.worth[mentee]
    return np.rint(np.clip(fit, 0, 1) * RESOLUTION).astype(np.int64)


def instance(n: int, seed: int = 1, *, places: float = PLACES) -> Problem:
    """A problem of n mentors and n mentees, on each person's best pairs of a sample.

    Parameters
    ----------
    n
        People per side.
    seed
        Of everything that is drawn.
    places
        Share of the people for whom there is a place: a hard group.
    """
    draw = np.random.default_rng([seed, n])
    popular = {trait: draw.permutation(np.linspace(-0.09, 0.09, k)) for trait, k in VALUES.items()}
    mentors, mentees = People(n, draw, popular), People(n, draw, popular)
    mentor, mentee, weight = core(mentors, mentees, draw)
    number = round(places * n)
    sides = {"mentors": mentors, "mentees": mentees}
    spread = [group for side in sides for group in spreads(sides[side].traits, side, number)]
    groups = (*spread, *differences(mentors.traits, mentees.traits, number), chosen(n, number))
    return problem(mentor, mentee, weight, (n, n), groups)


def selection(
    seed: int = 1, *, applicants: int = 500, executives: int = 50, most: int = 50, capacity: int = 1
) -> Problem:
    """Mentors chosen among many applicants under three spread goals; every pair is allowed."""
    draw = np.random.default_rng([seed, applicants, executives])
    popular = {trait: draw.permutation(np.linspace(-0.09, 0.09, k)) for trait, k in VALUES.items()}
    mentors, mentees = People(applicants, draw, popular), People(executives, draw, popular)
    pairs = np.divmod(np.arange(applicants * executives), executives)
    groups = (*spreads(mentors.traits, "mentors", most), chosen(applicants, most))
    return problem(*pairs, weights(mentors, mentees, *pairs), (applicants, executives), groups, capacity)


def problem(
    mentor: Ints,
    mentee: Ints,
    weight: Ints,
    shape: tuple[int, int],
    groups: tuple[Group, ...],
    capacity: int = 1,
) -> Problem:
    """A problem without minimums or required pairs: as many mentees as possible, then the total."""
    mentors, mentees = np.full(shape[0], capacity), np.ones(shape[1], np.int64)
    loads = Loads(mentors, mentees, np.zeros_like(mentors), np.zeros_like(mentees))
    pairs = mentor.astype(np.int32), mentee.astype(np.int32), weight
    return Problem(*pairs, loads, np.zeros(shape[1], bool), ("mentees", "total"), groups=groups)


def core(mentors: People, mentees: People, draw: np.random.Generator) -> tuple[Ints, Ints, Ints]:
    """Each mentee's and each mentor's best pairs of a sample: sorted positions, and weights."""
    n, keys = len(mentees), []
    for begin in range(0, n, BLOCK):
        block = np.arange(begin, min(n, begin + BLOCK))
        sample = draw.choice(n, min(n, SAMPLE), replace=False)
        place = best(fits(mentors, mentees, sample, block).T, BEST_OF_MENTEE)
        keys.append((sample[place] * n + block[:, None]).ravel())
        sample = draw.choice(n, min(n, SAMPLE), replace=False)
        place = best(fits(mentors, mentees, block, sample), BEST_OF_MENTOR)
        keys.append((block[:, None] * n + sample[place]).ravel())
    mentor, mentee = np.divmod(np.unique(np.concatenate(keys)), n)
    return mentor, mentee, weights(mentors, mentees, mentor, mentee)


def best(seen: NDArray[Any], most: int) -> NDArray[np.intp]:
    """Places of the largest few of each row."""
    if seen.shape[1] <= most:
        return np.tile(np.arange(seen.shape[1]), (len(seen), 1))
    return np.argpartition(seen, -most, axis=1)[:, -most:]


def spreads(traits: Traits, side: str, places: int) -> Iterator[Group]:
    """One group for each value of each trait: its share of the places as of the applicants."""
    for trait, values in VALUES.items():
        of = np.bincount(traits[trait], minlength=values)
        for value, target in enumerate(largest_remainder(of, places)):
            member = (traits[trait] == value).astype(np.int64)
            price = round(PRICES[trait] * RESOLUTION)
            named = f"{trait} of {side}", f"{trait} {value}"
            yield Group(*named, **{side: member}, target=target, price=price)


def largest_remainder(of: Ints, places: int) -> list[int]:
    """Whole shares of the places that add up."""
    floor, left = np.divmod(of * places, of.sum())
    floor[np.argsort(-left, kind="stable")[: places - floor.sum()]] += 1
    return [int(share) for share in floor]


def differences(mentors: Traits, mentees: Traits, places: int) -> Iterator[Group]:
    """Pairs of different genders, of different regions: as many as chance would make."""
    for trait, price in DIFFERENT.items():
        cells = 1 - np.eye(VALUES[trait], dtype=np.int64)
        one, other = (np.bincount(of[trait], minlength=len(cells)) for of in (mentors, mentees))
        target = round(places * float(one @ cells @ other) / float(one.sum() * other.sum()))
        cross = Cross(mentors[trait], mentees[trait], cells)
        yield Group(f"different {trait}", trait, pairs=cross, target=target, price=round(price * RESOLUTION))


def chosen(mentors: int, most: int) -> Group:
    """The hard group: so many mentors, no more."""
    return Group("mentors chosen", "mentors", mentors=np.ones(mentors, np.int64), most=most)


def drawn(size: int, seed: int) -> Problem:
    """The problem of a size; 0 is the selection."""
    return instance(size, seed) if size else selection(seed)


def answered(name: str, size: int, seed: int, limit: float, mentees: int) -> Answer:
    """One solver's answer; the clock does not run while the problem is drawn."""
    problem = drawn(size, seed)
    if name == OURS:
        return ours(problem, limit)
    return PEERS[name](problem, mentees, limit)


def apart(name: str, *arguments: Any) -> Answer:
    """The same in a process of its own: solvers do not share memory, threads or libraries."""
    with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as process:
        return process.submit(answered, name, *arguments).result()


def table(size: int, seed: int, limit: float, peers: list[str]) -> Iterator[str]:
    """One line for each solver: total, bound, gap, seconds, and both relative to pairmatch's."""
    head = f"{'':<10}{'total':>14}{'bound':>14}{'gap':>11}{'seconds':>10}{'time x':>8}{'gap x':>9}"
    yield f"{size or 'selection'}, seed {seed}\n{head}"
    own = apart(OURS, size, seed, limit, 0)
    yield line(OURS, own, own)
    for name in peers:
        yield line(name, apart(name, size, seed, limit, own.mentees), own)


def line(name: str, answer: Answer, own: Answer) -> str:
    """A line of the table; totals in perfect pairs, gaps in percent."""
    total, bound = (
        "none" if units is None else f"{units / RESOLUTION:,.3f}" for units in (answer.value, answer.bound)
    )
    gap = "none" if answer.gap is None else f"{100 * answer.gap:.5f} %"
    slower = f"{answer.seconds / own.seconds:.1f}"
    wider = "" if not answer.gap or not own.gap else f"{answer.gap / own.gap:,.0f}"
    return f"{name:<10}{total:>14}{bound:>14}{gap:>11}{answer.seconds:>10.2f}{slower:>8}{wider:>9}"


def cohort_line(size: int, seed: int) -> str:
    """A cohort of so many people per side through the front door: seconds of each step, and the gap."""
    import pairmatch as pm
    from pairmatch import goals, rules

    before = time.perf_counter()
    cohort = pm.datasets.synthetic(mentors=size, mentees=round(PLACES * size), seed=seed)
    policy = pm.Policy(
        rules=[rules.DifferentDepartment(), rules.LevelsBelow(at_least=1)],
        goals=[
            goals.TopicCoverage(weight=0.5),
            goals.SharedHobbies(weight=0.3),
            goals.Reciprocity(weight=0.2),
            goals.Spread("gender", price=0.5, purpose="a spread of mentors as of applicants"),
            goals.Spread("region", price=0.15),
            goals.Spread("department", price=0.15),
        ],
    )
    made = time.perf_counter()
    matching = pm.match(cohort, policy)
    matched = time.perf_counter()
    pm.verify(matching, cohort, policy)
    seconds = made - before, matched - made, time.perf_counter() - matched
    steps = ", ".join(f"{n} {s:.2f} s" for n, s in zip(("draw", "match", "verify"), seconds, strict=True))
    return f"{size:,} applicants: {steps}; {matching.certificate.summary}"


def main(arguments: list[str] | None = None) -> None:
    """The command."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.spread", description=__doc__)
    parser.add_argument("sizes", type=int, nargs="+", help="people per side; 0 is the selection")
    parser.add_argument("--peers", action="store_true", help="also one CP-SAT and one HiGHS model")
    parser.add_argument("--cohort", action="store_true", help="people with profiles, through the front door")
    parser.add_argument("--limit", type=float, default=120, help="seconds for each solver")
    parser.add_argument("--seed", type=int, default=1, help="of what is drawn")
    chosen = parser.parse_args(arguments)
    peers = list(PEERS) if chosen.peers else []
    for size in chosen.sizes:
        cohort = chosen.cohort
        lines = [cohort_line(size, chosen.seed)] if cohort else table(size, chosen.seed, chosen.limit, peers)
        for each in lines:
            print(each, flush=True)


if __name__ == "__main__":
    main(sys.argv[1:])
