"""Groups as numbers: what is counted, what it costs, and what prices on counts add to a bound."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from math import gcd

import numpy as np
from numpy.typing import NDArray

from pairmatch.errors import SolverError
from pairmatch.groups import Group, span
from pairmatch.problem import Ints, Problem, TierProof, rank_among_equals


def counts(problem: Problem, pairs: NDArray[np.intp]) -> list[int]:
    """Each group's count for the chosen pairs (indices into the problem's pairs)."""
    mentor, mentee = problem.mentor[pairs], problem.mentee[pairs]
    loads = _loads(problem, pairs)
    return [group.count(*loads, mentor, mentee) for group in problem.groups]


def charges(problem: Problem, pairs: NDArray[np.intp]) -> int:
    """What the chosen pairs cost: everything short in groups, everything beyond even loads."""
    cost = 0
    if any(group.price for group in problem.groups):
        counted = zip(problem.groups, counts(problem, pairs), strict=True)
        cost = sum(group.price * group.short(count) for group, count in counted)
    if problem.evens:
        loads = _loads(problem, pairs)
        cost += sum(even.price * even.short(*loads) for even in problem.evens)
    return cost


def quotas_hold(problem: Problem, pairs: NDArray[np.intp]) -> bool:
    """Whether every count is what it must be."""
    if not has_quotas(problem):
        return True
    counted = zip(problem.groups, counts(problem, pairs), strict=True)
    return all(group.holds(count) for group, count in counted)


def has_quotas(problem: Problem) -> bool:
    """Whether some count must be something."""
    return any(is_quota(group) for group in problem.groups)


def is_quota(group: Group) -> bool:
    """Whether the count must be something."""
    return group.least is not None or group.most is not None


def has_charges(problem: Problem) -> bool:
    """Whether groups can cost anything."""
    return any(group.price for group in problem.groups)


def ungrouped(problem: Problem) -> Problem:
    """The problem without its groups; even loads stay."""
    return replace(problem, groups=()) if problem.groups else problem


def costs_nothing(problem: Problem, pairs: NDArray[np.intp]) -> bool:
    """Whether the chosen pairs are short in no group."""
    if not has_charges(problem):
        return True
    counted = zip(problem.groups, counts(problem, pairs), strict=True)
    return all(not group.price or not group.short(count) for group, count in counted)


def unsure(proof: TierProof, problem: Problem) -> TierProof:
    """A proof that knows no groups, in a problem with groups: other prices might show the same."""
    return replace(proof, canonical=proof.canonical and not problem.groups)


def charged(times: Mapping[str, int]) -> int:
    """How often charges count in a mixture."""
    return times.get("total", 0) + times.get("spread", 0)


def constant(problem: Problem, times: Mapping[str, int], prices: Ints | None = None) -> int:
    """The largest ``price * count - cost`` of all groups together, which every bound holds.

    Parameters
    ----------
    times
        The mixture.
    prices
        Price of each group; None for all 0.
    """
    total = 0
    for place, group in enumerate(problem.groups):
        price = 0 if prices is None or not len(prices) else int(prices[place])
        best = group.dearest(price, charged(times), span(group, problem.loads))
        if best is None:
            raise SolverError(f"no count of '{group.name}' is possible")
        total += best
    return total


def swing(problem: Problem) -> int:
    """By how much one pair can change the charges."""
    of_groups = sum(group.price * _largest(group) for group in problem.groups)
    return of_groups + sum(even.price for even in problem.evens)


def grain(problem: Problem) -> int:
    """A number that all charges are multiples of."""
    prices = [group.price for group in problem.groups] + [even.price for even in problem.evens]
    return max(gcd(*prices), 1)


def _largest(group: Group) -> int:
    parts = (group.mentors, group.mentees, None if group.pairs is None else group.pairs.cells)
    return sum(int(np.abs(part).max(initial=0)) for part in parts if part is not None)


def _loads(problem: Problem, pairs: NDArray[np.intp]) -> tuple[Ints, Ints]:
    return (
        np.bincount(problem.mentor[pairs], minlength=problem.n_mentors).astype(np.int64),
        np.bincount(problem.mentee[pairs], minlength=problem.n_mentees).astype(np.int64),
    )


def varied(problem: Problem, each: int) -> NDArray[np.bool_]:
    """Each person's heaviest few pairs with every kind of partner that quotas tell apart."""
    sides = (problem.mentor, problem.mentee)
    few = np.zeros(len(problem.mentor), bool)
    for person, partner, kind in zip(sides, sides[::-1], _kinds(problem)[::-1], strict=True):
        cell = person.astype(np.int64) * (int(kind.max(initial=0)) + 1) + kind[partner]
        order = np.lexsort((-problem.weight, cell))
        few[order[rank_among_equals(cell[order]) < each]] = True
    return few


def _kinds(problem: Problem) -> tuple[Ints, Ints]:
    """Numbers that tell apart who counts differently in some quota, for each side."""
    told: tuple[list[Ints], list[Ints]] = ([], [])
    for group in problem.groups:
        if not is_quota(group):
            continue
        cross = (None, None) if group.pairs is None else (group.pairs.mentor, group.pairs.mentee)
        for side, own in enumerate((group.mentors, group.mentees)):
            told[side].extend(np.asarray(part, np.int64) for part in (own, cross[side]) if part is not None)
    sizes = (problem.n_mentors, problem.n_mentees)
    tables = [np.stack([np.zeros(n, np.int64), *parts], axis=1) for n, parts in zip(sizes, told, strict=True)]
    one, other = (np.unique(table, axis=0, return_inverse=True)[1].ravel() for table in tables)
    return one.astype(np.int64), other.astype(np.int64)
