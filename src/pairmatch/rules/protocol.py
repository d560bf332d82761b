"""What a rule is: anything with a name and these few methods. No base class is needed."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Literal, Protocol, runtime_checkable

import numpy as np
from numpy.typing import NDArray

from pairmatch.errors import Finding

if TYPE_CHECKING:
    from pairmatch.cohort import Block, Cohort, Person
    from pairmatch.groups import Group, Places
    from pairmatch.problem import Loads

__all__ = ["MISSING", "Bools", "GroupRule", "LoadRule", "Missing", "PairRule"]

Bools = NDArray[np.bool_]

Missing = Literal["forbid", "allow"]
"""What a rule does with a pair when it lacks a person's data (law §3)."""

MISSING = ("forbid", "allow")


@runtime_checkable
class PairRule(Protocol):
    """A rule that allows or forbids a pair.

    A rule may also have ``label`` (its key in tables, default ``name``), ``description`` (a sentence),
    ``needs(cohort)`` (a list of findings: absent columns and tables), ``lacking(cohort)`` (two bool
    arrays: mentors and mentees whose data it lacks), ``fields`` (names of the fields it uses), ``tables``
    (which of the cohort's further tables it reads: ``"history"``, ``"vetoes"``, ``"preferences"``; else the
    matching remarks that nobody reads them), ``purpose`` and ``remarks(cohort)`` (a list of findings that are
    worth knowing though nothing is wrong, the same for the same cohort, without values of profiles).
    ``evidence(mentor, mentee)`` says why it forbids this pair, in words, with the values it looked at; it
    is asked only where ``allowed_pair`` says no, and shown to those who may see the rule's fields.

    A rule that forbids few pairs may tell all of them at once: ``few(cohort)`` (a
    :class:`~pairmatch.forms.Few`, or None where they are many in this cohort), to the pair what ``allowed``
    says. In a large cohort the rule then costs next to nothing.

    One that forbids many may have ``short(cohort)``: two matrices of small whole numbers, one row per mentor
    and one per mentee, whose product is 0 where a pair is allowed and at least 1 where it is forbidden. Or it
    may have ``keys(cohort)``: two arrays, a key for each mentor and one for each mentee, where people of the
    same key are allowed the same partners. With none of the three, a rule of one's own is asked block by
    block. All are believed only from the class that also gives ``allowed``, or from one derived from it.

    Any rule may have ``milder()``: the same rule one step milder, in each way in which that can be; none
    where it asks for the least already. A diagnosis then tries these beside doing without the rule.

    A rule about single people may tell whom it bars: ``barring(cohort)`` (two bool arrays: mentors and
    mentees who are not eligible) with its reference form ``bars(person)``. They are then counted, and told
    as not eligible.
    """

    @property
    def name(self) -> str:
        """The rule's name in snake case."""
        ...

    def allowed(self, block: Block) -> Bools:
        """Which pairs of a block are allowed; bool, of the block's shape or broadcasting to it."""
        ...

    def allowed_pair(self, mentor: Person, mentee: Person) -> bool:
        """The reference form: whether one pair is allowed, in plain Python."""
        ...


@runtime_checkable
class LoadRule(Protocol):
    """A rule that bounds what people carry.

    It may also have ``label``, ``description``, ``needs(cohort)``, ``lacking(cohort)``, ``fields``,
    ``tables``, ``purpose`` and ``remarks(cohort)``.
    """

    @property
    def name(self) -> str:
        """The rule's name in snake case."""
        ...

    def bound(self, loads: Loads, cohort: Cohort) -> Loads:
        """The loads with this rule's bounds put on them; positions are rows of the cohort's tables."""
        ...

    def broken(self, pairs: Sequence[tuple[str, str]], cohort: Cohort) -> list[Finding]:
        """The reference form: what a matching, given as pairs of ids, breaks of this rule."""
        ...


@runtime_checkable
class GroupRule(Protocol):
    """A rule that bounds how many of a group have a pair, or how many pairs are of a kind.

    It may also have ``label``, ``description``, ``needs(cohort)``, ``fields``, ``tables``, ``purpose`` and
    ``remarks(cohort)``.
    """

    @property
    def name(self) -> str:
        """The rule's name in snake case."""
        ...

    def groups(self, cohort: Cohort, places: Places) -> list[Group]:
        """The counts that are bounded, with ``least`` or ``most``; positions are rows of the cohort's tables.

        Parameters
        ----------
        cohort
            The cohort, in which everybody who can have no pair rests.
        places
            How many can be matched at once.
        """
        ...

    def broken(self, pairs: Sequence[tuple[str, str]], cohort: Cohort) -> list[Finding]:
        """The reference form: what a matching, given as pairs of ids, breaks of this rule."""
        ...
