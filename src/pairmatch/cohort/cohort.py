"""Cohort: the data of one round, checked in one pass."""

from __future__ import annotations

import datetime
import threading
from collections.abc import Callable, Hashable, Iterable, Mapping
from dataclasses import replace
from functools import partial
from os import PathLike
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, TypeVar

import numpy as np
from numpy.typing import NDArray

from pairmatch.cohort import index
from pairmatch.cohort.fields import fold
from pairmatch.cohort.fingerprint import fingerprint
from pairmatch.cohort.gather import Gathered, gather
from pairmatch.cohort.history import Pairs
from pairmatch.cohort.organisation import Organisation
from pairmatch.cohort.preferences import Preferences
from pairmatch.cohort.profiles import Profiles
from pairmatch.cohort.reading import read_csv
from pairmatch.cohort.schema import Schema
from pairmatch.cohort.tables import Table, from_frame
from pairmatch.errors import CallError, Finding, counted, did_you_mean, findings_table
from pairmatch.terms import Thesaurus

if TYPE_CHECKING:
    import pandas as pd
    from scipy.sparse import csr_array

__all__ = ["Cohort"]

T = TypeVar("T")
Path = str | PathLike[str]


class Cohort:
    """Mentors, mentees and what is known about them, for one round.

    Parameters
    ----------
    mentors, mentees
        One row per person. The frames are read and never changed, and later changes to them make no
        difference here.
    schema
        How the columns become fields; without one, columns are found by the fields' own names.
    org
        Organisation chart: columns ``id`` and ``manager``, optionally ``type`` (direct or dotted).
        Managers in the tables of people count as well.
    history
        Pairs of earlier rounds: columns ``mentor`` and ``mentee``, optionally ``ended`` (an ISO date). An
        empty table says that there were none, no table that nothing is known.
    preferences
        Whom people wish for: columns ``mentor``, ``mentee``, ``by`` (``mentor`` or ``mentee``: whose wish)
        and ``rank`` (a whole number, 1 the first choice).
    vetoes
        Pairs that one of the two will not have: columns ``mentor`` and ``mentee``.
    coaches
        One row per coach who can support pairs, with fields as the other people have them; ``capacity`` is
        the most pairs of a coach. Whoever stands in another table too never coaches their own pair.
    thesaurus
        The words by which hobbies, interests and topics are compared, instead of the schema's.

    Raises
    ------
    CohortError
        The tables cannot be used; all problems at once.
    """

    __slots__ = ("_cache", "_gathered", "_lock", "_schema")

    def __init__(
        self,
        mentors: pd.DataFrame,
        mentees: pd.DataFrame,
        *,
        schema: Schema | None = None,
        org: pd.DataFrame | None = None,
        history: pd.DataFrame | None = None,
        preferences: pd.DataFrame | None = None,
        vetoes: pd.DataFrame | None = None,
        coaches: pd.DataFrame | None = None,
        thesaurus: Thesaurus | None = None,
    ) -> None:
        found: list[Finding] = []
        tables = {
            "mentors": from_frame(mentors, "mentors", found),
            "mentees": from_frame(mentees, "mentees", found),
        }
        further = {"org": org, "history": history, "preferences": preferences, "vetoes": vetoes}
        for side, frame in {**further, "coaches": coaches}.items():
            if frame is not None:
                tables[side] = from_frame(frame, side, found)
        self._fill(tables, schema, thesaurus, found)

    @classmethod
    def read(
        cls,
        mentors: Path,
        mentees: Path,
        *,
        schema: Schema | None = None,
        org: Path | pd.DataFrame | None = None,
        history: Path | pd.DataFrame | None = None,
        preferences: Path | pd.DataFrame | None = None,
        vetoes: Path | pd.DataFrame | None = None,
        coaches: Path | pd.DataFrame | None = None,
        thesaurus: Thesaurus | None = None,
    ) -> Cohort:
        """Read a cohort from CSV files: UTF-8 with or without BOM; comma, semicolon or tab.

        Parameters
        ----------
        mentors, mentees
            Paths.
        schema, thesaurus
            As for the constructor.
        org, history, preferences, vetoes, coaches
            Paths or frames.

        Raises
        ------
        FileError
            A file is missing or cannot be opened.
        CohortError
            The tables cannot be used; all problems at once.
        """
        found: list[Finding] = []
        tables = {
            "mentors": read_csv(mentors, "mentors", found),
            "mentees": read_csv(mentees, "mentees", found),
        }
        further = {"org": org, "history": history, "preferences": preferences, "vetoes": vetoes}
        for side, source in {**further, "coaches": coaches}.items():
            if source is not None:
                read = read_csv if isinstance(source, str | PathLike) else from_frame
                tables[side] = read(source, side, found)
        cohort = cls.__new__(cls)
        cohort._fill(tables, schema, thesaurus, found)
        return cohort

    def _fill(
        self,
        tables: dict[str, Table | None],
        schema: Schema | None,
        thesaurus: Thesaurus | None,
        found: list[Finding],
    ) -> None:
        if schema is not None and not isinstance(schema, Schema):
            raise CallError([Finding("bad_schema", "hand in a Schema, as Schema.read or Schema() makes it")])
        schema = schema or Schema()
        self._schema = schema if thesaurus is None else replace(schema, thesaurus=thesaurus)
        self._gathered = gather(tables, self._schema, found)
        self._start()

    def _start(self) -> None:
        self._cache: dict[Hashable, Any] = {}
        self._lock = threading.RLock()
        self.mentors._cohort = self.mentees._cohort = self
        if self.coaches is not None:
            self.coaches._cohort = self

    def resting(self, mentors: NDArray[np.bool_], mentees: NDArray[np.bool_]) -> Cohort:
        """The same cohort, in which some people do not take part.

        Parameters
        ----------
        mentors, mentees
            True for who rests, by row.
        """
        return self._with(self.mentors.resting(mentors), self.mentees.resting(mentees))

    def with_capacities(self, mentors: Mapping[str, int], mentees: Mapping[str, int]) -> Cohort:
        """The same cohort, in which some people have another capacity.

        Parameters
        ----------
        mentors, mentees
            Most pairs, by id; everybody else keeps theirs.
        """
        sides = ((self.mentors, mentors), (self.mentees, mentees))
        return self._with(*(side.with_capacities(own) if own else side for side, own in sides))

    def _with(self, mentors: Profiles, mentees: Profiles) -> Cohort:
        """The same cohort with other tables of people."""
        ours, theirs = (
            side.standing_as(side.side) if side in (self.mentors, self.mentees) else side
            for side in (mentors, mentees)
        )
        changed = Cohort.__new__(Cohort)
        coaches = None if self.coaches is None else self.coaches.standing_as("coaches")
        changed._schema = self._schema
        changed._gathered = replace(self._gathered, mentors=ours, mentees=theirs, coaches=coaches)
        changed._start()
        return changed

    def coached(self, side: str) -> Cohort:
        """The coaches in the place of the mentors, and the people of one side in that of the mentees.

        What is known of pairs (history, preferences, vetoes) is not known of these.

        Parameters
        ----------
        side
            ``"mentors"`` or ``"mentees"``.
        """
        people = self.side(side)
        if self.coaches is None:
            raise CallError([Finding("no_coaches", "the cohort has no coaches", side="coaches")])
        coaches = self.coaches
        return self.cached(("coached", side), lambda: self._facing(coaches, people))

    def _facing(self, coaches: Profiles, people: Profiles) -> Cohort:
        facing = Cohort.__new__(Cohort)
        sides = coaches.standing_as("mentors"), people.standing_as("mentees")
        facing._schema = self._schema
        facing._gathered = Gathered(*sides, self.organisation, None, None, None, None, ())
        facing._start()
        return facing

    def __getstate__(self) -> tuple[Any, ...]:
        return self._schema, self._gathered

    def __setstate__(self, state: tuple[Any, ...]) -> None:
        self._schema, self._gathered = state
        self._start()

    def __repr__(self) -> str:
        return (
            f"<Cohort of {counted(len(self.mentors), 'mentor')} and {counted(len(self.mentees), 'mentee')}>"
        )

    @property
    def mentors(self) -> Profiles:
        """The mentors' profiles."""
        return self._gathered.mentors

    @property
    def mentees(self) -> Profiles:
        """The mentees' profiles."""
        return self._gathered.mentees

    @property
    def coaches(self) -> Profiles | None:
        """The coaches' profiles, or None when none were handed in."""
        return self._gathered.coaches

    @property
    def schema(self) -> Schema:
        """How the columns became fields."""
        return self._schema

    @property
    def thesaurus(self) -> Thesaurus:
        """The words by which hobbies and topics are compared by meaning."""
        return self._schema.thesaurus

    @property
    def organisation(self) -> Organisation | None:
        """The organisation chart, or None where nothing is known of managers."""
        return self._gathered.organisation

    @property
    def history(self) -> Pairs | None:
        """(mentor id, mentee id) of earlier rounds, or None when no history was handed in."""
        return self._gathered.history

    @property
    def ended(self) -> Mapping[tuple[str, str], datetime.date | None] | None:
        """When each pair of the history ended last; None for a pair that did not, or of which nobody says.

        No mapping at all, but None, where there is no history or it has no column ``ended``.
        """
        ended = self._gathered.ended
        return None if ended is None else self.cached(("ended",), lambda: MappingProxyType(dict(ended)))

    @property
    def preferences(self) -> Preferences | None:
        """Who wishes for whom, or None when no preferences were handed in."""
        return self._gathered.preferences

    @property
    def vetoes(self) -> Pairs | None:
        """(mentor id, mentee id) of vetoed pairs, or None when none were handed in."""
        return self._gathered.vetoes

    @property
    def shape(self) -> tuple[int, int]:
        """Mentors, mentees."""
        return len(self.mentors), len(self.mentees)

    @property
    def notes(self) -> pd.DataFrame:
        """What is worth knowing though nothing is wrong: unused columns and the like, as a new table."""
        return findings_table(self._gathered.notes)

    @property
    def fingerprint(self) -> str:
        """SHA-256 of the content, 64 hexadecimal digits; row order and unused columns make no difference."""
        return self.cached(("fingerprint",), lambda: fingerprint(self))

    @property
    def fields(self) -> tuple[str, ...]:
        """The fields that at least one table has."""
        return tuple(dict.fromkeys((*self.mentors.fields, *self.mentees.fields)))

    def side(self, side: str) -> Profiles:
        """The profiles of ``"mentors"`` or ``"mentees"``."""
        if side not in ("mentors", "mentees"):
            raise CallError([Finding("bad_side", "a side is 'mentors' or 'mentees'")])
        return self.mentors if side == "mentors" else self.mentees

    def resolve(self, name: str) -> str | None:
        """The canonical or declared name of a field, however it is written, if a table has it."""
        return self.mentors.resolve(name) or self.mentees.resolve(name)

    def field_class(self, name: str) -> str:
        """The class of a field (law §12): identifier, ordinary, sensitive, special or confidential."""
        known = self.schema.all_fields
        # A field that no table has is looked for among all, which takes longer.
        found = self.resolve(name) or {fold(field): field for field in known}.get(fold(name))
        if found is None:
            raise KeyError(f"there is no field '{name}'.{did_you_mean(name, known)}")
        return known[found].class_

    def cached(self, key: Hashable, make: Callable[[], T]) -> T:
        """A value that follows from the cohort alone, made once; keys are tuples that start with a name."""
        if key not in self._cache:
            with self._lock:
                if key not in self._cache:
                    self._cache[key] = make()
        value: T = self._cache[key]
        return value

    def comparable(self, side: str, name: str) -> NDArray[Any]:
        """A field as values to compare: normalised texts, numbers, flags, frozensets of keys."""
        people = self.side(side)
        return self.cached(("comparable", side, name), lambda: index.comparable(people, name))

    def present(self, side: str, name: str) -> NDArray[np.bool_]:
        """Who has a value in a field; nobody when the table has no such field."""
        people = self.side(side)
        return self.cached(("present", side, name), lambda: index.frozen(people.has(name)))

    def codes(self, name: str, mentee_name: str | None = None) -> tuple[NDArray[np.int32], NDArray[np.int32]]:
        """Mentors' and mentees' values as numbers that are equal iff the values are, -1 where missing."""
        other = mentee_name or name
        make = partial(index.codes, self.mentors, name, self.mentees, other)
        return self.cached(("codes", name, other), make)

    def term_index(self, mentor_name: str, mentee_name: str) -> index.TermIndex:
        """The terms of two list or topics fields as sparse matrices over one vocabulary."""
        return self.cached(
            ("terms", mentor_name, mentee_name),
            lambda: index.term_index(self.mentors.terms(mentor_name), self.mentees.terms(mentee_name)),
        )

    def line_pairs(self, levels: int | None = None) -> csr_array[np.bool_]:
        """Pairs in which one stands within ``levels`` steps above the other; none without an organisation."""
        chart = self.organisation
        if chart is None:
            return self.pairs_matrix([])
        return self.cached(("line_pairs", levels), lambda: chart.line_pairs(self, levels))

    def pairs_matrix(self, pairs: Iterable[tuple[str, str]]) -> csr_array[np.bool_]:
        """Pairs of ids as a sparse bool matrix, mentors × mentees; unknown ids are left out."""
        mentors = {identifier: k for k, identifier in enumerate(self.mentors.ids)}
        mentees = {identifier: k for k, identifier in enumerate(self.mentees.ids)}
        known = [(mentors[a], mentees[b]) for a, b in pairs if a in mentors and b in mentees]
        return index.pair_matrix([a for a, _ in known], [b for _, b in known], self.shape)

    def same_person_pairs(self) -> csr_array[np.bool_]:
        """Everybody who stands in both tables, with themself."""
        both = [(identifier, identifier) for identifier in self.mentors.ids]
        return self.cached(("same_person",), lambda: self.pairs_matrix(both))
