"""From demands that leave no valid matching to a few of them of which that is still true.

A deletion filter: what can be left out is left out, what cannot is needed for good (Chinneck and Dravnieks
1991, doi:10.1287/ijoc.3.2.157). Cuts of flows leave out whole crowds at once.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from pairmatch.conflicts.asking import BEYOND_FLOWS, MANY, Asking
from pairmatch.conflicts.system import Bools, Kind, System
from pairmatch.problem import Ints

__all__ = ["Shrunk", "shrunk"]

ORDER = (Kind.RULE, Kind.QUOTA, Kind.HOURS, Kind.CAPACITY, Kind.MINIMUM, Kind.REQUIRED)
"""What is left out first: bounds on single people tell more than rules that everybody keeps."""

LARGE = 1_000_000
"""Pairs from which on a flow over all of them is too slow to be asked for each rule."""

WORK = 50_000
"""Pairs that searches may hold to find out who is needed, beside which rules are."""


@dataclass(frozen=True)
class Shrunk:
    """Demands that leave no valid matching.

    Attributes
    ----------
    on
        Which they are.
    minimal
        Whether what each rule asks of each side was proven to be needed.
    each
        Whether that is so of each demand.
    """

    on: Bools
    minimal: bool
    each: bool = True


def shrunk(system: System, on: Bools, asking: Asking) -> Shrunk:
    """A minimal part of demands of which it is proven that they leave no valid matching."""
    linear = on & ~system.of(*BEYOND_FLOWS)
    if asking.contradict(system, linear):
        return _by_flows(system, linear, asking)
    return _by_halves(system, on, asking)


# -- by flows ---------------------------------------------------------------------------------


def _by_flows(system: System, on: Bools, asking: Asking) -> Shrunk:
    """First the fewest rules, then the fewest people; of very many people, these first."""
    if system.never.size > LARGE:
        on = _narrowed(system, on, asking)[0]
    kept = _deleted(system, on, np.flatnonzero(on & system.of(Kind.RULE))[::-1], asking)
    rules = kept.on & system.of(Kind.RULE)
    narrow, needed = _narrowed(system, kept.on, asking)
    minimal = kept.minimal
    for place in np.flatnonzero(narrow & ~needed & ~rules).tolist():
        # A cut may have left it out already.
        if narrow[place] and not needed[place]:
            answer = asking.feasible(system, _without(narrow, place))
            if answer is False:
                narrow, found = _narrowed(system, _without(narrow, place), asking)
                needed = found | (needed & narrow)
            needed[place] = answer is True
            minimal &= answer is not None
    return Shrunk(narrow, minimal, minimal)


def _narrowed(system: System, on: Bools, asking: Asking) -> tuple[Bools, Bools]:
    """What a cut leaves of contradicting demands, and which of it is seen to be needed."""
    rules, none = system.of(Kind.RULE), np.zeros_like(on)
    while True:
        verdict = asking.verdict(system, on)
        if verdict is None or verdict.feasible:
            return on, none
        core = on & (rules | verdict.core)
        spare = _spare(system, core, verdict.short)
        if not len(spare) and (core == on).all():
            return on, verdict.needed
        core[spare] = False
        on = core


def _spare(system: System, core: Bools, short: int) -> Ints:
    """Minimums that can be left out together, as fewer pairs are asked by them than are lacking."""
    if short <= 1:
        return np.empty(0, np.intp)
    places = np.flatnonzero(core & system.of(Kind.MINIMUM))
    table, allowed = system.table[places], system.allowed(core)
    partners = np.concatenate([allowed.sum(axis=1), allowed.sum(axis=0)])
    # Who has many partners is left out first: the others tell more.
    ease = partners[table[:, 2] + np.where(table[:, 1] == 1, system.shape[0], 0)]
    order = np.lexsort((places, -ease))
    asked = np.cumsum(table[order, 4])
    return places[order[asked < short]]


def _without(on: Bools, *places: int) -> Bools:
    fewer = on.copy()
    fewer[list(places)] = False
    return fewer


# -- by halves --------------------------------------------------------------------------------


def _by_halves(system: System, on: Bools, asking: Asking) -> Shrunk:
    """Rule by rule; then person by person, as far as the work allows."""
    minimal = True
    for crowd in _crowds(system, on):
        fewer = _without(on, *crowd.tolist())
        answer = asking.feasible(system, fewer)
        on = fewer if answer is False else on
        minimal &= answer is not None
    # Fewer minimums first: a matching that breaks a single one shows of many others that they are needed.
    several = [crowd for crowd in _crowds(system, on)[::-1] if len(crowd) > 1]
    most, each = asking.searched + WORK, minimal
    for crowd in several:
        needed = asking.needed(system, on)
        left = crowd[on[crowd] & ~needed[crowd]]
        if asking.searched > most or asking.late:
            return Shrunk(on, minimal, each=False)
        kept = _deleted(system, on, left, asking, most)
        on, each = kept.on, each and kept.minimal
    return Shrunk(on, minimal, each)


def _crowds(system: System, on: Bools) -> list[Ints]:
    """Demands by rule and side, those first that are left out first."""
    crowds: dict[tuple[int, str, int], list[int]] = {}
    for place in np.flatnonzero(on).tolist():
        demand = system.demands[place]
        crowds.setdefault((ORDER.index(demand.kind), demand.label, demand.side), []).append(place)
    return [np.array(crowds[key], np.intp) for key in sorted(crowds, key=lambda key: key[0])]


def _deleted(system: System, on: Bools, places: Ints, asking: Asking, most: int | None = None) -> Shrunk:
    """The demands without those of some that are not needed: all at once, or half by half."""
    if not len(places):
        return Shrunk(on, minimal=True)
    if most is not None and (asking.searched > most or asking.late):
        return Shrunk(on, minimal=False)
    fewer = _without(on, *places.tolist())
    answer = asking.feasible(system, fewer, quick=most is not None and sum(system.shape) > MANY)
    if answer is False:
        return Shrunk(fewer, minimal=True)
    if len(places) == 1:
        return Shrunk(on, answer is True)
    needed = asking.needed(system, on)
    places = places[~needed[places]]
    half = (len(places) + 1) // 2
    first = _deleted(system, on, places[:half], asking, most)
    second = _deleted(system, first.on, places[half:], asking, most)
    return Shrunk(second.on, first.minimal and second.minimal)
