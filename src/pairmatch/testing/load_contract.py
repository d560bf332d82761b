"""The contract of load rules."""

from __future__ import annotations

from dataclasses import is_dataclass, replace
from typing import Any, ClassVar

import numpy as np
from hypothesis import strategies as st

from pairmatch.cohort import Cohort
from pairmatch.errors import Finding
from pairmatch.problem import Ints, Loads, Problem
from pairmatch.rules import REGISTRY
from pairmatch.rules.protocol import LoadRule
from pairmatch.testing.contract_tools import (
    assert_frozen,
    assert_named,
    bare,
    fitting,
    for_all,
    pickled,
    thinned,
)
from pairmatch.testing.draws import integers
from pairmatch.testing.policy_trip import assert_survives_a_policy_file
from pairmatch.testing.referee import faults
from pairmatch.testing.table_strategies import reorderings, tables
from pairmatch.testing.tables import Tables

__all__ = ["LoadRuleContract"]

IdPairs = list[tuple[str, str]]


class LoadRuleContract:
    """What every load rule must hold.

    Attributes
    ----------
    rule
        The rule, made. Set it in the subclass.
    tables
        Strategy for the tables of the cohorts that the rule is tried on; see ``PairRuleContract``.
    """

    rule: ClassVar[Any]
    tables: ClassVar[st.SearchStrategy[Tables]] = tables()

    @property
    def drawn_tables(self) -> st.SearchStrategy[Tables]:
        """The tables, with the columns that matter."""
        return thinned(self.tables, self.rule)

    def test_follows_the_protocol(self) -> None:
        """The rule has a name and both forms; its name, label and description are fit to be shown."""
        assert isinstance(self.rule, LoadRule)
        assert_named(self.rule, REGISTRY)
        assert_frozen(self.rule)

    def test_both_forms_agree(self) -> None:
        """A set of pairs of active people breaks the plain form iff it does not fit the bounds."""

        def check(drawn: Tables, data: st.DataObject) -> None:
            cohort = fitting(drawn, self.rule)
            pairs = data.draw(some_pairs(cohort))
            found = self.rule.broken(pairs, cohort)
            against = misfits(cohort, self.rule.bound(unbounded(cohort), cohort), pairs)
            assert bool(against) == bool(found), f"bound says {against}, broken says {found}"

        for_all(check, self.drawn_tables, st.data())

    def test_findings_name_people_and_codes(self) -> None:
        """What is broken is told by reason code and the id of a person of the cohort (law §11)."""

        def check(drawn: Tables, data: st.DataObject) -> None:
            cohort = fitting(drawn, self.rule)
            for finding in self.rule.broken(data.draw(some_pairs(cohort)), cohort):
                assert isinstance(finding, Finding)
                assert finding.code
                assert finding.hint
                assert finding.side in ("mentors", "mentees")
                assert finding.id in (cohort.mentors if finding.side == "mentors" else cohort.mentees).ids

        for_all(check, self.drawn_tables, st.data())

    def test_bounds_only_tighten(self) -> None:
        """The rule never gives anybody more room than they had, and leaves the caller's arrays alone."""

        def check(drawn: Tables, data: st.DataObject) -> None:
            cohort = fitting(drawn, self.rule)
            before = data.draw(some_loads(cohort))
            kept = pickled(before)
            after = self.rule.bound(before, cohort)
            assert (after.mentor_capacity <= before.mentor_capacity).all()
            assert (after.mentee_capacity <= before.mentee_capacity).all()
            assert (after.mentor_minimum >= before.mentor_minimum).all()
            assert (after.mentee_minimum >= before.mentee_minimum).all()
            assert plain(before) == plain(kept)

        for_all(check, self.drawn_tables, st.data())

    def test_row_order_changes_nothing(self) -> None:
        """The same people in another order of rows get the same bounds (law §8)."""

        def check(drawn: Tables, data: st.DataObject) -> None:
            cohort = fitting(drawn, self.rule)
            again = data.draw(reorderings(drawn)).cohort()
            bounds = [by_id(c, self.rule.bound(unbounded(c), c)) for c in (cohort, again)]
            assert bounds[0] == bounds[1]

        for_all(check, self.drawn_tables, st.data())

    def test_absent_columns_are_told(self) -> None:
        """A cohort without the columns that the rule names is refused in words."""
        fields = getattr(self.rule, "fields", ())

        def check(drawn: Tables) -> None:
            found = self.rule.needs(bare(drawn, *fields))
            assert found, "needs(cohort) finds nothing, but its columns are absent"

        if fields:
            for_all(check, self.drawn_tables)

    def test_travels(self) -> None:
        """A copy that went through pickle gives the same bounds."""

        def check(drawn: Tables) -> None:
            cohort = fitting(drawn, self.rule)
            bounds = [rule.bound(unbounded(cohort), cohort) for rule in (self.rule, pickled(self.rule))]
            assert plain(bounds[0]) == plain(bounds[1])

        for_all(check, self.drawn_tables)

    def test_survives_a_policy_file(self) -> None:
        """Written into a policy file and read again, the rule is the same."""
        if is_dataclass(self.rule):
            assert_survives_a_policy_file(rule=self.rule)


def unbounded(cohort: Cohort) -> Loads:
    """Loads that bound nothing."""
    n, m = len(cohort.mentors), len(cohort.mentees)
    none = np.zeros(n, np.int64), np.zeros(m, np.int64)
    return Loads(np.full(n, m, np.int64), np.full(m, n, np.int64), *none)


@st.composite
def some_loads(draw: st.DrawFn, cohort: Cohort) -> Loads:
    """Loads that a policy might have before the rule."""
    n, m = len(cohort.mentors), len(cohort.mentees)
    capacity = draw(integers(n, 0, 3, grain=1)), draw(integers(m, 0, 3, grain=1))
    return Loads(*capacity, draw(integers(n, 0, 1)), draw(integers(m, 0, 1)))


def some_pairs(cohort: Cohort) -> st.SearchStrategy[IdPairs]:
    """A set of pairs of active people."""
    mentors = [person.id for person in cohort.mentors if person.active]
    mentees = [person.id for person in cohort.mentees if person.active]
    every = [(mentor, mentee) for mentor in mentors for mentee in mentees if mentor != mentee]
    taken = integers(len(every), 0, 3, grain=1)
    few = st.sampled_from((1, 2, 3))
    return st.tuples(taken, few).map(
        lambda drawn: [pair for pair, k in zip(every, drawn[0].tolist(), strict=True) if k < drawn[1]]
    )


def misfits(cohort: Cohort, loads: Loads, pairs: IdPairs) -> list[str]:
    """What speaks against a set of pairs under some loads; people who are not active need no pairs."""
    n, m = len(cohort.mentors), len(cohort.mentees)
    mentor, mentee = np.divmod(np.arange(n * m), m)
    active = replace(
        loads,
        mentor_minimum=np.where(cohort.mentors.active, loads.mentor_minimum, 0),
        mentee_minimum=np.where(cohort.mentees.active, loads.mentee_minimum, 0),
    )
    weight, nobody = np.zeros(n * m, np.int64), np.zeros(m, np.bool_)
    whole = Problem(mentor.astype(np.int32), mentee.astype(np.int32), weight, active, nobody)
    return faults(whole, [(cohort.mentors.position(a), cohort.mentees.position(b)) for a, b in pairs])


def by_id(cohort: Cohort, loads: Loads) -> dict[str, Any]:
    """Loads by people's ids instead of rows."""
    mentors, mentees = cohort.mentors.ids, cohort.mentees.ids
    required = {(mentors[row], mentees[column]) for row, column in loads.required.tolist()}
    told = {
        name: _told(mentors if name.startswith("mentor") else mentees, values)
        for name, values in vars(loads).items()
        if name != "required"
    }
    return {**told, "required": required}


def plain(loads: Loads) -> dict[str, Any]:
    """Loads as lists, which compare."""
    return {name: None if values is None else values.tolist() for name, values in vars(loads).items()}


def _told(ids: tuple[str, ...], values: Ints | None) -> dict[str, int] | None:
    return None if values is None else dict(zip(ids, values.tolist(), strict=True))
