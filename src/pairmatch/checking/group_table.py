"""The groups of a matching as a table: what was counted, and what should be (law §12 for small figures)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from pairmatch.checking.untold import rest_of, untold_figures
from pairmatch.checking.withholding import Figure, withheld
from pairmatch.groups import Even, Group
from pairmatch.parameters import label_of
from pairmatch.problem import RESOLUTION, Ints
from pairmatch.scoring import canonical_order, loads, wholes

if TYPE_CHECKING:
    import pandas as pd

    from pairmatch.matching import Matching

__all__ = ["Counted", "counted_groups", "groups_of"]

TOLD = ("applicants", "count", "target", "limit", "least", "most", "short")
"""Columns of whole numbers."""

COLUMNS = ("part", "group", "of", *TOLD, "price")

BEYOND = "pairs beyond an even load"


@dataclass(frozen=True)
class _Row:
    """One row of the table.

    Attributes
    ----------
    told
        What it says, by column; None where there is nothing to say.
    figure, whole
        Who is counted, and who could be; None where the row is about loads.
    protected
        Whether it is about fields whose small figures are withheld.
    """

    told: dict[str, Any]
    figure: Figure | None = None
    whole: Figure | None = None
    protected: bool = False


def groups_of(matching: Matching) -> pd.DataFrame:
    """One row per group that a goal or rule of the matching's policy counts, for the programme lead."""
    import pandas as pd

    rows, untold = _rows(matching)
    out = _withheld(rows, untold)
    told = [_without(row.told) if place in out else row.told for place, row in enumerate(rows)]
    frame = pd.DataFrame(told, columns=list(COLUMNS))
    return frame.astype({**dict.fromkeys(TOLD, "Int64"), "price": "float64"})


@dataclass(frozen=True)
class Counted:
    """Who is counted in one row of the table.

    Attributes
    ----------
    mentors, mentees
        Ids of those who are counted among the applicants.
    pairs
        Mentor id and mentee id of the pairs that are counted.
    told
        Whether the row tells its figures.
    """

    mentors: frozenset[str]
    mentees: frozenset[str]
    pairs: frozenset[tuple[str, str]]
    told: bool


def counted_groups(matching: Matching) -> tuple[Counted, ...]:
    """Who is counted in each row of the table: for those who tell other figures about the same people."""
    rows, untold = _rows(matching)
    out = _withheld(rows, untold)
    people, seed = (matching.cohort.mentors, matching.cohort.mentees), matching.policy.seed
    ours, theirs = (np.array(side.ids, object)[canonical_order(side, seed)] for side in people)
    made = [(pair.mentor, pair.mentee) for pair in matching.made]
    found = []
    for place, row in enumerate(rows):
        if row.figure is not None:
            ends = [len(ours), len(ours) + len(theirs)]
            mentors, mentees, _ = np.split(row.figure.applicants, ends)
            crossing = np.flatnonzero(row.figure.count[ends[1] :]).tolist()
            ids = frozenset(ours[mentors > 0].tolist()), frozenset(theirs[mentees > 0].tolist())
            found.append(Counted(*ids, frozenset(made[k] for k in crossing), place not in out))
    return tuple(found)


def _withheld(rows: list[_Row], untold: list[Figure]) -> set[int]:
    """Places of the rows whose figures are withheld."""
    counted = [place for place, row in enumerate(rows) if row.figure is not None]
    figures = [row.figure for row in rows if row.figure is not None]
    everybody = [row.whole for row in rows if row.whole is not None]
    protected = np.array([rows[place].protected for place in counted], bool)
    hidden = withheld(figures, everybody, protected, [*untold, *_rests(rows)])
    return {counted[k] for k in np.flatnonzero(hidden).tolist()}


def _without(told: dict[str, Any]) -> dict[str, Any]:
    """A row without its figures; what a rule asks for stands in the policy and is told."""
    return {**told, "applicants": None, "count": None, "target": None, "limit": None, "short": None}


def _rests(rows: list[_Row]) -> Iterator[Figure]:
    """For each protected goal or rule, those who are in none of its groups."""
    parts: dict[tuple[str, str], list[_Row]] = {}
    for row in rows:
        if row.protected and row.figure is not None:
            parts.setdefault((row.told["part"], row.told["of"]), []).append(row)
    for own in parts.values():
        whole = own[0].whole
        if whole is not None:
            yield rest_of([row.figure for row in own if row.figure is not None], whole)


def _rows(matching: Matching) -> tuple[list[_Row], list[Figure]]:
    """The rows, and the figures about protected fields that none of them tells."""
    cohort, policy = matching.cohort, matching.policy
    rows = canonical_order(cohort.mentors, policy.seed), canonical_order(cohort.mentees, policy.seed)
    bounds = loads(cohort, policy, *rows)
    whole = wholes(cohort, policy, bounds, *rows)
    fields = {label_of(part): getattr(part, "fields", ()) for part in (*policy.goals, *policy.rules)}
    counted = _Counted(matching, rows, (bounds.mentor_capacity > 0, bounds.mentee_capacity > 0))
    found = [_Row(*counted.told(group), group.protected) for group in whole.groups]
    found += [_Row(counted.beyond(even)) for even in whole.evens]
    order = list(fields)
    found = sorted(found, key=lambda row: order.index(row.told["part"]))
    told = {(row.told["part"], row.told["of"]) for row in found if row.protected}
    names, of = [tuple(fields[part]) for part, _ in told], {of for _, of in told}
    of |= {"mentors", "mentees"} if "people" in of else set()
    return found, list(untold_figures(whole.applicants, names, of, rows, counted.figure))


class _Counted:
    """Counts of one matching's people and pairs."""

    def __init__(
        self, matching: Matching, rows: tuple[Ints, Ints], can: tuple[NDArray[np.bool_], NDArray[np.bool_]]
    ) -> None:
        people = matching.cohort.mentors, matching.cohort.mentees
        place = [
            {side.ids[row]: k for k, row in enumerate(own.tolist())}
            for side, own in zip(people, rows, strict=True)
        ]
        made = [(place[0][pair.mentor], place[1][pair.mentee]) for pair in matching.made]
        self._pairs = np.array(made, np.int64).reshape(-1, 2)
        self._loads = [
            np.bincount(column, minlength=len(own)).astype(np.int64)
            for column, own in zip(self._pairs.T, rows, strict=True)
        ]
        self._can = can

    def told(self, group: Group) -> tuple[dict[str, Any], Figure, Figure]:
        """A group's row, who is counted in it, and who could be."""
        figure = self.figure(group)
        count = int(figure.count.sum())
        of = _of(group)
        told = {
            "part": group.part,
            "group": group.name,
            "of": of,
            "applicants": None if of == "pairs" else int(figure.applicants.sum()),
            "count": count,
            **{name: getattr(group, name) for name in ("target", "limit", "least", "most")},
            "short": group.short(count) if group.holds(count) else None,
            "price": group.price / RESOLUTION if group.price else None,
        }
        return told, figure, self.figure(_everybody(group))

    def figure(self, group: Group) -> Figure:
        """Who is counted in a group."""
        return _figure(self._parts(group))

    def _parts(self, group: Group) -> Iterator[tuple[Ints, Ints]]:
        """What each applicant counts, and each who has a pair; then each pair."""
        for own, can, load in zip((group.mentors, group.mentees), self._can, self._loads, strict=True):
            counted = np.zeros(len(load), np.int64) if own is None else own
            yield counted * can, counted * (load > 0)
        cross = np.zeros(len(self._pairs), np.int64)
        if group.pairs is not None:
            cross = group.pairs.of(self._pairs[:, 0], self._pairs[:, 1])
        yield np.zeros(len(cross), np.int64), cross

    def beyond(self, even: Even) -> dict[str, Any]:
        """An even load's row."""
        side = 0 if even.side == "mentors" else 1
        beyond = even.short(self._loads[0], self._loads[1])
        told = {"part": even.part, "group": BEYOND, "of": even.side, "count": beyond, "limit": 0}
        applicants = int(self._can[side].sum())
        return {**told, "applicants": applicants, "short": beyond, "price": even.price / RESOLUTION}


def _figure(parts: Iterator[tuple[Ints, Ints]]) -> Figure:
    applicants, count = zip(*parts, strict=True)
    return Figure(np.concatenate(applicants), np.concatenate(count))


def _everybody(group: Group) -> Group:
    """The group with all people, or pairs, that could be of it."""
    cross = group.pairs
    return replace(
        group,
        mentors=None if group.mentors is None else np.ones_like(group.mentors),
        mentees=None if group.mentees is None else np.ones_like(group.mentees),
        pairs=None if cross is None else replace(cross, cells=np.ones_like(cross.cells)),
    )


def _of(group: Group) -> str:
    """Whom a group counts."""
    if group.pairs is not None:
        return "pairs"
    if group.mentors is not None and group.mentees is not None:
        return "people"
    return "mentees" if group.mentors is None else "mentors"
