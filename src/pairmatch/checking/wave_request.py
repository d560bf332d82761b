"""The arguments of ``waves``, read against a matching; all problems are gathered before any work."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any

import numpy as np

from pairmatch.errors import CallError, Finding, counted, did_you_mean
from pairmatch.grouping import grouping
from pairmatch.parameters import is_whole, told
from pairmatch.problem import Ints

if TYPE_CHECKING:
    from pairmatch.cohort import Cohort
    from pairmatch.matching import Matching

__all__ = ["WaveRequest"]

MOST_GROUPS = 100
"""Values of one column that waves can be balanced over."""

SIDES = {"mentor": "mentors", "mentee": "mentees"}

ROWS = ("role", "id", "wave")


class WaveRequest:
    """Reads the arguments against a matching, and gathers what is wrong with them.

    Attributes
    ----------
    found
        Problems so far.
    coach_ids
        The coaches who have a capacity.
    """

    def __init__(self, matching: Matching) -> None:
        self.matching, self.cohort = matching, matching.cohort
        self.found: list[Finding] = []
        self.coach_ids: tuple[str, ...] = ()

    def refuse(self) -> None:
        """Raise everything found."""
        if self.found:
            raise CallError(self.found)

    def whole(self, name: str, value: Any) -> None:
        """A whole number."""
        if not is_whole(value):
            self.found.append(_bad(name, f"'{name}' must be a whole number, not {told(value)}."))

    def sizes(self, sizes: Any) -> Ints:
        """Pairs of each wave."""
        pairs = len(self.matching.made)
        if is_whole(sizes) and 0 < pairs < sizes:
            hint = (
                f"'sizes' asks for {counted(sizes, 'wave')}, and the matching has {counted(pairs, 'pair')}."
            )
            self.found.append(_bad("sizes", hint))
            return np.array([pairs], np.int64)
        if is_whole(sizes) and sizes >= 1:
            return np.array([pairs * (k + 1) // sizes - pairs * k // sizes for k in range(sizes)], np.int64)
        if isinstance(sizes, list | tuple) and sizes and all(is_whole(n) and n >= 1 for n in sizes):
            rest = pairs - sum(sizes)
            if rest < 0:
                hint = f"'sizes' ask for {counted(sum(sizes), 'pair')}, and the matching has {pairs:,}."
                self.found.append(_bad("sizes", hint))
            return np.array([*sizes, *([rest] if rest > 0 else [])], np.int64)
        hint = f"'sizes' must be how many waves, or a list of whole numbers of at least 1, not {told(sizes)}."
        self.found.append(_bad("sizes", hint))
        return np.array([pairs], np.int64)

    def first(self, ready: Any, parts: int) -> Ints:
        """The first wave in which each pair can start, from 0 on."""
        own = {"mentors": dict[str, int](), "mentees": dict[str, int]()}
        for side, who, wave, row in self._ready(ready):
            whole = is_whole(wave) or (isinstance(wave, float) and wave.is_integer())
            if not whole or not 1 <= wave <= parts:
                hint = f"the wave from which on somebody can start is a whole number from 1 to {parts}"
                self.found.append(Finding("bad_wave", hint, side, who, row, "ready"))
            else:
                own[side][who] = int(wave) - 1
        ours, theirs = own["mentors"], own["mentees"]
        first = [max(ours.get(p.mentor, 0), theirs.get(p.mentee, 0)) for p in self.matching.made]
        return np.array(first, np.int64)

    def _ready(self, ready: Any) -> Iterable[tuple[str, str, Any, int]]:
        """Side, id, wave and row of whom something is said."""
        if ready is None:
            return
        if isinstance(ready, str):
            yield from self._ready_field(ready)
            return
        known = {side: frozenset(self.cohort.side(side).ids) for side in SIDES.values()}
        for number, row in enumerate(self._rows(ready), start=1):
            if not isinstance(row, list | tuple) or len(row) != len(ROWS) or row[0] not in SIDES:
                hint = "each row is a role (mentor or mentee), an id and a wave"
                self.found.append(Finding("bad_row", hint, row=number, column="ready"))
            elif row[1] not in known[SIDES[row[0]]]:
                hint = "nobody of this role has this id"
                self.found.append(
                    Finding("unknown_person", hint, SIDES[row[0]], str(row[1]), number, "ready")
                )
            else:
                yield SIDES[row[0]], row[1], row[2], number

    def _ready_field(self, name: str) -> Iterable[tuple[str, str, Any, int]]:
        having = [side for side in (self.cohort.mentors, self.cohort.mentees) if name in side]
        if not having:
            near = did_you_mean(name, self.cohort.fields)
            self.found.append(
                _bad("ready", f"neither table has the field of 'ready'.{near}", "absent_column")
            )
        for side in having:
            if side.kind(name) != "number":
                hint = "'ready' needs a number field: the wave from which on a person can start."
                self.found.append(Finding("wrong_kind", hint, side.side, column=name))
                continue
            values = side.number(name)
            for row in np.flatnonzero(side.has(name)).tolist():
                yield side.side, side.ids[row], float(values[row]), 0

    def _rows(self, ready: Any) -> Iterable[Any]:
        if hasattr(ready, "columns"):
            if set(ROWS) <= set(ready.columns):
                return zip(*(ready[name].tolist() for name in ROWS), strict=True)
            hint = "'ready' needs the columns 'role', 'id' and 'wave'."
            self.found.append(_bad("ready", hint, "missing_columns"))
            return ()
        if isinstance(ready, list | tuple):
            return ready
        hint = f"'ready' must be the name of a field, a frame or a list of rows, not {told(ready)}."
        self.found.append(_bad("ready", hint))
        return ()

    def coaches(self, capacity: Any) -> tuple[Ints, Ints]:
        """For each pair the place of its coach, -1 for none that is bounded; and each one's most pairs."""
        pairs, plan = len(self.matching.made), self.matching.coaching
        none = np.full(pairs, -1, np.int64), np.zeros(0, np.int64)
        if capacity is None:
            return none
        if plan is None:
            hint = "the matching has no coaches; leave 'coach_capacity' out."
            self.found.append(_bad("coach_capacity", hint, "no_coaches"))
            return none
        by_coach = capacity if isinstance(capacity, Mapping) else dict.fromkeys(plan.coaches, capacity)
        for who, most in by_coach.items():
            if who not in plan.coaches:
                hint = "'coach_capacity' names somebody who is no coach of this matching."
                self.found.append(Finding("unknown_person", hint, "coaches", str(who)))
            elif not is_whole(most) or most < 0:
                hint = f"'coach_capacity' must be a whole number of at least 0, not {told(most)}."
                self.found.append(_bad("coach_capacity", hint))
                return none
        self.coach_ids = tuple(who for who in plan.coaches if who in by_coach)
        place = {who: k for k, who in enumerate(self.coach_ids)}
        bundle = [place.get(coached.coach or "", -1) for coached in plan.pairs]
        return np.array(bundle, np.int64), np.array([by_coach[who] for who in self.coach_ids], np.int64)

    def columns(self, balance: Any, purpose: Any) -> tuple[str, ...]:
        """The columns that waves are balanced over."""
        names = (balance,) if isinstance(balance, str) else balance
        if not isinstance(names, list | tuple) or not all(isinstance(name, str) for name in names):
            self.found.append(_bad("balance", f"'balance' must be a list of columns, not {told(balance)}."))
            return ()
        names = tuple(dict.fromkeys(names))
        for name in names:
            self.found += _unfit(self.cohort, name, purpose)
        return names


def _unfit(cohort: Cohort, name: str, purpose: Any) -> list[Finding]:
    """Why waves cannot be balanced over a column."""
    if cohort.resolve(name) is None:
        hint = f"neither table has a column of 'balance'.{did_you_mean(name, cohort.fields)}"
        return [_bad(name, hint, "absent_column")]
    if cohort.field_class(name) in ("sensitive", "special") and not (
        isinstance(purpose, str) and purpose.strip()
    ):
        hint = 'the column is sensitive or special; say why in one sentence, purpose="...", or leave it out.'
        return [_bad(name, hint, "needs_purpose")]
    sides = [side for side in ("mentors", "mentees") if name in cohort.side(side)]
    if max(len(grouping(cohort, side, (name,)).keys) for side in sides) > MOST_GROUPS:
        hint = f"the column has more than {MOST_GROUPS} values; take one with fewer."
        return [_bad(name, hint, "too_many_groups")]
    return []


def _bad(column: str, hint: str, code: str = "bad_argument") -> Finding:
    return Finding(code, hint, column=column)
