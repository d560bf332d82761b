"""What the policy asks of the matching as a whole: groups and even loads, in the problem's positions.

A goal or rule states them by rows of the cohort's tables, and in numbers that are known before any
matching is: how many persons and pairs there can be at most.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from pairmatch.errors import Finding, PolicyError
from pairmatch.grouping import protected
from pairmatch.groups import Cross, Even, Group, Places
from pairmatch.parameters import is_whole, label_of, told
from pairmatch.problem import RESOLUTION, Ints, Loads
from pairmatch.rules import MentorsChosen
from pairmatch.scoring.admitted import admitted
from pairmatch.scoring.order import canonical_order

if TYPE_CHECKING:
    from pairmatch.cohort import Cohort
    from pairmatch.policy import Policy
    from pairmatch.scoring.blocks import Positions

__all__ = ["Wholes", "is_protected", "places_of", "wholes"]

BOUNDS = ("target", "limit", "least", "most")
"""What a group's count should or must be."""


@dataclass(frozen=True)
class Wholes:
    """Cohort goals and group rules as the solver takes them.

    Attributes
    ----------
    groups, evens
        In the order of the policy, goals first.
    places
        How many can be matched at once: what targets share out.
    applicants
        The cohort, in which everybody who can have no pair rests: whom a rule about people does not admit,
        and who has no capacity. Goals are asked about this one, in both their forms.
    """

    groups: tuple[Group, ...]
    evens: tuple[Even, ...]
    places: Places
    applicants: Cohort


def wholes(cohort: Cohort, policy: Policy, loads: Loads, mentors: Positions, mentees: Positions) -> Wholes:
    """What a policy asks of the matching as a whole.

    Parameters
    ----------
    cohort, policy
        A policy that fits the cohort.
    loads
        The loads of the people in the problem, in its order.
    mentors, mentees
        For each position of the problem, the row of the table.

    Raises
    ------
    PolicyError
        A goal or rule states groups that do not fit the tables.
    """
    asked = _applicants(cohort, policy, loads, mentors, mentees)
    ours, theirs = _capacities(asked, loads, mentors, mentees)
    places = _places(policy, ours, theirs)
    groups, evens = _stated(asked, policy, places)
    return Wholes(
        tuple(_placed(groups, mentors, mentees)),
        tuple(
            replace(even, load=even.load[mentors if even.side == "mentors" else mentees]) for even in evens
        ),
        places,
        asked,
    )


def places_of(cohort: Cohort, policy: Policy, loads: Loads) -> Places:
    """How many persons and pairs can be matched at once, as far as counting tells.

    Parameters
    ----------
    cohort, policy
        A policy that fits the cohort.
    loads
        The loads of the active people in canonical order, as the problem has them.
    """
    mentors = canonical_order(cohort.mentors, policy.seed)
    mentees = canonical_order(cohort.mentees, policy.seed)
    asked = _applicants(cohort, policy, loads, mentors, mentees)
    return _places(policy, *_capacities(asked, loads, mentors, mentees))


def _applicants(
    cohort: Cohort, policy: Policy, loads: Loads, mentors: Positions, mentees: Positions
) -> Cohort:
    """The cohort, in which everybody who can have no pair rests; itself where nobody more does."""
    may = admitted(cohort, policy)
    resting = [
        _resting(len(may.mentors), mentors, loads.mentor_capacity) & may.mentors.active,
        _resting(len(may.mentees), mentees, loads.mentee_capacity) & may.mentees.active,
    ]
    return may.resting(*resting) if any(flags.any() for flags in resting) else may


def _resting(people: int, rows: Positions, capacity: Ints) -> NDArray[np.bool_]:
    resting = np.ones(people, np.bool_)
    resting[rows[capacity > 0]] = False
    return resting


def _capacities(asked: Cohort, loads: Loads, mentors: Positions, mentees: Positions) -> tuple[Ints, Ints]:
    """Capacities of those who can have a pair, none above the number of partners that there are."""
    ours = loads.mentor_capacity[asked.mentors.active[mentors]]
    theirs = loads.mentee_capacity[asked.mentees.active[mentees]]
    return np.minimum(ours, len(theirs)), np.minimum(theirs, len(ours))


def _places(policy: Policy, ours: Ints, theirs: Ints) -> Places:
    chosen = [rule.at_most for rule in policy.rules if isinstance(rule, MentorsChosen)]
    taken = -np.sort(-ours)[: min(chosen, default=len(ours))]
    most, needed = int(taken.sum()), int(theirs.sum())
    return Places(min(len(taken), needed), min(len(theirs), most), min(most, needed))


def _stated(asked: Cohort, policy: Policy, places: Places) -> tuple[list[Group], list[Even]]:
    """Groups and even loads by rows of the tables, each checked, with its label and price."""
    groups: list[Group] = []
    evens: list[Even] = []
    for goal in policy.cohort_goals:
        price, label = max(1, round(goal.price * RESOLUTION)), label_of(goal)
        kept: dict[str, Any] = {"part": label, "protected": is_protected(asked, goal)}
        if hasattr(goal, "groups"):
            found = _fitting(label, asked, goal.groups(asked, places), hard=False)
            groups += [replace(group, **kept, price=price) for group in found]
        if hasattr(goal, "evens"):
            levels = _fitting_evens(label, asked, goal.evens(asked, places))
            evens += [replace(even, part=label, price=price) for even in levels]
    for rule in policy.group_rules:
        label = label_of(rule)
        kept = {"part": label, "protected": is_protected(asked, rule)}
        found = _fitting(label, asked, rule.groups(asked, places), hard=True)
        groups += [replace(group, **kept) for group in found]
    return groups, evens


def is_protected(cohort: Cohort, part: Any) -> bool:
    """Whether a goal or rule reads fields whose small figures are withheld (law §12)."""
    return protected(cohort, getattr(part, "fields", ()))


def _fitting(label: str, cohort: Cohort, groups: Any, hard: bool) -> list[Group]:
    """The groups, if they fit the tables and what they are part of."""
    n, m = cohort.shape
    for group in _listed(label, groups, Group):
        _check_numbers(label, group, hard)
        soft = (group.target, group.limit) != (None, None)
        bounded = (group.least, group.most) != (None, None)
        if soft if hard else bounded:
            word = (
                "a rule's groups have 'least' or 'most'" if hard else "a goal's groups, 'target' or 'limit'"
            )
            raise _wrong(label, f"{word}, and nothing else: a goal forbids nothing, and a rule is no goal.")
        if not (_whole(group.mentors, n) and _whole(group.mentees, m) and _crossed(group.pairs, n, m)):
            raise _wrong(label, f"the group '{group.name}' needs a whole number for each row of the tables.")
    return list(groups)


def _listed(label: str, found: Any, kind: type) -> Any:
    """What a goal or rule of somebody's own hands in, if it is a list of what it should be."""
    method = f"{kind.__name__.lower()}s"
    hint = f"'{method}' must return a list of pairmatch.groups.{kind.__name__}, perhaps an empty one, not "
    if not isinstance(found, list | tuple):
        raise _wrong(label, f"{hint}{told(found)}.")
    for one in found:
        if not isinstance(one, kind):
            raise _wrong(label, f"{hint}a list with {told(one)}.")
    return found


def _check_numbers(label: str, group: Group, hard: bool) -> None:
    """Bounds are whole numbers, one at least of those that a goal's, or a rule's, group has."""
    for name in BOUNDS:
        bound = getattr(group, name)
        if bound is not None and not is_whole(bound):
            hint = f"'{name}' of the group '{group.name}' must be a whole number, not {told(bound)}."
            raise _wrong(label, hint)
    own = ("least", "most") if hard else ("target", "limit")
    if all(getattr(group, name) is None for name in BOUNDS):
        hint = f"the group '{group.name}' needs '{own[0]}' or '{own[1]}': without them it asks for nothing."
        raise _wrong(label, hint)


def _fitting_evens(label: str, cohort: Cohort, evens: Any) -> list[Even]:
    for even in _listed(label, evens, Even):
        if even.side not in ("mentors", "mentees"):
            raise _wrong(label, f"the side of an even load is 'mentors' or 'mentees', not {told(even.side)}.")
        if (
            even.load is None
            or not _whole(even.load, len(cohort.side(even.side)))
            or int(even.load.min(initial=1)) < 1
        ):
            raise _wrong(label, "an even load is a whole number, at least 1, for each row of the table.")
    return list(evens)


def _whole(numbers: Any, rows: int) -> bool:
    if numbers is None:
        return True
    fits = isinstance(numbers, np.ndarray) and numbers.shape == (rows,)
    return fits and np.issubdtype(numbers.dtype, np.integer)


def _crossed(cross: Cross | None, n: int, m: int) -> bool:
    if cross is None:
        return True
    if not isinstance(cross, Cross) or cross.mentor is None or cross.mentee is None:
        return False
    if not (_whole(cross.mentor, n) and _whole(cross.mentee, m) and np.ndim(cross.cells) == 2):
        return False
    cells = cross.cells if isinstance(cross.cells, np.ndarray) else np.zeros((0, 0))
    within = zip((cross.mentor, cross.mentee), cells.shape, strict=True)
    return np.issubdtype(cells.dtype, np.integer) and all(
        int(classes.min(initial=0)) >= 0 and int(classes.max(initial=-1)) < size for classes, size in within
    )


def _wrong(label: str, hint: str) -> PolicyError:
    return PolicyError([Finding("wrong_groups", hint, side="policy", column=label)])


def _placed(groups: list[Group], mentors: Positions, mentees: Positions) -> Iterator[Group]:
    """Groups by the problem's positions; classes that several share stay shared."""
    ours: dict[int, NDArray[np.int32]] = {}
    theirs: dict[int, NDArray[np.int32]] = {}
    for group in groups:
        cross = group.pairs
        if cross is not None:
            own = _once(ours, cross.mentor, mentors), _once(theirs, cross.mentee, mentees)
            cross = Cross(*own, cross.cells.astype(np.int64))
        yield replace(
            group,
            mentors=None if group.mentors is None else group.mentors[mentors].astype(np.int64),
            mentees=None if group.mentees is None else group.mentees[mentees].astype(np.int64),
            pairs=cross,
        )


def _once(
    known: dict[int, NDArray[np.int32]], classes: NDArray[np.int32], rows: Positions
) -> NDArray[np.int32]:
    """Classes by position, the same array for the same classes."""
    if id(classes) not in known:
        known[id(classes)] = classes[rows].astype(np.int32)
    return known[id(classes)]
