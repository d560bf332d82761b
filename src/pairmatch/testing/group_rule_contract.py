"""The contract of group rules."""

from __future__ import annotations

from dataclasses import is_dataclass
from typing import Any, ClassVar

from hypothesis import strategies as st

from pairmatch.cohort import Cohort
from pairmatch.errors import Finding
from pairmatch.groups import Places
from pairmatch.policy import Policy
from pairmatch.rules import REGISTRY
from pairmatch.rules.protocol import GroupRule
from pairmatch.testing.cohort_goal_contract import (
    label,
    positions,
    resting_and_gone,
    some_places,
    stated,
    told_groups,
)
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

__all__ = ["GroupRuleContract"]


class GroupRuleContract:
    """What every group rule must hold.

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
        assert isinstance(self.rule, GroupRule)
        assert_named(self.rule, REGISTRY)
        assert_frozen(self.rule)

    def test_both_forms_agree(self) -> None:
        """A set of pairs breaks the plain form iff a group's count is not what it must be."""

        def check(drawn: Tables, places: Places, data: st.DataObject) -> None:
            cohort = fitting(drawn, self.rule)
            pairs = data.draw(some_pairs(cohort))
            found = self.rule.broken(pairs, cohort)
            assert holds(self.rule, cohort, places, pairs) == (not found), f"broken says {found}"
            for finding in found:
                assert isinstance(finding, Finding), f"broken tells {finding!r}, which is no pm.Finding"
                assert finding.code
                assert finding.hint

        for_all(check, self.drawn_tables, some_places(), st.data())

    def test_policy_can_state_it(self) -> None:
        """The groups fit the tables, have bounds alone, and reach the solver's positions."""

        def check(drawn: Tables) -> None:
            cohort = fitting(drawn, self.rule)
            whole = stated(cohort, Policy(rules=[self.rule], objective=("mentees",)))
            assert {group.part for group in whole.groups} <= {label(self.rule)}

        for_all(check, self.drawn_tables)

    def test_row_order_changes_nothing(self) -> None:
        """The same people in another order of rows have the same groups, kept by the same pairs (law §8)."""

        def check(drawn: Tables, places: Places, data: st.DataObject) -> None:
            cohort = fitting(drawn, self.rule)
            again = data.draw(reorderings(drawn)).cohort()
            pairs = data.draw(some_pairs(cohort))
            assert told_groups(self.rule, cohort, places) == told_groups(self.rule, again, places)
            assert holds(self.rule, cohort, places, pairs) == holds(self.rule, again, places, pairs)

        for_all(check, self.drawn_tables, some_places(), st.data())

    def test_inactive_people_change_nothing(self) -> None:
        """Who does not take part might as well not be in the tables."""

        def check(drawn: Tables, places: Places, data: st.DataObject) -> None:
            resting, gone = data.draw(resting_and_gone(drawn, self.rule))
            pairs = data.draw(some_pairs(gone))
            assert holds(self.rule, resting, places, pairs) == holds(self.rule, gone, places, pairs)

        for_all(check, self.drawn_tables, some_places(), st.data())

    def test_absent_columns_are_told(self) -> None:
        """A cohort without the columns that the rule names is refused in words."""
        fields = getattr(self.rule, "fields", ())

        def check(drawn: Tables) -> None:
            found = self.rule.needs(bare(drawn, *fields))
            assert found, "needs(cohort) finds nothing, but its columns are absent"

        if fields:
            for_all(check, self.drawn_tables)

    def test_travels(self) -> None:
        """A copy that went through pickle states the same groups."""

        def check(drawn: Tables, places: Places) -> None:
            cohort = fitting(drawn, self.rule)
            told = [told_groups(rule, cohort, places) for rule in (self.rule, pickled(self.rule))]
            assert told[0] == told[1]

        for_all(check, self.drawn_tables, some_places())

    def test_survives_a_policy_file(self) -> None:
        """Written into a policy file and read again, the rule is the same."""
        if is_dataclass(self.rule):
            assert_survives_a_policy_file(rule=self.rule)


def holds(rule: Any, cohort: Cohort, places: Places, pairs: IdPairs) -> bool:
    """Whether the rule's groups have the counts that they must have."""
    at = positions(cohort, pairs)
    return all(group.holds(group.count(*at)) for group in rule.groups(cohort, places))
