"""Mentor and mentee share entries of a list, and rare ones above all."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Any, ClassVar, NamedTuple

import numpy as np

from pairmatch.cohort.nearness import best, checked_nearness, hashed, learnt_nearness, near, nearness
from pairmatch.comparing import LISTS
from pairmatch.errors import Finding, listed, shown
from pairmatch.goals.in_words import in_common, nearest, one_line
from pairmatch.goals.learning import Learning
from pairmatch.goals.protocol import Floats
from pairmatch.goals.shared_terms_form import shared_terms_form
from pairmatch.parameters import Checks, absent_fields, wrong_kinds
from pairmatch.terms import THOUSAND

if TYPE_CHECKING:
    from scipy.sparse import csr_array

    from pairmatch.cohort import Block, Cohort, Person
    from pairmatch.forms import Form

__all__ = ["SharedTerms"]

PARTS = 1024
"""Rarities are whole numbers of parts of 1/1024 bit."""


@dataclass(frozen=True)
class SharedTerms(Learning):
    """Scores shared entries of a list field: rare ones count more, and the first one most (law §4).

    An entry that ``d`` of ``N`` active people have weighs ``log2(1 + N / d)``. The weights of the shared
    entries are added up and divided by those of all entries of whoever of the two has the weightier list,
    so that ticking every box does not win; the score is the square root of that.

    Fields that are compared by meaning (``hobbies``, ``interests``, topics) share an entry under any of its
    names, and near entries in part: each entry counts by its nearest one on the other side. With ``c`` for
    what the two lists cover of each other, added up, and ``u`` for what the one of them that has more left
    over has left over, the score is the square root of ``c / (c + 2 u)``: the same where no entries are
    near. One entry more in common never lowers it.

    Parameters
    ----------
    column
        A list or topics field.
    weight, missing, purpose
        As for every goal: :class:`~pairmatch.goals.weighted.Weighted`.

    Notes
    -----
    How rare an entry is, is learnt once: see :meth:`fit` and :meth:`bind`. A goal that is not bound learns
    from the cohort that it scores.

    Examples
    --------
    >>> from pairmatch import goals
    >>> goals.SharedTerms("interests", weight=0.1).label
    'shared_terms(interests)'
    """

    name: ClassVar[str] = "shared_terms"

    column: str

    def _check(self, checks: Checks) -> None:
        checks.text("column", self.column)

    @property
    def label(self) -> str:
        """The goal's column in tables."""
        return f"{self.name}({self.column})"

    @property
    def description(self) -> str:
        """The goal as a sentence."""
        return f"mentor and mentee share entries of '{self.column}', rare ones above all"

    @property
    def fields(self) -> tuple[str, ...]:
        """Fields that the goal uses."""
        return (self.column,)

    @property
    def compared(self) -> tuple[str, str]:
        """The mentors' and the mentees' field whose words may be near."""
        return (self.column, self.column)

    def needs(self, cohort: Cohort) -> list[Finding]:
        """What the goal needs and the cohort does not have."""
        return [
            *absent_fields(cohort, self.label, [self.column], [self.column]),
            *wrong_kinds(cohort, self.label, [("mentors", self.column), ("mentees", self.column)], LISTS),
        ]

    def fit(self, cohort: Cohort) -> dict[str, Any]:
        """How rare each entry is among the active people, as plain data.

        Entries are told by a hash, so that no entry is written. One that nobody had counts as one that
        one person has.
        """
        owned = _owned(cohort, self.column)
        counts = Counter(key for keys in owned.values() for key in keys)
        people = sum(1 for keys in owned.values() if keys)
        rarity = {hashed(key): _rarity(people, having) for key, having in counts.items()}
        return {
            "rarity": dict(sorted(rarity.items())),
            "unknown": _rarity(max(1, people), 1),
            "near": learnt_nearness(cohort, self.column, self.column),
        }

    def _checked(self, fitted: Mapping[str, Any]) -> dict[str, Any]:
        return {
            "rarity": dict(fitted["rarity"]),
            "unknown": int(fitted["unknown"]),
            "near": checked_nearness(fitted["near"]),
        }

    def score(self, block: Block) -> Floats:
        """Scores of a block's pairs."""
        sums = self._made(block.cohort)
        ours, theirs = block.of_mentors(sums.ours), block.of_mentees(sums.theirs)
        of_theirs = block.product(sums.mentors, sums.mentees_weighed)
        of_ours = block.product(sums.mentors_weighed, sums.mentees) if sums.near else of_theirs
        covered = of_ours + of_theirs
        left = np.maximum(ours * sums.scale - of_ours, theirs * sums.scale - of_theirs)
        # Whole numbers up to here: only the division and the root round.
        scores = np.sqrt(covered / np.maximum(covered + 2.0 * left, 1.0))
        return np.where((ours > 0) & (theirs > 0), scores, np.nan)

    def score_pair(self, mentor: Person, mentee: Person) -> float | None:
        """One pair's score in plain Python."""
        ours = {term.key for term in mentor[self.column]}
        theirs = {term.key for term in mentee[self.column]}
        if not ours or not theirs:
            return None
        fitted = self._learnt(mentor.cohort)
        weighed = {key: fitted["rarity"].get(hashed(key), fitted["unknown"]) for key in ours | theirs}

        def covered(wanted: set[str], there: set[str]) -> int:
            """What the nearest entries over there are worth for the wanted ones, in thousandths."""
            return sum(weighed[a] * max(self._near(mentor.cohort, a, b) for b in there) for a in wanted)

        of_ours, of_theirs = covered(ours, theirs), covered(theirs, ours)
        whole = THOUSAND * sum(weighed[key] for key in ours), THOUSAND * sum(weighed[key] for key in theirs)
        left = max(whole[0] - of_ours, whole[1] - of_theirs)
        return math.sqrt((of_ours + of_theirs) / (of_ours + of_theirs + 2 * left))

    def told(self, mentor: Person, mentee: Person) -> str:
        """What the two share, in words."""
        cohort = mentor.cohort
        return in_common(cohort, mentor[self.column], mentee[self.column], partial(self._near, cohort))

    def evidence(self, mentor: Person, mentee: Person) -> str:
        """What the two share, and what makes near entries near."""
        cohort = mentor.cohort
        found = nearest(cohort, mentor[self.column], mentee[self.column], partial(self._near, cohort))
        same = [shown(shared.entry) for shared in found if not shared.why]
        told = [f"both: {listed(same)}"] if same else []
        told += [one_line(shared.why) for shared in found if shared.why][:5]
        return "; ".join(told) or "nothing in common"

    def _near(self, cohort: Cohort, first: str, second: str) -> int:
        """How near two entries are, in thousandths."""
        return near(cohort, (self.column, self.column), (first, second), self._learnt(cohort)["near"])

    def form(self, cohort: Cohort, share_scale: float, most: int, instead: int) -> Form | None:
        """The goal as features and a curve (see :mod:`pairmatch.forms`)."""
        return shared_terms_form(self._made(cohort), share_scale, most, instead)

    def _made(self, cohort: Cohort) -> Sums:
        key = (self.name, "sums", self.column, self.stamp)
        return cohort.cached(key, lambda: self._sums(cohort))

    def _sums(self, cohort: Cohort) -> Sums:
        """The matrices whose products are the sums of a pair."""
        index, fitted = cohort.term_index(self.column, self.column), self._learnt(cohort)
        known, unknown = fitted["rarity"], fitted["unknown"]
        rarity = np.array([known.get(hashed(key), unknown) for key in index.vocabulary], np.float64)
        nearby = nearness(cohort, self.column, self.column, fitted["near"])
        mentors, mentees = _weighed(index.mentors, rarity), _weighed(index.mentees, rarity)
        return Sums(
            ours=np.asarray(index.mentors @ rarity),
            theirs=np.asarray(index.mentees @ rarity),
            mentors=index.mentors if nearby is None else best(index.mentors * float(THOUSAND), nearby),
            mentees=index.mentees if nearby is None else best(index.mentees * float(THOUSAND), nearby),
            mentors_weighed=mentors,
            mentees_weighed=mentees,
            near=nearby is not None,
            scale=1.0 if nearby is None else float(THOUSAND),
        )


class Sums(NamedTuple):
    """What a pair's score is made of; every matrix is people × terms.

    Attributes
    ----------
    ours, theirs
        Weight of each mentor's and each mentee's whole list.
    mentors, mentees
        How near each person's list comes to each term, in units of ``1 / scale``.
    mentors_weighed, mentees_weighed
        Each person's own terms, by their rarity.
    near
        Whether terms may be near to others.
    scale
        Units of nearness.
    """

    ours: Floats
    theirs: Floats
    mentors: csr_array[Any]
    mentees: csr_array[Any]
    mentors_weighed: csr_array[Any]
    mentees_weighed: csr_array[Any]
    near: bool
    scale: float


def _weighed(terms: csr_array[Any], weights: Floats) -> csr_array[Any]:
    """The same entries with the terms' weights."""
    weighed = terms.copy()
    weighed.data = weights[weighed.indices]
    return weighed


def _owned(cohort: Cohort, column: str) -> dict[str, set[str]]:
    """The entries of each active person by id; who stands in both tables is one person."""
    owned: dict[str, set[str]] = {}
    for profiles in (cohort.mentors, cohort.mentees):
        for row, terms in enumerate(profiles.terms(column)):
            if profiles.active[row]:
                owned.setdefault(profiles.ids[row], set()).update(term.key for term in terms)
    return owned


def _rarity(people: int, having: int) -> int:
    return round(PARTS * math.log2(1 + people / having))
