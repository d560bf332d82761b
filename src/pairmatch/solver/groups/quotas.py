"""Quotas that counting alone shows to be impossible, told in words before any search."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from pairmatch.errors import Finding, InfeasibleError
from pairmatch.groups import Group, span
from pairmatch.problem import Ints, Problem
from pairmatch.solver.gains import used
from pairmatch.solver.groups.counts import is_quota


@dataclass(frozen=True)
class Side:
    """One side as far as counting goes.

    Attributes
    ----------
    name
        Which side.
    able, must
        Who can have a pair, and who must.
    most
        How many can at most.
    places
        Places that the other side has for them.
    capped
        The quota that says how many of the other side can be used; empty where none does.
    """

    name: str
    able: Ints
    must: Ints
    most: int
    places: int
    capped: str

    def reach(self, own: Ints) -> tuple[int, int]:
        """Fewest and most that persons who have a pair can add up to."""
        fixed, free = int(own[self.must].sum()), np.sort(own[np.setdiff1d(self.able, self.must)])
        left = max(self.most - len(self.must), 0)
        low, high = free[:left], free[max(len(free) - left, 0) :]
        return fixed + int(np.minimum(low, 0).sum()), fixed + int(np.maximum(high, 0).sum())


def check_quotas(problem: Problem, *, all_pairs: bool) -> None:
    """Refuse quotas that no matching can meet, as far as counting shows it.

    Parameters
    ----------
    problem
        The problem.
    all_pairs
        Whether the problem holds all allowed pairs: then who has none can have no partner.

    Raises
    ------
    InfeasibleError
        A count cannot be what it must be, or several cannot at once.
    """
    if not any(is_quota(group) for group in problem.groups):
        return
    sides = _sides(problem, all_pairs)
    found = [finding for group in problem.groups for finding in _alone(group, problem, sides)]
    found = found or [finding for side in sides for finding in _together(problem, side)]
    found = found or [finding for side in sides for finding in _needed(problem, side)]
    if found:
        raise InfeasibleError(found)


def contradiction(problem: Problem) -> InfeasibleError:
    """What to say where only the search found that no matching is valid."""
    named = [_name(group) for group in problem.groups if is_quota(group)]
    if not named:
        hint = "minimums, required pairs and hour budgets contradict each other; relax one of them"
    else:
        hint = (
            f"no matching meets {_listed(named)} together with the rules, minimums, required pairs and hour "
            "budgets; relax one of them"
        )
    return InfeasibleError([Finding("contradiction", hint)])


def _sides(problem: Problem, all_pairs: bool) -> tuple[Side, Side]:
    loads, has = problem.loads, used(problem)
    capacities = (loads.mentor_capacity, loads.mentee_capacity)
    minimums = (loads.mentor_minimum, loads.mentee_minimum)
    persons = (problem.mentor, problem.mentee)
    able = []
    for side in (0, 1):
        can = capacities[side] > 0
        if all_pairs:
            can &= np.bincount(persons[side], minlength=len(can)) > 0
        able.append(np.flatnonzero(can))
    built = []
    for side, name in enumerate(("mentors", "mentees")):
        must = np.flatnonzero((has[side] > 0) | (minimums[side] > 0))
        chosen, capped = _allowed(problem, ("mentees", "mentors")[side], able[1 - side])
        places = int(-np.sort(-capacities[1 - side][able[1 - side]])[:chosen].sum())
        most = min(_allowed(problem, name, able[side])[0], places)
        built.append(Side(name, able[side], must, most, places, capped))
    return built[0], built[1]


def _allowed(problem: Problem, name: str, able: Ints) -> tuple[int, str]:
    """How many of a side quotas over everybody who can let have a pair, and which quota says so."""
    most, capped = len(able), ""
    for group in problem.groups:
        own = _only(group, name)
        # That everybody is of a protected group is not to be told.
        if own is None or group.most is None or group.protected:
            continue
        if group.most < most and (own[able] >= 1).all():
            most, capped = group.most, _name(group)
    return most, capped


def _needed(problem: Problem, side: Side) -> Iterator[Finding]:
    """More pairs than the few of the other side whom a quota allows have places for."""
    loads = problem.loads
    minimum = loads.mentor_minimum if side.name == "mentors" else loads.mentee_minimum
    needed = int(np.maximum(minimum, used(problem)[side.name == "mentees"])[side.must].sum())
    if side.capped and needed > side.places:
        hint = (
            f"minimums and required pairs ask for {needed} pairs of the {side.name}, but {side.capped} "
            f"leaves places for at most {side.places}; allow more, or relax them"
        )
        yield Finding("quotas_over_places", hint, side.name)


def _only(group: Group, name: str) -> Ints | None:
    """What a group counts of one side, if it counts nothing else and nobody takes from the count."""
    own, other = (group.mentors, group.mentees) if name == "mentors" else (group.mentees, group.mentors)
    alone = own is not None and other is None and group.pairs is None and (own >= 0).all()
    return own if alone else None


def _alone(group: Group, problem: Problem, sides: tuple[Side, Side]) -> Iterator[Finding]:
    if not is_quota(group):
        return
    low, high = _reach(group, problem, sides)
    if group.least is not None and group.most is not None and group.least > group.most:
        hint = f"at least {group.least} and at most {group.most} cannot both be; change one of them"
        yield _finding("quotas_cross", group, hint)
    elif group.least is not None and group.least > high:
        can = "fewer can" if group.protected else f"at most {high} can"
        ways = "ask for fewer, or open more places"
        if group.protected:
            ways = "ask for fewer, open more places, or look at the spelling of its values"
        elif not _anybody(group):
            can, ways = "nobody is of this group", "look at the spelling of its values"
        hint = f"at least {group.least} must be, but {can}; {ways}"
        yield _finding("quota_too_high", group, hint)
    elif group.most is not None and group.most < low:
        make = "more" if group.protected else f"at least {low}"
        hint = (
            f"at most {group.most} may be, but minimums and required pairs alone make {make}; allow more, or "
            "relax them"
        )
        yield _finding("quota_too_low", group, hint)


def _anybody(group: Group) -> bool:
    """Whether anybody, or any pair, counts in a group."""
    own = (group.mentors, group.mentees, None if group.pairs is None else group.pairs.cells)
    return any(one is not None and bool(one.any()) for one in own)


def _reach(group: Group, problem: Problem, sides: tuple[Side, Side]) -> tuple[int, int]:
    """Fewest and most that a count can be."""
    low, high = span(Group(group.part, group.name, pairs=group.pairs), problem.loads)
    for side, own in zip(sides, (group.mentors, group.mentees), strict=True):
        if own is not None:
            fewest, most = side.reach(own)
            low, high = low + fewest, high + most
    return low, high


def _together(problem: Problem, side: Side) -> Iterator[Finding]:
    """Quotas of one side over different people that need more places than there are."""
    asked: list[tuple[Group, Ints]] = []
    covered = np.zeros(0, np.intp)
    for group in sorted(problem.groups, key=lambda group: -(group.least or 0)):
        own = _only(group, side.name)
        if own is None or not group.least or own.max(initial=0) > 1:
            continue
        members = np.intersect1d(np.flatnonzero(own), side.able)
        if not len(np.intersect1d(members, covered)):
            asked.append((group, members))
            covered = np.union1d(covered, members)
    needed = sum(group.least or 0 for group, _ in asked) + len(np.setdiff1d(side.must, covered))
    if len(asked) > 1 and needed > side.most:
        named = _listed([f"{_name(group)}: {group.least}" for group, _ in asked])
        told = f"{needed} {side.name} must have a pair, but at most {side.most} can"
        if any(group.protected for group, _ in asked):
            told = f"more {side.name} must have a pair than can"
        hint = f"{named} are different people, so that {told}; ask for fewer, or open more places"
        yield Finding("quotas_over_places", hint, side.name)


def _finding(code: str, group: Group, hint: str) -> Finding:
    return Finding(code, f"{_name(group)}: {hint}", column=group.part)


def _name(group: Group) -> str:
    return f"{group.part} ({group.name})" if group.name and group.name != group.part else group.part


def _listed(words: list[str]) -> str:
    return words[0] if len(words) == 1 else f"{', '.join(words[:-1])} and {words[-1]}"
