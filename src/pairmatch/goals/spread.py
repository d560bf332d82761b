"""The matched, or the pairs, are spread over groups as they should be."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from itertools import product
from typing import TYPE_CHECKING, Any, ClassVar, Literal, NamedTuple

import numpy as np

from pairmatch.errors import Finding, counted
from pairmatch.goals.named_groups import Named, named, shares_table, written
from pairmatch.goals.priced import BOTH, Priced, active_keys, checked_columns, crowded, id_pairs, lacks
from pairmatch.goals.seats import exact_share, seats
from pairmatch.grouping import AND, FEWEST, TO, Grouping, Key, grouping, in_order, protected
from pairmatch.groups import Cross, Group
from pairmatch.parameters import Checks, set_field

if TYPE_CHECKING:
    import pandas as pd

    from pairmatch.cohort import Cohort
    from pairmatch.groups import Places

__all__ = ["Spread"]

SIDES = {"mentors": ("mentors",), "mentees": ("mentees",), "pairs": BOTH}


class Aim(NamedTuple):
    """What one group should come to: its key, for pairs one of each side; None where nobody has it."""

    keys: tuple[Key, ...] | None
    text: str
    target: int


@dataclass(frozen=True)
class Spread(Priced):
    """Spreads the matched, or the pairs, over the groups that a column makes.

    Each group has a target, and every person (or pair) by which a group stays below it is one short. What
    goes beyond a target costs nothing: it is missing elsewhere.

    Parameters
    ----------
    column
        A field of any kind; or several: a group is then a combination of their values. Who has several
        entries in a list field counts in each. Who left the cell blank, or wrote "unknown" there, is of the
        group "unknown".
    of
        ``"mentors"`` or ``"mentees"`` who have a pair, or ``"pairs"``: a pair's group is the mentor's value
        with the mentee's.
    target
        ``"applicants"``: as those who can be matched; for pairs the product of both sides' shares.
        ``"even"``: all known values alike. Or a table of shares by value, in which values that are not
        named have no target; ``"A -> B"`` or ``(A, B)`` names a group of pairs, ``"A & B"`` or ``(A, B)``
        a combination. Where a text can mean two groups, a tuple must say which.
    out_of
        The number that the targets share out; by default the most persons, or pairs, that can be matched.
    price, purpose
        As for every cohort goal: :class:`~pairmatch.goals.priced.Priced`.

    Examples
    --------
    >>> from pairmatch import goals
    >>> goals.Spread("region", of="mentees", target={"North": 0.5, "South": 0.5}).label
    'spread(region, mentees)'
    """

    name: ClassVar[str] = "spread"

    column: str | Sequence[str]
    of: Literal["mentors", "mentees", "pairs"] = field(default="mentors", kw_only=True)
    target: str | Mapping[Any, float] = field(default="applicants", kw_only=True)
    out_of: int | None = field(default=None, kw_only=True)

    def _check(self, checks: Checks) -> None:
        set_field(self, "column", checked_columns(checks, self.column))
        checks.choice("of", self.of, tuple(SIDES))
        if isinstance(self.target, Mapping):
            shares = shares_table(checks, self.target, len(self.fields), pairs=self.of == "pairs")
            set_field(self, "target", shares)
        else:
            checks.choice("target", self.target, ("applicants", "even"))
        set_field(self, "out_of", checks.optional_whole("out_of", self.out_of, least=1))

    @property
    def label(self) -> str:
        """The goal's key in tables."""
        return f"{self.name}({AND.join(self.fields)}, {self.of})"

    @property
    def description(self) -> str:
        """The goal as a sentence."""
        how = {"applicants": "like the applicants", "even": "evenly"}
        told = "as asked" if isinstance(self.target, Mapping) else how[self.target]
        return f"the {self.of} of the matching are spread over '{AND.join(self.fields)}' {told}"

    @property
    def fields(self) -> tuple[str, ...]:
        """Fields that the goal uses."""
        return (self.column,) if isinstance(self.column, str) else tuple(self.column)

    def needs(self, cohort: Cohort) -> list[Finding]:
        """Columns that are absent or have too many values, and shares that are too much together."""
        absent = lacks(cohort, self.label, SIDES[self.of], self.fields)
        if absent:
            return absent
        found = crowded(cohort, self.label, SIDES[self.of], self.fields)
        return found or [*self._above_one(cohort), *self._unclear(cohort)]

    def _named(self, cohort: Cohort) -> list[Named]:
        """The groups that the table of shares names."""
        if not isinstance(self.target, Mapping):
            return []
        found = [grouping(cohort, side, self.fields) for side in SIDES[self.of]]
        return named(self.target, product(*(one.keys for one in found)))

    def _unclear(self, cohort: Cohort) -> Iterator[Finding]:
        """Names that can mean several groups, and groups with several names."""
        places = [one for one in self._named(cohort) if one.meant]
        for one in places:
            if len(one.meant) > 1:
                several = f"{counted(len(one.meant), 'group')} of '{self.label}'"
                hint = (
                    f"'{one.text}' can mean {several}, because values are spelt alike or have '&' or '->' in "
                    'them; name it by a tuple, in a file by a JSON list: \'["A & B", "C"]\'.'
                )
                yield Finding("ambiguous_group", hint, side="policy", column="target")
        many = Counter(one.meant[0] for one in places if len(one.meant) == 1)
        for one in places:
            if len(one.meant) == 1 and many.pop(one.meant[0], 0) > 1:
                hint = f"'target' names the group '{one.text}' of '{self.label}' twice."
                yield Finding("duplicate_group", hint, side="policy", column="target")

    def _above_one(self, cohort: Cohort) -> list[Finding]:
        """Shares of groups that exclude each other may not exceed one whole."""
        kinds = [cohort.side(side).kind(column) for side in SIDES[self.of] for column in self.fields]
        if not isinstance(self.target, Mapping) or not {"list", "topics"}.isdisjoint(kinds):
            return []
        if sum(map(exact_share, self.target.values())) <= Fraction(1_000_001, 1_000_000):
            return []
        hint = f"the shares of '{self.label}' are more than 1 together; nobody is in two of its groups."
        return [Finding("shares_above_one", hint, side="policy", column="target")]

    def remarks(self, cohort: Cohort) -> list[Finding]:
        """Values that have a target and that no active person has; an even target over nothing."""
        found = [grouping(cohort, side, self.fields) for side in SIDES[self.of]]
        if self.target == "even" and any(one.total and all(None in key for key in one.keys) for one in found):
            hint = f"nobody has a value that '{self.label}' could spread over; it aims at nothing."
            return [Finding("goal_without_effect", hint, side="policy", column=self.fields[0])]
        hidden = protected(cohort, self.fields)
        few = FEWEST if hidden else 1
        absent = [one for one in self._named(cohort) if one.share and _most(found, one.meant) < few]
        if not absent:
            return []
        who = "nobody is in: what is short of it cannot be mended"
        if hidden:
            who = f"fewer than {FEWEST} people are in, perhaps nobody"
        groups = counted(len(absent), "group")
        hint = f"'{self.label}' has a target for {groups} that {who}. Look at the spelling."
        return [Finding("nobody_in_group", hint, side="policy", column=self.fields[0])]

    def groups(self, cohort: Cohort, places: Places) -> list[Group]:
        """A group for each target above 0."""
        found = [grouping(cohort, side, self.fields) for side in SIDES[self.of]]
        counts = [{key: one.count(key) for key in one.keys} for one in found]
        aims = self._aims(counts, [one.total for one in found], places)
        return [self._group(aim, found) for aim in aims]

    def _group(self, aim: Aim, found: Sequence[Grouping]) -> Group:
        text = aim.text
        if aim.keys is not None:
            text = TO.join(one.told(key) for one, key in zip(found, aim.keys, strict=True))
        name = f"{self.of} with {AND.join(self.fields)} = {text}"
        if self.of == "pairs":
            ours, theirs = found
            cells = np.zeros((len(ours.kinds), len(theirs.kinds)), np.int64)
            if aim.keys is not None:
                cells = np.outer(ours.of(aim.keys[0]), theirs.of(aim.keys[1])).astype(np.int64)
            return Group(self.label, name, pairs=Cross(ours.kind, theirs.kind, cells), target=aim.target)
        rows = np.zeros(len(found[0].kind), np.int64) if aim.keys is None else found[0].rows(aim.keys[0])
        side: Any = {self.of: rows}
        return Group(self.label, name, **side, target=aim.target)

    def _aims(self, counts: Sequence[Mapping[Key, int]], totals: Sequence[int], places: Places) -> list[Aim]:
        """Groups with a target above 0, from how many persons of each side have each key."""
        number = getattr(places, self.of) if self.out_of is None else self.out_of
        if isinstance(self.target, Mapping):
            shares = [
                (one.meant[0] if one.meant else None, one.text, one.share)
                for one in named(self.target, product(*(in_order(count) for count in counts)))
            ]
        else:
            each = [_of_one(self.target, count, total) for count, total in zip(counts, totals, strict=True)]
            shares = [
                (keys, written(keys), _multiplied([one[key] for one, key in zip(each, keys, strict=True)]))
                for keys in product(*each)
            ]
        targets = seats([share * number for _, _, share in shares])
        aims = [Aim(keys, text, seat) for (keys, text, _), seat in zip(shares, targets, strict=True)]
        return [aim for aim in aims if aim.target > 0]

    def shortfall(self, pairs: pd.DataFrame, cohort: Cohort, places: Places) -> int:
        """Persons, or pairs, by which groups stay below their targets, in plain Python."""
        sides = [active_keys(cohort, side, self.fields) for side in SIDES[self.of]]
        counts = [Counter(key for keys in side.values() for key in keys) for side in sides]
        aims = self._aims(counts, [len(side) for side in sides], places)
        there: Counter[tuple[Key, ...]] = Counter()
        if self.of == "pairs":
            for mentor, mentee in id_pairs(pairs):
                there.update(product(sides[0].get(mentor, ()), sides[1].get(mentee, ())))
        else:
            for person in pairs[self.of.removesuffix("s")].unique().tolist():
                there.update((key,) for key in sides[0].get(person, ()))
        return sum(max(0, aim.target - (there[aim.keys] if aim.keys else 0)) for aim in aims)


def _most(found: Sequence[Grouping], meant: Sequence[tuple[Key, ...]]) -> int:
    """How many people, at least on one side, are in a group."""
    counts = [min(one.count(key) for one, key in zip(found, keys, strict=True)) for keys in meant]
    return max(counts, default=0)


def _of_one(target: str, counts: Mapping[Key, int], total: int) -> dict[Key, Fraction]:
    """The shares of one side's groups, in order; for ``"even"`` those without a blank alone."""
    keys = in_order(counts)
    if target == "applicants":
        return {key: Fraction(counts[key], total) for key in keys}
    known = [key for key in keys if None not in key]
    return {key: Fraction(1, len(known)) for key in known}


def _multiplied(shares: Iterable[Fraction]) -> Fraction:
    whole = Fraction(1)
    for share in shares:
        whole *= share
    return whole
