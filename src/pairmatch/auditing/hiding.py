"""Which groups of an audit are withheld, in all of its tables at once and for both sides together (law §12).

Whatever is told about a group adds up over its people: how many they are, how many have a partner, what
their weights sum to. So a group is withheld if it is small, or leaves few out, and as many others with it
as it takes that no withheld group is a sum or difference of groups that are told.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from pairmatch.auditing.people import SIDES, Fared
from pairmatch.auditing.rows import Row
from pairmatch.checking.withholding import FEWEST, Figure, is_small, withheld
from pairmatch.problem import Ints

__all__ = ["Known", "hidden_rows", "hidden_wishes", "is_large"]

Bools = NDArray[np.bool_]

Kept = Callable[[Fared], bool]

MOST_KINDS = 1_000
"""Small kinds of people that are kept from being worked out one by one; of more, the smallest."""


class Known(NamedTuple):
    """What was told before, or stands in another table.

    Attributes
    ----------
    told, out
        Rows that are told, and withheld, there.
    """

    told: Bools
    out: Bools


def hidden_rows(
    rows: Sequence[Row],
    people: Mapping[str, Mapping[str, Fared]],
    pairs: Sequence[tuple[str, str]],
    known: Known,
) -> Bools:
    """Which rows are withheld.

    Parameters
    ----------
    rows
        The groups of all tables, of both sides.
    people
        By side and id, how everybody who is counted fared.
    pairs
        Mentor id and mentee id of the matching's pairs.
    known
        What was told before, or stands in another table.
    """
    # That nobody at all has a partner is no secret about anybody.
    part = _matched if pairs else _all
    views = [_view(rows, people, side, base, part) for side in SIDES for base in (_all, part)]
    views.append(_pair_view(rows, pairs))
    free, hidden = _free(rows, people, known), known.out
    before: Bools | None = None
    while before is None or (hidden != before).any():
        before = hidden
        for view in views if rows else ():
            hidden = view.withheld(free, hidden)
    return hidden


def hidden_wishes(rows: Sequence[Row], people: Mapping[str, Mapping[str, Fared]], known: Known) -> Bools:
    """Which rows tell nothing about wishes: fewer people wish than are counted.

    Parameters
    ----------
    rows, people, known
        As for :func:`hidden_rows`; what is withheld there is withheld here.
    """
    free, hidden = _free(rows, people, known), known.out
    for side in SIDES:
        hidden = _view(rows, people, side, _wished, _wished).withheld(free, hidden)
    return hidden


def is_large(row: Row, people: Mapping[str, Fared]) -> bool:
    """Whether a group has five people or more, five with a partner, and leaves as many of each out."""
    for part in (_all, _matched):
        most = sum(part(one) for one in people.values())
        size = sum(part(people[who]) for who in row.members if who in people)
        if most and min(size, most - size) < FEWEST:
            return False
    return True


def _free(rows: Sequence[Row], people: Mapping[str, Mapping[str, Fared]], known: Known) -> Bools:
    """Rows that may be withheld; that everybody belongs to a group, or nobody, tells of nobody."""
    part = [row.of in SIDES and 0 < len(row.members) < len(people[row.of]) for row in rows]
    return np.array(part, bool) & ~known.told


def _all(one: Fared) -> bool:
    return True


def _matched(one: Fared) -> bool:
    return one.weight is not None


def _wished(one: Fared) -> bool:
    return one.admitted and one.wish_met is not None


class _View:
    """The groups as figures over kinds of people, or of pairs: those who belong to the same groups."""

    def __init__(
        self, places: Sequence[int], rows: Sequence[Row], inside: Ints, applicants: Ints, count: Ints
    ) -> None:
        self._places, self._rows = np.array(places, np.int64), [rows[place] for place in places]
        self._whole = Figure(applicants, count)
        self._figures = [Figure(applicants * own, count * own) for own in inside[self._places]]

    def withheld(self, free: Bools, out: Bools) -> Bools:
        """Those that are withheld for what this view shows, with those that are withheld already."""
        if not len(self._places):
            return out
        own, hidden = out[self._places], out.copy()
        untold = [*self._kinds(), *self._together(), *self._differences(own)]
        wholes = [self._whole] * len(self._figures)
        hidden[self._places] = withheld(self._figures, wholes, free[self._places], untold, own)
        return hidden

    def _kinds(self) -> Iterator[Figure]:
        """People who are few of their kind: no sum or difference is to tell of them."""
        whole, sizes = self._whole, _members(self._whole)
        few = np.flatnonzero((sizes > 0) & ((sizes < FEWEST) | (whole.count < FEWEST)))
        for place in few[np.argsort(sizes[few], kind="stable")][:MOST_KINDS].tolist():
            only = np.zeros(len(sizes), np.int64)
            only[place] = 1
            yield Figure(whole.applicants * only, whole.count * only)

    def _together(self) -> Iterator[Figure]:
        """Of each table, the small groups taken together."""
        tables: dict[tuple[str, tuple[str, ...]], list[Figure]] = {}
        for row, figure in zip(self._rows, self._figures, strict=True):
            if is_small(figure):
                tables.setdefault((row.of, row.by), []).append(figure)
        for own in tables.values():
            yield Figure(*(np.max([getattr(one, name) for one in own], axis=0) for name in NAMES))

    def _differences(self, out: Bools) -> Iterator[Figure]:
        """Those few by whom one told group is larger than another within it."""
        told = [place for place in np.flatnonzero(~out).tolist() if _size(self._figures[place])]
        sizes = np.stack([_members(self._figures[place]) for place in told]) if told else np.zeros((0, 0))
        inside = (sizes > 0).astype(np.float32)
        common = inside @ inside.T
        own = np.diag(common)
        within = (common == own[None, :]) & (own[:, None] > own[None, :])
        most = sizes.sum(axis=1)
        few = within & (most[:, None] - most[None, :] < FEWEST)
        for large, small in np.argwhere(few).tolist():
            one, other = self._figures[told[large]], self._figures[told[small]]
            yield Figure(one.applicants - other.applicants, one.count - other.count)


NAMES = ("applicants", "count")


def _members(figure: Figure) -> Ints:
    return np.maximum(figure.applicants, figure.count)


def _size(figure: Figure) -> int:
    return int(_members(figure).sum())


def _view(
    rows: Sequence[Row], people: Mapping[str, Mapping[str, Fared]], side: str, base: Kept, part: Kept
) -> _View:
    """The rows of a side over its people who are kept: those of the base, and the part among them."""
    places = _places(rows)
    kinds: dict[tuple[int, ...], list[int]] = {}
    for who, one in people[side].items():
        if base(one):
            counts = kinds.setdefault(tuple(places.get((side, who), ())), [0, 0])
            counts[0] += 1
            counts[1] += part(one)
    numbers = np.array(list(kinds.values()), np.int64).reshape(-1, 2).T
    own = [place for place, row in enumerate(rows) if row.of == side]
    return _View(own, rows, _inside(rows, list(kinds)), *numbers)


def _pair_view(rows: Sequence[Row], pairs: Sequence[tuple[str, str]]) -> _View:
    """The rows over pairs: what the weights of mentors sum to, those of their mentees sum to as well."""
    places = _places(rows)
    beside = [(place, row.pairs) for place, row in enumerate(rows) if row.pairs]
    kinds = Counter(
        (
            *places.get(("mentors", mentor), ()),
            *places.get(("mentees", mentee), ()),
            *(place for place, some in beside if (mentor, mentee) in some),
        )
        for mentor, mentee in pairs
    )
    count = np.array(list(kinds.values()), np.int64)
    return _View(range(len(rows)), rows, _inside(rows, list(kinds)), np.zeros_like(count), count)


def _inside(rows: Sequence[Row], kinds: Sequence[Sequence[int]]) -> Ints:
    """For each row, which kinds belong to it."""
    inside = np.zeros((len(rows), len(kinds)), np.int64)
    for column, key in enumerate(kinds):
        inside[list(key), column] = 1
    return inside


def _places(rows: Sequence[Row]) -> Mapping[tuple[str, str], list[int]]:
    """Which rows each person of a side belongs to."""
    places: dict[tuple[str, str], list[int]] = defaultdict(list)
    for place, row in enumerate(rows):
        for who in row.members:
            places[row.of, who].append(place)
    return places
