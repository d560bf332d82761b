"""People get whom they wished for."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import partial
from typing import TYPE_CHECKING, Any, ClassVar, Literal, NamedTuple

import numpy as np
from numpy.typing import NDArray

from pairmatch.errors import Finding
from pairmatch.forms import Form
from pairmatch.goals.forming import exceptions, instead_of_neither
from pairmatch.goals.protocol import Floats
from pairmatch.goals.weighted import Weighted
from pairmatch.parameters import Checks, absent_table, swapped_pairs

if TYPE_CHECKING:
    from scipy.sparse import csr_array

    from pairmatch.cohort import Block, Cohort, Person, Profiles

__all__ = ["Preferences"]

Bools = NDArray[np.bool_]
Ints = NDArray[np.int64]

ROLES: dict[str, tuple[str, ...]] = {
    "both": ("mentor", "mentee"),
    "mentors": ("mentor",),
    "mentees": ("mentee",),
}


@dataclass(frozen=True)
class Preferences(Weighted):
    """Scores how high the two stand on each other's lists of preferences.

    Somebody whose list has ``k`` different ranks gives 1 to who stands first, ``(k - 1) / k`` to who stands
    second, down to ``1 / k``, and 0 to who is not on it. Where both gave a list, the mean of the two counts;
    where neither did, the goal lacks data. Who has left keeps their place on a list.

    Parameters
    ----------
    of
        ``"both"``, ``"mentors"`` or ``"mentees"``: whose lists count.
    weight, missing, purpose
        As for every goal: :class:`~pairmatch.goals.weighted.Weighted`.

    Notes
    -----
    What one side wished is not for the other: to partners the goal is told together with another one. The
    lead, who hands the lists in, may see it (law §12).

    Examples
    --------
    >>> from pairmatch import goals
    >>> goals.Preferences(weight=0.2, of="mentees").label
    'preferences(mentees)'
    """

    name: ClassVar[str] = "preferences"
    tables: ClassVar[tuple[str, ...]] = ("preferences",)

    of: Literal["both", "mentors", "mentees"] = field(default="both", kw_only=True)

    def _check(self, checks: Checks) -> None:
        checks.choice("of", self.of, tuple(ROLES))

    @property
    def label(self) -> str:
        """The goal's column in tables."""
        return self.name if self.of == "both" else f"{self.name}({self.of})"

    @property
    def description(self) -> str:
        """The goal as a sentence."""
        if self.of == "both":
            return "mentor and mentee stand high on each other's list of preferences"
        owner, other = ("mentor", "mentee") if self.of == "mentors" else ("mentee", "mentor")
        return f"the {other} stands high on the {owner}'s list of preferences"

    def needs(self, cohort: Cohort) -> list[Finding]:
        """What the goal needs and the cohort does not have."""
        if cohort.preferences is not None:
            pairs = {(mentor, mentee): None for _, mentor, mentee, _ in cohort.preferences.wishes}
            return swapped_pairs(cohort, self.label, pairs)
        columns = "'mentor', 'mentee', 'by' and 'rank'"
        return absent_table(self.label, "preferences", "preferences", columns, "goal")

    def score(self, block: Block) -> Floats:
        """Scores of a block's pairs."""
        scores, mentors, mentees = self._told(block.cohort)
        judged = block.of_mentors(mentors) | block.of_mentees(mentees)
        return np.where(judged, block.part(scores), np.nan)

    def form(self, cohort: Cohort, share_scale: float, most: int, instead: int) -> Form | None:
        """The goal as a feature, with the pairs on a list as exceptions; None where they are many."""
        scores, mentors, mentees = self._told(cohort)
        listed = exceptions(cohort, scores)
        if listed is None:
            return None
        return Form(*instead_of_neither(mentors, mentees, instead), exceptions=listed)

    def _told(self, cohort: Cohort) -> tuple[csr_array[Any], Bools, Bools]:
        return cohort.cached((self.name, self.of), lambda: self._matrices(cohort))

    def _matrices(self, cohort: Cohort) -> tuple[csr_array[Any], Bools, Bools]:
        """The scores of all pairs on a list, and the mentors and mentees whose lists count."""
        from scipy.sparse import csr_array

        ours, theirs = (_read(cohort, role, counted=role in ROLES[self.of]) for role in ROLES["both"])
        pairs = np.union1d(ours.pairs, theirs.pairs)
        width = len(cohort.mentees)
        where = pairs // width, pairs % width
        left, right = ours.lengths[where[0]], theirs.lengths[where[1]]
        one, other = np.maximum(left, 1), np.maximum(right, 1)
        # Whole numbers up to the division: it is the only step that rounds.
        liked = ours.at(pairs) * other + theirs.at(pairs) * one
        lists = (left > 0).astype(np.int64) + (right > 0)
        scores = csr_array((liked / (lists * one * other), where), shape=(len(cohort.mentors), width))
        return scores, ours.lengths > 0, theirs.lengths > 0

    def score_pair(self, mentor: Person, mentee: Person) -> float | None:
        """One pair's score in plain Python."""
        cohort, shares = mentor.cohort, []
        for role in ROLES[self.of]:
            owner, other = (mentor, mentee) if role == "mentor" else (mentee, mentor)
            lists = cohort.cached((self.name, "lists", role), partial(_lists, cohort, role))
            if owner.id in lists:
                own = lists[owner.id]
                places = sorted(set(own.values()))
                liked = len(places) - places.index(own[other.id]) if other.id in own else 0
                shares.append((liked, len(places)))
        if not shares:
            return None
        if len(shares) == 1:
            return shares[0][0] / shares[0][1]
        (a, k), (b, n) = shares
        return (a * n + b * k) / (2 * k * n)

    def evidence(self, mentor: Person, mentee: Person) -> str:
        """At which place each stands on the other's list."""
        told = []
        for role in ROLES[self.of]:
            owner, other = (mentor, mentee) if role == "mentor" else (mentee, mentor)
            own = mentor.cohort.cached((self.name, "lists", role), partial(_lists, mentor.cohort, role))
            if owner.id in own:
                places = sorted(set(own[owner.id].values()))
                place = places.index(own[owner.id][other.id]) + 1 if other.id in own[owner.id] else 0
                wish = f"choice {place} of {len(places)}" if place else "not on the list"
                told.append(f"{wish} of the {role}")
        return "; ".join(told)


def _lists(cohort: Cohort, role: str) -> Mapping[str, Mapping[str, int]]:
    """Each person's list: who is on it, and at which rank."""
    lists: dict[str, dict[str, int]] = {}
    ranks = cohort.preferences.ranks(role) if cohort.preferences is not None else {}
    for (mentor, mentee), rank in ranks.items():
        owner, other = (mentor, mentee) if role == "mentor" else (mentee, mentor)
        lists.setdefault(owner, {})[other] = rank
    return lists


class _Read(NamedTuple):
    """The lists of one side, by positions in the cohort.

    Attributes
    ----------
    lengths
        How many different ranks each person's list has; 0 without a list.
    pairs
        Pairs on a list as mentor times the number of mentees plus mentee, sorted.
    worth
        What each of them counts: the length for the first place, 1 for the last.
    """

    lengths: Ints
    pairs: Ints
    worth: Ints

    def at(self, pairs: Ints) -> Ints:
        """What pairs count, 0 for those that are on no list."""
        if not len(self.pairs):
            return np.zeros(len(pairs), np.int64)
        places = np.minimum(np.searchsorted(self.pairs, pairs), len(self.pairs) - 1)
        return np.where(self.pairs[places] == pairs, self.worth[places], 0)


def _read(cohort: Cohort, role: str, *, counted: bool) -> _Read:
    """One side's lists; none where they do not count."""
    mentors, mentees = _positions(cohort.mentors), _positions(cohort.mentees)
    owner = 0 if role == "mentor" else 1
    people = len(mentors if owner == 0 else mentees)
    ranks = cohort.preferences.ranks(role) if counted and cohort.preferences is not None else {}
    rows = [
        (mentors.get(mentor, -1), mentees.get(mentee, -1), rank) for (mentor, mentee), rank in ranks.items()
    ]
    table: Ints = np.array(rows, np.int64).reshape(-1, 3)
    table = table[table[:, owner] >= 0]
    # One number for an owner and a rank: ranks are below 2**31.
    different, which = np.unique((table[:, owner] << 31) + table[:, 2], return_inverse=True)
    lengths = np.bincount(different >> 31, minlength=people).astype(np.int64)
    ends = np.cumsum(lengths)
    worth = ends[table[:, owner]] - which
    known = table[:, 1 - owner] >= 0
    pairs = table[known, 0] * len(mentees) + table[known, 1]
    order = np.argsort(pairs)
    return _Read(lengths, pairs[order], worth[known][order])


def _positions(people: Profiles) -> Mapping[str, int]:
    return {identifier: row for row, identifier in enumerate(people.ids)}
