"""The contract of cohort goals."""

from __future__ import annotations

from dataclasses import is_dataclass, replace
from typing import Any, ClassVar

import numpy as np
import pandas as pd
from hypothesis import strategies as st

from pairmatch.cohort import Cohort
from pairmatch.goals import REGISTRY
from pairmatch.groups import Even, Group, Places
from pairmatch.policy import Policy
from pairmatch.problem import Ints
from pairmatch.scoring import canonical_order, loads, wholes
from pairmatch.testing.contract_tools import (
    assert_frozen,
    assert_named,
    bare,
    fitting,
    for_all,
    pickled,
    thinned,
)
from pairmatch.testing.load_contract import IdPairs, some_pairs
from pairmatch.testing.policy_trip import assert_survives_a_policy_file
from pairmatch.testing.table_strategies import reorderings, tables
from pairmatch.testing.tables import Tables

__all__ = [
    "CohortGoalContract",
    "as_table",
    "positions",
    "resting_and_gone",
    "some_places",
    "stated",
    "told_groups",
]


class CohortGoalContract:
    """What every cohort goal must hold.

    Attributes
    ----------
    goal
        The goal, made. Set it in the subclass.
    tables
        Strategy for the tables of the cohorts that the goal is tried on; see ``PairRuleContract``.
    """

    goal: ClassVar[Any]
    tables: ClassVar[st.SearchStrategy[Tables]] = tables()

    @property
    def drawn_tables(self) -> st.SearchStrategy[Tables]:
        """The tables, with the columns that matter."""
        return thinned(self.tables, self.goal)

    def test_follows_the_protocol(self) -> None:
        """The goal has a name, a price above 0 and both forms, and tells itself in words."""
        assert self.goal.price > 0
        assert hasattr(self.goal, "groups") or hasattr(self.goal, "evens")
        assert hasattr(self.goal, "shortfall")
        assert not hasattr(self.goal, "score"), "a cohort goal scores no pair"
        assert_named(self.goal, REGISTRY)
        assert_frozen(self.goal)

    def test_both_forms_agree(self) -> None:
        """On any set of pairs, what the groups and even loads are short of is what the plain form counts."""

        def check(drawn: Tables, places: Places, data: st.DataObject) -> None:
            cohort = fitting(drawn, self.goal)
            pairs = data.draw(some_pairs(cohort))
            plain = self.goal.shortfall(as_table(pairs), cohort, places)
            assert type(plain) is int, "shortfall returns a whole number"
            assert short(self.goal, cohort, places, pairs) == plain

        for_all(check, self.drawn_tables, some_places(), st.data())

    def test_policy_can_state_it(self) -> None:
        """The groups fit the tables, have targets and limits alone, and reach the solver's positions."""

        def check(drawn: Tables) -> None:
            cohort = fitting(drawn, self.goal)
            whole = stated(cohort, Policy(goals=[self.goal], objective=("mentees",)))
            assert {part.part for part in (*whole.groups, *whole.evens)} <= {label(self.goal)}
            assert all(part.price >= 1 for part in (*whole.groups, *whole.evens))

        for_all(check, self.drawn_tables)

    def test_row_order_changes_nothing(self) -> None:
        """The same people in another order of rows have the same groups and are as short (law §8)."""

        def check(drawn: Tables, places: Places, data: st.DataObject) -> None:
            cohort = fitting(drawn, self.goal)
            again = data.draw(reorderings(drawn)).cohort()
            pairs = data.draw(some_pairs(cohort))
            assert told_groups(self.goal, cohort, places) == told_groups(self.goal, again, places)
            assert short(self.goal, cohort, places, pairs) == short(self.goal, again, places, pairs)

        for_all(check, self.drawn_tables, some_places(), st.data())

    def test_inactive_people_change_nothing(self) -> None:
        """Who does not take part might as well not be in the tables."""

        def check(drawn: Tables, places: Places, data: st.DataObject) -> None:
            resting, gone = data.draw(resting_and_gone(drawn, self.goal))
            pairs = data.draw(some_pairs(gone))
            assert told_groups(self.goal, resting, places) == told_groups(self.goal, gone, places)
            assert short(self.goal, resting, places, pairs) == short(self.goal, gone, places, pairs)

        for_all(check, self.drawn_tables, some_places(), st.data())

    def test_absent_columns_are_told(self) -> None:
        """A cohort without the columns that the goal names is refused in words."""
        fields = getattr(self.goal, "fields", ())

        def check(drawn: Tables) -> None:
            found = self.goal.needs(bare(drawn, *fields))
            assert found, "needs(cohort) finds nothing, but its columns are absent"

        if fields:
            for_all(check, self.drawn_tables)

    def test_travels(self) -> None:
        """A copy that went through pickle states the same groups."""

        def check(drawn: Tables, places: Places) -> None:
            cohort = fitting(drawn, self.goal)
            told = [told_groups(goal, cohort, places) for goal in (self.goal, pickled(self.goal))]
            assert told[0] == told[1]

        for_all(check, self.drawn_tables, some_places())

    def test_survives_a_policy_file(self) -> None:
        """Written into a policy file and read again, the goal is the same."""
        if is_dataclass(self.goal):
            assert_survives_a_policy_file(goal=self.goal)


def label(part: Any) -> str:
    """The label of a rule or goal."""
    return str(getattr(part, "label", part.name))


def some_places() -> st.SearchStrategy[Places]:
    """How many can be matched, the number of pairs at least that of the persons."""
    counts = st.tuples(st.integers(0, 5), st.integers(0, 5), st.integers(0, 4))
    return counts.map(lambda drawn: Places(drawn[0], drawn[1], max(drawn[:2]) + drawn[2]))


def as_table(pairs: IdPairs) -> pd.DataFrame:
    """Pairs of ids as a table."""
    return pd.DataFrame(pairs, columns=["mentor", "mentee"], dtype=object)


def positions(cohort: Cohort, pairs: IdPairs) -> tuple[Ints, Ints, Ints, Ints]:
    """Loads of mentors and mentees, and the rows of each pair: as a group's count takes them."""
    mentor = np.array([cohort.mentors.position(one) for one, _ in pairs], np.int64)
    mentee = np.array([cohort.mentees.position(other) for _, other in pairs], np.int64)
    n, m = cohort.shape
    return np.bincount(mentor, minlength=n), np.bincount(mentee, minlength=m), mentor, mentee


def parts_of(part: Any, cohort: Cohort, places: Places) -> tuple[list[Group], list[Even]]:
    """The groups and even loads of a goal or rule."""
    groups = part.groups(cohort, places) if hasattr(part, "groups") else []
    return groups, part.evens(cohort, places) if hasattr(part, "evens") else []


def short(goal: Any, cohort: Cohort, places: Places, pairs: IdPairs) -> int:
    """How many are short, by the groups and even loads."""
    groups, evens = parts_of(goal, cohort, places)
    at = positions(cohort, pairs)
    below = sum(group.short(group.count(*at)) for group in groups)
    return below + sum(even.short(at[0], at[1]) for even in evens)


def told_groups(part: Any, cohort: Cohort, places: Places) -> list[Any]:
    """What groups and even loads say, without the people in them."""
    groups, evens = parts_of(part, cohort, places)
    said = [(group.name, group.target, group.limit, group.least, group.most) for group in groups]
    return [*said, *((even.side, set(even.load.tolist())) for even in evens)]


def stated(cohort: Cohort, policy: Policy) -> Any:
    """What a policy asks of the matching as a whole, by the problem's positions."""
    mentors, mentees = (canonical_order(side, policy.seed) for side in (cohort.mentors, cohort.mentees))
    return wholes(cohort, policy, loads(cohort, policy, mentors, mentees), mentors, mentees)


@st.composite
def resting_and_gone(draw: st.DrawFn, drawn: Tables, part: Any) -> tuple[Cohort, Cohort]:
    """A cohort in which some rest, and one without them."""
    cohort = fitting(drawn, part)
    n, m = cohort.shape
    ours = draw(st.lists(st.booleans(), min_size=n, max_size=n))
    theirs = draw(st.lists(st.booleans(), min_size=m, max_size=m))
    ours[0] = theirs[0] = True
    flags = np.array(ours, np.bool_), np.array(theirs, np.bool_)
    kept = [np.flatnonzero(flag).tolist() for flag in flags]
    return cohort.resting(~flags[0], ~flags[1]), replace(drawn.rows(*kept), outside_managers="allow").cohort()
