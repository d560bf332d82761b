"""What a goal is: anything with a name, a weight and these few methods. No base class is needed."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal, Protocol, runtime_checkable

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    import pandas as pd

    from pairmatch.cohort import Block, Cohort, Person
    from pairmatch.groups import Group, Places

__all__ = ["MISSING", "CohortGoal", "Floats", "Missing", "PairGoal"]

Floats = NDArray[np.float64]

Missing = Literal["average", "zero"]
"""What a goal counts as where it lacks a person's data (law §3)."""

MISSING = ("average", "zero")


@runtime_checkable
class PairGoal(Protocol):
    """A goal that scores a pair in [0, 1].

    A goal may also have ``label`` (its column in tables, default ``name``), ``description`` (a sentence),
    ``missing`` (``"average"`` or ``"zero"``), ``needs(cohort)`` (a list of findings: absent columns),
    ``fields`` (names of the fields it uses), ``tables`` (names of the cohort's further tables that it uses),
    ``purpose``, and ``confidential`` (True: never told to the two partners). One that learns from the cohort
    has ``fit(cohort)``, which returns plain data over the active people, and ``bind(fitted)``, which returns
    a copy that uses them. ``told(mentor, mentee)`` says in words what the goal found in a pair. One whose
    words an encoder may have told near has ``compared``, a field of the mentors and one of the mentees, and
    learns ``near``. ``evidence(mentor, mentee)`` says it to those who run the programme, with the values
    that it looked at and with what is wanting; it is asked only where ``score_pair`` gives a score.

    Instead of ``score`` a goal may have ``factors(cohort)``: two matrices, one row per mentor and one per
    mentee, whose product is the score.

    For cohorts too large to hold all their pairs a goal may have ``form(cohort, share_scale, most,
    instead)``: a :class:`~pairmatch.forms.Form`, or None where it has none for this cohort. It tells the
    contribution of every pair within an error that it proves: the score times ``share_scale`` units, ``most``
    at most, ``instead`` where data lack. Or it may have ``keys(cohort)``: two arrays, a key for each mentor
    and one for each mentee, where people of the same key score the same with everybody; one pair for every
    two keys is then scored. With neither, a goal of one's own is scored block by block, which takes longer.
    Both are believed only from the class that also gives ``score``, or from one derived from it.
    """

    @property
    def name(self) -> str:
        """The goal's name in snake case."""
        ...

    @property
    def weight(self) -> float:
        """The goal's weight beside the others', above 0."""
        ...

    def score(self, block: Block) -> Floats:
        """Scores of a block's pairs in [0, 1], NaN where data are lacking."""
        ...

    def score_pair(self, mentor: Person, mentee: Person) -> float | None:
        """The reference form: one pair's score in plain Python, the same to the last bit, or None."""
        ...


@runtime_checkable
class CohortGoal(Protocol):
    """A goal that scores the whole matching: how many it leaves short of what it aims at.

    A goal may also have ``label`` (its key in tables, default ``name``), ``description`` (a sentence),
    ``needs(cohort)`` (a list of findings: absent columns), ``fields`` (names of the fields it uses),
    ``purpose`` and ``remarks(cohort)`` (a list of findings).

    Beside ``groups``, or instead of it, a goal may have ``evens(cohort, places)``: a list of
    :class:`~pairmatch.groups.Even`, loads that nobody should exceed.
    """

    @property
    def name(self) -> str:
        """The goal's name in snake case."""
        ...

    @property
    def price(self) -> float:
        """What one short costs, in perfect pairs, above 0."""
        ...

    def groups(self, cohort: Cohort, places: Places) -> list[Group]:
        """The counts that are aimed at, with ``target`` or ``limit``; positions are rows of the tables.

        Parameters
        ----------
        cohort
            The cohort, in which everybody who can have no pair rests.
        places
            How many can be matched at once.
        """
        ...

    def shortfall(self, pairs: pd.DataFrame, cohort: Cohort, places: Places) -> int:
        """The reference form: how many are short in a matching, given as a table of mentor and mentee ids."""
        ...
