"""What would mend a conflict, each change verified by solving: the conflict's demands, then all of them."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from pairmatch.conflict import Repair
from pairmatch.conflicts.asking import Asking
from pairmatch.conflicts.milder import (
    bars,
    exceptions,
    first_of,
    in_words,
    is_given_up,
    is_open,
    milder_rules,
    rule_of,
)
from pairmatch.conflicts.naming import ROLES, SIDES, Crowd, grouped, is_withheld, name_of, pair_of
from pairmatch.conflicts.reading import OWN_CAPACITY, OWN_MINIMUM, RUNNING
from pairmatch.conflicts.system import Bools, Demand, Kind, System
from pairmatch.errors import amount, counted, shown
from pairmatch.parameters import label_of
from pairmatch.scoring import MINIMUM_WEIGHT

if TYPE_CHECKING:
    from pairmatch.conflicts.reading import Source

__all__ = ["repairs"]

EACH = 2
"""Most people, or pairs, for whom the same change is told."""

MOST = 12
"""Most changes that are told."""

HOUR = 100
"""Units in an hour."""


@dataclass(frozen=True)
class Change:
    """A change that is to be verified: its words, and the systems after it."""

    repair: Repair
    system: System
    gone: Bools


def repairs(source: Source, system: System, on: Bools, asking: Asking) -> tuple[Repair, ...]:
    """Changes that mend a conflict, those first that are enough by themselves."""
    told: list[Repair] = []
    for crowd in grouped(system, on):
        for change in _changes(_Case(source, system, on, asking, is_withheld(system, on)), crowd):
            if asking.clock.over or len(told) >= MOST:
                break
            told += _verified(change, on, asking)
    return tuple(sorted(told, key=lambda repair: {True: 0, None: 1, False: 2}[repair.enough]))


@dataclass(frozen=True)
class _Case:
    """A conflict, and what is needed to look for changes."""

    source: Source
    system: System
    on: Bools
    asking: Asking
    withheld: bool

    def mends(self, system: System) -> bool:
        """Whether the conflict's demands can all hold in another system."""
        return self.asking.soon(system, self.on) is True

    def suffices(self, system: System) -> bool:
        """Whether all demands can."""
        return system.whole and self.asking.soon(system, system.everything) is True


def _verified(change: Change, on: Bools, asking: Asking) -> list[Repair]:
    """The repair as solving shows it; nothing where it mends nothing, or nobody could tell."""
    if asking.soon(change.system, on & ~change.gone) is not True:
        return []
    system = change.system
    enough = asking.soon(system, system.everything & ~change.gone) if system.whole else None
    return [replace(change.repair, verified=True, enough=enough)]


def _changes(case: _Case, crowd: Crowd) -> Iterator[Change]:
    kind, label = crowd[0].kind, crowd[0].label
    if kind == Kind.RULE:
        yield from _milder(case, label)
    elif kind == Kind.QUOTA and not case.withheld:
        yield from _quota(case, label)
    elif kind == Kind.REQUIRED and not case.withheld:
        yield from _not_required(case, crowd)
    elif kind in (Kind.CAPACITY, Kind.MINIMUM, Kind.HOURS) and not case.withheld:
        yield from _bounds(case, crowd)
    own = label in (OWN_CAPACITY, OWN_MINIMUM, RUNNING) or kind == Kind.REQUIRED
    if not own and is_given_up(rule_of(case.source, label)):
        yield _off(case, label)


def _off(case: _Case, label: str) -> Change:
    """Everything that a rule asks, gone."""
    system = case.system
    gone = np.array([demand.label == label for demand in system.demands], np.bool_)
    words = "set no minimum weight" if label == MINIMUM_WEIGHT else f"leave out the rule '{shown(label)}'"
    return Change(Repair(words, "rule_off", label), system, gone)


def _changed(case: _Case, repair: Repair, system: System) -> Change:
    return Change(repair, system, np.zeros_like(case.on))


def _milder(case: _Case, label: str) -> Iterator[Change]:
    """A milder version of a rule, a lower bar, and single pairs excepted."""
    if label == MINIMUM_WEIGHT:
        for weight, system in bars(case.source, case.system, case.suffices, case.mends):
            words = f"lower the minimum weight to {amount(weight)}"
            yield _changed(case, Repair(words, "lower_bar", label), system)
    for rule, system in milder_rules(case.source, case.system, label, case.mends):
        words = f"make '{shown(label)}' milder: {in_words(rule)}"
        yield _changed(case, Repair(words, "milder_rule", label), system)
    rule = rule_of(case.source, label)
    if case.withheld or not (rule is None or is_open(case.source, rule)):
        return
    for (mentor, mentee), system in exceptions(case.system, case.on, label, case.mends, EACH):
        what = "the minimum weight" if label == MINIMUM_WEIGHT else f"'{shown(label)}'"
        words = f"except the pair {shown(mentor)} + {shown(mentee)} from {what}"
        pair = f"{mentor} + {mentee}"
        yield _changed(case, Repair(words, "exception", label, side="pairs", ids=(pair,)), system)


def _quota(case: _Case, label: str) -> Iterator[Change]:
    """The nearest count that a quota could ask for."""
    groups = case.system.quotas[label]
    if len(groups) != 1:
        return
    group, people = groups[0], 1 + sum(case.system.shape)
    low, most = group.least is not None, group.most or 0
    if group.least is not None:
        values = range(group.least - 1, 0, -1)
        told = f"ask for at least {{}} in place of {group.least} in '{shown(label)}'"
    else:
        values = range(most + 1, people)
        told = f"allow at most {{}} in place of {most} in '{shown(label)}'"

    def other(n: int) -> System:
        return case.system.grouped(label, (replace(group, least=n) if low else replace(group, most=n),))

    for n, system in _nearest(values, other, case):
        yield _changed(case, Repair(told.format(n), "quota", label), system)


def _nearest(
    values: Sequence[int], made: Callable[[int], System], case: _Case
) -> Iterator[tuple[int, System]]:
    """The first of ever larger changes that is enough, or else the first that mends the conflict."""
    for test in (case.suffices, case.mends):
        found = first_of(values, made, test)
        if found is not None:
            yield found
            return


def _not_required(case: _Case, crowd: Crowd) -> Iterator[Change]:
    """Single pairs, no longer required."""
    for demand in crowd[:EACH]:
        mentor, mentee = pair_of(demand, case.system)
        gone = np.array([other == demand for other in case.system.demands], np.bool_)
        verb = "let go of the running pair" if demand.label == RUNNING else "no longer require"
        words = f"{verb} {shown(mentor)} + {shown(mentee)}"
        pair = (f"{mentor} + {mentee}",)
        yield Change(Repair(words, "not_required", demand.label, side="pairs", ids=pair), case.system, gone)


def _bounds(case: _Case, crowd: Crowd) -> Iterator[Change]:
    """Other numbers: for single people where they are their own, for a side where a rule says them."""
    own = crowd[0].label in (OWN_CAPACITY, OWN_MINIMUM) or crowd[0].kind == Kind.HOURS
    if own:
        single = [change for demand in crowd[:EACH] for change in _of_person(case, demand)]
        yield from single
        many = crowd[0].kind == Kind.MINIMUM and len(crowd) > EACH
        if many and not any(case.suffices(change.system) for change in single):
            yield from _of_everybody(case, crowd[0])
    else:
        yield from _of_side(case, crowd[0])


def _of_everybody(case: _Case, demand: Demand) -> Iterator[Change]:
    """One lower minimum for a whole side."""
    same = (demand.kind, demand.label, demand.side)
    bounds = {
        place: other.value
        for place, other in enumerate(case.system.demands)
        if (other.kind, other.label, other.side) == same
    }

    def lowered(most: int) -> System:
        return case.system.changed({place: min(value, most) for place, value in bounds.items()})

    for most, system in _nearest(range(max(bounds.values()) - 1, -1, -1), lowered, case):
        words = f"lower the minimum of every {ROLES[demand.side]} to {'at most ' if most else ''}{most}"
        told = Repair(words, "minimum", demand.label, side=SIDES[demand.side])
        yield _changed(case, told, system)


def _of_person(case: _Case, demand: Demand) -> Iterator[Change]:
    place = case.system.demands.index(demand)
    values = _steps(case.system, demand)
    who = f"{ROLES[demand.side]} {shown(name_of(demand, case.system))}"
    kinds = {Kind.MINIMUM: "minimum", Kind.CAPACITY: "place", Kind.HOURS: "hours"}
    for value, system in _nearest(values, lambda value: case.system.changed({place: value}), case):
        words = _person_words(demand, value, who)
        side, ids = SIDES[demand.side], (name_of(demand, case.system),)
        told = Repair(words, kinds[demand.kind], demand.label, side=side, ids=ids)
        yield _changed(case, told, system)


def _steps(system: System, demand: Demand) -> Sequence[int]:
    """Other values of a bound, the nearest first."""
    if demand.kind == Kind.MINIMUM:
        return range(demand.value - 1, -1, -1)
    if demand.kind == Kind.CAPACITY:
        return range(demand.value + 1, system.shape[1 - demand.side] + 1)
    needed = np.empty(0, np.int64) if system.mentee_hours is None else system.mentee_hours
    step = max(1, int(np.gcd.reduce(np.append(needed, demand.value))))
    return range(demand.value + step, int(needed.sum()) + step, step)


def _person_words(demand: Demand, value: int, who: str) -> str:
    if demand.kind == Kind.MINIMUM:
        return f"lower the minimum of {who} to {value}"
    more = value - demand.value
    if demand.kind == Kind.CAPACITY:
        return f"{'one' if more == 1 else more} more {'place' if more == 1 else 'places'} for {who}"
    one = more == HOUR
    return f"{amount(more / HOUR)} more {'hour' if one else 'hours'} per month for {who}"


def _of_side(case: _Case, demand: Demand) -> Iterator[Change]:
    """Another number in a rule that says one to a side."""
    system, side = case.system, SIDES[demand.side]
    rule = next((rule for rule in case.source.policy.rules if label_of(rule) == demand.label), None)
    if getattr(rule, side, None) != demand.value:
        return
    places = [
        place
        for place, other in enumerate(system.demands)
        if (other.kind, other.label, other.side) == (demand.kind, demand.label, demand.side)
    ]
    values = [value for value in _steps(system, demand) if value > 0 or demand.kind == Kind.CAPACITY]
    what = "at least" if demand.kind == Kind.MINIMUM else "at most"
    for value, changed in _nearest(values, lambda value: system.changed(dict.fromkeys(places, value)), case):
        words = (
            f"ask of {side} {what} {counted(value, 'pair')} in place of {demand.value} "
            f"in '{shown(demand.label)}'"
        )
        kind = "minimum" if demand.kind == Kind.MINIMUM else "place"
        yield _changed(case, Repair(words, kind, demand.label, side=side), changed)
